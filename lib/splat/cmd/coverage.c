// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat coverage: which locks around guest_memfd were taken under which others,
 * of the pairs that the kernel's source allows.
 */
#include <errno.h>
#include <stdlib.h>

#include "lockdep/graph/coverage.h"
#include "runner/child.h"
#include "splat/cmd/cmd.h"
#include "splat/edges/edges.h"

enum { OPT_ALL, OPT_JSON, OPT_TIMEOUT, OPT_ROOT, OPT_HELP };

static const struct option_def defs[] = {
	{ "--all", false, OPT_ALL },
	{ "--json", false, OPT_JSON },
	{ "--timeout", true, OPT_TIMEOUT },
	{ "--proc-root", true, OPT_ROOT },
	{ "--help", false, OPT_HELP },
	{ "-h", false, OPT_HELP },
	{ }
};

static const char help[] =
"usage: splat coverage [options] [-- COMMAND [ARG...]]\n"
"\n"
"For each pair of locks around guest_memfd: was one taken while the other was\n"
"held? From /proc/lockdep_chains, which has all since boot; runs COMMAND first.\n"
"Each possible pair has the function that takes the lock and how to get there,\n"
"from the source of Linux 7.3 (include/lockdep/graph/coverage.def).\n"
"\n"
"  seen         the pair was seen\n"
"  before       seen before COMMAND ran: unknown whether COMMAND did it\n"
"  not seen     possible, but not seen\n"
"  FORBIDDEN    seen, but it can deadlock\n"
"  unexpected   seen, but not possible by the list: please report it\n"
"\n"
"  --all            also print impossible and forbidden pairs that were not seen,\n"
"                   and why\n"
"  --timeout SECS   end COMMAND after that time (600; 0: never)\n"
"  --json           print JSON: every pair\n"
"  --proc-root DIR  for tests: DIR/proc/lockdep* in place of /proc/lockdep*\n"
"\n"
"exit: 0 nothing forbidden was seen; 1 it was; 2 wrong call; 4 cannot tell, for\n"
"      example if COMMAND failed or timed out\n";

struct cover {
	struct edges e;
	struct coverage now;
	struct coverage before;
	struct gmem_class class;
	struct cover_counts n;
	struct child_result child;
	bool has_child;
	unsigned int timeout_s;
	bool all;
};

static void take_line(void *arg, struct str line)
{
	coverage_line(arg, line);
}

/* Read lockdep's files, and the pairs in them. */
static int scan(struct cover *c, struct coverage *cov)
{
	static const char file[] = "/proc/lockdep_chains";
	char path[4096];
	int err, ret;

	snapshot_free(&c->e.snap);
	ret = edges_load(&c->e);
	if (ret)
		return ret;
	edges_identify(&c->e, &c->class, NULL);
	memset(cov, 0, sizeof(*cov));
	cov->gmem = str_of(c->class.name);
	err = proc_each_line(c->e.root, file, take_line, cov);
	coverage_end(cov);
	snprintf(path, sizeof(path), "%s%s", c->e.root, file);
	return err ? complain_of_proc(&c->e.a, path, err) : 0;
}

static int run(struct cover *c, char **argv)
{
	struct child_opts o = { .argv = argv, .timeout_s = c->timeout_s,
				.stdin_too = true };
	int err = child_run(&o, &c->child);

	return err ? complain(&c->e.a, argv[0], strerror(-err)) : 0;
}

static const char *state(const struct cover *c, unsigned int i, unsigned int k)
{
	enum cover_rule rule = cover_pair(i, k).rule;

	if (!c->now.seen[i][k])
		return "not seen";
	if (rule == COVER_FORBIDDEN)
		return "FORBIDDEN";
	if (rule != COVER_REACHABLE)
		return "unexpected";
	return c->before.seen[i][k] ? "before" : "seen";
}

static const char *rule_name(enum cover_rule rule)
{
	static const char *const names[] = {
		[COVER_UNLISTED]	= "unlisted",
		[COVER_REACHABLE]	= "reachable",
		[COVER_FORBIDDEN]	= "forbidden",
		[COVER_UNREACHABLE]	= "unreachable",
	};

	return names[rule];
}

static void row(const struct cover *c, unsigned int i, unsigned int k)
{
	struct cover_pair p = cover_pair(i, k);
	char pair[80];

	snprintf(pair, sizeof(pair), "%s > %s", cover_name(i), cover_name(k));
	printf("  %-10s  %-42s  ", state(c, i, k), pair);
	if (p.func && c->now.seen[i][k])
		printf("%s, %s\n", p.func, p.file);
	else if (p.func)
		printf("%s: %s\n", p.func, p.text);
	else
		printf("%s: %s\n", rule_name(p.rule), p.text);
}

static void rows(const struct cover *c, enum cover_rule rule, bool unseen)
{
	unsigned int i, k;

	for (i = 0; i < NR_COVER; i++)
		for (k = 0; k < NR_COVER; k++)
			if (i != k && cover_pair(i, k).rule == rule &&
			    (unseen || c->now.seen[i][k]))
				row(c, i, k);
}

