// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a leaf can change, as numbers: those of a TD, of the vCPU, page and
 * secure-EPT entry that a call names, and of all pages by type.  Read before a
 * call, changed by what the call must do, compared with the state after it.
 */
#include <linux/array_size.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "selftest.h"

static const char * const st_view_names[V_NR] = {
	[V_LIFE] = "life cycle", [V_OP] = "operation state",
	[V_CHILDREN] = "children", [V_TDCX] = "TDCS pages",
	[V_VCPUS] = "vCPUs", [V_ASSOC] = "associated vCPUs",
	[V_EPOCH] = "epoch", [V_ADDED] = "pages in MRTD",
	[V_EXTENDED] = "chunks in MRTD", [V_VCPU] = "vCPU state",
	[V_LP] = "vCPU's CPU", [V_TDVPS] = "TDVPS pages",
	[V_ENTRY] = "entry state", [V_TYPE] = "page type",
	[V_OWNER] = "page owner",
	[V_COUNT + T_NDA] = "NDA pages", [V_COUNT + T_RSVD] = "RSVD pages",
	[V_COUNT + T_REG] = "REG pages", [V_COUNT + T_TDR] = "TDR pages",
	[V_COUNT + T_TDCX] = "TDCX pages", [V_COUNT + T_TDVPR] = "TDVPR pages",
	[V_COUNT + T_EPT] = "EPT pages",
};

static bool st_is(u64 pa, enum st_page_type type)
{
	struct stx_pamt *entry = stx_pamt(pa);

	return entry && (entry->info & 0xff) == type;
}

/* Down to the operand's level, or as far as there are tables. */
static u64 *st_entry(const struct stx_tdr *tdr, u64 gpa, int root, int level)
{
	u64 table = tdr->tdcx[STX_TDCS_SEPT_ROOT], *e;
	enum st_page_type type = T_TDCX;

	for (; st_is(table, type); root--, type = T_EPT) {
		e = (u64 *)__va(table) + (gpa >> (12 + 9 * root)) % 512;
		if (root == level || septe_is_leaf(*e) ||
		    septe_state(*e) == SEPT_FREE)
			return e;
		table = *e & GENMASK_ULL(51, 12);
	}
	return NULL;
}

static u64 *st_entry_of(const struct st_leaf *l, const struct st_target *at)
{
	struct stx_tdr *tdr = __va(at->tdr);
	struct stx_tdcs *tdcs;

	if (!l->gpa || !st_is(at->tdr, T_TDR) || tdr->nr_tdcx < 4 ||
	    !st_is(tdr->tdcx[0], T_TDCX))
		return NULL;
	tdcs = __va(tdr->tdcx[0]);
	if (tdcs->op == OP_UNINITIALIZED)
		return NULL;
	return st_entry(tdr, at->gpa & GENMASK_ULL(51, 12), tdcs->root_level,
			at->gpa & 7);
}

/* What the call names, as far as it exists. */
void st_aim(const struct st_leaf *l, const u64 *regs, const struct st_td *td,
	    struct st_target *at)
{
	u64 *entry;

	memset(at, 0, sizeof(*at));
	at->tdr = td ? td->tdr : 0;
	if (l->vp)
		at->vpr = regs[l->vp];
	if (l->gpa)
		at->gpa = regs[l->gpa];
	if (l->page && l->page != BEHIND_GPA)
		at->page = regs[l->page] & stx_pa_mask() & PAGE_MASK;
	entry = st_entry_of(l, at);
	if (l->page == BEHIND_GPA && entry)
		at->page = *entry & GENMASK_ULL(51, 12);
}

