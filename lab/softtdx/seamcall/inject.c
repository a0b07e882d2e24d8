// SPDX-License-Identifier: GPL-2.0-only
/*
 * Error injection: rules that make a leaf return a status without doing any of
 * its work, to test the host's error paths.  A rule is a line of text (the file
 * inject, see ../debugfs.c):
 *
 *   leaf NAME|NUMBER status X [nth N] [every K] [times T] [td PA]
 *	[rcx X] [rdx X] [rbx X] [rsi X] [rdi X] [r8 X] ... [r15 X]
 *
 * Calls that match count from 1 when the rule is set.  Call n fails if n >= nth
 * and n - nth is a multiple of every, at most times times (0: no limit); all
 * three are 1 by default.  If several rules are due, the oldest fails the call;
 * the others count it as seen.  A call that no leaf takes (unknown number or
 * version, reserved bits of RAX) is refused before the rules apply.
 *
 * If a rule names registers, the call returns these, and 0 in the others listed
 * here; otherwise they are as the leaf leaves them on an error.  So a rule for
 * TDH.VP.ENTER can return any exit, such as a TDVMCALL, without a guest.  The
 * registers on entry to the last such call are kept: they are what the host
 * made of the previous exit.
 *
 * An injected INTERRUPTED_RESUMABLE of a write-back of caches can be resumed.
 * No other injection has an effect on later calls.
 *
 * A rule is removed when the open file is closed that it was written through,
 * so that a process leaves no rule when it dies.
 */
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "softtdx.h"

/* Oldest first, without gaps; under the lock. */
static struct stx_inject stx_injects[STX_MAX_INJECTS];
static unsigned int stx_nr_injects;
static u64 stx_last_inject;

enum { RULE_LEAF, RULE_STATUS, RULE_NTH, RULE_EVERY, RULE_TIMES, RULE_TD,
       NR_RULE };

static const char * const stx_inject_names[NR_RULE] = {
	"leaf", "status", "nth", "every", "times", "td",
};

static const char * const stx_reg_names[STX_NR_REGS] = {
	[STX_RCX] = "rcx", [STX_RDX] = "rdx", [STX_RBX] = "rbx",
	[STX_RSI] = "rsi", [STX_RDI] = "rdi", [STX_R8] = "r8",
	[STX_R9] = "r9", [STX_R10] = "r10", [STX_R11] = "r11",
	[STX_R12] = "r12", [STX_R13] = "r13", [STX_R14] = "r14",
	[STX_R15] = "r15",
};

const char *stx_reg_name(unsigned int reg)
{
	return stx_reg_names[reg];
}

/* Place of @word among @names, some of which may be missing; @nr if nowhere. */
static unsigned int stx_place(const char * const *names, unsigned int nr,
			      const char *word)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (names[i] && !strcmp(word, names[i]))
			break;
	return i;
}

static const struct stx_leaf *stx_leaf_named(const char *word)
{
	const struct stx_leaf *leaf;
	unsigned int i;
	u64 nr;

	if (!kstrtou64(word, 0, &nr))
		return nr < STX_NR_LEAVES ? stx_leaf(nr) : NULL;
	for (i = 0; i < STX_NR_LEAVES; i++) {
		leaf = stx_leaf(i);
		if (leaf && !strcmp(leaf->name, word))
			return leaf;
	}
	return NULL;
}

static bool stx_inject_set(struct stx_inject *rule, int what, const char *word)
{
	u64 *numbers[] = {
		[RULE_STATUS] = &rule->status, [RULE_NTH] = &rule->nth,
		[RULE_EVERY] = &rule->every, [RULE_TIMES] = &rule->times,
		[RULE_TD] = &rule->td,
	};
	u64 n;

	if (what == RULE_LEAF) {
		rule->leaf = stx_leaf_named(word);
		return rule->leaf;
	}
	if (kstrtou64(word, 0, &n))
		return false;
	if (what >= NR_RULE) {
		rule->given |= BIT(what - NR_RULE);
		rule->out[what - NR_RULE] = n;
		return true;
	}
	*numbers[what] = n;
	switch (what) {
	case RULE_NTH:
	case RULE_EVERY:
		return n;
	case RULE_TD:
		return n && PAGE_ALIGNED(n);
	default:
		return true;
	}
}

/* Registers are numbered after the other names; -1: neither. */
static int stx_inject_word(const char *word)
{
	unsigned int i = stx_place(stx_inject_names, NR_RULE, word);

	if (i < NR_RULE)
		return i;
	i = stx_place(stx_reg_names, STX_NR_REGS, word);
	return i < STX_NR_REGS ? NR_RULE + i : -1;
}

