/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An exit that TDH.VP.ENTER is made to return, what user space must see of it,
 * and with what registers KVM must enter the next time: a row of the tables of
 * the files beside this one.
 */
#ifndef SUBTESTS_TDX_SCRIPTED_SCRIPT_H
#define SUBTESTS_TDX_SCRIPTED_SCRIPT_H

#include "softtdx/inject.h"
#include "subtests/tdx/tests.h"

#define SCRIPT_WORDS	6
#define SCRIPT_ANSWERS	5

/* Registers that KVM is to change; all others come back as they went. */
enum {
	SETS_R10 = 1 << 0, SETS_R11 = 1 << 1, SETS_R12 = 1 << 2,
	SETS_R13 = 1 << 3, SETS_R14 = 1 << 4, SETS_R15 = 1 << 5,
};

struct script {
	const char *name;
	u64 rax;
	struct softtdx_regs out;
	/* What user space gets; 0 and no error: nothing. See exit_words(). */
	u32 reason;
	int error;
	u64 words[SCRIPT_WORDS];
	/* Written to where the uAPI has it for this exit, if answers is set. */
	bool answers;
	u64 answer[SCRIPT_ANSWERS];
	/* Registers of the next entry; not compared where that ignores them. */
	unsigned int sets;
	struct softtdx_regs back;
	/* The vCPU is not to be entered again. */
	bool last;
};

/* RAX of an exit that is TDG.VP.VMCALL. */
#define SCRIPT_TDCALL	77

/* Registers of a TDVMCALL, some with values that nobody is to touch. */
#define TDVMCALL_OUT(nr, ...)						\
	.rax = SCRIPT_TDCALL,						\
	.out = {							\
		.rcx = 0xffcc, .rdx = 0x1d1d, .rbx = 0x1b1b,		\
		.rsi = 0x1515, .rdi = 0xd1d1, .r8 = 0x8888, .r9 = 0x9999, \
		.r11 = (nr), __VA_ARGS__				\
	}

#define RETURNS(r10_)	.sets = SETS_R10, .back = { .r10 = (r10_) }
#define RETURNS_R11(r10_, r11_)						\
	.sets = SETS_R10 | SETS_R11, .back = { .r10 = (r10_), .r11 = (r11_) }
#define VALUE(r11_)	.sets = SETS_R11, .back = { .r11 = (r11_) }

/* A TD for scripts: 16 pages, MapGPA allowed, final, never run. */
#define SCRIPT_PAGES	16
void script_td(struct td_build *b);

/* True if all was as the row says; what was not is printed. */
bool script_run(struct td_build *b, const struct script *s);

/* Each row; fails the test if there was a row that was not as it says. */
void script_run_all(struct td_build *b, const struct script *s,
		    unsigned int nr);

/* Rules for TDH.VP.ENTER of one's own: the @nth entry from now returns it. */
void script_add(int fd, unsigned int nth, u64 rax,
		const struct softtdx_regs *out);
/* ... and all from the @nth on are an OUT to a port that is none. */
void script_add_stop(int fd, unsigned int nth);
bool script_stopped(struct kvm_vcpu *vcpu);

#endif
