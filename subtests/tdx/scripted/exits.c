// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exits of a TD that are no TDVMCALL, as scripted exits: interrupts, violations
 * of the secure EPT, the ends of a vCPU and of a TD, and what KVM has to take
 * for a fault of the TDX module.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kvm/gmem.h"
#include "kvm/stats.h"
#include "script.h"
#include "tdx/guest.h"

#define SUCCESS			0ull
#define NON_RECOVERABLE_VCPU	0x4000000100000000ull
#define NON_RECOVERABLE_TD	0x4000000200000000ull
#define NON_ACCESSIBLE		0x6000000500000000ull
#define OPERAND_INVALID		0xc000010000000000ull
#define OPERAND_BUSY		0x8000020000000000ull
#define VMFAIL_INVALID		0x8000ff00ffff0000ull

/* Operands of OPERAND_BUSY: the secure EPT, the TD's epoch. */
#define OPERAND_SEPT_TREE	0x92
#define OPERAND_TD_EPOCH	0xa9

#define EXIT_EXCEPTION		0
#define EXIT_INTERRUPT		1
#define EXIT_TRIPLE_FAULT	2
#define EXIT_SMI		6
#define EXIT_INTERRUPT_WINDOW	7
#define EXIT_ENTRY_FAILED	0x80000021
#define EXIT_EPT_VIOLATION	48
#define EXIT_EPT_MISCONFIG	49
#define EXIT_PREEMPTION_TIMER	52
#define EXIT_BUS_LOCK		74
#define EXIT_NOTIFY		75

/* R9, interruption information: valid, type, vector. */
#define INFO_INTERRUPT(v)	(BIT(31) | (v))
#define INFO_EXCEPTION(v)	(BIT(31) | 3 << 8 | (v))
/* An IPI that costs the host nothing: of posted interrupts. */
#define POSTED_VECTOR		0xf2

#define QUAL_READ		1
#define QUAL_WRITE		2
#define QUAL_FETCH		4
#define EXT_PENDING		6

#define GPA_FRESH		(TD_GPA + 0x40000000)
#define GPA_NOWHERE		0xd0000000ul

