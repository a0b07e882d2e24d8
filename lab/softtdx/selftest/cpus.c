// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two CPUs at once, in a kernel only: a vCPU that is associated with the other
 * CPU, and races that exactly one of two calls must win, by the SEAMCALL
 * instruction on both CPUs, through the kernel's own wrappers.
 *
 * This CPU and a thread on the other one meet before each call.  Which of them
 * is first varies with the round.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/tdx.h>
#include <asm/tlbflush.h>
#ifdef STX_HAVE_SEAMCALL_INTERNAL
#include "../../seamcall_internal.h"
#endif

#include "selftest.h"

#define ROUNDS		100
#define LIVES		3
#define PATIENCE_NS	(10ULL * NSEC_PER_SEC)

/* Through the kernel's wrappers, which return only some registers. */
static bool st_instruction(u64 *regs)
{
	struct tdx_module_args args = {
		.rcx = regs[RCX], .rdx = regs[RDX],
		.r8 = regs[R8], .r9 = regs[R9],
	};

	/* TDH.VP.ENTER gives back more registers than the others. */
	if (regs[RAX] == st_leaves[L_VP_ENTER].rax)
		regs[RAX] = seamcall_saved_ret(regs[RAX], &args);
	else
		regs[RAX] = seamcall_ret(regs[RAX], &args);
	regs[RCX] = args.rcx;
	regs[RDX] = args.rdx;
	regs[R8] = args.r8;
	regs[R9] = args.r9;
	return regs[RAX] != TDX_SEAMCALL_VMFAILINVALID;
}

static void st_vmx_on(void *on)
{
	*(bool *)on &= !!(cr4_read_shadow() & X86_CR4_VMXE);
}

/* Both sides of a race, side 1 on the other CPU. */
struct st_race {
	struct st *t;
	enum st_leaf_id id[2];
	u64 regs[2][STX_NR_REGS];
	void (*fn)(struct st_race *race);	/* instead: what side 1 does */
	u64 status[2];
	unsigned int round, ready, done;	/* counted up, never down */
	struct st *other;			/* of side 1, for fn */
	struct task_struct *thread;
};

static void st_side(struct st_race *race, int side)
{
	u64 *regs = race->regs[side];
	int i;

	for (i = (race->round * (side + 1) * 7) % 61; i; i--)
		cpu_relax();
	regs[RAX] = st_leaves[race->id[side]].rax;
	st_instruction(regs);
	race->status[side] = regs[RAX];
}

static int st_thread(void *data)
{
	struct st_race *race = data;
	unsigned int seen = 0;

	while (!kthread_should_stop()) {
		if (smp_load_acquire(&race->round) == seen) {
			cond_resched();
			continue;
		}
		seen++;
		smp_store_release(&race->ready, seen);
		if (race->fn)
			race->fn(race);
		else
			st_side(race, 1);
		smp_store_release(&race->done, seen);
	}
	return 0;
}

/* The other CPU may be slow, but it must not hang. */
static bool st_await(struct st_race *race, unsigned int *what)
{
	u64 end = ktime_get_ns() + PATIENCE_NS;

	while (smp_load_acquire(what) != race->round) {
		if (ktime_get_ns() > end) {
			st_fail(race->t, "-", "the other CPU", *what,
				race->round);
			return false;
		}
		cpu_relax();
	}
	return true;
}

static bool st_race(struct st_race *race)
{
	smp_store_release(&race->round, race->round + 1);
	if (!st_await(race, &race->ready))
		return false;
	st_side(race, 0);
	return st_await(race, &race->done);
}

/* One of the two succeeds, and the other one returns exactly @loser. */
static bool st_one_wins(struct st_race *race, u64 loser)
{
	const char *name = st_leaves[race->id[0]].name;
	u64 *status = race->status;

	race->t->cases++;
	if ((!status[0] && status[1] == loser) ||
	    (!status[1] && status[0] == loser))
		return true;
	st_fail(race->t, name, "status", status[0] ?: status[1],
		status[0] ? S_SUCCESS : loser);
	return false;
}

static void st_sides(struct st_race *race, enum st_leaf_id id,
		     const struct st_td *td, u64 rcx)
{
	int side;

	for (side = 0; side < 2; side++) {
		race->id[side] = id;
		st_good(race->t, id, td, race->regs[side]);
		race->regs[side][RCX] = rcx;
	}
}