static void print_text(const struct cover *c)
{
	rows(c, COVER_FORBIDDEN, false);
	rows(c, COVER_REACHABLE, true);
	rows(c, COVER_UNREACHABLE, c->all);
	if (c->all) {
		puts("");
		rows(c, COVER_FORBIDDEN, true);
	}
	printf("%u of %u reachable pairs seen; %u of %u forbidden; %u are "
	       "unreachable", c->n.reachable_seen, c->n.reachable,
	       c->n.forbidden_seen, c->n.forbidden, c->n.unreachable);
	if (c->n.unexpected)
		printf(", of which %u were seen", c->n.unexpected);
	putchar('\n');
	class_text(stdout, &c->class);
}

static void pair_json(struct cover *c, unsigned int i, unsigned int k)
{
	struct cover_pair p = cover_pair(i, k);
	struct json *j = &c->e.json;

	json_object(j, NULL);
	json_string(j, "held", cover_name(i));
	json_string(j, "taken", cover_name(k));
	json_string(j, "rule", rule_name(p.rule));
	json_bool(j, "seen", c->now.seen[i][k]);
	json_bool(j, "seen_before", c->before.seen[i][k]);
	json_string(j, "function", p.func);
	json_string(j, "file", p.file);
	json_string(j, p.rule == COVER_REACHABLE ? "how" : "why", p.text);
	json_object_end(j);
}

static void print_json(struct cover *c)
{
	struct json *j = &c->e.json;
	unsigned int i, k;

	json_init(j, stdout);
	json_object(j, NULL);
	json_number(j, "reachable", c->n.reachable);
	json_number(j, "reachable_seen", c->n.reachable_seen);
	json_number(j, "forbidden", c->n.forbidden);
	json_number(j, "forbidden_seen", c->n.forbidden_seen);
	json_number(j, "unreachable", c->n.unreachable);
	json_number(j, "unexpected", c->n.unexpected);
	class_json(j, &c->class);
	json_string(j, "lockdep", lockdep_state_name(c->e.status.state));
	json_array(j, "pairs");
	for (i = 0; i < NR_COVER; i++)
		for (k = 0; k < NR_COVER; k++)
			if (i != k)
				pair_json(c, i, k);
	json_array_end(j);
	json_object_end(j);
}

static int cannot_tell(const char *why)
{
	fprintf(stderr, "splat: %s\n", why);
	return EXIT_UNKNOWN;
}

static int verdict(struct cover *c)
{
	char why[128];

	if (c->class.found != GMEM_NOT_FOUND && !c->class.certain)
		return cannot_tell("guest_memfd's class is not certain");
	if (c->n.forbidden_seen)
		return EXIT_BAD;
	if (c->class.found == GMEM_NOT_FOUND)
		return cannot_tell("guest_memfd's class was not found: was "
				   "guest_memfd used?");
	if (child_failed(c->has_child ? &c->child : NULL, why, sizeof(why)))
		return cannot_tell(why);
	return c->e.status.state == LOCKDEP_ALIVE ? EXIT_CLEAN :
						    edges_none_found(&c->e);
}

static int cover(struct cover *c, char **argv)
{
	int ret = 0;

	if (argv[0]) {
		c->has_child = true;
		ret = scan(c, &c->before);
		if (!ret)
			ret = run(c, argv);
	}
	if (!ret)
		ret = scan(c, &c->now);
	if (ret)
		return ret;
	coverage_count(&c->now, &c->n);
	if (c->e.as_json)
		print_json(c);
	else
		print_text(c);
	if (fflush(stdout) || ferror(stdout))
		return complain(&c->e.a, "stdout", strerror(errno));
	return verdict(c);
}

static int set_timeout(struct cover *c)
{
	unsigned long n = 0;
	int ret = args_number(&c->e.a, "seconds", 0, 1000000, &n);

	c->timeout_s = n;
	return ret;
}

int cmd_coverage(int argc, char **argv)
{
	static struct cover c;
	int opt, ret;

	c.e.a = (struct args){ .command = "coverage", .argc = argc,
			       .argv = argv };
	c.e.root = "";
	c.timeout_s = 600;
	while ((opt = args_next(&c.e.a, defs)) != ARG_END) {
		if (opt == ARG_BAD || (opt == OPT_TIMEOUT && set_timeout(&c)))
			return EXIT_USAGE;
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		if (opt == OPT_ROOT)
			c.e.root = c.e.a.value;
		c.all |= opt == OPT_ALL;
		c.e.as_json |= opt == OPT_JSON;
	}
	if (c.e.a.next < argc && (!c.e.a.next ||
				  strcmp(argv[c.e.a.next - 1], "--")))
		return complain(&c.e.a, argv[c.e.a.next],
				"a command must follow --");
	ret = cover(&c, argv + c.e.a.next);
	snapshot_free(&c.e.snap);
	return ret;
}
