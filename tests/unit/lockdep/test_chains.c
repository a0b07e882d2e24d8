// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/graph/chains.c: an order exists only if one chain has it, and
 * ends with the lock that was taken.
 */
#include "lockdep/graph/chains.h"
#include "unit.h"

#define HEAD	"all lock chains:\n"
#define ENTRY	"irq_context: 0\n"
#define GMEM	"[ffffffff818224c8] mapping.invalidate_lock\n"
#define MM	"[ffff888001800d80] &mm->mmap_lock\n"
#define SLOTS	"[ffffffff81f97640] &kvm->slots_lock\n"
#define SRCU	"[ffffffff81f97650] &kvm->srcu\n"

static struct chain_scan scan(const char *text)
{
	static struct chain_scan s;
	const char *nl;

	memset(&s, 0, sizeof(s));
	s.a = STR("mapping.invalidate_lock");
	s.b = STR("&mm->mmap_lock");
	for (; (nl = strchr(text, '\n')); text = nl + 1)
		chain_scan_line(&s, (struct str){ text, nl - text });
	chain_scan_end(&s);
	return s;
}

static void both_orders(void)
{
	struct chain_scan s = scan(HEAD ENTRY SLOTS GMEM MM "\n"
				   ENTRY MM GMEM "\n");

	CHECK(s.a_then_b.found);
	CHECK_STR(s.a_then_b.path, "mapping.invalidate_lock > &mm->mmap_lock");
	CHECK(s.b_then_a.found);
	CHECK_STR(s.b_then_a.path, "&mm->mmap_lock > mapping.invalidate_lock");
}

/* For example a trylock: /proc/lockdep has no edge into it. */
static void with_others_between(void)
{
	struct chain_scan s = scan(HEAD ENTRY GMEM SRCU MM "\n");

	CHECK(s.a_then_b.found);
	CHECK_STR(s.a_then_b.path, "mapping.invalidate_lock > &kvm->srcu > "
		  "&mm->mmap_lock");
	CHECK(!s.b_then_a.found);
}

/* The pieces of a path through SRCU: two chains, never held together. */
static void pieces(void)
{
	struct chain_scan s = scan(HEAD ENTRY GMEM SRCU "\n"
				   ENTRY SRCU MM "\n");

	CHECK(!s.a_then_b.found);
	CHECK(!s.b_then_a.found);
}

/* A lock in the middle was held: the last one was taken. */
static void not_the_one_taken(void)
{
	struct chain_scan s = scan(HEAD ENTRY GMEM MM SRCU "\n");

	CHECK(!s.a_then_b.found);
}

static void other_file_system(void)
{
	struct chain_scan s = scan(HEAD ENTRY
		"[ffffffff81822400] mapping.invalidate_lock#2\n" MM "\n");

	CHECK(!s.a_then_b.found);
}

static void subclasses(void)
{
	struct chain_scan s = scan(HEAD ENTRY
		"[ffffffff818224c9] mapping.invalidate_lock/1\n" MM "\n");

	CHECK(s.a_then_b.found);
	CHECK_STR(s.a_then_b.path,
		  "mapping.invalidate_lock/1 > &mm->mmap_lock");
}

static void contexts_are_apart(void)
{
	struct chain_scan s = scan(HEAD ENTRY GMEM
				   "irq_context: softirq\n" MM "\n");

	CHECK(!s.a_then_b.found);
}

static void deeper_than_the_kernel_goes(void)
{
	static char text[8192] = HEAD ENTRY GMEM;
	struct chain_scan s;
	int i;

	for (i = 0; i < 100; i++)
		strcat(text, SRCU);
	strcat(text, MM "\n" ENTRY MM GMEM "\n");
	s = scan(text);
	CHECK(!s.a_then_b.found);
	CHECK(s.b_then_a.found);
}

UNIT_MAIN(
	{ "both_orders", both_orders },
	{ "with_others_between", with_others_between },
	{ "pieces", pieces },
	{ "not_the_one_taken", not_the_one_taken },
	{ "other_file_system", other_file_system },
	{ "subclasses", subclasses },
	{ "contexts_are_apart", contexts_are_apart },
	{ "deeper_than_the_kernel_goes", deeper_than_the_kernel_goes },
)
