// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test double itself, as far as only a kernel can show it: rules that make
 * leaves fail come and go with their file, and what the oracle says of a TD of
 * a thousand pages is whole however it is read, also while other TDs come and
 * go.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "softtdx/inject.h"
#include "softtdx/sept.h"
#include "softtdx/text.h"
#include "subtests/tdx/tests.h"

#define BUSY_R8		0x8000020000000008ul	/* OPERAND_BUSY, R8 */
#define NR_RULES	16			/* that softtdx takes */
#define PAGES		1030			/* over three tables */
#define TABLES		5
#define PIECE		777

static int rules_open(void)
{
	int fd = softtdx_inject_open(SOFTTDX_DIR);

	TEST_ASSERT(fd >= 0, "%s/inject: %s", SOFTTDX_DIR, strerror(-fd));
	return fd;
}

static unsigned int rules_count(int fd)
{
	struct softtdx_injected *rules;
	unsigned int nr;
	char *text;
	int ret;

	ret = stxt_read_fd(fd, &text) ?:
	      softtdx_parse_injected(text, &rules, &nr);
	TEST_ASSERT(!ret, "%s/inject: %s", SOFTTDX_DIR, strerror(-ret));
	free(rules);
	free(text);
	return nr;
}

static void bad_rules(int fd)
{
	static const char * const bad[] = {
		"leaf 2", "status 1", "leaf 5 status 1", "leaf 2 status x",
		"leaf 2 status 1 nth 0", "leaf 2 status 1 td 0x1001",
		"leaf 2 status 1\nleaf 3 status 1\n", "\n", "leaf 2 status 1\0",
	};
	char text[1000];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		/* The last one has a NUL in it. */
		size_t size = strlen(bad[i]) + (i == ARRAY_SIZE(bad) - 1);

		TEST_ASSERT(write(fd, bad[i], size) < 0 && errno == EINVAL,
			    "rule '%s' was taken", bad[i]);
	}
	memset(text, ' ', sizeof(text));
	memcpy(text, "leaf 2 status 1", 15);
	TEST_ASSERT(write(fd, text, sizeof(text)) < 0 && errno == EINVAL,
		    "a rule of 1000 characters was taken");
	TEST_ASSERT(!rules_count(fd), "a refused rule is there");
}

/* No TD is there, so that nothing calls the leaf. */
static void rules_fill(int fd)
{
	const struct softtdx_inject f = {
		.leaf = TDH_MEM_TRACK, .status = 1, .nth = 7,
	};
	struct softtdx_injected rule;
	int i, ret;

	for (i = 0; i < NR_RULES; i++) {
		ret = softtdx_inject_add(fd, &f);
		TEST_ASSERT(!ret, "rule %d: %s", i, strerror(-ret));
	}
	assert_refused(softtdx_inject_add(fd, &f), ENOSPC, "one rule too many");
	ret = softtdx_inject_read(fd, NR_RULES - 1, &rule);
	TEST_ASSERT(!ret && rule.own && rule.fail.leaf == f.leaf &&
		    rule.fail.nth == 7 && rule.fail.times == 1 && !rule.seen,
		    "the last rule is not as it was set: %s", strerror(-ret));
}

static void rules_of_the_dead(void)
{
	int status;
	pid_t pid;

	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	if (!pid) {
		rules_fill(rules_open());
		raise(SIGKILL);
	}
	TEST_ASSERT(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
		    WTERMSIG(status) == SIGKILL,
		    "the child did not set its rules");
}

static void rules_come_and_go(void)
{
	struct softtdx_injected rule;
	int fd = rules_open(), other = rules_open();

	bad_rules(fd);
	rules_fill(fd);
	TEST_ASSERT(rules_count(other) == NR_RULES, "rules of another file");
	assert_refused(softtdx_inject_read(other, 0, &rule), ENOENT,
		       "another file's rule");
	close(fd);
	TEST_ASSERT(!rules_count(other), "rules outlived their file");
	rules_of_the_dead();
	TEST_ASSERT(!rules_count(other), "rules outlived their process");
	close(other);
}

static u64 injected_calls(unsigned int leaf)
{
	struct softtdx_stats stats;
	int ret;

	ret = softtdx_stats_read(SOFTTDX_DIR, &stats);
	TEST_ASSERT(!ret, "%s/stats: %s", SOFTTDX_DIR, strerror(-ret));
	return stats.leaves[leaf].injected;
}

static void newest_td(struct softtdx_td *td)
{
	int ret = softtdx_newest_td(SOFTTDX_DIR, td);

	TEST_ASSERT(!ret, "%s/tds: %s", SOFTTDX_DIR, strerror(-ret));
}

static void assert_rule(int fd, unsigned int n, u64 seen, u64 failed)
{
	struct softtdx_injected r;
	int ret;

	ret = softtdx_inject_read(fd, n, &r);
	TEST_ASSERT(!ret, "rule %u: %s", n, strerror(-ret));
	TEST_ASSERT(r.seen == seen && r.failed == failed,
		    "rule %u: seen %lu failed %lu, not %lu and %lu", n, r.seen,
		    r.failed, seen, failed);
}

