// SPDX-License-Identifier: GPL-2.0-only
/*
 * All named checks (checks.h), leaf by leaf, and the switch for each.
 * Switching one off is logged as a warning: KVM must not be tested with a
 * module that lacks a check.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "softtdx.h"

static const struct {
	const char *name, *text;
} stx_check_names[] = {
#define STX_CHECK(id, check_name, check_text) \
	[CHECK_##id] = { .name = check_name, .text = check_text },
	STX_CHECKS(STX_CHECK)
#undef STX_CHECK
};

/* What only matters until the module is ready, or would end it. */
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
		/* The self-test does not call a leaf that ends the module. */
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
		.off = stx_check_is_off(l, check),
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
	unsigned long flags;
	bool changed;

	stx_lock(&flags);
	changed = stx_check_turn(v->leaf, v->check, off);
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
