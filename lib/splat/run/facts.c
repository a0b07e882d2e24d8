// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gather the facts for the verdict from what was read before, during and after
 * a run.
 */
#include "splat/run/run.h"

static const char *attribution_text(const struct report *rep,
				    enum attribution by)
{
	if (by == ATTRIBUTION_OTHER)
		return ", another process";
	if (by == ATTRIBUTION_KERNEL)
		return rep->pid ? ", a kernel thread" : ", no process";
	return "";
}

static void keep_first(char *dst, size_t size, unsigned int n,
		       const struct report *r, enum attribution by)
{
	if (n > 1)
		return;
	if (r->comm)
		snprintf(dst, size, "%s (%s/%ld%s)%s", r->title, r->comm,
			 r->pid, attribution_text(r, by),
			 r->complete ? "" : ", report incomplete");
	else
		snprintf(dst, size, "%s", r->title);
}

/* A WARN, and no worse, that the program has announced, see provoked.h. */
static bool is_provoked(struct run *r, const struct report *rep)
{
	return rep->kind == KIND_OTHER && !rep->crash &&
	       provoked_warning(&r->provoked,
				kind_warn_file(str_of(rep->title)));
}

/* Add the report's edges. Is it about a watched edge? */
static bool add_edges(struct run *r, const struct report *rep)
{
	bool about = false;
	unsigned int i;

	if (r->watch && !r->reported_class[0])
		about = gmem_report(rep, &r->reported, r->reported_class,
				    sizeof(r->reported_class));
	for (i = 0; i < r->nr_watches; i++)
		about |= watch_report(&r->watches[i], rep);
	return about;
}

/* Of another process, or from before the run: reported, but no failure. */
static void add_foreign(struct run *r, const struct report *rep,
			enum attribution by, bool early)
{
	struct log_facts *log = &r->facts.log;
	size_t n;

	if (kind_is_splat(rep->kind) && rep->kind != KIND_RCU)
		log->spent_elsewhere = true;
	if (!early) {
		keep_first(log->other, sizeof(log->other), ++log->others, rep,
			   by);
		return;
	}
	n = snprintf(log->first_early, sizeof(log->first_early),
		     "before the program started: ");
	keep_first(log->first_early + n, sizeof(log->first_early) - n,
		   ++log->early, rep, by);
}

static void add_own(struct run *r, const struct report *rep,
		    enum attribution by)
{
	struct log_facts *log = &r->facts.log;

	if (kind_is_splat(rep->kind)) {
		keep_first(log->splat, sizeof(log->splat), ++log->splats, rep,
			   by);
		if (!r->signature[0] && rep->signature)
			snprintf(r->signature, sizeof(r->signature), "%s",
				 rep->signature);
	} else if (rep->crash) {
		keep_first(log->crash, sizeof(log->crash), ++log->crashes, rep,
			   by);
	} else if (rep->kind == KIND_OTHER || rep->kind == KIND_HUNG_TASK) {
		keep_first(log->warning, sizeof(log->warning),
			   ++log->warnings, rep, by);
	} else if (!log->off[0]) {
		snprintf(log->off, sizeof(log->off), "%s", rep->title);
	}
}

/* A report that only says that lockdep is off belongs to no process. */
static bool can_be_foreign(const struct report *rep)
{
	return !rep->crash &&
	       (kind_is_splat(rep->kind) || rep->kind == KIND_OTHER ||
		rep->kind == KIND_HUNG_TASK);
}

bool run_add_report(struct run *r, const struct report *rep)
{
	enum attribution by = attribution_of(r->root, rep->pid, rep->comm);
	bool early = klog_is_early(&r->klog, rep);
	bool watched;

	if (r->reports < RUN_REPORTS)
		r->reports_by[r->reports] = by;
	if (is_provoked(r, rep))
		return true;
	watched = !early && add_edges(r, rep);
	if (can_be_foreign(rep) &&
	    (early || (by == ATTRIBUTION_OTHER && !watched)))
		add_foreign(r, rep, by, early);
	else
		add_own(r, rep, by);
	return false;
}

