// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDCALL: a guest's calls of the module.  The instruction is #UD on a CPU
 * without TDX; it is found by its bytes at the guest's RIP, read through the
 * guest's page tables and the secure EPT.
 *
 * TDG.VP.VMCALL hands registers to the host, those that the guest named in RCX
 * and no others, and takes them back at the next entry.
 */
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/trapnr.h>

#include "guest.h"
#include "host.h"
#include "vmx.h"

#define INSN_LEN		4
#define RAX_LEAF		GENMASK_ULL(15, 0)
#define RAX_VERSION		GENMASK_ULL(23, 16)

#define EXIT_TDCALL		77
/* Never passed to the host: RAX, RCX, RSP, and RBP if CONFIG_FLAGS says so. */
#define VMCALL_RESERVED		(~0xffffffffULL | BIT(STX_RAX) | \
				 BIT(STX_RCX) | BIT(STX_RSP))

#define CS_LONG			BIT(13)

#define ACCEPT_MAX_LEVEL	1
#define EXT_ACCEPT		1
#define QUAL_WRITE		BIT(1)

/* Physical address of a linear one, in the guest's paging mode. */
static bool stx_guest_walk(struct stx_exit *x, u64 gla, u64 *gpa)
{
	int level = vmx_read(GUEST_CR4) & X86_CR4_LA57 ? 4 : 3;
	u64 pte, table = vmx_read(GUEST_CR3) & SEPTE_HPA;
	u64 *page;

	*gpa = gla;
	if (!(vmx_read(GUEST_CR0) & X86_CR0_PG))
		return true;
	for (; level >= 0; level--) {
		page = stx_guest_private(x->c, table);
		if (!page)
			return false;
		pte = page[sept_index(gla, level)];
		if (!(pte & _PAGE_PRESENT))
			return false;
		table = pte & SEPTE_HPA;
		if (!level || (level < 3 && (pte & _PAGE_PSE)))
			break;
	}
	*gpa = (table & ~(sept_level_size(level) - 1)) |
	       (gla & (sept_level_size(level) - 1));
	return true;
}

/* Bytes of the guest's code; they may lie across two pages. */
static bool stx_guest_insn(struct stx_exit *x, u64 gla, u8 *insn, size_t len)
{
	size_t n;
	u64 gpa;
	u8 *p;

	for (; len; len -= n, gla += n, insn += n) {
		n = min(len, PAGE_SIZE - offset_in_page(gla));
		p = stx_guest_walk(x, gla, &gpa) ?
		    stx_guest_private(x->c, gpa) : NULL;
		if (!p)
			return false;
		memcpy(insn, p, n);
	}
	return true;
}

static bool stx_long_mode(void)
{
	return vmx_read(GUEST_IA32_EFER) & EFER_LMA &&
	       vmx_read(GUEST_CS_AR_BYTES) & CS_LONG;
}

bool stx_is_tdcall(struct stx_exit *x)
{
	static const u8 tdcall[INSN_LEN] = { 0x66, 0x0f, 0x01, 0xcc };
	u64 gla = vmx_read(GUEST_RIP);
	u8 insn[INSN_LEN];

	if (!stx_long_mode())
		gla = (u32)(gla + vmx_read(GUEST_CS_BASE));
	return stx_guest_insn(x, gla, insn, INSN_LEN) &&
	       !memcmp(insn, tdcall, INSN_LEN);
}

u64 stx_tdg_vp_info(struct stx_exit *x)
{
	const struct stx_tdcs *tdcs = x->c->tdcs;
	u64 *gpr = x->g->gpr;

	gpr[STX_RCX] = tdcs->gpaw;
	gpr[STX_RDX] = tdcs->attributes;
	gpr[STX_R8] = tdcs->nr_vcpus | (u64)tdcs->max_vcpus << 32;
	gpr[STX_R9] = x->c->vp->index;
	gpr[STX_R10] = 1;
	gpr[STX_R11] = 0;
	return RC_SUCCESS;
}

