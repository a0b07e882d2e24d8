// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict of `splat run`: as text for people, as a JSON object for
 * programs, and as lines KEY=VALUE for shell scripts.
 */
#include <string.h>

#include "splat/run/run.h"

/*
 * 0 to 255, or 128 + signal, or 124 like timeout(1), or 4, like a program that
 * skips, if it was not run.
 */
static int program_code(const struct run_facts *f)
{
	const struct child_result *c = &f->child;

	if (f->not_run[0])
		return EXIT_UNKNOWN;
	if (c->timed_out || c->stuck)
		return 124;
	return c->sig ? 128 + c->sig : c->code;
}

const char *run_reports(const struct run *r)
{
	return r->files.reports ? r->files.reports : "[]";
}

static const char *first_reason(const struct judgement *j)
{
	return j->nr_reasons ? j->reasons[0].text : "";
}

static unsigned int left_out(const struct run *r)
{
	return r->reports > RUN_REPORTS ? r->reports - RUN_REPORTS : 0;
}

static void lockdep_text(FILE *f, const struct run_facts *facts)
{
	const struct lockdep_status *after = &facts->after;

	fprintf(f, "  %-10s %s", "lockdep", lockdep_state_name(after->state));
	if (after->state == LOCKDEP_SPENT &&
	    facts->before.state != LOCKDEP_SPENT)
		fprintf(f, " in this run: off until the next boot");
	else if (after->reason[0])
		fprintf(f, ": %s", after->reason);
	putc('\n', f);
}

static void program_text(FILE *f, const struct run *r)
{
	const struct child_result *c = &r->facts.child;

	fprintf(f, "  %-10s ", "program");
	if (r->facts.not_run[0])
		fputs("not run\n", f);
	if (r->facts.not_run[0])
		return;
	if (c->stuck)
		fputs("could not be killed", f);
	else if (c->timed_out)
		fprintf(f, "ended after %u s", r->timeout_s);
	else if (c->sig)
		fprintf(f, "killed by SIG%s", sigabbrev_np(c->sig) ?: "?");
	else
		fprintf(f, "exit code %d", c->code);
	fprintf(f, ", %.2f s\n", r->seconds);
}

static const char *watch_how(const struct watch *w)
{
	if (w->edge.state != EDGE_YES)
		return "";
	if (w->edge.reported)
		return ", from the report";
	return w->edge.direct ? "" : ", through other classes";
}

static void watches_text(FILE *f, const struct run *r)
{
	const struct watch *w = r->watches;

	for (; w < r->watches + r->nr_watches; w++) {
		fprintf(f, "  %-10s %s", "watch",
			edge_state_name(w->edge.state));
		if (w->edge.state == EDGE_YES)
			fprintf(f, "  %s%s\n", w->edge.path, watch_how(w));
		else
			fprintf(f, "  %s\n", w->text);
	}
}

static void watches_json(struct json *j, const struct run *r)
{
	const struct watch *w = r->watches;

	json_array(j, "watch");
	for (; w < r->watches + r->nr_watches; w++) {
		json_object(j, NULL);
		json_string(j, "edge", w->text);
		json_string(j, "state", edge_state_name(w->edge.state));
		json_bool(j, "direct", w->edge.state == EDGE_YES &&
				       w->edge.direct);
		json_bool(j, "from_report", w->edge.reported);
		json_bool(j, "before", w->before);
		json_string(j, "path", w->edge.path[0] ? w->edge.path : NULL);
		json_bool(j, "from_registered", !w->no_from);
		json_bool(j, "to_registered", !w->no_to);
		json_object_end(j);
	}
	json_array_end(j);
}

static void reports_json(struct json *j, const struct run *r)
{
	unsigned int i;

	json_raw(j, "reports", run_reports(r));
	json_array(j, "reports_by");
	for (i = 0; i < r->reports && i < RUN_REPORTS; i++)
		json_string(j, NULL, attribution_name(r->reports_by[i]));
	json_array_end(j);
	json_number(j, "reports_left_out", left_out(r));
}

void run_text(FILE *f, const struct run *r)
{
	const struct judgement *j = &r->judgement;
	const struct run_facts *facts = &r->facts;
	unsigned int i;

	fprintf(f, "splat: %s%s%s\n", verdict_name(j->verdict),
		j->nr_reasons ? ": " : "", first_reason(j));
	fprintf(f, "  %-10s %s, TDX: %s%s%s\n", "kernel", r->machine.release,
		r->machine.tdx, r->machine.stand_in ? ", stand-in: " : "",
		r->machine.stand_in ?: "");
	lockdep_text(f, facts);
	if (facts->watch) {
		edge_text(f, "AB", &facts->edges.ab);
		edge_text(f, "BA", &facts->edges.ba);
		class_text(f, &facts->class);
	}
	watches_text(f, r);
	program_text(f, r);
	if (facts->log.provoked)
		fprintf(f, "  provoked warnings: %u, in %s\n",
			facts->log.provoked, r->provoked.files);
	if (r->signature[0])
		fprintf(f, "  %-10s %s\n", "signature", r->signature);
	for (i = 1; i < j->nr_reasons; i++)
		fprintf(f, "  %-10s %s\n", "also", j->reasons[i].text);
	for (i = 0; i < j->nr_notes; i++)
		fprintf(f, "  %-10s %s\n", "note", j->notes[i]);
	if (left_out(r) && (r->json_path || r->json || r->out_dir))
		fprintf(f, "  %-10s %u reports are left out of the JSON\n",
			"note", left_out(r));
}