/* Inputs of the next entry are ignored after these, so not compared. */
#define ASYNC(status, ...)	.rax = (status), \
				.out = { .rdi = 0, ##__VA_ARGS__ }
#define UNEXPECTED(rax_)						\
	.reason = KVM_EXIT_INTERNAL_ERROR,				\
	.words = { KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON, (rax_) }

static const struct script handled[] = {
	{ "interrupt", ASYNC(EXIT_INTERRUPT,
			     .r9 = INFO_INTERRUPT(POSTED_VECTOR)) },
	{ "SMI", ASYNC(EXIT_SMI, .r9 = 1) },
	{ "#UD", ASYNC(EXIT_EXCEPTION, .r9 = INFO_EXCEPTION(UD_VECTOR)),
	  .reason = KVM_EXIT_EXCEPTION, .words = { UD_VECTOR } },
	{ "busy with the secure EPT",
	  ASYNC(OPERAND_BUSY | OPERAND_SEPT_TREE) },
	{ "busy with the epoch", ASYNC(OPERAND_BUSY | OPERAND_TD_EPOCH) },
	{ "a shared GPA in no memslot",
	  ASYNC(EXIT_EPT_VIOLATION, .rcx = QUAL_WRITE,
		.r8 = GPA_NOWHERE | TD_SHARED) },
};

/*
 * KVM tells user space, and up to 7.3.4 WARNs on top: the line that it prints
 * wants the guest's RIP, which it cannot have of a TD (vt_cache_reg()).
 */
static const struct script unexpected[] = {
	{ "interrupt window", ASYNC(EXIT_INTERRUPT_WINDOW, .r9 = 1),
	  UNEXPECTED(EXIT_INTERRUPT_WINDOW) },
	{ "preemption timer", ASYNC(EXIT_PREEMPTION_TIMER, .r9 = 1),
	  UNEXPECTED(EXIT_PREEMPTION_TIMER) },
	{ "a reason that is none", ASYNC(0x1234, .r9 = 1), UNEXPECTED(0x1234) },
	{ "OPERAND_INVALID", ASYNC(OPERAND_INVALID | 0x80),
	  UNEXPECTED(OPERAND_INVALID | 0x80) },
	{ "the vCPU's end at a violation",
	  ASYNC(NON_RECOVERABLE_VCPU | EXIT_EPT_VIOLATION, .r8 = TD_GPA),
	  UNEXPECTED(NON_RECOVERABLE_VCPU | EXIT_EPT_VIOLATION) },
	{ "the TD's end", ASYNC(NON_RECOVERABLE_TD | EXIT_SMI),
	  UNEXPECTED(NON_RECOVERABLE_TD | EXIT_SMI) },
	{ "a TD that is not accessible", ASYNC(NON_ACCESSIBLE | EXIT_SMI),
	  UNEXPECTED(NON_ACCESSIBLE | EXIT_SMI) },
	{ "a failed entry, of a vCPU that is lost",
	  ASYNC(NON_RECOVERABLE_VCPU | EXIT_ENTRY_FAILED),
	  .reason = KVM_EXIT_FAIL_ENTRY, .words = { EXIT_ENTRY_FAILED } },
};

/* After which the vCPU must not be entered again: each in a TD of its own. */
static const struct script ends[] = {
	{ "triple fault", ASYNC(NON_RECOVERABLE_VCPU | EXIT_TRIPLE_FAULT),
	  .reason = KVM_EXIT_SHUTDOWN, .last = true },
	{ "triple fault, said to be no end",
	  ASYNC(EXIT_TRIPLE_FAULT, .r9 = 1), .reason = KVM_EXIT_SHUTDOWN,
	  .last = true },
	{ "access to memory that is not accepted",
	  ASYNC(EXIT_EPT_VIOLATION, .rcx = QUAL_READ, .rdx = EXT_PENDING,
		.r8 = TD_GPA),
	  .reason = KVM_EXIT_UNKNOWN, .error = EIO, .last = true },
};

/* KVM takes these for bugs of the module, or its own: it WARNs. */
static const struct script bugs[] = {
	{ "EPT misconfiguration", ASYNC(EXIT_EPT_MISCONFIG, .r8 = TD_GPA),
	  .error = EIO, .last = true },
	{ "SEAMCALL that failed", ASYNC(VMFAIL_INVALID),
	  UNEXPECTED(VMFAIL_INVALID), .last = true },
	{ "a failed entry, of a vCPU that lives", ASYNC(EXIT_ENTRY_FAILED),
	  .reason = KVM_EXIT_FAIL_ENTRY, .words = { EXIT_ENTRY_FAILED },
	  .last = true },
	{ "a status that is neither success nor error",
	  ASYNC(0x0000000100000000 | EXIT_SMI),
	  UNEXPECTED(0x0000000100000000 | EXIT_SMI), .last = true },
	{ "code in shared memory",
	  ASYNC(EXIT_EPT_VIOLATION, .rcx = QUAL_FETCH,
		.r8 = TD_GPA | TD_SHARED),
	  .error = EIO, .last = true },
};

/* KVM knows these since 7.3; before, they are as unexpected as any other. */
static const struct script since_7_3[] = {
	{ "notify window", ASYNC(EXIT_NOTIFY, .r9 = 1) },
	{ "notify window, context lost", ASYNC(EXIT_NOTIFY, .rcx = 1),
	  .reason = KVM_EXIT_NOTIFY, .words = { KVM_NOTIFY_CONTEXT_INVALID } },
	{ "bus lock", ASYNC(EXIT_BUS_LOCK, .r9 = 1),
	  .reason = KVM_EXIT_X86_BUS_LOCK, .words = { KVM_RUN_X86_BUS_LOCK } },
};

static const struct script before_7_3[] = {
	{ "notify window, before 7.3", ASYNC(EXIT_NOTIFY, .r9 = 1),
	  UNEXPECTED(EXIT_NOTIFY) },
	{ "bus lock, before 7.3", ASYNC(EXIT_BUS_LOCK, .r9 = 1),
	  UNEXPECTED(EXIT_BUS_LOCK) },
};

/* There is nothing to probe for: a TD has no capability for either. */
static bool kernel_is_7_3(void)
{
	unsigned int major, minor;
	struct utsname u;

	TEST_ASSERT(!uname(&u), "uname: %s", strerror(errno));
	TEST_ASSERT(sscanf(u.release, "%u.%u", &major, &minor) == 2,
		    "kernel release %s", u.release);
	return major > 7 || (major == 7 && minor >= 3);
}

static void run_each_alone(const struct script *s, unsigned int nr)
{
	struct td_build b;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		script_td(&b);
		script_run_all(&b, &s[i], 1);
		td_build_free(&b);
	}
}

