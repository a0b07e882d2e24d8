// SPDX-License-Identifier: GPL-2.0-only
/*
 * A few seconds of random but repeatable damage to the golden logs and to a
 * /proc/lockdep, under the sanitizers. See tests/fuzz/ for longer runs.
 */
#include <time.h>

#include "golden.h"
#include "tests/fuzz/parser.h"
#include "unit.h"

#define ROUNDS		4000
#define SECONDS_MAX	8
#define SIZE_MAX_	(64 << 10)

static uint64_t state;

static uint64_t draw(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static const char proc_lockdep[] =
	"all lock classes:\n"
	"ffffffff8183d228 FD:   40 BD:    2 ++++: mapping.invalidate_lock\n"
	" -> [ffffffff81f21e40] &mm->mmap_lock\n"
	"\n"
	"ffffffff81f21e40 FD:   39 BD:   13 ++++: &mm->mmap_lock\n"
	" -> [ffffffff81c15d80] fs_reclaim\n"
	" -> [ffffffff81f21e41] &mm->mmap_lock/1\n"
	"\n"
	"ffffffff81f21e41 OPS:      12 FD:   25 BD:   14 +.+.: &mm->mmap_lock/1\n"
	" -> [ffffffff81c15d80] fs_reclaim\n"
	"\n"
	"ffffffff81c15d80 FD:   25 BD:   14 +.+.: fs_reclaim\n"
	"\n";

static struct str pick(glob_t *paths, struct golden *g)
{
	size_t n = draw(paths->gl_pathc + 3);

	memset(g, 0, sizeof(*g));
	if (n >= paths->gl_pathc || !golden_load(g, paths->gl_pathv[n]))
		return str_of(proc_lockdep);
	return g->log;
}

/* Words of the grammar, to insert where they do not belong. */
static const char *const words[] = {
	"\n", "){", "(", "#", "/", ":", "\\x0a", "\\x", "[", "]", "> ", "? ",
	"-> #0 (a){....}:\n", "WARNING: ", " --> ", "lock(", ");", "</TASK>\n",
	"<TASK>\n", "+0x1/0x2\n", "18446744073709551616", "-1", "T1] ",
	"4,1,1,-;", "held by ", "possible circular locking dependency detected",
	"\r\n", " -> [", "(____ptrval____)", "all lock classes:\n",
};

static size_t insert(char *buf, size_t n, size_t at, const char *p, size_t len)
{
	if (n + len > SIZE_MAX_)
		return n;
	memmove(buf + at + len, buf + at, n - at);
	memcpy(buf + at, p, len);
	return n + len;
}

static size_t damage(char *buf, size_t n)
{
	size_t at = draw(n + 1), len;
	const char *word = words[draw(sizeof(words) / sizeof(words[0]))];
	char copy[256];

	switch (draw(5)) {
	case 0:
		if (at < n)
			buf[at] = draw(256);
		return n;
	case 1:
		len = draw(n - at + 1) % 300;
		memmove(buf + at, buf + at + len, n - at - len);
		return n - len;
	case 2:
		return insert(buf, n, at, word, strlen(word));
	case 3:
		len = n - at > sizeof(copy) ? sizeof(copy) : n - at;
		memcpy(copy, buf + at, len);
		return insert(buf, n, draw(n + 1), copy, len);
	default:
		return draw(50) ? n : at;
	}
}

static void random_damage(void)
{
	char *buf = malloc(SIZE_MAX_ + 1);
	time_t end = time(NULL) + SECONDS_MAX;
	unsigned long reports = 0;
	unsigned int i;
	glob_t paths;

	state = 0x9e3779b97f4a7c15ULL;
	golden_glob(&paths);
	for (i = 0; i < ROUNDS && time(NULL) < end; i++) {
		struct golden g;
		struct str log = pick(&paths, &g);
		size_t k, n = log.n < SIZE_MAX_ ? log.n : SIZE_MAX_;

		memcpy(buf, log.p, n);
		for (k = draw(12); k--;)
			n = damage(buf, n);
		reports += fuzz_one((struct str){ buf, n }, draw(200));
		golden_free(&g);
	}
	printf("# %u rounds, %lu reports\n", i, reports);
	/* The control: enough reports survive the damage. */
	CHECK(reports > i / 4);
	globfree(&paths);
	free(buf);
}

struct tally {
	unsigned int reports;
	unsigned int complete;
};

static void tally_report(const struct report *r, void *arg)
{
	struct tally *t = arg;

	t->reports++;
	t->complete += r->complete;
}

static void tally_bytes(const char *buf, size_t n, struct tally *t)
{
	static struct report_parser p;

	report_parser_init(&p, tally_report, t);
	report_parser_feed(&p, buf, n);
	report_parser_end(&p);
}

/* Half of them begin with a title: noise never completes a report. */
static void random_bytes(void)
{
	static const char title[] =
		"WARNING: possible circular locking dependency detected\n";
	struct tally t = { };
	char buf[4096];
	size_t i, k, n;

	state = 1;
	for (i = 0; i < 300; i++) {
		for (k = 0; k < sizeof(buf); k++)
			buf[k] = i % 2 ? (char)draw(256) :
					 " \n[](){}#->/:0aT"[draw(16)];
		n = draw(sizeof(buf));
		if (i % 4 < 2 && n >= strlen(title))
			memcpy(buf, title, strlen(title));
		fuzz_one((struct str){ buf, n }, draw(64));
		tally_bytes(buf, n, &t);
	}
	CHECK(t.reports > 100);
	CHECK_EQ(t.complete, 0);
}

UNIT_MAIN(
	{ "random_damage", random_damage },
	{ "random_bytes", random_bytes },
)