u64 stx_tdg_veinfo_get(struct stx_exit *x)
{
	struct stx_ve *ve = &x->g->ve;
	u64 *gpr = x->g->gpr;

	if (!ve->valid)
		return RC_NO_VALID_VE_INFO;
	gpr[STX_RCX] = ve->reason;
	gpr[STX_RDX] = ve->qual;
	gpr[STX_R8] = ve->gla;
	gpr[STX_R9] = ve->gpa;
	gpr[STX_R10] = ve->insn_len | (u64)ve->insn_info << 32;
	ve->valid = false;
	return RC_SUCCESS;
}

u64 stx_tdg_cpuidve_set(struct stx_exit *x)
{
	u64 flags = x->g->gpr[STX_RCX];

	if (flags & ~3ULL)
		return stx_err(RC_OPERAND_INVALID, STX_RCX);
	x->g->cpuid_ve = flags;
	return RC_SUCCESS;
}

/* An operand in the guest's private memory that does not cross a page. */
static void *stx_tdg_operand(struct stx_exit *x, unsigned int reg, u64 align)
{
	u64 gpa = x->g->gpr[reg];

	return IS_ALIGNED(gpa, align) ? stx_guest_private(x->c, gpa) : NULL;
}

u64 stx_tdg_rtmr_extend(struct stx_exit *x)
{
	u64 i = x->g->gpr[STX_RDX];
	const u8 *data;

	if (i >= STX_NR_RTMRS)
		return stx_err(RC_OPERAND_INVALID, STX_RDX);
	data = stx_tdg_operand(x, STX_RCX, 64);
	if (!data)
		return stx_err(RC_OPERAND_INVALID, STX_RCX);
	/* The hash may use the FPU. */
	stx_guest_out(x->c, x->g);
	stx_lock_retake();
	stx_rtmr_extend(x->c->tdcs, i, data);
	stx_lock_drop();
	stx_guest_in(x->c, x->g);
	return RC_SUCCESS;
}

u64 stx_tdg_report(struct stx_exit *x)
{
	u8 data[64], *from, *to;

	if (x->g->gpr[STX_R8])
		return stx_err(RC_OPERAND_INVALID, STX_R8);
	from = stx_tdg_operand(x, STX_RDX, sizeof(data));
	if (!from)
		return stx_err(RC_OPERAND_INVALID, STX_RDX);
	to = stx_tdg_operand(x, STX_RCX, 1024);
	if (!to)
		return stx_err(RC_OPERAND_INVALID, STX_RCX);
	memcpy(data, from, sizeof(data));
	stx_guest_out(x->c, x->g);
	stx_lock_retake();
	stx_tdreport(x->c->tdcs, data, to);
	stx_lock_drop();
	stx_guest_in(x->c, x->g);
	return RC_SUCCESS;
}

/* The fields of the TD that Linux reads. */
u64 stx_tdg_vm_rd(struct stx_exit *x)
{
	switch (FIELD_KEY(x->g->gpr[STX_RDX])) {
	case FIELD_KEY(0x1110000300000016ULL):	/* CONFIG_FLAGS */
		x->g->gpr[STX_R8] = x->c->tdcs->config_flags;
		return RC_SUCCESS;
	case FIELD_KEY(0x1110000300000017ULL):	/* TD_CTLS */
	case FIELD_KEY(0x9100000000000010ULL):	/* NOTIFY_ENABLES */
	case FIELD_KEY(0x9100000000000019ULL):	/* TOPOLOGY_ENUM_CONFIGURED */
		x->g->gpr[STX_R8] = 0;
		return RC_SUCCESS;
	}
	x->g->gpr[STX_R8] = 0;
	return RC_METADATA_FIELD_ID_INCORRECT;
}

u64 stx_tdg_vm_wr(struct stx_exit *x)
{
	x->g->gpr[STX_R8] = 0;
	return RC_METADATA_FIELD_NOT_WRITABLE;
}

u64 stx_tdg_sys_rd(struct stx_exit *x)
{
	u64 *gpr = x->g->gpr, status;

	status = stx_sysrd(gpr[STX_RDX], &gpr[STX_R8]);
	if (status)
		gpr[STX_R8] = 0;
	return status;
}