static void gather_log(struct run *r)
{
	struct log_facts *log = &r->facts.log;

	log->error = r->klog.error;
	log->records = r->klog.records;
	log->lost = r->klog.kmsg.lost;
	log->lost_some = r->klog.kmsg.lost_some;
	memcpy(log->oom, r->klog.oom, sizeof(log->oom));
	provoked_finish(&r->provoked);
	log->provoked = r->provoked.warnings;
	log->provoked_fault = r->provoked.fault;
}

static void find_class(struct run *r, struct gmem_class *c)
{
	static struct gmem_symbols sym;
	const struct lock_graph *before =
		r->before.has_graph ? &r->before.graph : NULL;

	gmem_identify(c, before, &r->after.graph, NULL, r->reported_class);
	if (c->certain)
		return;
	snapshot_symbols(&sym, &r->after, r->root);
	gmem_identify(c, before, &r->after.graph, &sym, "");
}

/* A direct edge in /proc/lockdep is better proof than a report. */
static void merge(struct lock_edge *e, const struct lock_edge *reported)
{
	if (e->state == EDGE_YES && (e->direct || reported->state != EDGE_YES))
		return;
	if (reported->state == EDGE_YES || reported->path[0])
		*e = *reported;
}

static void gather_edges(struct run *r)
{
	struct run_facts *f = &r->facts;
	struct gmem_edges before;

	if (!r->after.has_graph) {
		f->edges_error = r->after.seen.classes_file;
	} else {
		find_class(r, &f->class);
		f->edges_error = gmem_edges(&f->edges, &r->after.graph,
					    &f->class);
		snapshot_chains(&f->edges, &f->class, r->root);
	}
	if (r->before.has_graph && f->class.found != GMEM_NOT_FOUND &&
	    !gmem_edges(&before, &r->before.graph, &f->class))
		f->ab_before = before.ab.state == EDGE_YES;
	merge(&f->edges.ab, &r->reported.ab);
	merge(&f->edges.ba, &r->reported.ba);
}

static void gather_watches(struct run *r)
{
	struct run_facts *f = &r->facts;
	unsigned int i;
	int err = 0;

	f->watches = r->watches;
	f->nr_watches = r->nr_watches;
	if (!r->after.has_graph)
		f->edges_error = r->after.seen.classes_file;
	for (i = 0; i < r->nr_watches && r->after.has_graph && !err; i++) {
		struct watch *w = &r->watches[i], reported = *w;

		err = watch_graph(w, &r->after.graph);
		/* A report can have an edge that /proc/lockdep lacks. */
		if (w->edge.state != EDGE_YES &&
		    reported.edge.state == EDGE_YES)
			w->edge = reported.edge;
		if (r->before.has_graph && !err)
			err = watch_graph_before(w, &r->before.graph);
		if (err)
			f->edges_error = err;
	}
}

/*
 * Without proof that orders are checked, an edge that was not seen is unknown;
 * so it is after a report, as lockdep is off from then on.
 */
static void forget_unproven(struct run *r)
{
	struct run_facts *f = &r->facts;
	unsigned int i;

	if (f->after.state == LOCKDEP_ALIVE && f->before.state == LOCKDEP_ALIVE)
		return;
	gmem_forget_unseen(&f->edges);
	for (i = 0; i < r->nr_watches; i++)
		watch_forget_unseen(&r->watches[i]);
}

void run_gather(struct run *r)
{
	struct run_facts *f = &r->facts;
	struct lockdep_use use;

	gather_log(r);
	f->taint_before = r->machine.taint;
	f->taint_after = r->taint_after;
	f->timeout_s = r->timeout_s;
	f->watch = r->watch;
	lockdep_status_now(&r->before.seen, &f->before);
	if (f->watch) {
		gather_edges(r);
		use.found = f->class.found != GMEM_NOT_FOUND;
		use.used = f->class.used;
		use.first_run = !f->class.used_before;
		use.not_taken = f->class.has_ops && !f->class.taken;
		use.mm_used = r->after.has_graph &&
			      gmem_mmap_lock_used(&r->after.graph);
	}
	gather_watches(r);
	lockdep_status_after_run(&r->before.seen, &r->after.seen,
				 f->watch ? &use : NULL, &f->after);
	forget_unproven(r);
}
