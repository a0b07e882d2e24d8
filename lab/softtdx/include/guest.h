/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TD's vCPU while it runs.  The guest runs under VMX with a VMCS of its own;
 * state that is not in the VMCS is in struct stx_guest, in a page of the TDVPS.
 * TDH.VP.ENTER runs it until an exit is for the host.  Exits that the TDX
 * module handles itself (TDCALL, CPUID, #VE, ...) are handled here, and the
 * guest goes on.
 */
#ifndef SOFTTDX_GUEST_H
#define SOFTTDX_GUEST_H

#include "softtdx.h"

/* MSRs that VMX does not switch: the guest's value, first and after an exit. */
struct stx_gmsr {
	u32 index;
	u64 first;	/* in a new vCPU */
	u64 scrubbed;	/* what the host finds after TDH.VP.ENTER */
};

#define STX_MAX_GMSRS		8
#define STX_ROOT_ENTRIES	512

/* What TDG.VP.VEINFO.GET returns; a second #VE before it is a double fault. */
struct stx_ve {
	bool valid;
	u32 reason;
	u64 qual;
	u64 gla;
	u64 gpa;
	u32 insn_len;
	u32 insn_info;
};

struct stx_guest {
	u64 gpr[STX_NR_REGS];
	u64 cr2;
	u64 dr[4];
	u64 dr6;
	u64 xcr0;
	u64 msrs[STX_MAX_GMSRS];
	bool built;	/* the VMCS has its contents */
	bool launched;
	bool vmcall;	/* the last exit was TDG.VP.VMCALL */
	u8 cpuid_ve;	/* each CPUID is a #VE: bit 0 in ring 0, bit 1 above */
	u8 rvi;		/* highest interrupt requested, at the last exit */
	struct stx_ve ve;
	bool joined;	/* no entry is known to be missing in the root */
	u64 joined_shared;
	unsigned long root_present[STX_ROOT_ENTRIES / 64];
	u32 event;	/* to deliver at the next entry, as in the VMCS */
	u32 event_error;
	u32 event_len;
};

enum stx_next { STX_RESUME, STX_EXIT };

/* An exit being handled; status and outputs are valid only for STX_EXIT. */
struct stx_exit {
	struct stx_call *c;
	struct stx_guest *g;
	u32 reason;
	u64 qual;
	enum stx_next next;	/* of TDCALL; again: the guest repeats it */
	bool again;
	u64 status;
	u64 out[STX_NR_REGS];
};

/* run.c: until an exit is for the host; the lock is not held. */
void stx_guest_run(struct stx_exit *x, bool flush);

/* switch.S */
bool stx_vmrun(u64 *gpr, bool launched);

/* vmcs.c: the controls and the first state; the current VMCS is the vCPU's. */
void stx_vmcs_build(struct stx_call *c, struct stx_guest *g);
void stx_vmcs_prepare(struct stx_call *c, struct stx_guest *g);

/* ept.c: the EPT that the guest runs on, and walks of it. */
u64 stx_guest_eptp(const struct stx_call *c);
/* True if an entry that was present has changed. */
bool stx_guest_join(struct stx_call *c, struct stx_guest *g);
void *stx_guest_private(struct stx_call *c, u64 gpa);
enum stx_next stx_exit_ept(struct stx_exit *x);

/* exit.c, leave.c */
enum stx_next stx_exit_handle(struct stx_exit *x);
enum stx_next stx_exit_to_host(struct stx_exit *x, u64 status);
void stx_skip_insn(struct stx_exit *x, u32 len);

/* event.c: exceptions, #VE, NMI. */
enum stx_next stx_inject(struct stx_exit *x, u32 vector);
enum stx_next stx_inject_error(struct stx_exit *x, u32 vector, u32 error);
enum stx_next stx_inject_ve(struct stx_exit *x, u64 gpa);
void stx_event_interrupted(struct stx_guest *g);
void stx_event_prepare(struct stx_call *c, struct stx_guest *g);

/* tdcall.c, leave.c, cpu.c */
bool stx_is_tdcall(struct stx_exit *x);
unsigned int stx_guest_cpl(void);
enum stx_next stx_tdcall(struct stx_exit *x);
#define TDCALL(nr, name, version, fn) u64 fn(struct stx_exit *x);
#include "tdcalls.def"
#undef TDCALL
enum stx_next stx_exit_cpuid(struct stx_exit *x);
enum stx_next stx_exit_rdmsr(struct stx_exit *x);
enum stx_next stx_exit_wrmsr(struct stx_exit *x);
enum stx_next stx_exit_xsetbv(struct stx_exit *x);
void stx_gmsr_bitmap(u8 *bitmap);

/* report.c */
void stx_rtmr_extend(struct stx_tdcs *tdcs, unsigned int i, const u8 *data);
void stx_tdreport(const struct stx_tdcs *tdcs, const u8 *data, u8 *report);

#endif