/*
 * The host has to add a page that is missing: the guest stays on the
 * instruction and repeats it.
 */
static void stx_accept_missing(struct stx_exit *x, u64 gpa, int level)
{
	u64 info = level | x->c->level << 3 |
		   (u64)septe_state(*x->c->septe) << 6;

	x->out[STX_RCX] = QUAL_WRITE;
	x->out[STX_RDX] = EXT_ACCEPT | info << 32;
	x->out[STX_R8] = gpa;
	x->next = stx_exit_to_host(x, EXIT_REASON_EPT_VIOLATION);
	x->again = true;
}

static u64 stx_accept(struct stx_exit *x, u64 gpa, int level)
{
	struct stx_call *c = x->c;

	if (!stx_sept_walk_to(c, gpa, level))
		return RC_TD_FATAL;
	switch (septe_state(*c->septe)) {
	case SEPT_PENDING:
		stx_sept_accept(c);
		return RC_SUCCESS;
	case SEPT_MAPPED:
		return stx_err(RC_PAGE_ALREADY_ACCEPTED, c->level);
	case SEPT_NL_MAPPED:
		return stx_err(RC_PAGE_SIZE_MISMATCH, c->level);
	default:
		stx_accept_missing(x, gpa, level);
		return RC_SUCCESS;
	}
}

u64 stx_tdg_accept(struct stx_exit *x)
{
	u64 op = x->g->gpr[STX_RCX], gpa = op & SEPTE_HPA, status;

	if (sept_operand_reserved(op) ||
	    sept_operand_level(op) > ACCEPT_MAX_LEVEL ||
	    !sept_operand_aligned(op) ||
	    !sept_gpa_private(gpa, x->c->tdcs->gpaw))
		return stx_err(RC_OPERAND_INVALID, STX_RCX);
	stx_lock_retake();
	status = stx_accept(x, gpa, sept_operand_level(op));
	stx_lock_drop();
	return status;
}

/* The host gets what the guest named, and zeros. */
u64 stx_tdg_vmcall(struct stx_exit *x)
{
	u64 mask = x->g->gpr[STX_RCX], reserved = VMCALL_RESERVED;
	unsigned int i;

	if (x->c->tdcs->config_flags & CONFIG_FLAG_NO_RBP_MOD)
		reserved |= BIT(STX_RBP);
	if (mask & reserved)
		return stx_err(RC_OPERAND_INVALID, STX_RCX);
	for (i = 0; i < STX_NR_REGS; i++)
		x->out[i] = mask & BIT(i) ? x->g->gpr[i] : 0;
	x->out[STX_RCX] = mask;
	x->g->vmcall = true;
	x->next = stx_exit_to_host(x, EXIT_TDCALL);
	return RC_SUCCESS;
}

static const struct {
	u8 version;
	u64 (*run)(struct stx_exit *x);
} stx_tdcalls[] = {
#define TDCALL(nr, name, v, fn) [nr] = { .version = v, .run = fn },
#include "tdcalls.def"
#undef TDCALL
};

static u64 stx_tdcall_run(struct stx_exit *x)
{
	u64 rax = x->g->gpr[STX_RAX];
	unsigned int nr = FIELD_GET(RAX_LEAF, rax);

	if ((rax & ~(RAX_LEAF | RAX_VERSION)) ||
	    nr >= ARRAY_SIZE(stx_tdcalls) || !stx_tdcalls[nr].run ||
	    FIELD_GET(RAX_VERSION, rax) > stx_tdcalls[nr].version)
		return stx_err(RC_OPERAND_INVALID, STX_RAX);
	return stx_tdcalls[nr].run(x);
}

/* From ring 0 in 64-bit mode only. */
enum stx_next stx_tdcall(struct stx_exit *x)
{
	u64 status;

	if (!stx_long_mode() || stx_guest_cpl())
		return stx_inject_error(x, X86_TRAP_GP, 0);
	status = stx_tdcall_run(x);
	if (x->again)
		return x->next;
	x->g->gpr[STX_RAX] = status;
	stx_skip_insn(x, INSN_LEN);
	return x->next;
}
