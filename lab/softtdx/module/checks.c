// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which rules there are (ask.h) for which leaf, and which are switched off.
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
} stx_ask_names[] = {
#define STX_ASK(id, ask_name, ask_text) \
	[ASK_##id] = { .name = ask_name, .text = ask_text },
	STX_ASKS(STX_ASK)
#undef STX_ASK
};

static bool stx_off[STX_NR_LEAVES][ASK_NR];
static unsigned int stx_nr_off;

static bool stx_in_list(const u8 *asks, enum stx_ask ask)
{
	for (; asks && *asks != ASK_END; asks++)
		if (*asks == ask)
			return true;
	return false;
}

/* A TD that has a TDVPR has been through TDH.MNG.INIT. */
static bool stx_vp_tells(const struct stx_leaf *l, enum stx_ask ask)
{
	u8 after = BIT(OP_INITIALIZED) | BIT(OP_RUNNABLE);

	return l->vp && (ask == ASK_TDCS || (l->op & after) == after);
}

/* The rules that come with a column of the table. */
static bool stx_column_asks(const struct stx_leaf *l, enum stx_ask ask)
{
	switch (ask) {
	case ASK_RESERVED:
	case ASK_VERSION:
	case ASK_SYS:
		return true;
	case ASK_TD_ADDRESS:
	case ASK_TD_RANGE:
	case ASK_TD_TYPE:
		return l->td;
	case ASK_VP_ADDRESS:
	case ASK_VP_RANGE:
	case ASK_VP_TYPE:
		return l->vp;
	case ASK_LIFE:
		return l->life;
	case ASK_TDCS:
	case ASK_OP:
		return l->op && !stx_vp_tells(l, ask);
	case ASK_VPS:
		return l->vps;
	case ASK_VCPU:
		return l->vcpu;
	case ASK_ASSOC:
		return l->assoc;
	case ASK_GPA_BITS:
	case ASK_GPA_LEVEL:
	case ASK_WALK:
		return l->gpa && !l->to_leaf;
	case ASK_GPA_ALIGN:
		return l->gpa && (l->to_leaf || l->max);
	case ASK_GPA_PRIVATE:
	case ASK_SEPT:
		return l->gpa;
	case ASK_BLOCKED:
		return l->blocked;
	case ASK_SOURCE_ADDRESS:
	case ASK_SOURCE_OWNER:
		return l->source;
	case ASK_PAGE_ADDRESS:
	case ASK_PAGE_RANGE:
	case ASK_PAGE_TYPE:
		return l->page;
	default:
		return false;
	}
}

static bool stx_has_ask(const struct stx_leaf *l, enum stx_ask ask)
{
	return stx_column_asks(l, ask) || stx_in_list(l->asks, ask);
}

bool stx_asks(const struct stx_call *c, enum stx_ask ask)
{
	WARN_ON_ONCE(!stx_has_ask(c->leaf, ask));
	if (likely(!READ_ONCE(stx_nr_off)))
		return true;
	return !READ_ONCE(stx_off[c->leaf->nr][ask]);
}

u64 stx_refuse(const struct stx_call *c, enum stx_ask ask, u64 status)
{
	return stx_asks(c, ask) ? status : RC_TD_FATAL;
}

/* Once the module is up nothing can be asked by what it refuses before. */
static bool stx_at_boot(const struct stx_leaf *l, enum stx_ask ask)
{
	bool ready = !l->sys || l->sys & BIT(SYS_READY);

	switch (ask) {
	case ASK_SYS:
		return ready;
	case ASK_LP:
		return true;
	case ASK_RESERVED:
	case ASK_VERSION:
		/* Nobody asks a leaf that would end the module. */
		return l->lock == STX_LOCK_NONE;
	default:
		return !ready;
	}
}

static void stx_ask_show(struct stx_ask_view *v, const struct stx_leaf *l,
			 enum stx_ask ask)
{
	*v = (struct stx_ask_view) {
		.leaf = l,
		.ask = ask,
		.name = stx_ask_names[ask].name,
		.at_boot = stx_at_boot(l, ask),
		.off = READ_ONCE(stx_off[l->nr][ask]),
	};
}

bool stx_ask_next(struct stx_ask_view *v)
{
	unsigned int nr = v->leaf ? v->leaf->nr : 0, ask = v->ask + 1;
	const struct stx_leaf *l;

	for (; nr < STX_NR_LEAVES; nr++, ask = 1) {
		l = stx_leaf(nr);
		for (; l && ask < ASK_NR; ask++) {
			if (!stx_has_ask(l, ask))
				continue;
			stx_ask_show(v, l, ask);
			return true;
		}
	}
	return false;
}

static void stx_ask_set(const struct stx_ask_view *v, bool off)
{
	bool *now = &stx_off[v->leaf->nr][v->ask];
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
			v->leaf->name, v->name, stx_ask_names[v->ask].text);
	else
		pr_info("softtdx: rule %s:%s is on again\n", v->leaf->name,
			v->name);
}

static bool stx_ask_named(const struct stx_ask_view *v, const char *name)
{
	size_t len = strlen(v->leaf->name);

	return !strncmp(name, v->leaf->name, len) && name[len] == ':' &&
	       !strcmp(name + len + 1, v->name);
}

bool stx_ask_switch(const char *name, bool off)
{
	bool all = !off && !strcmp(name, "all"), found = all;
	struct stx_ask_view v = {};

	while (stx_ask_next(&v)) {
		if (!all && !stx_ask_named(&v, name))
			continue;
		stx_ask_set(&v, off);
		found = true;
	}
	return found;
}
