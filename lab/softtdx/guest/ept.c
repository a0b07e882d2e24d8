// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EPT that a guest runs on.  TDX hardware walks two, the secure one for the
 * private half of the GPA space and KVM's for the shared half; VMX has one.  So
 * each vCPU gets a root of its own whose entries are those of the two roots,
 * updated at each VM entry; the tables below are the real ones.  An entry that
 * was added since causes a violation and is copied then.
 *
 * Code is never fetched from shared memory: the CPU raises #PF there, as for a
 * reserved bit.  So the entries of the shared half do not permit it.
 *
 * What a violation means is read from the tables as they are, under the lock,
 * not from what the CPU saw: other CPUs may have changed them since.
 */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <asm/special_insns.h>
#include <asm/trap_pf.h>
#include <asm/trapnr.h>

#include "guest.h"
#include "misbehave.h"
#include "vmx.h"

#define EPT_PRESENT		SEPTE_RWX
#define EPT_EXEC		BIT_ULL(2)
#define QUAL_ACCESS		GENMASK_ULL(2, 0)
#define QUAL_FETCH		BIT_ULL(2)
#define QUAL_HOST_BITS		GENMASK_ULL(12, 7)	/* GVA and such */

/* RDX of an exit, "extended exit qualification": its type in bits 3:0. */
#define EXT_NONE		0
#define EXT_PENDING		6

u64 stx_guest_eptp(const struct stx_call *c)
{
	u64 eptp = c->tdcs->root_level == 4 ? EPTP_5_LEVEL : EPTP_4_LEVEL;

	return eptp | __pa(stx_vp_page(c->vp, STX_TDVPS_EPT_ROOT));
}

static u64 shared_bit(const struct stx_call *c)
{
	return BIT_ULL(c->tdcs->gpaw - 1);
}

/* The sources of the vCPU's root. */
struct stx_roots {
	const u64 *secure, *shared;
	u64 *root;
	int half;	/* first index of the shared half */
	int kept;	/* index of an entry that is kept stale, or -1 */
	u64 stale;
};

static u64 stx_root_entry(const struct stx_roots *r, int i)
{
	u64 e = i == r->kept ? r->stale :
		i < r->half ? READ_ONCE(r->secure[i]) :
		r->shared ? READ_ONCE(r->shared[i]) : SEPTE_SUPPRESS_VE;

	if (!(e & EPT_PRESENT))
		e &= SEPTE_SUPPRESS_VE;
	return i < r->half ? e : e & ~EPT_EXEC;
}

/* True if a translation may have come through what was there. */
static bool stx_join_entry(const struct stx_roots *r, struct stx_guest *g,
			   int i)
{
	u64 e = stx_root_entry(r, i), old = r->root[i];

	if (old == e)
		return false;
	WRITE_ONCE(r->root[i], e);
	__assign_bit(i, g->root_present, e & EPT_PRESENT);
	return old & EPT_PRESENT;
}

/*
 * All entries, if one that is missing may exist now; else only those that the
 * guest may be using.
 */
bool stx_guest_join(struct stx_call *c, struct stx_guest *g)
{
	u64 shared_pa = stx_vp_shared_eptp(c->vp);
	struct stx_roots r = {
		.secure = stx_tdcs_page(c->tdr, STX_TDCS_SEPT_ROOT),
		.root = stx_vp_page(c->vp, STX_TDVPS_EPT_ROOT),
		/* With five levels it is bit 51: the upper 8 of 16. */
		.half = sept_index(shared_bit(c), c->tdcs->root_level),
	};
	bool changed = false;
	int i;

	r.kept = stx_misbehave_kept(c, &r.stale);
	if (shared_pa && pfn_valid(PHYS_PFN(shared_pa)))
		r.shared = __va(shared_pa);
	if (g->joined && g->joined_shared == shared_pa && r.kept < 0) {
		for_each_set_bit(i, g->root_present, STX_ROOT_ENTRIES)
			changed |= stx_join_entry(&r, g, i);
		return changed;
	}
	for (i = 0; i < STX_ROOT_ENTRIES; i++)
		changed |= stx_join_entry(&r, g, i);
	g->joined = r.kept < 0;
	g->joined_shared = shared_pa;
	return changed;
}

