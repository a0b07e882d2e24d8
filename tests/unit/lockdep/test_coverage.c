// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/graph/coverage.c and its list: the list has a rule for every
 * pair, and only one; chains give the pairs that they prove.
 */
#include "lockdep/graph/coverage.h"
#include "unit.h"

static void list_is_whole(void)
{
	struct coverage none = { };
	struct cover_counts n;
	int i, k;

	for (i = 0; i < NR_COVER; i++) {
		for (k = 0; k < NR_COVER; k++) {
			struct cover_pair p = cover_pair(i, k);

			if (i == k)
				continue;
			if (p.rule == COVER_UNLISTED || !p.text || !p.text[0])
				printf("# %s > %s\n", cover_name(i),
				       cover_name(k));
			CHECK(p.rule != COVER_UNLISTED);
			CHECK(p.text && p.text[0]);
			CHECK_EQ(p.rule == COVER_REACHABLE,
				 p.func && p.file);
		}
	}
	coverage_count(&none, &n);
	CHECK_EQ(n.reachable + n.forbidden + n.unreachable,
		 NR_COVER * (NR_COVER - 1));
	CHECK_EQ(n.reachable_seen + n.forbidden_seen + n.unexpected, 0);
}

/* If the list had both orders of two locks, it would allow a deadlock. */
static void list_has_no_cycle(void)
{
	bool reach[NR_COVER][NR_COVER];
	int i, j, k;

	for (i = 0; i < NR_COVER; i++)
		for (k = 0; k < NR_COVER; k++)
			reach[i][k] = i != k && cover_pair(i, k).rule ==
				      COVER_REACHABLE;
	for (j = 0; j < NR_COVER; j++)
		for (i = 0; i < NR_COVER; i++)
			for (k = 0; k < NR_COVER; k++)
				reach[i][k] |= reach[i][j] && reach[j][k];
	for (i = 0; i < NR_COVER; i++) {
		if (reach[i][i])
			printf("# %s\n", cover_name(i));
		CHECK(!reach[i][i]);
	}
}

static const struct {
	enum cover_lock held, taken;
	enum cover_rule rule;
} facts[] = {
	{ COVER_SLOTS, COVER_GMEM, COVER_REACHABLE },
	{ COVER_GMEM, COVER_SLOTS, COVER_FORBIDDEN },
	{ COVER_GMEM, COVER_MMAP, COVER_FORBIDDEN },
	{ COVER_MMAP, COVER_GMEM, COVER_UNREACHABLE },
	{ COVER_MMU, COVER_MMAP, COVER_FORBIDDEN },
	{ COVER_MMU, COVER_URING, COVER_FORBIDDEN },
	{ COVER_URING, COVER_MMAP, COVER_REACHABLE },
	{ COVER_IMMAP, COVER_GMEM, COVER_FORBIDDEN },
	{ COVER_SLOTS, COVER_IMMAP, COVER_REACHABLE },
	{ COVER_VCPU, COVER_IMMAP, COVER_UNREACHABLE },
	{ COVER_UFFD_WAIT, COVER_UFFD_MAP, COVER_UNREACHABLE },
	{ COVER_GMEM, COVER_URING, COVER_UNREACHABLE },
};

static void known_pairs(void)
{
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		CHECK_EQ(cover_pair(facts[i].held, facts[i].taken).rule,
			 facts[i].rule);
}

#define HEAD	"all lock chains:\n"
#define ENTRY	"irq_context: 0\n"
#define GMEM	"[ffffffff818224c8] mapping.invalidate_lock#4\n"
#define OTHER	"[ffffffff81822400] mapping.invalidate_lock\n"
#define MM	"[ffff888001800d80] &mm->mmap_lock\n"
#define MM1	"[ffff888001800d80] &mm->mmap_lock/1\n"
#define SLOTS	"[ffffffff81f97640] &kvm->slots_lock\n"
#define SRCU	"[ffffffff81f97650] &kvm->srcu\n"

static struct coverage scan(const char *text)
{
	static struct coverage c;
	const char *nl;

	memset(&c, 0, sizeof(c));
	c.gmem = STR("mapping.invalidate_lock#4");
	for (; (nl = strchr(text, '\n')); text = nl + 1)
		coverage_line(&c, (struct str){ text, nl - text });
	coverage_end(&c);
	return c;
}

static unsigned int seen(const struct coverage *c)
{
	unsigned int i, k, n = 0;

	for (i = 0; i < NR_COVER; i++)
		for (k = 0; k < NR_COVER; k++)
			n += c->seen[i][k];
	return n;
}

static void chains(void)
{
	struct coverage c = scan(HEAD ENTRY SLOTS SRCU GMEM "\n"
				 ENTRY SLOTS SRCU GMEM MM "\n");
	struct cover_counts n;

	CHECK_EQ(seen(&c), 3);
	CHECK(c.seen[COVER_SLOTS][COVER_GMEM]);
	CHECK(c.seen[COVER_SLOTS][COVER_MMAP]);
	CHECK(c.seen[COVER_GMEM][COVER_MMAP]);
	coverage_count(&c, &n);
	CHECK_EQ(n.reachable_seen, 2);
	CHECK_EQ(n.forbidden_seen, 1);
	CHECK_EQ(n.unexpected, 0);
	c = scan(HEAD ENTRY MM GMEM "\n");
	coverage_count(&c, &n);
	CHECK_EQ(n.unexpected, 1);
}

static void what_proves_nothing(void)
{
	struct coverage c;

	/* Another file system's class. */
	c = scan(HEAD ENTRY SLOTS OTHER "\n");
	CHECK_EQ(seen(&c), 0);
	/* The chain's last lock was taken, and srcu is not in the list. */
	c = scan(HEAD ENTRY SLOTS MM SRCU "\n");
	CHECK_EQ(seen(&c), 0);
	/* Two locks in two chains. */
	c = scan(HEAD ENTRY SLOTS "\n" ENTRY MM "\n");
	CHECK_EQ(seen(&c), 0);
	/* A class and its subclass count as one. */
	c = scan(HEAD ENTRY MM MM1 "\n");
	CHECK(c.seen[COVER_MMAP][COVER_MMAP]);
	CHECK_EQ(seen(&c), 1);
	c = scan("garbage\n[\n[]\n[x] \n");
	CHECK_EQ(seen(&c), 0);
}

static void class_not_known(void)
{
	struct coverage c = { };

	coverage_line(&c, STR("[1] &kvm->slots_lock"));
	coverage_line(&c, STR("[2] mapping.invalidate_lock"));
	coverage_end(&c);
	CHECK_EQ(seen(&c), 0);
}

UNIT_MAIN(
	{ "list_is_whole", list_is_whole },
	{ "list_has_no_cycle", list_has_no_cycle },
	{ "known_pairs", known_pairs },
	{ "chains", chains },
	{ "what_proves_nothing", what_proves_nothing },
	{ "class_not_known", class_not_known },
)