/* Both add a page at the same GPA; the loser's page stays NDA. */
static void st_race_pages(struct st_race *race, enum st_leaf_id id,
			  const char *column)
{
	struct st *t = race->t;
	struct st_td *td = st_build(t, TD_INIT);
	u64 pages[2] = { st_page(t), st_page(t) };
	u64 gpa = st_gpa(AT_FREE);
	unsigned int i;
	int won;

	t->column = column;
	for (i = 0; td && i < ROUNDS; i++) {
		st_sides(race, id, td, gpa);
		race->regs[0][R8] = pages[0];
		race->regs[1][R8] = pages[1];
		if (!st_race(race) ||
		    !st_one_wins(race, S_EPT_ENTRY_STATE_INCORRECT | RCX))
			break;
		won = race->status[0] ? 1 : 0;
		st_check(t, "loser's page",
			 stx_page_type(stx_pamt(pages[!won])), T_NDA);
		if (!st_set_up(t, t->here, L_MEM_PAGE_REMOVE, gpa, td->tdr, 0,
			       0))
			break;
	}
	st_drop(t, TD_INIT);
}

/* Both add the same page, at two GPAs. */
static void st_race_one_page(struct st_race *race)
{
	struct st *t = race->t;
	struct st_td *td = st_build(t, TD_INIT);
	u64 page = st_page(t), gpa[2];
	unsigned int i;

	t->column = "one page for two GPAs";
	gpa[0] = st_gpa(AT_FREE);
	gpa[1] = gpa[0] + 16 * SZ_4K;
	for (i = 0; td && i < ROUNDS; i++) {
		st_sides(race, L_MEM_PAGE_ADD, td, gpa[0]);
		race->regs[1][RCX] = gpa[1];
		race->regs[0][R8] = page;
		race->regs[1][R8] = page;
		if (!st_race(race) ||
		    !st_one_wins(race, S_PAGE_METADATA_INCORRECT | R8) ||
		    !st_set_up(t, t->here, L_MEM_PAGE_REMOVE,
			       gpa[race->status[0] ? 1 : 0], td->tdr, 0, 0))
			break;
	}
	st_drop(t, TD_INIT);
}

/* A table cannot be removed: another place in each round. */
static void st_race_tables(struct st_race *race)
{
	struct st *t = race->t;
	struct st_td *td = st_build(t, TD_RUNNABLE);
	u64 pages[2] = { st_page(t), st_page(t) };
	unsigned int i;
	int won;

	t->column = "two tables for one place";
	for (i = 0; td && i < ROUNDS; i++) {
		st_sides(race, L_MEM_SEPT_ADD, td,
			 (SZ_1G + (i + 4ULL) * SZ_2M) | 1);
		race->regs[0][R8] = pages[0];
		race->regs[1][R8] = pages[1];
		if (!st_race(race) ||
		    !st_one_wins(race, S_EPT_ENTRY_STATE_INCORRECT | RCX))
			break;
		won = race->status[0] ? 1 : 0;
		pages[won] = st_page(t);
	}
	st_drop(t, TD_RUNNABLE);
}

static void st_race_keyid(struct st_race *race)
{
	struct st *t = race->t;
	unsigned int i;
	int side;

	t->column = "two TDs with one keyid";
	for (i = 0; i < ROUNDS; i++) {
		for (side = 0; side < 2; side++) {
			race->id[side] = L_MNG_CREATE;
			race->regs[side][RCX] = st_page(t);
			race->regs[side][RDX] = t->last_key;
		}
		if (!st_race(race) || !st_one_wins(race, S_HKID_NOT_FREE))
			break;
		st_drop(t, TD_ASSIGNED);
	}
}

/* Every page of a TD, by both. */
static bool st_race_reclaim_td(struct st_race *race, const struct st_td *td)
{
	struct st *t = race->t;
	unsigned int i;
	u64 pa;

	for (i = 0; i < t->nr_pages; i++) {
		pa = page_to_phys(t->pages[i]);
		if (t->users[i] != TD_TEARDOWN + 1 || pa == td->tdr)
			continue;
		st_sides(race, L_PHYMEM_PAGE_RECLAIM, td, pa);
		if (!st_race(race) ||
		    !st_one_wins(race, S_PAGE_METADATA_INCORRECT | RCX))
			return false;
	}
	st_sides(race, L_PHYMEM_PAGE_RECLAIM, td, td->tdr);
	return st_race(race) &&
	       st_one_wins(race, S_PAGE_METADATA_INCORRECT | RCX);
}