/* Registers of a call survive that the module was busy at the next entry. */
static void busy_keeps_registers(struct td_build *b)
{
	const struct softtdx_regs out = {
		.rcx = 0xffcc, .rbx = 0x1b, .r11 = TDVMCALL_RDMSR,
		.r12 = MSR_EFER, .r15 = 0x15,
	}, none = {};
	int fd = softtdx_inject_open(SOFTTDX_DIR);
	struct softtdx_injected busy, stop;

	TEST_ASSERT(fd >= 0, "%s/inject: %s", SOFTTDX_DIR, strerror(-fd));
	script_add(fd, 1, SCRIPT_TDCALL, &out);
	script_add(fd, 2, OPERAND_BUSY | OPERAND_SEPT_TREE, &none);
	script_add_stop(fd, 3);
	vcpu_run(b->vcpu);
	TEST_ASSERT(script_stopped(b->vcpu), "exit %u",
		    b->vcpu->run->exit_reason);
	TEST_ASSERT(!softtdx_inject_read(fd, 1, &busy) &&
		    !softtdx_inject_read(fd, 2, &stop), "rules are gone");
	TEST_ASSERT_EQ(busy.failed, 1ul);
	TEST_ASSERT(busy.in.r11 & EFER_LMA, "EFER is %#lx", busy.in.r11);
	TEST_ASSERT(!memcmp(&busy.in, &stop.in, sizeof(stop.in)),
		    "other registers after OPERAND_BUSY");
	kvm_close(fd);
}

/* Violations of the secure EPT: what was there, what comes, what must not. */
static void private_violations(struct td_build *b)
{
	static const struct script there = {
		"a page that is there", ASYNC(EXIT_EPT_VIOLATION,
			.rcx = QUAL_READ, .r8 = TD_GPA),
	}, fresh = {
		"a page that is not", ASYNC(EXIT_EPT_VIOLATION,
			.rcx = QUAL_READ, .r8 = GPA_FRESH),
	}, pending = {
		"... pending, but mapped once", ASYNC(EXIT_EPT_VIOLATION,
			.rcx = QUAL_READ | BIT(3), .rdx = EXT_PENDING,
			.r8 = GPA_FRESH),
	}, nowhere = {
		"private memory in no memslot", ASYNC(EXIT_EPT_VIOLATION,
			.rcx = QUAL_READ, .r8 = GPA_NOWHERE),
		.reason = KVM_EXIT_MEMORY_FAULT, .error = EFAULT,
		.words = { KVM_MEMORY_EXIT_FLAG_PRIVATE, GPA_NOWHERE, 4096 },
	}, shared = {
		"private access to shared memory", ASYNC(EXIT_EPT_VIOLATION,
			.rcx = QUAL_WRITE, .r8 = GPA_FRESH + 0x1000),
		.reason = KVM_EXIT_MEMORY_FAULT, .error = EFAULT,
		.words = { KVM_MEMORY_EXIT_FLAG_PRIVATE, GPA_FRESH + 0x1000,
			   4096 },
	}, private = {
		"shared access to private memory", ASYNC(EXIT_EPT_VIOLATION,
			.rcx = QUAL_WRITE, .r8 = GPA_FRESH | TD_SHARED),
		.reason = KVM_EXIT_MEMORY_FAULT, .error = EFAULT,
		.words = { 0, GPA_FRESH, 4096 },
	}, shared_fault = {
		"shared access to shared memory", ASYNC(EXIT_EPT_VIOLATION,
			.rcx = QUAL_WRITE, .r8 = (GPA_FRESH + 0x1000) |
			TD_SHARED),
	};
	struct td_mem mem;

	td_mem_add(b->td, &mem, 1, GPA_FRESH, 2);
	vm_mem_set_shared(b->td->vm, GPA_FRESH + 0x1000, 0x1000);
	script_run_all(b, &there, 1);
	assert_mapped(b->td->vm, SCRIPT_PAGES, "%s", there.name);
	script_run_all(b, &fresh, 1);
	assert_mapped(b->td->vm, SCRIPT_PAGES + 1, "%s", fresh.name);
	script_run_all(b, &pending, 1);
	script_run_all(b, &nowhere, 1);
	script_run_all(b, &shared, 1);
	script_run_all(b, &private, 1);
	assert_mapped(b->td->vm, SCRIPT_PAGES + 1, "%s", private.name);
	script_run_all(b, &shared_fault, 1);
	assert_mapped(b->td->vm, SCRIPT_PAGES + 2, "%s", shared_fault.name);
	kvm_close(mem.fd);
}

