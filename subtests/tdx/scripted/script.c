// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripted exits: a rule of softtdx says what TDH.VP.ENTER returns, KVM handles
 * it as any exit, and both results are checked: the one for user space, and the
 * registers of the next entry, which are the guest's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kvm/gmem.h"
#include "script.h"
#include "tdx/guest_code/tdvmcall.h"

#define STOP_PORT	0x7e57

void script_td(struct td_build *b)
{
	td_build_start(b, SCRIPT_PAGES);
	vm_enable_cap(b->td->vm, KVM_CAP_EXIT_HYPERCALL,
		      BIT(KVM_HC_MAP_GPA_RANGE));
	td_add_pages(b->td, b->vcpu, b->source, b->mem.gpa, b->mem.pages, 0);
	td_finalize(b->td);
}

void script_add(int fd, unsigned int nth, u64 rax,
		const struct softtdx_regs *out)
{
	const struct softtdx_inject f = {
		.leaf = TDH_VP_ENTER, .status = rax, .nth = nth, .out = *out,
	};
	int ret = softtdx_inject_add(fd, &f);

	TEST_ASSERT(!ret, "rule for TDH.VP.ENTER: %s", strerror(-ret));
}

void script_add_stop(int fd, unsigned int nth)
{
	const struct softtdx_inject f = {
		.leaf = TDH_VP_ENTER, .status = SCRIPT_TDCALL, .nth = nth,
		.times = SOFTTDX_ALWAYS,
		.out = {
			.rcx = TDVMCALL_R10_R15, .r11 = TDVMCALL_IO, .r12 = 1,
			.r13 = 1, .r14 = STOP_PORT,
		},
	};
	int ret = softtdx_inject_add(fd, &f);

	TEST_ASSERT(!ret, "rule for TDH.VP.ENTER: %s", strerror(-ret));
}

bool script_stopped(struct kvm_vcpu *vcpu)
{
	return vcpu->run->exit_reason == KVM_EXIT_IO &&
	       vcpu->run->io.port == STOP_PORT;
}

/* ---- what user space sees ------------------------------------------------ */

static u64 data_word(const void *data, u64 size)
{
	u64 word = 0;

	memcpy(&word, data, min(size, (u64)sizeof(word)));
	return word;
}

static void tdx_words(const struct kvm_run *run, u64 *w)
{
	w[0] = run->tdx.nr;
	w[1] = run->tdx.flags;
	w[2] = run->tdx.unknown.ret;
	w[3] = run->tdx.unknown.data[0];
	if (run->tdx.nr == TDVMCALL_GET_QUOTE)
		w[4] = run->tdx.get_quote.size;
}

/* The fields of an exit in the order of the uAPI, those that are meaningful. */
static void exit_words(const struct kvm_run *run, u64 *w)
{
	memset(w, 0, SCRIPT_WORDS * sizeof(*w));
	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		w[0] = run->io.direction;
		w[1] = run->io.size;
		w[2] = run->io.port;
		w[3] = run->io.count;
		if (run->io.direction == KVM_EXIT_IO_OUT)
			w[4] = data_word((u8 *)run + run->io.data_offset,
					 run->io.size);
		break;
	case KVM_EXIT_MMIO:
		w[0] = run->mmio.phys_addr;
		w[1] = run->mmio.len;
		w[2] = run->mmio.is_write;
		if (run->mmio.is_write)
			w[3] = data_word(run->mmio.data, run->mmio.len);
		break;
	case KVM_EXIT_HYPERCALL:
		w[0] = run->hypercall.nr;
		memcpy(&w[1], run->hypercall.args, 3 * sizeof(*w));
		w[4] = run->hypercall.flags;
		w[5] = run->hypercall.ret;
		break;
	case KVM_EXIT_TDX:
		tdx_words(run, w);
		break;
	case KVM_EXIT_SYSTEM_EVENT:
		w[0] = run->system_event.type;
		w[1] = run->system_event.ndata;
		break;
	case KVM_EXIT_MEMORY_FAULT:
		w[0] = run->memory_fault.flags;
		w[1] = run->memory_fault.gpa;
		w[2] = run->memory_fault.size;
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		w[0] = run->internal.suberror;
		w[1] = run->internal.data[0];
		break;
	case KVM_EXIT_FAIL_ENTRY:
		w[0] = run->fail_entry.hardware_entry_failure_reason;
		break;
	case KVM_EXIT_EXCEPTION:
		w[0] = run->ex.exception;
		w[1] = run->ex.error_code;
		break;
	case KVM_EXIT_NOTIFY:
		w[0] = run->notify.flags;
		break;
	case KVM_EXIT_X86_BUS_LOCK:
		w[0] = run->flags & KVM_RUN_X86_BUS_LOCK;
		break;
	}
}

