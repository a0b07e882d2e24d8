// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mixes as subtests: which actors can run here, one mix or all pairs, and for a
 * mix that fails the smallest that still fails, with the command that repeats
 * it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "kvm/suite.h"
#include "race/actors/mix.h"
#include "race/actors/options.h"
#include "race/reduce.h"
#include "softtdx/stats.h"

#define MIX_MS		2000
#define PAIR_MS		30
#define PAIRS_MS	20000	/* all together; others need a longer -d */
#define STALL_MS	30000
#define TRIES		3
#define TRIALS_MAX	200
/*
 * A trial is no longer than a default mix, and none begins after so long: a
 * subtest's own bound, without its -d, is 300 s.
 */
#define REDUCE_MS	150000

static const char *program(void)
{
	static char path[256];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[n > 0 ? n : 0] = '\0';
	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static void print_repeat(const struct mix *m, const char *subtest,
		       const char *option)
{
	char names[1024];

	actors_names(m->set, names, sizeof(names));
	printf("repeat: %s %s %s %s -s %lu", program(), subtest, option, names,
	       m->seed);
	if (m->pages)
		printf(" -p %lu", m->pages);
	if (m->ms)
		printf(" -d %u\n", (m->ms + 999) / 1000);
	else
		printf(" -i %lu\n", m->rounds);
}

/* ---- reduction ----------------------------------------------------------- */

struct reducing {
	struct mix m;
	unsigned int tries;
	long long end_ms;
	struct reduction r;
};

static bool still_fails(uint64_t set, void *arg)
{
	struct mix_result r = {};
	struct reducing *g = arg;
	char names[1024];
	unsigned int i;

	g->m.set = set;
	for (i = 0; i < g->tries && !r.failed; i++)
		mix_run(&g->m, &r);
	g->r.over = r.ends_it || clock_ms() > g->end_ms;
	actors_names(set, names, sizeof(names));
	printf("reducing: %s: %s\n", names, r.failed ? r.why : "passes");
	return r.failed;
}

uint64_t mix_reduce(const struct mix *m, unsigned int tries)
{
	struct reducing g = {
		.m = *m, .tries = tries, .end_ms = clock_ms() + REDUCE_MS,
		.r = { .fails = still_fails, .max_trials = TRIALS_MAX },
	};
	char names[1024];
	uint64_t set;

	if (g.m.ms > MIX_MS)
		g.m.ms = MIX_MS;
	g.r.arg = &g;
	set = reduce(&g.r, m->set);
	actors_names(set, names, sizeof(names));
	printf("reduced in %u trials%s: %s\n", g.r.trials,
	       g.r.minimal ? "" : ", and not to the end", names);
	return set;
}

/* ---- which actors run ---------------------------------------------------- */

static uint64_t unmet_needs(uint64_t needs, struct need_state *state)
{
	uint64_t unmet = 0;
	unsigned int i;

	needs_probe(kvm_needs, NR_KVM_NEEDS, needs, state);
	for (i = 0; i < NR_KVM_NEEDS; i++) {
		if (needs & 1ull << i && !state[i].met)
			unmet |= 1ull << i;
	}
	return unmet;
}

static uint64_t with_unmet(uint64_t set, uint64_t unmet)
{
	uint64_t out = 0;
	unsigned int i;

	for (i = 0; i < nr_actors; i++) {
		if (set & 1ull << i && actors[i].needs & unmet)
			out |= 1ull << i;
	}
	return out;
}

/*
 * What the command line leaves of @set: all that can run here, or with --actors
 * exactly those, with a SKIP that names all that is missing. Prints which ones
 * are left out and why.
 */
static uint64_t pick(uint64_t set)
{
	const char *list = actors_given()->pair ?: actors_given()->actors;
	struct need_state state[NEEDS_MAX] = {};
	char why[1024], names[1024];
	uint64_t out, unmet;

	if (list)
		TEST_ASSERT(actors_parse(list, &set, why, sizeof(why)), "%s",
			    why);
	unmet = unmet_needs(actors_needs(set), state);
	if (!unmet)
		return set;

	needs_unmet(kvm_needs, NR_KVM_NEEDS, unmet, state, why, sizeof(why));
	out = with_unmet(set, unmet);
	if (list || out == set)
		subtest_skip("%s", why);
	actors_names(out, names, sizeof(names));
	printf("left out: %s (%s)\n", names, why);
	return set & ~out;
}

/* ---- subtests ------------------------------------------------------------ */

static void mix_init(struct mix *m, const struct subtest_args *args,
		     unsigned int ms)
{
	TEST_ASSERT(args->pages <= FIXTURE_PAGES_MAX,
		    "--pages %lu: at most %d here", args->pages,
		    FIXTURE_PAGES_MAX);
	*m = (struct mix){
		.seed = args->seed ?: 1 + (uint32_t)clock_ns(),
		.rounds = args->iterations,
		.pages = args->pages,
		.stall_ms = STALL_MS,
	};
	if (args->duration_s)
		m->ms = args->duration_s * 1000;
	else if (!args->iterations)
		m->ms = ms;
}

static void print_counts(const struct mix *m, const struct mix_result *r)
{
	unsigned int i;

	for (i = 0; i < nr_actors; i++) {
		if (m->set & 1ull << i)
			printf("%s: %lu steps, %lu without effect or refused\n",
			       actors[i].name, r->done[i], r->missed[i]);
	}
}

void mix_subtest(const struct subtest_args *args, uint64_t set,
		 const char *subtest)
{
	struct mix_result r;
	struct mix m;

	mix_init(&m, args, MIX_MS);
	m.set = pick(set);
	printf("seed %lu\n", m.seed);
	mix_run(&m, &r);
	print_counts(&m, &r);
	if (!r.failed)
		return;

	printf("fails: %s\n", r.why);
	print_repeat(&m, subtest, "--actors");
	if (!r.ends_it && __builtin_popcountll(m.set) > 1) {
		m.set = mix_reduce(&m, TRIES);
		print_repeat(&m, subtest, "--actors");
	}
	TEST_FAIL("%s", r.why);
}

static bool pair_fails(struct mix *m, const char *subtest, bool *hopeless)
{
	struct mix_result r;

	mix_run(m, &r);
	if (!r.failed)
		return false;

	printf("fails: %s\n", r.why);
	print_repeat(m, subtest, "--pair");
	*hopeless = r.ends_it;
	return true;
}

/* Pairs of @set with at least one of @with, shuffled by the seed. */
static unsigned int shuffle_pairs(const struct mix *m, uint64_t set,
			       uint64_t with, uint64_t *pairs)
{
	unsigned int i, j, nr = 0;
	struct prng prng;

	prng_init(&prng, m->seed, "pairs");
	for (i = 0; i < nr_actors; i++) {
		for (j = 0; j < i; j++) {
			uint64_t pair = 1ull << i | 1ull << j;
			unsigned int at = prng_below(&prng, nr + 1);

			if ((pair & set) != pair || !(pair & with))
				continue;
			pairs[nr++] = pairs[at];
			pairs[at] = pair;
		}
	}
	return nr;
}

void mix_pairs(const struct subtest_args *args, uint64_t set, uint64_t with,
	       const char *subtest)
{
	unsigned int nr, i, failed = 0;
	uint64_t pairs[ACTORS_MAX * ACTORS_MAX / 2];
	unsigned int left_ms = PAIRS_MS;
	long long start = clock_ms();
	bool hopeless = false;
	struct mix m;

	mix_init(&m, args, PAIR_MS);
	m.brief = true;
	if (!access(SOFTTDX_DIR, R_OK))
		set |= actors_that_hurt();
	set = pick(set);
	nr = shuffle_pairs(&m, set, actors_given()->pair ? ~0ull : with, pairs);
	if (args->duration_s) {
		left_ms = args->duration_s * 1000;
		m.ms = nr ? left_ms / 2 / nr : 0;
		m.ms = m.ms > PAIR_MS ? m.ms : PAIR_MS;
	}
	printf("seed %lu\n", m.seed);
	for (i = 0; i < nr && !hopeless; i++) {
		if (i && clock_ms() - start > left_ms)
			break;
		m.set = pairs[i];
		failed += pair_fails(&m, subtest, &hopeless);
	}
	printf("%u of %u pairs, for %u ms each\n", i, nr, m.ms);
	TEST_ASSERT(!failed, "%u of %u pairs fail", failed, i);
}