/* ---- HLT ----------------------------------------------------------------- */

static void *run_vcpu(void *arg)
{
	vcpu_run(arg);
	return NULL;
}

static u64 entries_told(int fd, unsigned int n)
{
	struct softtdx_injected rule;

	TEST_ASSERT(!softtdx_inject_read(fd, n, &rule), "rule %u is gone", n);
	return rule.failed;
}

/* Not KVM_NMI, which waits for KVM_RUN to return. */
#define MSI_VECTOR		0x41
#define MSI_NMI			(4 << 8)

static void send_msi(struct td_build *b, u32 data)
{
	struct kvm_msi msi = { .address_lo = 0xfee00000, .data = data };

	TEST_ASSERT(__vm_ioctl(b->td->vm, KVM_SIGNAL_MSI, &msi) == 1,
		    "MSI of data %#x: nobody takes it", data);
}

static void send_interrupt(struct td_build *b)
{
	send_msi(b, MSI_VECTOR);
}

static void send_nmi(struct td_build *b)
{
	send_msi(b, MSI_NMI);
}

/* @wake NULL: it is not to sleep at all. */
static void halts(struct td_build *b, bool blocked,
		  void (*wake)(struct td_build *b))
{
	const struct softtdx_regs out = {
		.rcx = TDVMCALL_R10_R15, .r11 = TDVMCALL_HLT, .r12 = blocked,
	};
	int fd = softtdx_inject_open(SOFTTDX_DIR);
	pthread_t thread;

	TEST_ASSERT(fd >= 0, "%s/inject: %s", SOFTTDX_DIR, strerror(-fd));
	script_add(fd, 1, SCRIPT_TDCALL, &out);
	script_add_stop(fd, 2);
	TEST_ASSERT(!pthread_create(&thread, NULL, run_vcpu, b->vcpu),
		    "a thread");
	while (wake && !entries_told(fd, 0))
		usleep(1000);
	/* Time to go on if it does not sleep; a slow machine proves less. */
	if (wake) {
		usleep(100000);
		TEST_ASSERT(!entries_told(fd, 1), "HLT (%d) did not sleep",
			    blocked);
		wake(b);
	}
	pthread_join(thread, NULL);
	TEST_ASSERT(script_stopped(b->vcpu), "exit %u after HLT",
		    b->vcpu->run->exit_reason);
	kvm_close(fd);
}

/* KVM takes no interrupt for an APIC that the guest has not enabled. */
static const struct script enable_apic = {
	"WRMSR of the x2APIC's SPIV",
	TDVMCALL_OUT(TDVMCALL_WRMSR, .r12 = 0x80f, .r13 = 0x1ff),
};

/*
 * Asleep until there is an event. An interrupt, which nobody takes here, so
 * that it stays pending, is none to a guest that blocks them; an NMI always is.
 */
static void scripted_hlt(struct td_build *b)
{
	script_run_all(b, &enable_apic, 1);
	halts(b, false, send_interrupt);
	halts(b, false, NULL);
	halts(b, true, send_nmi);
	halts(b, false, NULL);
}

void scripted_exits(const struct subtest_args *args)
{
	struct td_build b;

	script_td(&b);
	script_run_all(&b, handled, ARRAY_SIZE(handled));
	if (kernel_is_7_3())
		script_run_all(&b, since_7_3, ARRAY_SIZE(since_7_3));
	busy_keeps_registers(&b);
	private_violations(&b);
	scripted_hlt(&b);
	td_build_free(&b);
	run_each_alone(ends, ARRAY_SIZE(ends));
}

void scripted_bugs(const struct subtest_args *args)
{
	struct td_build b;

	script_td(&b);
	script_run_all(&b, unexpected, ARRAY_SIZE(unexpected));
	if (!kernel_is_7_3())
		script_run_all(&b, before_7_3, ARRAY_SIZE(before_7_3));
	td_build_free(&b);
	run_each_alone(bugs, ARRAY_SIZE(bugs));
}
