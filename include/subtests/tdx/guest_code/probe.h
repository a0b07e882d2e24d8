/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest code that executes one instruction, given as bytes, and reports the
 * result: nothing, an exception, or #VE. Compiled without SSE.
 */
#ifndef SUBTESTS_TDX_GUEST_CODE_PROBE_H
#define SUBTESTS_TDX_GUEST_CODE_PROBE_H

#include "tdx/guest.h"

#define PROBE_MAX	8

struct probe {
	u8 insn[PROBE_MAX];
	u32 len;
	u64 rax, rcx, rdx, rdi;
};

struct probe_result {
	bool raised;		/* an exception other than #VE */
	u8 vector;
	u64 error;
	bool ve;
	struct tdg_ve info;
	u64 rax;		/* afterwards, in all cases */
};

/*
 * Handles all exceptions that probes raise, and their #VE, on vCPU 0 only.
 * probe_host_init() is for the host, before td_load().
 */
void probe_host_init(struct kvm_vm *vm);
void probe_guest_init(void);
void probe_run(const struct probe *p, struct probe_result *r);

#endif
