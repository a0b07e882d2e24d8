/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The self-test: calls the leaves in every state that the ABI names, and
 * compares status, outputs and all effects with tables (*.def in this folder)
 * that were written from the ABI and not from leaves.def.  The same sources run
 * in the kernel and in user space.
 *
 * It has pages of its own and takes the highest keyids.  After each case that
 * changed something the TD is taken apart by force and built again, so that the
 * result of a case does not depend on the case before.
 */
#ifndef SOFTTDX_SELFTEST_H
#define SOFTTDX_SELFTEST_H

#include "abi.h"
#include "softtdx.h"

#define ST_MAX_PAGES	900
#define ST_SCRATCH	255	/* user of a page: a case, not a TD */
#define ST_MAX_CX	16

/* TDs, named by how far they got. */
enum st_td_id {
	TD_ASSIGNED,	/* key not configured on this package */
	TD_NO_TDCS,	/* keys configured, last TDCS page missing */
	TD_UNINIT,
	TD_INIT,
	TD_RUNNABLE,	/* what is blocked was blocked in this epoch */
	TD_TRACKED,	/* RUNNABLE, one epoch later */
	TD_BLOCKED,	/* caches written back */
	TD_TEARDOWN,
	ST_NR_TDS,
};

/* vCPUs of each TD from TD_INIT on. */
enum st_vp_id {
	VP_INCOMPLETE,	/* last page missing */
	VP_UNINIT,
	VP_HERE,	/* ready, associated with this CPU */
	VP_ELSEWHERE,	/* ready, associated with another CPU */
	VP_NOWHERE,	/* ready, not associated */
	VP_OFF,		/* disabled, associated; only in a RUNNABLE TD */
	ST_NR_VPS,
};

/* GPAs of each TD from TD_INIT on, by the entry that they lead to. */
enum st_place {
	AT_FREE, AT_MAPPED, AT_PENDING, AT_BLOCKED, AT_PENDING_BLOCKED,
	AT_FREE1, AT_FREE2, AT_FREE3,		/* a free entry of level 1.. */
	AT_TABLE1, AT_TABLE2, AT_TABLE3,	/* one that has a table */
	AT_BLOCKED1,
	/* 4 KiB in what has no table below that level, or a blocked one. */
	IN_HOLE3, IN_HOLE2, IN_HOLE1, IN_BLOCKED1,
	ST_NR_PLACES,
};

struct st_vp {
	u64 vpr;
	u64 cx[ST_MAX_CX];
};

struct st_td {
	u64 hkid, tdr;
	u64 tdcx[ST_MAX_CX];
	struct st_vp vp[ST_NR_VPS];
	u64 behind[ST_NR_PLACES];	/* page or table of the entry */
	bool built;
};

/* Stages of the module; a kernel's self-test only sees ST_READY. */
enum st_stage {
	ST_BEFORE_INIT, ST_BEFORE_LP, ST_BEFORE_CONFIG, ST_BEFORE_KEY,
	ST_READY, ST_DOWN, ST_NR_STAGES,
};

/* A run.  Only one at a time. */
struct st {
	char *text;			/* a line for each case that failed */
	size_t size, len;
	unsigned int cases, failed;
	bool stop;			/* after the first part that failed */
	void (*more)(struct st *t);	/* a last part, in the kernel only */
	bool (*seamcall)(u64 *regs);	/* NULL: stx_seamcall() */
	const char *part, *column;	/* current place, for those lines */
	int here, other;		/* CPUs; other -1: there is only one */
	u64 first_key, last_key;
	unsigned int nr_tdcx, nr_tdvps;
	struct page *pages[ST_MAX_PAGES];
	u8 users[ST_MAX_PAGES];		/* TD + 1, or ST_SCRATCH; 0 free */
	u8 user;
	unsigned int nr_pages, hint;
	u64 params, source;		/* pages that stay the host's */
	u64 fresh;			/* a page for the next case */
	struct st_td td[ST_NR_TDS];
};

struct st_leaf {
	const char *name;
	u32 rax;
	u8 td, vp, gpa, page, source;
	u8 good_vp, good_gpa;		/* enum st_vp_id, enum st_place */
	bool takes, reads;
	u8 type;
	s8 children, epoch, tdcx, tdvps, vcpus, assoc, added, extended;
	/* 0: as before; else the state plus 1. */
	u16 life, op, vcpu, entry;
	bool ends_module;
};