/* -EINVAL with *bad, which says what was wrong. */
int stx_inject_parse(char *text, struct stx_inject *rule, const char **bad)
{
	u32 given = 0;
	char *word;
	int i;

	*rule = (struct stx_inject){ .nth = 1, .every = 1, .times = 1 };
	while ((*bad = stx_word(&text))) {
		i = stx_inject_word(*bad);
		if (i < 0 || (given & BIT(i)))
			return -EINVAL;
		given |= BIT(i);
		word = stx_word(&text);
		if (!word)
			return -EINVAL;
		*bad = word;
		if (!stx_inject_set(rule, i, word))
			return -EINVAL;
	}
	for (i = RULE_LEAF; i <= RULE_STATUS; i++) {
		*bad = stx_inject_names[i];
		if (!(given & BIT(i)))
			return -EINVAL;
	}
	return 0;
}

int stx_inject_add(const struct stx_inject *rule)
{
	unsigned long flags;
	int ret = -ENOSPC;

	stx_lock(&flags);
	if (stx_nr_injects < STX_MAX_INJECTS) {
		stx_injects[stx_nr_injects] = *rule;
		stx_injects[stx_nr_injects++].id = ++stx_last_inject;
		ret = 0;
	}
	stx_unlock(flags);
	return ret;
}

void stx_injects_drop(const void *owner)
{
	unsigned int i, kept = 0;
	unsigned long flags;

	stx_lock(&flags);
	for (i = 0; i < stx_nr_injects; i++)
		if (stx_injects[i].owner != owner)
			stx_injects[kept++] = stx_injects[i];
	stx_nr_injects = kept;
	stx_unlock(flags);
}

/* The oldest rule with a number above this. */
bool stx_inject_after(u64 id, struct stx_inject *rule)
{
	unsigned long flags;
	unsigned int i;

	stx_lock(&flags);
	for (i = 0; i < stx_nr_injects && stx_injects[i].id <= id; i++)
		;
	if (i < stx_nr_injects)
		*rule = stx_injects[i];
	stx_unlock(flags);
	return i < stx_nr_injects;
}

static u64 stx_td_of_page(u64 pa)
{
	struct stx_pamt *entry = PAGE_ALIGNED(pa) ? stx_pamt(pa) : NULL;

	if (!entry)
		return 0;
	return stx_page_type(entry) == PGT_TDR ? pa : stx_page_owner(entry);
}

/* The TD of a call, by its operands: nothing has been checked yet. */
static u64 stx_td_of_call(const struct stx_call *c)
{
	const struct stx_leaf *l = c->leaf;

	if (l->td)
		return c->in[l->td];
	if (l->vp)
		return stx_td_of_page(c->in[l->vp]);
	if (l->out == PGT_TDR)
		return c->in[l->page];
	return l->owned ? stx_td_of_page(c->in[l->owned]) : 0;
}

static bool stx_inject_due(const struct stx_inject *rule)
{
	return rule->seen >= rule->nth &&
	       (rule->seen - rule->nth) % rule->every == 0 &&
	       (!rule->times || rule->failed < rule->times);
}

bool stx_have_injects(void)
{
	return READ_ONCE(stx_nr_injects);
}

static void stx_inject_registers(struct stx_inject *rule, struct stx_call *c)
{
	unsigned int i;

	memcpy(rule->in, c->in, sizeof(rule->in));
	for (i = 0; i < STX_NR_REGS; i++)
		if (rule->given && stx_reg_names[i])
			c->out[i] = rule->out[i];
}

/* Under the lock, once for each call: rules count calls. */
bool stx_injected(struct stx_call *c, u64 *status)
{
	u64 td = stx_nr_injects ? stx_td_of_call(c) : 0;
	struct stx_inject *rule;
	unsigned int i;

	for (i = 0; i < stx_nr_injects; i++) {
		rule = &stx_injects[i];
		if (rule->leaf != c->leaf || (rule->td && rule->td != td))
			continue;
		rule->seen++;
		if (c->injected || !stx_inject_due(rule))
			continue;
		rule->failed++;
		*status = rule->status;
		stx_inject_registers(rule, c);
		if (c->leaf->run == stx_phymem_cache_wb &&
		    rule->status == RC_INTERRUPTED_RESUMABLE)
			stx_cache_wb_interrupt();
		c->injected = true;
	}
	return c->injected;
}