static void program_json(struct json *j, const struct run *r)
{
	const struct child_result *c = &r->facts.child;
	char **arg;

	json_object(j, "program");
	json_array(j, "argv");
	for (arg = r->cmd; *arg; arg++)
		json_string(j, NULL, *arg);
	json_array_end(j);
	if (c->exited)
		json_number(j, "exit", c->code);
	else
		json_null(j, "exit");
	json_number(j, "signal", c->sig);
	json_bool(j, "run", !r->facts.not_run[0]);
	json_bool(j, "timed_out", c->timed_out);
	json_bool(j, "stuck", c->stuck);
	json_bool(j, "leftovers", c->leftovers);
	json_number(j, "milliseconds", r->seconds * 1000);
	json_object_end(j);
}

static void lockdep_json(struct json *j, const struct run *r)
{
	const struct run_facts *f = &r->facts;

	json_object(j, "lockdep");
	json_string(j, "before", lockdep_state_name(f->before.state));
	json_string(j, "after", lockdep_state_name(f->after.state));
	json_string(j, "reason", f->after.reason[0] ? f->after.reason : NULL);
	json_number(j, "dependencies_before",
		    r->before.seen.stats.used[TABLE_DEPENDENCIES]);
	json_number(j, "dependencies_after",
		    r->after.seen.stats.used[TABLE_DEPENDENCIES]);
	json_object_end(j);
}

static void log_json(struct json *j, const struct run *r)
{
	const struct log_facts *log = &r->facts.log;

	json_object(j, "log");
	json_string(j, "error", log->error ? strerror(-log->error) : NULL);
	json_number(j, "records", log->records);
	json_number(j, "first_seq", r->klog.first_seq);
	json_number(j, "last_seq", r->klog.last_seq);
	json_number(j, "lost", log->lost);
	json_bool(j, "complete",
		  !log->error && !log->lost && !log->lost_some);
	json_object_end(j);
}

void run_json(FILE *f, const struct run *r)
{
	const struct judgement *judged = &r->judgement;
	const struct run_facts *facts = &r->facts;
	struct json j;
	unsigned int i;

	json_init(&j, f);
	json_object(&j, NULL);
	json_string(&j, "verdict", verdict_name(judged->verdict));
	json_array(&j, "reasons");
	for (i = 0; i < judged->nr_reasons; i++)
		json_string(&j, NULL, judged->reasons[i].text);
	json_array_end(&j);
	json_array(&j, "notes");
	for (i = 0; i < judged->nr_notes; i++)
		json_string(&j, NULL, judged->notes[i]);
	json_array_end(&j);
	json_string(&j, "release", r->machine.release);
	json_string(&j, "tdx", r->machine.tdx);
	if (r->machine.stand_in)
		json_string(&j, "stand_in", r->machine.stand_in);
	json_string(&j, "tainted_before", r->machine.taint);
	json_string(&j, "tainted_after", r->taint_after);
	lockdep_json(&j, r);
	if (facts->watch) {
		edge_json(&j, "ab", &facts->edges.ab);
		edge_json(&j, "ba", &facts->edges.ba);
		class_json(&j, &facts->class);
	}
	watches_json(&j, r);
	program_json(&j, r);
	json_string(&j, "signature", r->signature[0] ? r->signature : NULL);
	log_json(&j, r);
	json_object(&j, "provoked");
	json_number(&j, "warnings", facts->log.provoked);
	json_string(&j, "files", r->provoked.files);
	json_object_end(&j);
	reports_json(&j, r);
	json_object_end(&j);
}

static void pair(FILE *f, const char *key, const char *value)
{
	fprintf(f, "%s=", key);
	for (; *value; value++)
		putc(*value == '\n' || *value == '\r' ? ' ' : *value, f);
	putc('\n', f);
}

void run_summary(FILE *f, const struct run *r)
{
	const struct run_facts *facts = &r->facts;

	pair(f, "verdict", verdict_name(r->judgement.verdict));
	pair(f, "ab", edge_state_name(facts->edges.ab.state));
	pair(f, "ba", edge_state_name(facts->edges.ba.state));
	pair(f, "lockdep", lockdep_state_name(facts->after.state));
	pair(f, "reason", first_reason(&r->judgement));
	pair(f, "signature", r->signature);
	fprintf(f, "exit=%d\n", program_code(facts));
	pair(f, "release", r->machine.release);
	pair(f, "tdx", r->machine.tdx);
	if (r->machine.stand_in)
		pair(f, "stand_in", r->machine.stand_in);
	pair(f, "kvm_tdx", r->machine.kvm_tdx ? "yes" : "no");
	fprintf(f, "provoked=%u\n", facts->log.provoked);
	pair(f, "provoked_in", r->provoked.files);
}
