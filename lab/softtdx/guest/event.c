// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events that are delivered to a guest at its next entry: an exception that the
 * module raises, #VE with the data for TDG.VP.VEINFO.GET, an NMI that the host
 * requested, or an event whose delivery an exit interrupted.
 */
#include <asm/trapnr.h>

#include "guest.h"
#include "vmx.h"

#define EXCEPTION(vector)	(INTR_INFO_VALID_MASK | \
				 INTR_TYPE_HARD_EXCEPTION | (vector))
#define IDT_EXCEPTION(info)	(((info) & INTR_INFO_INTR_TYPE_MASK) == \
				 INTR_TYPE_HARD_EXCEPTION)
#define NMI_BLOCKERS		(GUEST_INTR_STATE_NMI | GUEST_INTR_STATE_STI | \
				 GUEST_INTR_STATE_MOV_SS)

static enum stx_next stx_set_event(struct stx_guest *g, u32 info, u32 error)
{
	g->event = info;
	g->event_error = error;
	g->event_len = 0;
	return STX_RESUME;
}

/* A fault during delivery is a double fault, then a triple fault. */
static enum stx_next stx_raise(struct stx_exit *x, u32 info, u32 error)
{
	u32 now = x->g->event;
	u32 vector = now & INTR_INFO_VECTOR_MASK;

	if (!(now & INTR_INFO_VALID_MASK) || !IDT_EXCEPTION(now))
		return stx_set_event(x->g, info, error);
	if (vector == X86_TRAP_DF)
		return stx_exit_to_host(x, RC_NON_RECOVERABLE_VCPU |
					EXIT_REASON_TRIPLE_FAULT);
	return stx_set_event(x->g, EXCEPTION(X86_TRAP_DF) |
			     INTR_INFO_DELIVER_CODE_MASK, 0);
}

enum stx_next stx_inject(struct stx_exit *x, u32 vector)
{
	return stx_raise(x, EXCEPTION(vector), 0);
}

enum stx_next stx_inject_error(struct stx_exit *x, u32 vector, u32 error)
{
	return stx_raise(x, EXCEPTION(vector) | INTR_INFO_DELIVER_CODE_MASK,
			 error);
}

/* #VE in the guest; gpa is 0 if the reason has no address. */
enum stx_next stx_inject_ve(struct stx_exit *x, u64 gpa)
{
	struct stx_ve *ve = &x->g->ve;

	if (ve->valid)
		return stx_inject_error(x, X86_TRAP_DF, 0);
	*ve = (struct stx_ve) {
		.valid = true,
		.reason = x->reason,
		.qual = x->qual,
		.gla = vmx_read(GUEST_LINEAR_ADDRESS),
		.gpa = gpa,
		.insn_len = vmx_read(VM_EXIT_INSTRUCTION_LEN),
		.insn_info = vmx_read(VMX_INSTRUCTION_INFO),
	};
	return stx_inject(x, X86_TRAP_VE);
}

/* After an exit: an event that it interrupted has to be delivered again. */
void stx_event_interrupted(struct stx_guest *g)
{
	u32 info = vmx_read(IDT_VECTORING_INFO_FIELD);

	g->event = 0;
	if (!(info & VECTORING_INFO_VALID_MASK))
		return;
	g->event = info & ~BIT(12);
	if (info & VECTORING_INFO_DELIVER_CODE_MASK)
		g->event_error = vmx_read(IDT_VECTORING_ERROR_CODE);
	g->event_len = vmx_read(VM_EXIT_INSTRUCTION_LEN);
	/* Delivered again it blocks NMIs again. */
	if ((info & INTR_INFO_INTR_TYPE_MASK) == INTR_TYPE_NMI_INTR)
		vmx_write(GUEST_INTERRUPTIBILITY_INFO,
			  vmx_read(GUEST_INTERRUPTIBILITY_INFO) &
			  ~GUEST_INTR_STATE_NMI);
}

static void stx_nmi_prepare(struct stx_call *c, struct stx_guest *g)
{
	u32 proc = vmx_read(CPU_BASED_VM_EXEC_CONTROL);
	bool pending = stx_vp_take_nmi(c->vp, false);

	proc &= ~CPU_BASED_NMI_WINDOW_EXITING;
	if (pending && !(g->event & INTR_INFO_VALID_MASK) &&
	    !(vmx_read(GUEST_INTERRUPTIBILITY_INFO) & NMI_BLOCKERS)) {
		stx_vp_take_nmi(c->vp, true);
		stx_set_event(g, INTR_INFO_VALID_MASK | INTR_TYPE_NMI_INTR |
			      X86_TRAP_NMI, 0);
	} else if (pending) {
		proc |= CPU_BASED_NMI_WINDOW_EXITING;
	}
	vmx_write(CPU_BASED_VM_EXEC_CONTROL, proc);
}

void stx_event_prepare(struct stx_call *c, struct stx_guest *g)
{
	stx_nmi_prepare(c, g);
	vmx_write(VM_ENTRY_INTR_INFO_FIELD, g->event);
	if (!(g->event & INTR_INFO_VALID_MASK))
		return;
	vmx_write(VM_ENTRY_EXCEPTION_ERROR_CODE, g->event_error);
	vmx_write(VM_ENTRY_INSTRUCTION_LEN, g->event_len);
	g->event = 0;
}
