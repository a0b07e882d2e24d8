// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find out which class named mapping.invalidate_lock is guest_memfd's, see
 * gmem.h: by the most reliable method that works.
 */
#include <stdio.h>

#include "lockdep/graph/gmem.h"
#include "lockdep/report/token.h"

#define SLOTS_LOCK	"&kvm->slots_lock"

/* Symbols that hold a key are not larger. */
#define SYMBOL_MAX	4096

const char *gmem_found_text(enum gmem_found found)
{
	switch (found) {
	case GMEM_BY_REPORT:
		return "its functions in the report";
	case GMEM_BY_SLOTS_LOCK:
		return "taken under kvm->slots_lock";
	case GMEM_BY_ADDRESS:
		return "key inside kvm_gmem_fs";
	case GMEM_BY_ANON_ADDRESS:
		return "key inside anon_inode_fs_type, shared with other "
		       "anonymous inodes";
	case GMEM_BY_FIRST_USE:
		return "first used in this run, not certain";
	case GMEM_NOT_FOUND:
		break;
	}
	return "not found";
}

/* The name without its subclass: subclasses are classes of their own. */
static struct str group_of(const struct lock_class *c)
{
	struct class_name n = class_name_parse(c->name);

	return str_head(c->name, c->name.n - n.subclass.n);
}

static bool is_gmem_name(const struct lock_class *c)
{
	return lock_class_is(c, STR(GMEM_LOCK));
}

void gmem_symbols_init(struct gmem_symbols *sym, const struct lock_graph *g)
{
	unsigned int i;

	memset(sym, 0, sizeof(*sym));
	for (i = 0; i < g->nr_classes && sym->count < 64; i++) {
		/* The upper half of a hashed pointer is zero. */
		if (!is_gmem_name(&g->classes[i]) ||
		    !(g->classes[i].key >> 63))
			continue;
		sym->of[sym->count++].key = g->classes[i].key;
	}
}

/* "ffffffff8183d1c0 d kvm_gmem_fs\t[kvm]" */
void gmem_symbols_line(struct gmem_symbols *sym, struct str line)
{
	uint64_t addr;
	size_t i, n = 0;

	if (!str_take_hex(&line, &addr) || !addr || line.n < 4)
		return;
	line = str_skip(line, 3);
	while (n < line.n && !is_blank(line.p[n]))
		n++;
	for (i = 0; i < sym->count; i++) {
		if (addr > sym->of[i].key || addr <= sym->of[i].start ||
		    n >= sizeof(sym->of[i].symbol))
			continue;
		sym->of[i].start = addr;
		memcpy(sym->of[i].symbol, line.p, n);
		sym->of[i].symbol[n] = '\0';
	}
}

static uint64_t key_in_symbol(const struct gmem_symbols *sym, const char *name)
{
	size_t i;

	for (i = 0; sym && i < sym->count; i++)
		if (!strcmp(sym->of[i].symbol, name) &&
		    sym->of[i].key - sym->of[i].start < SYMBOL_MAX)
			return sym->of[i].key;
	return 0;
}

/* The group of the class with @key; "" if none. */
static struct str by_key(const struct lock_graph *g, uint64_t key)
{
	unsigned int i;

	for (i = 0; key && i < g->nr_classes; i++)
		if (g->classes[i].key == key && is_gmem_name(&g->classes[i]))
			return group_of(&g->classes[i]);
	return STR("");
}

/*
 * The one group for which @test is true. "" if there is none, or more than one:
 * then the test cannot decide.
 */
static struct str the_one(const struct lock_graph *g, const void *arg,
			  bool (*test)(const struct lock_graph *g,
				       unsigned int i, const void *arg))
{
	struct str one = STR("");
	unsigned int i;

	for (i = 0; i < g->nr_classes; i++) {
		if (!is_gmem_name(&g->classes[i]) || !test(g, i, arg))
			continue;
		if (one.n && !str_eq(one, group_of(&g->classes[i])))
			return STR("");
		one = group_of(&g->classes[i]);
	}
	return one;
}

static bool under_slots_lock(const struct lock_graph *g, unsigned int i,
			     const void *arg)
{
	unsigned int k;

	for (k = 0; k < g->nr_classes; k++)
		if (lock_class_is(&g->classes[k], STR(SLOTS_LOCK)) &&
		    lock_graph_has_edge(g, k, i))
			return true;
	return false;
}

static bool group_used(const struct lock_graph *g, struct str group)
{
	unsigned int i;

	for (i = 0; i < g->nr_classes; i++)
		if (lock_class_used(&g->classes[i]) &&
		    str_eq(group_of(&g->classes[i]), group))
			return true;
	return false;
}

/* How often @group was taken. False if @g has no OPS. */
static bool group_ops(const struct lock_graph *g, struct str group,
		      uint64_t *ops)
{
	bool known = false;
	unsigned int i;

	*ops = 0;
	for (i = 0; i < g->nr_classes; i++) {
		if (!g->classes[i].has_ops ||
		    !str_eq(group_of(&g->classes[i]), group))
			continue;
		*ops += g->classes[i].ops;
		known = true;
	}
	return known;
}

static bool newly_used(const struct lock_graph *g, unsigned int i,
		       const void *before)
{
	return lock_class_used(&g->classes[i]) &&
	       !group_used(before, group_of(&g->classes[i]));
}

static struct str identify(struct gmem_class *c,
			   const struct lock_graph *before,
			   const struct lock_graph *after,
			   const struct gmem_symbols *sym)
{
	struct str group;

	group = the_one(after, NULL, under_slots_lock);
	c->found = GMEM_BY_SLOTS_LOCK;
	if (group.n)
		return group;
	group = by_key(after, key_in_symbol(sym, "kvm_gmem_fs"));
	c->found = GMEM_BY_ADDRESS;
	if (group.n)
		return group;
	group = by_key(after, key_in_symbol(sym, "anon_inode_fs_type"));
	c->found = GMEM_BY_ANON_ADDRESS;
	if (group.n)
		return group;
	if (before)
		group = the_one(after, before, newly_used);
	c->found = group.n ? GMEM_BY_FIRST_USE : GMEM_NOT_FOUND;
	return group;
}

static unsigned int count_others(const struct lock_graph *g, struct str group)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr_classes; i++)
		n += is_gmem_name(&g->classes[i]) &&
		     str_eq(g->classes[i].name, group_of(&g->classes[i])) &&
		     !str_eq(g->classes[i].name, group);
	return n;
}

void gmem_identify(struct gmem_class *c, const struct lock_graph *before,
		   const struct lock_graph *after,
		   const struct gmem_symbols *sym, const char *reported)
{
	struct str group = str_of(reported);
	uint64_t was, is;

	memset(c, 0, sizeof(*c));
	if (group.n)
		c->found = GMEM_BY_REPORT;
	else
		group = identify(c, before, after, sym);
	if (group.n >= sizeof(c->name)) {
		c->found = GMEM_NOT_FOUND;
		return;
	}
	memcpy(c->name, group.p, group.n);
	c->certain = group.n && c->found != GMEM_BY_FIRST_USE;
	c->used = group.n && group_used(after, group);
	c->used_before = group.n && before && group_used(before, group);
	c->has_ops = group.n && before && group_ops(before, group, &was) &&
		     group_ops(after, group, &is);
	c->taken = c->has_ops && is > was;
	c->others = count_others(after, group);
}