/* KVM tries again after BUSY: calls 2, 4 and 6 of TDH.MEM.PAGE.ADD fail. */
static void rules_at_work(void)
{
	struct softtdx_inject busy = {
		.leaf = TDH_MEM_PAGE_ADD, .status = BUSY_R8, .nth = 2,
		.every = 2, .times = 3,
	};
	u64 before = injected_calls(TDH_MEM_PAGE_ADD);
	struct td_build one, two;
	struct softtdx_td td;
	int fd = rules_open();

	td_build_start(&one, 8);
	newest_td(&td);
	busy.td = td.pa;
	td_build_start(&two, 8);
	TEST_ASSERT(!softtdx_inject_add(fd, &busy), "a rule for one TD");
	td_add_pages(two.td, two.vcpu, two.source, TD_GPA, 8, 0);
	assert_rule(fd, 0, 0, 0);
	assert_measured(8, 0, "a TD beside the one with a rule");
	td_build_free(&two);

	td_add_pages(one.td, one.vcpu, one.source, TD_GPA, 8, MEASURE);
	assert_rule(fd, 0, 8 + 3, 3);
	assert_measured(8, 8, "three of eight pages after a retry");
	TEST_ASSERT(injected_calls(TDH_MEM_PAGE_ADD) == before + 3,
		    "%lu calls were made to fail",
		    injected_calls(TDH_MEM_PAGE_ADD) - before);
	td_finalize(one.td);
	td_build_free(&one);
	close(fd);
}

void inject_rules(const struct subtest_args *args)
{
	struct module_counts before;

	module_counts_read(&before);
	rules_come_and_go();
	rules_at_work();
	assert_module_counts(&before, "after rules");
}

/* The whole file by small pieces. */
static char *read_pieces(const char *path)
{
	size_t used = 0, size = 1 << 20;
	char *text = malloc(size);
	ssize_t got;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	TEST_ASSERT(fd >= 0 && text, "%s: %s", path, strerror(errno));
	do {
		got = read(fd, text + used, PIECE);
		TEST_ASSERT(got >= 0, "%s: %s", path, strerror(errno));
		used += got;
	} while (got && used + PIECE < size);
	TEST_ASSERT(!got, "%s does not end", path);
	text[used] = '\0';
	close(fd);
	return text;
}

static void assert_same_text(const char *name)
{
	char path[64], *whole, *pieces;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", SOFTTDX_DIR, name);
	ret = stxt_read(SOFTTDX_DIR, name, &whole);
	TEST_ASSERT(!ret, "%s: %s", path, strerror(-ret));
	pieces = read_pieces(path);
	TEST_ASSERT(*whole && !strcmp(whole, pieces),
		    "%s: %lu bytes at once, by pieces %lu or others", path,
		    strlen(whole), strlen(pieces));
	free(pieces);
	free(whole);
}

/* Each page at its gpa, hashed, and the tables that lead there. */
static void assert_sept(u64 td)
{
	unsigned int i, nr, tables = 0;
	struct softtdx_map *maps, *m;
	u64 gpa = TD_GPA;
	int ret;

	ret = softtdx_sept_read(SOFTTDX_DIR, td, &maps, &nr);
	TEST_ASSERT(!ret, "%s/sept: %s", SOFTTDX_DIR, strerror(-ret));
	for (i = 0; i < nr; i++) {
		m = &maps[i];
		TEST_ASSERT(!m->pamt_disagrees, "gpa %#lx: PAMT disagrees",
			    m->gpa);
		tables += m->table;
		if (m->table)
			continue;
		TEST_ASSERT(m->gpa == gpa && !m->level && m->hashed &&
			    !strcmp(m->state, "MAPPED"),
			    "gpa %#lx, level %u, %s, where gpa %#lx was to be",
			    m->gpa, m->level, m->state, gpa);
		gpa += PAGE_SIZE;
	}
	TEST_ASSERT(nr == PAGES + TABLES && tables == TABLES,
		    "%u entries, %u of them tables, not %u and %u", nr, tables,
		    PAGES + TABLES, TABLES);
	free(maps);
}

static void assert_vcpu(u64 td)
{
	struct softtdx_vcpu *v;
	unsigned int nr;
	int ret;

	ret = softtdx_vcpus_read(SOFTTDX_DIR, &v, &nr);
	TEST_ASSERT(!ret, "%s/vcpus: %s", SOFTTDX_DIR, strerror(-ret));
	TEST_ASSERT(nr == 1 && v->td == td && v->initialized && !v->index &&
		    !v->x2apic && !strcmp(v->state, "READY") && v->cpu >= 0 &&
		    !v->epoch, "%u vCPUs, the first: index %u x2apic %u %s",
		    nr, nr ? v->index : 0, nr ? v->x2apic : 0,
		    nr ? v->state : "-");
	free(v);
}

/* Other TDs come and go, newer than the one that is read. */
static void assert_sept_beside_others(u64 td)
{
	struct td_build b;
	int i, status;
	pid_t pid;

	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	for (i = 0; !pid && i < 8; i++) {
		td_build(&b, 3, 0);
		td_build_free(&b);
	}
	if (!pid)
		_exit(0);
	do
		assert_sept(td);
	while (!waitpid(pid, &status, WNOHANG));
	TEST_ASSERT(WIFEXITED(status) && !WEXITSTATUS(status),
		    "the other process failed");
}

void oracle_files(const struct subtest_args *args)
{
	struct softtdx_map *maps;
	struct softtdx_td td;
	struct td_build b;
	unsigned int nr;

	td_build(&b, PAGES, 0);
	newest_td(&td);
	assert_sept(td.pa);
	assert_vcpu(td.pa);
	assert_same_text("sept");
	assert_same_text("vcpus");
	assert_same_text("tds");
	assert_sept_beside_others(td.pa);
	td_build_free(&b);
	assert_refused(softtdx_sept_read(SOFTTDX_DIR, td.pa, &maps, &nr),
		       ENOENT, "the secure EPT of a TD that is gone");
}