/* Where the uAPI takes the answer to an exit. */
static void script_answer(struct kvm_run *run, const u64 *a)
{
	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		memcpy((u8 *)run + run->io.data_offset, a, run->io.size);
		break;
	case KVM_EXIT_MMIO:
		memcpy(run->mmio.data, a, run->mmio.len);
		break;
	case KVM_EXIT_HYPERCALL:
		run->hypercall.ret = a[0];
		break;
	case KVM_EXIT_TDX:
		run->tdx.unknown.ret = a[0];
		if (run->tdx.nr != TDVMCALL_GET_INFO)
			break;
		run->tdx.get_tdvmcall_info.r11 = a[1];
		run->tdx.get_tdvmcall_info.r12 = a[2];
		run->tdx.get_tdvmcall_info.r13 = a[3];
		run->tdx.get_tdvmcall_info.r14 = a[4];
		break;
	default:
		TEST_FAIL("exit %u takes no answer", run->exit_reason);
	}
}

static bool exit_is(const struct script *s, struct kvm_vcpu *vcpu, int error)
{
	struct kvm_run *run = vcpu->run;
	u64 words[SCRIPT_WORDS];
	bool same;
	int i;

	exit_words(run, words);
	same = run->exit_reason == s->reason && error == s->error &&
	       !memcmp(words, s->words, sizeof(words));
	if (same)
		return true;

	printf("%s: exit %u (%s), %s:", s->name, run->exit_reason,
	       exit_reason_str(run->exit_reason), strerror(error));
	for (i = 0; i < SCRIPT_WORDS; i++)
		printf(" %#lx", words[i]);
	printf("; not exit %u (%s), %s:", s->reason, exit_reason_str(s->reason),
	       strerror(s->error));
	for (i = 0; i < SCRIPT_WORDS; i++)
		printf(" %#lx", s->words[i]);
	printf("\n");
	return false;
}

/* ---- what the guest gets ------------------------------------------------- */

static const struct {
	const char *name;
	size_t offset;
	unsigned int set;
} script_regs[] = {
#define REG(r, s) { #r, offsetof(struct softtdx_regs, r), s }
	REG(rdx, 0), REG(rbx, 0), REG(rsi, 0), REG(rdi, 0), REG(r8, 0),
	REG(r9, 0), REG(r10, SETS_R10), REG(r11, SETS_R11),
	REG(r12, SETS_R12), REG(r13, SETS_R13), REG(r14, SETS_R14),
	REG(r15, SETS_R15),
#undef REG
};

static u64 reg_of(const struct softtdx_regs *r, unsigned int i)
{
	return *(u64 *)((u8 *)r + script_regs[i].offset);
}

static bool registers_are(const struct script *s, const struct softtdx_regs *in)
{
	bool same = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(script_regs); i++) {
		bool set = s->sets & script_regs[i].set;
		u64 want = reg_of(set ? &s->back : &s->out, i);

		if (reg_of(in, i) == want)
			continue;
		printf("%s: the next entry has %s %#lx, not %#lx\n", s->name,
		       script_regs[i].name, reg_of(in, i), want);
		same = false;
	}
	return same;
}

/* One entry for the exit, and one after it, which stopped. */
static bool entered_once(const struct script *s, int fd,
			 struct softtdx_injected *stop)
{
	struct softtdx_injected exit;

	TEST_ASSERT(!softtdx_inject_read(fd, 0, &exit) &&
		    !softtdx_inject_read(fd, 1, stop), "rules are gone");
	if (exit.failed == 1 && stop->failed == !s->last &&
	    exit.seen == 1u + !s->last)
		return true;

	printf("%s: %lu entries, %lu stopped\n", s->name, exit.seen,
	       stop->failed);
	return false;
}

/* ---- a row --------------------------------------------------------------- */

static int enter(struct td_build *b)
{
	return __vcpu_run(b->vcpu) ? errno : 0;
}

static bool run_script(struct td_build *b, const struct script *s, int fd)
{
	struct softtdx_injected stop;
	int error;

	script_add(fd, 1, s->rax, &s->out);
	script_add_stop(fd, 2);
	error = enter(b);
	if (s->reason || s->error) {
		if (!exit_is(s, b->vcpu, error))
			return false;
		if (s->answers)
			script_answer(b->vcpu->run, s->answer);
		if (!s->last)
			error = enter(b);
	}
	if (!s->last && (error || !script_stopped(b->vcpu))) {
		printf("%s: exit %u, %s, where it was to go on\n", s->name,
		       b->vcpu->run->exit_reason, strerror(error));
		return false;
	}
	return entered_once(s, fd, &stop) &&
	       (s->last || s->rax != SCRIPT_TDCALL ||
		registers_are(s, &stop.in));
}

bool script_run(struct td_build *b, const struct script *s)
{
	int fd = softtdx_inject_open(SOFTTDX_DIR);
	bool good;

	TEST_ASSERT(fd >= 0, "%s/inject: %s", SOFTTDX_DIR, strerror(-fd));
	good = run_script(b, s, fd);
	kvm_close(fd);
	return good;
}

void script_run_all(struct td_build *b, const struct script *s,
		    unsigned int nr)
{
	unsigned int i, bad = 0;

	for (i = 0; i < nr; i++)
		bad += !script_run(b, &s[i]);
	if (nr > 1)
		printf("%u scripted exits\n", nr);
	TEST_ASSERT(!bad, "%u of %u scripted exits went wrong", bad, nr);
}
