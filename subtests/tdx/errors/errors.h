/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ioctl_errors as data: the situation in which a call is made, and what it must
 * return. The rows follow the order of checks in arch/x86/kvm/vmx/tdx.c of
 * Linux 7.3, a file of rows for each scope; comments name errors that user
 * space cannot cause.
 */
#ifndef SUBTESTS_TDX_ERRORS_ERRORS_H
#define SUBTESTS_TDX_ERRORS_ERRORS_H

#include "kvm/known.h"
#include "subtests/tdx/tests.h"

/* How far a TD is built. */
enum situation {
	SIT_NO_TD,	/* a default VM with a vCPU */
	SIT_CREATED,	/* KVM_CREATE_VM, nothing else */
	SIT_NO_IRQCHIP,	/* KVM_TDX_INIT_VM without a local APIC in KVM */
	SIT_INIT_VM,	/* from here on with SPLIT_IRQCHIP before */
	SIT_VCPU,	/* vCPU 0 with CPUID, memory, no page added */
	SIT_INIT_VCPU,
	SIT_FINALIZED,	/* with the first page of memory in it */
	NR_SITUATIONS
};

#define AT(situation)	(1u << SIT_##situation)

#define HAS_VCPU	(AT(VCPU) | AT(INIT_VCPU) | AT(FINALIZED))
#define ANY_TD		(AT(CREATED) | AT(NO_IRQCHIP) | AT(INIT_VM) | HAS_VCPU)

#define FIXTURE_PAGES	16

struct fixture {
	enum situation at;
	struct td *td;		/* in SIT_NO_TD only .vm */
	struct kvm_vcpu *vcpu;	/* from SIT_VCPU on, and in SIT_NO_TD */
	struct td_mem mem;
	u8 *source;		/* FIXTURE_PAGES pages, then an unmapped one */
	u64 mapped;		/* pages that must be mapped */
	/* Written by the row's call beside its result; zero before it. */
	u64 hw_error;
	u64 wrote;
};

struct row {
	unsigned int at;	/* situations in which it holds */
	const char *what;
	int (*call)(struct fixture *s, const struct row *r); /* 0 or -errno */
	int want;		/* errno, or 0 */
	int (*want_here)(void);	/* instead, if a probe has to tell: older.h */
	int earlier;		/* errno of kernels that no probe tells, or 0 */
	u64 hw_error;		/* written back: status of the TDX module */
	u64 wrote;		/* written back: pages added, entries */
	/* What a kernel with this bug gives. */
	enum known_bug bug;
	int bug_errno;
	u64 bug_wrote;
	/* Arguments of call(). */
	struct kvm_tdx_cmd cmd;
	u64 arg;
	void (*init)(struct td *td, struct kvm_tdx_init_vm *init);
	void (*region)(struct fixture *s,
		       struct kvm_tdx_init_mem_region *region);
	/* Why the row cannot be tried here, or NULL. May be NULL. */
	const char *(*unfit)(struct fixture *s);
};

#define ROW(_at, _what, _call, _want, ...)				\
	{								\
		.at = (_at), .what = (_what), .call = (_call),		\
		.want = (_want), ##__VA_ARGS__				\
	}

struct rows {
	const struct row *rows;
	unsigned int nr;
};

extern const struct rows errors_vm, errors_init, errors_vcpu, errors_mem;

/* Calls for rows of every scope: @cmd of the row on the VM, the vCPU. */
int row_vm_cmd(struct fixture *s, const struct row *r);
int row_vcpu_cmd(struct fixture *s, const struct row *r);

/* The address of a page that cannot be read, or only be read. */
void *page_unreadable(void);
void *page_read_only(void);

#endif
