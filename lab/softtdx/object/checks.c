// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which rules there are (checks.h) for which leaf, and which are switched off.
 * Off is for one purpose: to show that a test notices.  So it is loud, and it
 * never lets a leaf follow a pointer or use an index that it would have
 * refused.
 */
#include <linux/array_size.h>
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "softtdx.h"

static const struct {
	const char *name, *text;
} stx_check_names[] = {
#define STX_CHECK(id, ask_name, ask_text) \
	[CHECK_##id] = { .name = ask_name, .text = ask_text },
	STX_CHECKS(STX_CHECK)
#undef STX_CHECK
};

static bool stx_off[STX_NR_LEAVES][CHECK_NR];
static unsigned int stx_nr_off;

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

/* The rules that come with a column of the table. */
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

static bool stx_has_check(const struct stx_leaf *l, enum stx_check check)
{
	return stx_column_checks(l, check) || stx_in_list(l->checks, check);
}

bool stx_checks(const struct stx_call *c, enum stx_check check)
{
	WARN_ON_ONCE(!stx_has_check(c->leaf, check));
	if (likely(!READ_ONCE(stx_nr_off)))
		return true;
	return !READ_ONCE(stx_off[c->leaf->nr][check]);
}

u64 stx_refuse(const struct stx_call *c, enum stx_check check, u64 status)
{
	return stx_checks(c, check) ? status : RC_TD_FATAL;
}

/* Once the module is up nothing can be asked by what it refuses before. */
static bool stx_at_boot(const struct stx_leaf *l, enum stx_check check)
{
	bool ready = !l->sys || l->sys & BIT(SYS_READY);

	switch (check) {
	case CHECK_SYS:
		return ready;
	case CHECK_LP:
		return true;
	case CHECK_RESERVED:
	case CHECK_VERSION:
		/* Nobody asks a leaf that would end the module. */
		return l->lock == STX_LOCK_NONE;
	default:
		return !ready;
	}
}

static void stx_check_show(struct stx_check_view *v, const struct stx_leaf *l,
			 enum stx_check check)
{
	*v = (struct stx_check_view) {
		.leaf = l,
		.check = check,
		.name = stx_check_names[check].name,
		.at_boot = stx_at_boot(l, check),
		.off = READ_ONCE(stx_off[l->nr][check]),
	};
}

bool stx_check_next(struct stx_check_view *v)
{
	unsigned int nr = v->leaf ? v->leaf->nr : 0, check = v->check + 1;
	const struct stx_leaf *l;

	for (; nr < STX_NR_LEAVES; nr++, check = 1) {
		l = stx_leaf(nr);
		for (; l && check < CHECK_NR; check++) {
			if (!stx_has_check(l, check))
				continue;
			stx_check_show(v, l, check);
			return true;
		}
	}
	return false;
}

static void stx_check_set(const struct stx_check_view *v, bool off)
{
	bool *now = &stx_off[v->leaf->nr][v->check];
	unsigned long flags;
	bool changed;

	stx_lock(&flags);
	changed = *now != off;
	WRITE_ONCE(*now, off);
	if (changed)
		WRITE_ONCE(stx_nr_off, stx_nr_off + (off ? 1 : -1));
	stx_unlock(flags);

	if (!changed)
		return;
	if (off)
		pr_warn("softtdx: rule %s:%s is OFF: this module no longer refuses %s\n",
			v->leaf->name, v->name, stx_check_names[v->check].text);
	else
		pr_info("softtdx: rule %s:%s is on again\n", v->leaf->name,
			v->name);
}

static bool stx_check_named(const struct stx_check_view *v, const char *name)
{
	size_t len = strlen(v->leaf->name);

	return !strncmp(name, v->leaf->name, len) && name[len] == ':' &&
	       !strcmp(name + len + 1, v->name);
}

bool stx_check_switch(const char *name, bool off)
{
	bool all = !off && !strcmp(name, "all"), found = all;
	struct stx_check_view v = {};

	while (stx_check_next(&v)) {
		if (!all && !stx_check_named(&v, name))
			continue;
		stx_check_set(&v, off);
		found = true;
	}
	return found;
}