static void st_look_td(const struct stx_tdr *tdr, u64 *v)
{
	const struct stx_tdcs *tdcs;

	v[V_LIFE] = tdr->life;
	v[V_CHILDREN] = tdr->children;
	v[V_TDCX] = tdr->nr_tdcx;
	/* In TEARDOWN the TDCS is only pages that go one by one. */
	if (tdr->life == LIFE_TEARDOWN || !tdr->nr_tdcx ||
	    !st_is(tdr->tdcx[0], T_TDCX))
		return;
	tdcs = __va(tdr->tdcx[0]);
	v[V_OP] = tdcs->op;
	v[V_VCPUS] = tdcs->nr_vcpus;
	v[V_ASSOC] = tdcs->nr_assoc;
	v[V_EPOCH] = tdcs->epoch;
	v[V_ADDED] = tdcs->nr_added;
	v[V_EXTENDED] = tdcs->nr_extended;
}

static void st_look_page(u64 pa, u64 *v)
{
	struct stx_pamt *entry = stx_pamt(pa);

	if (!entry)
		return;
	v[V_TYPE] = entry->info & 0xff;
	v[V_OWNER] = entry->info & GENMASK_ULL(51, 12);
}

void st_look(const struct st_leaf *l, const struct st_target *at,
	     struct st_view *view)
{
	u64 *v = view->v, *entry;
	struct stx_tdvps *vp;
	unsigned long flags;
	unsigned int i;

	memset(view, 0, sizeof(*view));
	stx_lock(&flags);
	if (st_is(at->tdr, T_TDR))
		st_look_td(__va(at->tdr), v);
	if (at->vpr && st_is(at->vpr, T_TDVPR)) {
		vp = __va(at->vpr);
		v[V_VCPU] = vp->state;
		v[V_LP] = vp->lp;
		v[V_TDVPS] = vp->nr_pages;
	}
	entry = st_entry_of(l, at);
	if (entry)
		v[V_ENTRY] = septe_state(*entry);
	if (at->page)
		st_look_page(at->page, v);
	for (i = 0; i < ST_NR_TYPES; i++)
		v[V_COUNT + i] = stx_page_count(i);
	stx_unlock(flags);
}

/* A page changes its type and owner. */
static void st_take(u64 *v, const struct st_leaf *l, u64 tdr)
{
	bool whole_td = v[V_TYPE] == T_TDR && l->type == T_NDA;

	v[V_COUNT + v[V_TYPE]]--;
	v[V_COUNT + l->type]++;
	v[V_TYPE] = l->type;
	v[V_OWNER] = l->type == T_NDA || l->type == T_TDR ? 0 : tdr;
	if (whole_td)
		memset(v, 0, V_VCPU * sizeof(*v));
	else
		v[V_CHILDREN] += l->children;
}

/* Turn the state before the call into that which must be after it. */
void st_effect(struct st_view *view, const struct st *t,
	       const struct st_leaf *l, const struct st_target *at,
	       const struct st_want *want)
{
	s8 assoc = l->assoc + want->assoc;
	u16 entry = want->entry ?: l->entry;
	u64 *v = view->v;

	if (l->takes)
		st_take(v, l, at->tdr);
	if (l->life)
		v[V_LIFE] = l->life - 1;
	if (l->op)
		v[V_OP] = l->op - 1;
	if (l->vcpu)
		v[V_VCPU] = l->vcpu - 1;
	if (entry)
		v[V_ENTRY] = entry - 1;
	if (assoc)
		v[V_LP] = assoc > 0 ? t->here : STX_NO_LP;
	v[V_ASSOC] += assoc;
	v[V_EPOCH] += l->epoch;
	v[V_TDCX] += l->tdcx;
	v[V_TDVPS] += l->tdvps;
	v[V_VCPUS] += l->vcpus;
	v[V_ADDED] += l->added;
	v[V_EXTENDED] += l->extended;
	if (l->life == LIFE_TEARDOWN + 1)
		memset(&v[V_OP], 0, (V_VCPU - V_OP) * sizeof(*v));
}

/* True if they are the same; reports the first difference. */
bool st_compare(struct st *t, const struct st_leaf *l,
		const struct st_view *got, const struct st_view *want)
{
	unsigned int i;

	for (i = 0; i < V_NR; i++) {
		if (got->v[i] == want->v[i])
			continue;
		st_fail(t, l->name, st_view_names[i], got->v[i], want->v[i]);
		return false;
	}
	return true;
}