static void st_race_reclaim(struct st_race *race)
{
	struct st *t = race->t;
	struct st_td *td;
	unsigned int i;

	t->column = "one page, reclaimed twice";
	for (i = 0; i < LIVES; i++) {
		td = st_build(t, TD_TEARDOWN);
		if (!td || !st_race_reclaim_td(race, td))
			return;
		st_drop(t, TD_TEARDOWN);
	}
}

/* RDMD of a page that is added and removed: one state or the other. */
static void st_race_rdmd(struct st_race *race)
{
	struct st *t = race->t;
	struct st_td *td = st_build(t, TD_INIT);
	u64 gpa = st_gpa(AT_FREE), page = st_page(t), *regs = race->regs[1];
	unsigned int i;

	t->column = "a page that changes hands";
	for (i = 0; td && i < ROUNDS; i++) {
		st_sides(race, i & 1 ? L_MEM_PAGE_REMOVE : L_MEM_PAGE_ADD, td,
			 gpa);
		race->regs[0][R8] = page;
		race->id[1] = L_PHYMEM_PAGE_RDMD;
		regs[RCX] = page;
		if (!st_race(race))
			break;
		st_check(t, "status", race->status[0] | race->status[1], 0);
		st_check(t, "type", regs[RCX] == T_NDA || regs[RCX] == T_REG,
			 true);
		st_check(t, "owner", regs[RDX],
			 regs[RCX] == T_REG ? td->tdr : 0);
	}
	st_drop(t, TD_INIT);
}

/* From no TD to no TD, by the leaves alone. */
static void st_whole_life(struct st *t)
{
	struct st_td *td = st_build(t, TD_TEARDOWN);
	unsigned int i;
	u64 pa;

	for (i = 0; td && i < t->nr_pages; i++) {
		pa = page_to_phys(t->pages[i]);
		if (t->users[i] == TD_TEARDOWN + 1 && pa != td->tdr &&
		    !st_set_up(t, t->here, L_PHYMEM_PAGE_RECLAIM, pa, 0, 0, 0))
			return;
	}
	t->cases++;
	if (td && st_set_up(t, t->here, L_PHYMEM_PAGE_RECLAIM, td->tdr, 0, 0,
			    0))
		st_set_up(t, t->here, L_PHYMEM_PAGE_WBINVD, td->tdr, 0, 0, 0);
	st_drop(t, TD_TEARDOWN);
}

static void st_lives(struct st *t)
{
	unsigned int i;

	for (i = 0; i < ROUNDS / 10; i++)
		st_whole_life(t);
}

static void st_lives_there(struct st_race *race)
{
	st_lives(race->other);
}

/* A run of its own for the other CPU, which has another keyid. */
static struct st *st_other_run(struct st *t)
{
	struct st *o = kvzalloc(sizeof(*o) + t->size, GFP_KERNEL);

	if (!o)
		return NULL;
	o->text = (char *)(o + 1);
	o->size = t->size;
	o->part = t->part;
	o->column = t->column;
	o->here = t->other;
	o->other = -1;
	o->seamcall = t->seamcall;
	o->last_key = t->last_key - 1;
	o->nr_tdcx = t->nr_tdcx;
	o->nr_tdvps = t->nr_tdvps;
	o->user = ST_NR_TDS + 1;
	o->params = st_page(o);
	o->source = st_page(o);
	return o;
}

/* Its thread has ended. */
static void st_join(struct st *t, struct st *o)
{
	size_t n = min(o->len, t->size - t->len - 1);

	memcpy(t->text + t->len, o->text, n);
	t->len += n;
	t->cases += o->cases;
	t->failed += o->failed;
	while (o->nr_pages)
		__free_page(o->pages[--o->nr_pages]);
	kvfree(o);
}

