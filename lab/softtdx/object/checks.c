// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which leaf has which named checks (checks.h), and which of them are off.  A
 * check is switched off only to show that a test detects it.  A check that is
 * off never lets a leaf follow a pointer or use an index that it would refuse.
 */
#include <linux/bug.h>

#include "softtdx.h"

static bool stx_off[STX_NR_LEAVES][CHECK_NR];
static unsigned int stx_nr_off;

bool stx_check_is_off(const struct stx_leaf *l, enum stx_check check)
{
	return READ_ONCE(stx_off[l->nr][check]);
}

/* Under the lock.  True if that changed something. */
bool stx_check_turn(const struct stx_leaf *l, enum stx_check check, bool off)
{
	bool *now = &stx_off[l->nr][check];

	if (*now == off)
		return false;
	WRITE_ONCE(*now, off);
	WRITE_ONCE(stx_nr_off, stx_nr_off + (off ? 1 : -1));
	return true;
}

static bool stx_in_list(const u8 *checks, enum stx_check check)
{
	for (; checks && *checks != CHECK_END; checks++)
		if (*checks == check)
			return true;
	return false;
}

/* A TD that has a TDVPR has been through TDH.MNG.INIT. */
static bool stx_vp_implies(const struct stx_leaf *l, enum stx_check check)
{
	u8 after = BIT(OP_INITIALIZED) | BIT(OP_RUNNABLE);

	return l->vp && (check == CHECK_TDCS || (l->op & after) == after);
}

/* The checks that come with a column of the table. */
static bool stx_column_checks(const struct stx_leaf *l, enum stx_check check)
{
	switch (check) {
	case CHECK_RESERVED:
	case CHECK_VERSION:
	case CHECK_SYS:
		return true;
	case CHECK_TD_ADDRESS:
	case CHECK_TD_RANGE:
	case CHECK_TD_TYPE:
		return l->td;
	case CHECK_VP_ADDRESS:
	case CHECK_VP_RANGE:
	case CHECK_VP_TYPE:
		return l->vp;
	case CHECK_LIFE:
		return l->life;
	case CHECK_TDCS:
	case CHECK_OP:
		return l->op && !stx_vp_implies(l, check);
	case CHECK_VPS:
		return l->vps;
	case CHECK_VCPU:
		return l->vcpu;
	case CHECK_ASSOC:
		return l->assoc;
	case CHECK_GPA_BITS:
	case CHECK_GPA_LEVEL:
	case CHECK_WALK:
		return l->gpa && !l->to_leaf;
	case CHECK_GPA_ALIGN:
		return l->gpa && (l->to_leaf || l->max);
	case CHECK_GPA_PRIVATE:
	case CHECK_SEPT:
		return l->gpa;
	case CHECK_BLOCKED:
		return l->blocked;
	case CHECK_SOURCE_ADDRESS:
	case CHECK_SOURCE_OWNER:
		return l->source;
	case CHECK_PAGE_ADDRESS:
	case CHECK_PAGE_RANGE:
	case CHECK_PAGE_TYPE:
		return l->page;
	default:
		return false;
	}
}

bool stx_has_check(const struct stx_leaf *l, enum stx_check check)
{
	return stx_column_checks(l, check) || stx_in_list(l->checks, check);
}

bool stx_checks(const struct stx_call *c, enum stx_check check)
{
	WARN_ON_ONCE(!stx_has_check(c->leaf, check));
	if (likely(!READ_ONCE(stx_nr_off)))
		return true;
	return !stx_check_is_off(c->leaf, check);
}

u64 stx_refuse(const struct stx_call *c, enum stx_check check, u64 status)
{
	return stx_checks(c, check) ? status : RC_TD_FATAL;
}