/* KVM's table entry for a shared GPA, or where its walk ends. */
static u64 stx_shared_entry(struct stx_call *c, u64 gpa)
{
	u64 pa = stx_vp_shared_eptp(c->vp), e = SEPTE_SUPPRESS_VE;
	int level;

	for (level = c->tdcs->root_level; level >= 0; level--) {
		if (!pa || !pfn_valid(PHYS_PFN(pa)))
			return SEPTE_SUPPRESS_VE;
		e = READ_ONCE(((u64 *)__va(pa))[sept_index(gpa, level)]);
		if (!(e & EPT_PRESENT) || (level && (e & SEPTE_LEAF)))
			return e;
		pa = e & SEPTE_HPA;
	}
	return e;
}

static enum stx_next stx_violation(struct stx_exit *x, u64 gpa, u64 qual,
				   u64 ext)
{
	x->out[STX_RCX] = qual;
	x->out[STX_RDX] = ext;
	x->out[STX_R8] = gpa;
	return stx_exit_to_host(x, x->reason);
}

static enum stx_next stx_shared_fetch(struct stx_exit *x)
{
	u32 error = X86_PF_PROT | X86_PF_RSVD | X86_PF_INSTR;

	if (stx_guest_cpl())
		error |= X86_PF_USER;
	native_write_cr2(vmx_read(GUEST_LINEAR_ADDRESS));
	return stx_inject_error(x, X86_TRAP_PF, error);
}

/*
 * An entry with suppress-#VE clear is #VE in the guest.  One that permits the
 * access was set after the CPU read it: try again.
 */
static enum stx_next stx_shared_violation(struct stx_exit *x, u64 gpa)
{
	u64 e = stx_shared_entry(x->c, gpa), want = x->qual & QUAL_ACCESS;

	if (want & QUAL_FETCH)
		return stx_shared_fetch(x);
	if ((e & want) == want && want)
		return STX_RESUME;
	if (!(e & (EPT_PRESENT | SEPTE_SUPPRESS_VE)))
		return stx_inject_ve(x, gpa);
	return stx_violation(x, gpa, x->qual, EXT_NONE);
}

static enum stx_next stx_private_violation(struct stx_exit *x, u64 gpa)
{
	bool to_host = x->c->tdcs->attributes & ATTR_SEPT_VE_DISABLE;
	u64 qual = x->qual & ~QUAL_HOST_BITS;
	enum stx_sept_state state;

	if (!stx_sept_walk_to(x->c, gpa, 0))
		return stx_exit_to_host(x, RC_NON_RECOVERABLE_TD);
	state = septe_state(*x->c->septe);
	if (state == SEPT_MAPPED)
		return STX_RESUME;
	if (state == SEPT_PENDING && !to_host)
		return stx_inject_ve(x, gpa);
	return stx_violation(x, gpa & PAGE_MASK, qual,
			     state == SEPT_PENDING ? EXT_PENDING : EXT_NONE);
}

enum stx_next stx_exit_ept(struct stx_exit *x)
{
	u64 gpa = vmx_read(GUEST_PHYSICAL_ADDRESS);
	enum stx_next next;

	x->g->joined = false;
	stx_lock_retake();
	if (gpa & shared_bit(x->c))
		next = stx_shared_violation(x, gpa);
	else
		next = stx_private_violation(x, gpa);
	stx_lock_drop();
	return next;
}

/* A private page as the guest sees it, NULL unless it is mapped. */
void *stx_guest_private(struct stx_call *c, u64 gpa)
{
	void *page = NULL;

	if (!sept_gpa_private(gpa, c->tdcs->gpaw))
		return NULL;
	stx_lock_retake();
	if (stx_sept_walk_to(c, gpa, 0) &&
	    septe_state(*c->septe) == SEPT_MAPPED)
		page = __va(*c->septe & SEPTE_HPA) + offset_in_page(gpa);
	stx_lock_drop();
	return page;
}