static void st_two_lives(struct st_race *race)
{
	struct st *t = race->t;
	int other = t->other;

	t->column = "TDs on both CPUs";
	race->other = st_other_run(t);
	st_check(t, "memory", !!race->other, true);
	if (!race->other)
		return;
	race->fn = st_lives_there;
	t->other = -1;
	smp_store_release(&race->round, race->round + 1);
	st_lives(t);
	st_await(race, &race->done);
	t->other = other;
}

/* A call that must return @status, on a vCPU of TD_INIT. */
static void st_vp_on(struct st *t, int cpu, enum st_leaf_id id, u64 vpr,
		     u64 status)
{
	u64 regs[STX_NR_REGS] = { [RCX] = vpr, [RDX] = F_SHARED_EPTP };

	t->cases++;
	if (st_call_on(t, cpu, id, regs) != status)
		st_fail(t, st_leaves[id].name, "status", regs[RAX], status);
}

/* One CPU at a time has a vCPU, and only that one can flush it. */
static void st_migrate(struct st *t)
{
	struct st_td *td = st_build(t, TD_INIT);
	int cpus[2] = { t->here, t->other };
	unsigned int i;
	u64 vpr;

	t->column = "a vCPU that moves";
	vpr = td ? td->vp[VP_HERE].vpr : 0;
	for (i = 0; td && i < ROUNDS; i++) {
		int has = cpus[i & 1], wants = cpus[!(i & 1)];

		st_vp_on(t, wants, L_VP_RD, vpr, S_VCPU_ASSOCIATED);
		st_vp_on(t, wants, L_VP_WR, vpr, S_VCPU_ASSOCIATED);
		st_vp_on(t, wants, L_VP_FLUSH, vpr, S_VCPU_NOT_ASSOCIATED);
		st_vp_on(t, has, L_VP_RD, vpr, S_SUCCESS);
		st_vp_on(t, has, L_VP_FLUSH, vpr, S_SUCCESS);
		st_vp_on(t, has, L_VP_FLUSH, vpr, S_VCPU_NOT_ASSOCIATED);
		st_vp_on(t, wants, L_VP_RD, vpr, S_SUCCESS);
	}
	st_drop(t, TD_INIT);
}

/* Both take a vCPU that is not associated. */
static void st_race_vcpu(struct st_race *race)
{
	struct st *t = race->t;
	struct st_td *td = st_build(t, TD_INIT);
	unsigned int i;
	int won;
	u64 vpr;

	t->column = "a vCPU that both want";
	vpr = td ? td->vp[VP_NOWHERE].vpr : 0;
	for (i = 0; td && i < ROUNDS; i++) {
		st_sides(race, L_VP_RD, td, vpr);
		if (!st_race(race) || !st_one_wins(race, S_VCPU_ASSOCIATED))
			break;
		won = race->status[0] ? t->other : t->here;
		st_vp_on(t, won, L_VP_FLUSH, vpr, S_SUCCESS);
	}
	st_drop(t, TD_INIT);
}

static void st_races(struct st_race *race)
{
	st_race_pages(race, L_MEM_PAGE_ADD, "two pages for one GPA, added");
	st_race_pages(race, L_MEM_PAGE_AUG, "two pages for one GPA");
	st_race_one_page(race);
	st_race_tables(race);
	st_race_keyid(race);
	st_race_reclaim(race);
	st_race_rdmd(race);
	st_race_vcpu(race);
	st_two_lives(race);
}

void st_two_cpus(struct st *t)
{
	bool vmx = true;
	struct st_race *race;

	if (t->other < 0)
		return;
	st_vmx_on(&vmx);
	smp_call_function_single(t->other, st_vmx_on, &vmx, 1);
	t->column = "CPUs in VMX operation";
	st_check(t, "both", vmx, true);
	race = kzalloc(sizeof(*race), GFP_KERNEL);
	if (!vmx || !race)
		return;

	t->seamcall = st_instruction;
	st_migrate(t);
	race->t = t;
	race->thread = kthread_run_on_cpu(st_thread, race, t->other,
					  "softtdx/%u");
	st_check(t, "thread", IS_ERR(race->thread), false);
	if (!IS_ERR(race->thread)) {
		st_races(race);
		kthread_stop(race->thread);
	}
	if (race->other)
		st_join(t, race->other);
	kfree(race);
	t->seamcall = NULL;
}