extern const struct st_leaf st_leaves[ST_NR_LEAVES];

/* What a call must result in. */
struct st_want {
	u64 status;
	u16 entry;		/* st_leaf.entry, where the leaf has several */
	s8 assoc;		/* in addition to the leaf's own */
};

#define ST_NONE			(~0ULL)	/* as status: there is no such case */

/*
 * selftest.c: st_run() fills in the results; -errno if it could not be done,
 * with the reason in t->text.
 * case.c: st_do() is one case: calls leaf @id with @regs (RAX is set) and
 * compares status and every effect on @td, which is no longer built if it
 * changed; true if all was as wanted.
 */
int st_run(struct st *t);
bool st_do(struct st *t, enum st_leaf_id id, u64 *regs, struct st_td *td,
	   struct st_want want);

/* The same, if only the status differs from case to case. */
static inline bool st_says(struct st *t, enum st_leaf_id id, u64 *regs,
			   struct st_td *td, u64 status)
{
	return st_do(t, id, regs, td, (struct st_want){ .status = status });
}

void st_good(struct st *t, enum st_leaf_id id, const struct st_td *td,
	     u64 *regs);
__attribute__((format(printf, 2, 3)))
void st_say(struct st *t, const char *fmt, ...);
void st_fail(struct st *t, const char *leaf, const char *what, u64 got,
	     u64 want);
void st_check(struct st *t, const char *what, u64 got, u64 want);
u64 st_call_on(struct st *t, int cpu, enum st_leaf_id id, u64 *regs);

/* fixture.c: the TDs. */
struct st_td *st_build(struct st *t, enum st_td_id id);
void st_drop(struct st *t, enum st_td_id id);
void st_drop_all(struct st *t);
u64 st_page(struct st *t);
u64 st_fresh(struct st *t);
u64 st_gpa(enum st_place place);
u8 *st_params(struct st *t);
bool st_set_up(struct st *t, int cpu, enum st_leaf_id id, u64 rcx, u64 rdx,
	       u64 r8, u64 r9);
bool st_every_package(struct st *t, enum st_leaf_id id, u64 rcx);
int st_other_package(struct st *t);

/* The parts of a run, and those that user space runs in all stages. */
void st_module(struct st *t);
void st_module_at(struct st *t, enum st_stage stage);
void st_rax(struct st *t);
void st_rax_of(struct st *t, enum st_leaf_id id);
void st_tds(struct st *t);
void st_vps(struct st *t);
void st_sept(struct st *t);
void st_epochs(struct st *t);
void st_contents(struct st *t);
void st_five_levels(struct st *t);
void st_page_types(struct st *t);
void st_addresses(struct st *t);
void st_order(struct st *t);
void st_keyids(struct st *t);
void st_td_params(struct st *t);
void st_cpuid(struct st *t);
void st_fields(struct st *t);
void st_vcpus(struct st *t);
void st_life(struct st *t);
void st_two_cpus(struct st *t);

/*
 * view.c: the state before and after a call.  st_aim() finds out what the call
 * names, st_look() reads its state, st_effect() applies what the call must do,
 * st_compare() reports what differs.
 */
enum st_view_id {
	/* Of the TD, first of its TDR, then of its TDCS. */
	V_LIFE, V_CHILDREN, V_TDCX,
	V_OP, V_VCPUS, V_ASSOC, V_EPOCH, V_ADDED, V_EXTENDED,
	V_VCPU, V_LP, V_TDVPS, V_ENTRY, V_TYPE, V_OWNER,
	V_COUNT, V_NR = V_COUNT + ST_NR_TYPES,
};

struct st_view {
	u64 v[V_NR];
};

struct st_target {
	u64 tdr, vpr, gpa, page;
};

void st_aim(const struct st_leaf *l, const u64 *regs, const struct st_td *td,
	    struct st_target *at);
void st_look(const struct st_leaf *l, const struct st_target *at,
	     struct st_view *view);
void st_effect(struct st_view *view, const struct st *t,
	       const struct st_leaf *l, const struct st_target *at,
	       const struct st_want *want);
bool st_compare(struct st *t, const struct st_leaf *l,
		const struct st_view *got, const struct st_view *want);

#endif
