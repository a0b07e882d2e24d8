// SPDX-License-Identifier: GPL-2.0-only
/* Every TDVMCALL that KVM knows, and what it must refuse, as scripted exits. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "script.h"
#include "subtests/tdx/older.h"
#include "tdx/guest.h"

#define PORT		0x4e8
#define MMIO_GPA	0xd0001000ul
#define VALUE_64	0x8877665544332211ul
#define INVALID		TDVMCALL_INVALID_OPERAND
#define LONG_MODE	KVM_EXIT_HYPERCALL_LONG_MODE
#define MSR_ODD		0x12345
#define ENOSYS_KVM	((u64)-KVM_ENOSYS)

#define IO(size, write, ...)						\
	TDVMCALL_OUT(TDVMCALL_IO, .r12 = (size), .r13 = (write),	\
		     .r14 = PORT, ##__VA_ARGS__)
#define IO_EXIT(...)	.reason = KVM_EXIT_IO, .words = { __VA_ARGS__ }

static const struct script io[] = {
	{ "OUT of 1 byte", IO(1, 1, .r15 = VALUE_64),
	  IO_EXIT(KVM_EXIT_IO_OUT, 1, PORT, 1, 0x11) },
	{ "OUT of 2 bytes", IO(2, 1, .r15 = VALUE_64),
	  IO_EXIT(KVM_EXIT_IO_OUT, 2, PORT, 1, 0x2211) },
	{ "OUT of 4 bytes", IO(4, 1, .r15 = VALUE_64),
	  IO_EXIT(KVM_EXIT_IO_OUT, 4, PORT, 1, 0x44332211) },
	{ "IN of 1 byte", IO(1, 0), IO_EXIT(KVM_EXIT_IO_IN, 1, PORT, 1),
	  .answers = true, .answer = { VALUE_64 }, VALUE(0x11) },
	{ "IN of 2 bytes", IO(2, 0), IO_EXIT(KVM_EXIT_IO_IN, 2, PORT, 1),
	  .answers = true, .answer = { VALUE_64 }, VALUE(0x2211) },
	{ "IN of 4 bytes", IO(4, 0), IO_EXIT(KVM_EXIT_IO_IN, 4, PORT, 1),
	  .answers = true, .answer = { VALUE_64 }, VALUE(0x44332211) },
	{ "IN of 0 bytes", IO(0, 0), RETURNS(INVALID) },
	{ "IN of 3 bytes", IO(3, 0), RETURNS(INVALID) },
	{ "IN of 8 bytes", IO(8, 0), RETURNS(INVALID) },
	{ "OUT of 2^32 + 1 bytes", IO(0x100000001, 1), RETURNS(INVALID) },
	{ "IO in a third direction", IO(1, 2), RETURNS(INVALID) },
};

#define MMIO(gpa, size, write, ...)					\
	TDVMCALL_OUT(TDVMCALL_MMIO, .r12 = (size), .r13 = (write),	\
		     .r14 = (gpa), ##__VA_ARGS__)
#define MMIO_EXIT(...)	.reason = KVM_EXIT_MMIO, \
			.words = { MMIO_GPA, __VA_ARGS__ }
#define MMIO_SHARED	(MMIO_GPA | TD_SHARED)

static const struct script mmio[] = {
	{ "MMIO write of 1 byte", MMIO(MMIO_SHARED, 1, 1, .r15 = VALUE_64),
	  MMIO_EXIT(1, 1, 0x11) },
	{ "MMIO write of 2 bytes", MMIO(MMIO_SHARED, 2, 1, .r15 = VALUE_64),
	  MMIO_EXIT(2, 1, 0x2211) },
	{ "MMIO write of 4 bytes", MMIO(MMIO_SHARED, 4, 1, .r15 = VALUE_64),
	  MMIO_EXIT(4, 1, 0x44332211) },
	{ "MMIO write of 8 bytes", MMIO(MMIO_SHARED, 8, 1, .r15 = VALUE_64),
	  MMIO_EXIT(8, 1, VALUE_64) },
	{ "MMIO read of 1 byte", MMIO(MMIO_SHARED, 1, 0), MMIO_EXIT(1),
	  .answers = true, .answer = { VALUE_64 }, VALUE(0x11) },
	{ "MMIO read of 2 bytes", MMIO(MMIO_SHARED, 2, 0), MMIO_EXIT(2),
	  .answers = true, .answer = { VALUE_64 }, VALUE(0x2211) },
	{ "MMIO read of 4 bytes", MMIO(MMIO_SHARED, 4, 0), MMIO_EXIT(4),
	  .answers = true, .answer = { VALUE_64 }, VALUE(0x44332211) },
	{ "MMIO read of 8 bytes", MMIO(MMIO_SHARED, 8, 0), MMIO_EXIT(8),
	  .answers = true, .answer = { VALUE_64 }, VALUE(VALUE_64) },
	{ "MMIO of 0 bytes", MMIO(MMIO_SHARED, 0, 0), RETURNS(INVALID) },
	{ "MMIO of 3 bytes", MMIO(MMIO_SHARED, 3, 0), RETURNS(INVALID) },
	{ "MMIO of 16 bytes", MMIO(MMIO_SHARED, 16, 1), RETURNS(INVALID) },
	{ "MMIO in a third direction", MMIO(MMIO_SHARED, 4, 2),
	  RETURNS(INVALID) },
	{ "MMIO at a private GPA", MMIO(MMIO_GPA, 4, 0), RETURNS(INVALID) },
	{ "MMIO from private into shared", MMIO(TD_SHARED - 1, 2, 0),
	  RETURNS(INVALID) },
	{ "MMIO from shared out of it", MMIO(2 * TD_SHARED - 1, 2, 0),
	  RETURNS(INVALID) },
};

#define MAP(gpa, size)	TDVMCALL_OUT(TDVMCALL_MAP_GPA, .r12 = (gpa), \
				     .r13 = (size))
#define MAP_EXIT(...)	.reason = KVM_EXIT_HYPERCALL, \
			.words = { KVM_HC_MAP_GPA_RANGE, __VA_ARGS__ }
#define GPA_SHARED	(TD_GPA | TD_SHARED)
#define ENCRYPTED	KVM_MAP_GPA_RANGE_ENCRYPTED

static const struct script map_gpa[] = {
	{ "MapGPA of a page to shared", MAP(GPA_SHARED, 0x1000),
	  MAP_EXIT(TD_GPA, 1, 0, LONG_MODE) },
	{ "MapGPA of 2 MiB to private", MAP(TD_GPA, 0x200000),
	  MAP_EXIT(TD_GPA, 512, ENCRYPTED, LONG_MODE) },
	{ "MapGPA answered EINVAL", MAP(GPA_SHARED, 0x3000),
	  MAP_EXIT(TD_GPA, 3, 0, LONG_MODE), .answers = true,
	  .answer = { EINVAL }, RETURNS_R11(INVALID, GPA_SHARED) },
	{ "MapGPA of no page", MAP(TD_GPA, 0), RETURNS_R11(INVALID, TD_GPA) },
	{ "MapGPA not on a page", MAP(TD_GPA + 1, 0x1000),
	  RETURNS_R11(TDVMCALL_ALIGN_ERROR, TD_GPA + 1) },
	{ "MapGPA of part of a page", MAP(TD_GPA, 0x1001),
	  RETURNS_R11(TDVMCALL_ALIGN_ERROR, TD_GPA) },
	{ "MapGPA from private into shared", MAP(TD_SHARED - 0x1000, 0x2000),
	  RETURNS_R11(INVALID, TD_SHARED - 0x1000) },
	{ "MapGPA that wraps around", MAP(TD_GPA, -0x1000ul),
	  RETURNS_R11(INVALID, TD_GPA) },
	{ "MapGPA beyond the guest's width", MAP(1ul << 51, 0x1000),
	  RETURNS_R11(INVALID, 1ul << 51) },
};

#define RD(msr)		TDVMCALL_OUT(TDVMCALL_RDMSR, .r12 = (msr))
#define WR(msr, value)	TDVMCALL_OUT(TDVMCALL_WRMSR, .r12 = (msr), \
				     .r13 = (value))

static const struct script msrs[] = {
	{ "RDMSR of the x2APIC id", RD(0x802), VALUE(0) },
	{ "WRMSR of MTRRdefType", WR(0x2ff, 0xc06) },
	{ "RDMSR of MTRRdefType", RD(0x2ff), VALUE(0xc06) },
	{ "WRMSR of PAT", WR(MSR_IA32_CR_PAT, 0x0007040600070406) },
	{ "RDMSR of PAT, all 64 bits", RD(MSR_IA32_CR_PAT),
	  VALUE(0x0007040600070406) },
	{ "WRMSR of PAT, a bad type", WR(MSR_IA32_CR_PAT, 2),
	  RETURNS(INVALID) },
	{ "RDMSR of EFER", RD(MSR_EFER),
	  VALUE(EFER_SCE | EFER_LME | EFER_LMA | EFER_NX) },
	{ "WRMSR of EFER", WR(MSR_EFER, EFER_SCE | EFER_LME | EFER_LMA),
	  RETURNS(INVALID) },
	{ "WRMSR of FEAT_CTL", WR(MSR_IA32_FEAT_CTL, 1), RETURNS(INVALID) },
	{ "WRMSR of APICBASE", WR(MSR_IA32_APICBASE, 0xfee00d00),
	  RETURNS(INVALID) },
	{ "RDMSR of no MSR", RD(MSR_ODD), RETURNS(INVALID) },
	{ "WRMSR of no MSR", WR(MSR_ODD, 1), RETURNS(INVALID) },
	{ "RDMSR of LSTAR", RD(MSR_LSTAR), RETURNS(INVALID) },
	{ "RDMSR of the x2APIC's TPR", RD(0x808), RETURNS(INVALID) },
};

#define KVMK		0x4b4d564b

static const struct script other[] = {
	{ "CPUID of the hypervisor", TDVMCALL_OUT(TDVMCALL_CPUID,
						  .r12 = 0x40000000),
	  .sets = SETS_R12 | SETS_R13 | SETS_R14 | SETS_R15,
	  .back = { .r12 = 0x40000001, .r13 = KVMK, .r14 = 0x564b4d56,
		    .r15 = 0x4d } },
	{ "GetTdVmCallInfo 0",
	  TDVMCALL_OUT(TDVMCALL_GET_INFO, .r13 = 1, .r14 = 2),
	  .sets = SETS_R11 | SETS_R13 | SETS_R14 },
	{ "GetTdVmCallInfo 1", TDVMCALL_OUT(TDVMCALL_GET_INFO, .r12 = 1),
	  .reason = KVM_EXIT_TDX, .words = { TDVMCALL_GET_INFO, 0, 0, 1 },
	  .answers = true, .answer = { 0, 0x11, 0x12, 0x13, 0x14 },
	  .sets = SETS_R11 | SETS_R12 | SETS_R13 | SETS_R14,
	  .back = { .r11 = 0x11, .r12 = 0x12, .r13 = 0x13, .r14 = 0x14 } },
	{ "GetTdVmCallInfo 2", TDVMCALL_OUT(TDVMCALL_GET_INFO, .r12 = 2),
	  RETURNS(INVALID) },
	{ "GetQuote as KVM presets it",
	  TDVMCALL_OUT(TDVMCALL_GET_QUOTE, .r12 = GPA_SHARED, .r13 = 0x2000),
	  .reason = KVM_EXIT_TDX,
	  .words = { TDVMCALL_GET_QUOTE, 0, TDVMCALL_UNSUPPORTED, TD_GPA,
		     0x2000 },
	  RETURNS(TDVMCALL_UNSUPPORTED) },
	{ "GetQuote that was taken",
	  TDVMCALL_OUT(TDVMCALL_GET_QUOTE, .r12 = GPA_SHARED, .r13 = 0x2000),
	  .reason = KVM_EXIT_TDX,
	  .words = { TDVMCALL_GET_QUOTE, 0, TDVMCALL_UNSUPPORTED, TD_GPA,
		     0x2000 },
	  .answers = true },
	{ "GetQuote in private memory",
	  TDVMCALL_OUT(TDVMCALL_GET_QUOTE, .r12 = TD_GPA, .r13 = 0x2000),
	  RETURNS(INVALID) },
	{ "SetupEventNotifyInterrupt 32",
	  TDVMCALL_OUT(TDVMCALL_EVENT_NOTIFY, .r12 = 32),
	  .reason = KVM_EXIT_TDX,
	  .words = { TDVMCALL_EVENT_NOTIFY, 0, TDVMCALL_UNSUPPORTED, 32 },
	  .answers = true },
	{ "SetupEventNotifyInterrupt 255, as preset",
	  TDVMCALL_OUT(TDVMCALL_EVENT_NOTIFY, .r12 = 255),
	  .reason = KVM_EXIT_TDX,
	  .words = { TDVMCALL_EVENT_NOTIFY, 0, TDVMCALL_UNSUPPORTED, 255 },
	  RETURNS(TDVMCALL_UNSUPPORTED) },
	{ "SetupEventNotifyInterrupt 31",
	  TDVMCALL_OUT(TDVMCALL_EVENT_NOTIFY, .r12 = 31), RETURNS(INVALID) },
	{ "SetupEventNotifyInterrupt 256",
	  TDVMCALL_OUT(TDVMCALL_EVENT_NOTIFY, .r12 = 256), RETURNS(INVALID) },
	{ "ReportFatalError, and on all the same",
	  TDVMCALL_OUT(TDVMCALL_FATAL_ERROR, .r12 = 0xdead),
	  .reason = KVM_EXIT_SYSTEM_EVENT,
	  .words = { KVM_SYSTEM_EVENT_TDX_FATAL, 16 } },
	{ "PCONFIG", TDVMCALL_OUT(65), RETURNS(TDVMCALL_UNSUPPORTED) },
	{ "Service", TDVMCALL_OUT(0x10005), RETURNS(TDVMCALL_UNSUPPORTED) },
	{ "TDVMCALL 2^64 - 1", TDVMCALL_OUT(~0ul),
	  RETURNS(TDVMCALL_UNSUPPORTED) },
	/* Leaves are numbers of 64 bits: no low part makes one. */
	{ "TDVMCALL 2^32 + 12", TDVMCALL_OUT(0x10000000c),
	  RETURNS(TDVMCALL_UNSUPPORTED) },
};

/* R10 is not 0: number of a hypercall of KVM's, its arguments from R11 on. */
static const struct script hypercalls[] = {
	{ "KVM_HC_VAPIC_POLL_IRQ", TDVMCALL_OUT(7, .r10 = 1), RETURNS(0) },
	{ "a hypercall that is none", TDVMCALL_OUT(7, .r10 = 0x7777),
	  RETURNS(ENOSYS_KVM) },
	{ "KVM_HC_MAP_GPA_RANGE",
	  TDVMCALL_OUT(TD_GPA, .r10 = KVM_HC_MAP_GPA_RANGE, .r12 = 2,
		       .r13 = ENCRYPTED),
	  MAP_EXIT(TD_GPA, 2, ENCRYPTED, LONG_MODE), .answers = true,
	  .answer = { 0x5a }, RETURNS(0x5a) },
	{ "KVM_HC_MAP_GPA_RANGE of no page",
	  TDVMCALL_OUT(TD_GPA, .r10 = KVM_HC_MAP_GPA_RANGE),
	  RETURNS((u64)-KVM_EINVAL) },
};

/* Each of several exits of one call, 2 MiB at a time, and where it stops. */
static void map_gpa_in_chunks(struct td_build *b)
{
	const struct softtdx_regs out = {
		.rcx = TDVMCALL_R10_R15, .r11 = TDVMCALL_MAP_GPA,
		.r12 = GPA_SHARED, .r13 = 0x600000 - 0x1000,
	};
	int fd = softtdx_inject_open(SOFTTDX_DIR), i;
	struct kvm_run *run = b->vcpu->run;
	struct softtdx_injected stop;

	TEST_ASSERT(fd >= 0, "%s/inject: %s", SOFTTDX_DIR, strerror(-fd));
	script_add(fd, 1, SCRIPT_TDCALL, &out);
	script_add(fd, 2, SCRIPT_TDCALL, &out);
	script_add_stop(fd, 3);
	for (i = 0; i < 5; i++) {
		vcpu_run(b->vcpu);
		TEST_ASSERT_KVM_EXIT_REASON(b->vcpu, KVM_EXIT_HYPERCALL);
		TEST_ASSERT_EQ(run->hypercall.args[0],
			       TD_GPA + i % 3 * 0x200000ull);
		TEST_ASSERT_EQ(run->hypercall.args[1],
			       i % 3 == 2 ? 511ull : 512ull);
		run->hypercall.ret = i == 4 ? EAGAIN : 0;
	}
	vcpu_run(b->vcpu);
	TEST_ASSERT(script_stopped(b->vcpu), "the last chunk was not the last");
	TEST_ASSERT(!softtdx_inject_read(fd, 2, &stop), "the rule is gone");
	TEST_ASSERT_EQ(stop.in.r10, older_mapgpa_retry());
	TEST_ASSERT_EQ(stop.in.r11, GPA_SHARED + 0x200000);
	kvm_close(fd);
}

static void map_gpa_answered_eagain(struct td_build *b)
{
	const struct script s = {
		"MapGPA answered EAGAIN", MAP(GPA_SHARED, 0x3000),
		MAP_EXIT(TD_GPA, 3, 0, LONG_MODE), .answers = true,
		.answer = { EAGAIN },
		RETURNS_R11(older_mapgpa_retry(), GPA_SHARED),
	};

	TEST_ASSERT(script_run(b, &s), "%s", s.name);
}

/* Nobody to ask: what KVM says when user space has not enabled the exit. */
static void map_gpa_without_exit(void)
{
	static const struct script refused = {
		"MapGPA without KVM_CAP_EXIT_HYPERCALL", MAP(TD_GPA, 0x1000),
		RETURNS_R11(TDVMCALL_UNSUPPORTED, TD_GPA),
	};
	struct td_build b;

	td_build(&b, 1, 0);
	TEST_ASSERT(script_run(&b, &refused), "%s", refused.name);
	td_build_free(&b);
}

/* An answer that there is none of ends KVM_RUN, not the guest. */
static void map_gpa_bad_answer(struct td_build *b)
{
	static const struct script retried = { "MapGPA, once more",
		MAP(GPA_SHARED, 0x1000), MAP_EXIT(TD_GPA, 1, 0, LONG_MODE),
		.answers = true, .answer = { 5 }, .last = true,
	};

	if (older_mapgpa_retry() != TDVMCALL_RETRY) {
		printf("MapGPA: an earlier kernel, which takes any answer\n");
		return;
	}
	TEST_ASSERT(script_run(b, &retried), "%s", retried.name);
	TEST_ASSERT(__vcpu_run(b->vcpu) && errno == EINVAL,
		    "MapGPA answered 5: exit %u, %s", b->vcpu->run->exit_reason,
		    strerror(errno));
}

/* All 16 words of a fatal error, in the order of the CPU's registers. */
static void fatal_error(struct td_build *b)
{
	static const struct softtdx_regs out = {
		.rcx = 0xffcc, .rdx = 2, .rbx = 3, .rsi = 6, .rdi = 7, .r8 = 8,
		.r9 = 9, .r11 = TDVMCALL_FATAL_ERROR, .r12 = 12, .r13 = 13,
		.r14 = 14, .r15 = 15,
	};
	static const u64 want[] = {
		SCRIPT_TDCALL, 0xffcc, 2, 3, 0, 0, 6, 7, 8, 9, 0,
		TDVMCALL_FATAL_ERROR, 12, 13, 14, 15,
	};
	struct kvm_run *run = b->vcpu->run;
	int fd = softtdx_inject_open(SOFTTDX_DIR);
	unsigned int i;

	TEST_ASSERT(fd >= 0, "%s/inject: %s", SOFTTDX_DIR, strerror(-fd));
	script_add(fd, 1, SCRIPT_TDCALL, &out);
	vcpu_run(b->vcpu);
	TEST_ASSERT_KVM_EXIT_REASON(b->vcpu, KVM_EXIT_SYSTEM_EVENT);
	for (i = 0; i < ARRAY_SIZE(want); i++)
		TEST_ASSERT(run->system_event.data[i] == want[i],
			    "fatal error, word %u: %#llx, not %#lx", i,
			    run->system_event.data[i], want[i]);
	kvm_close(fd);
}

/* Control: rows that are wrong in one thing each are found to be. */
static void wrong_rows_are_found(struct td_build *b)
{
	static const struct script wrong[] = {
		{ "(wrong) another exit", IO(1, 0),
		  MMIO_EXIT(KVM_EXIT_IO_IN, 1, PORT, 1), .last = true },
		{ "(wrong) another size", IO(2, 0),
		  IO_EXIT(KVM_EXIT_IO_IN, 1, PORT, 1), .last = true },
		{ "(wrong) no exit", IO(2, 0) },
		{ "(wrong) another value", RD(0x2ff), VALUE(0xc07) },
		{ "(wrong) another status", RD(MSR_ODD),
		  RETURNS(TDVMCALL_UNSUPPORTED) },
		{ "(wrong) a register that changes", RD(0x802) },
		{ "(wrong) not entered again", RD(0x802), .last = true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		TEST_ASSERT(!script_run(b, &wrong[i]), "%s: not found",
			    wrong[i].name);
}

void scripted_tdvmcalls(const struct subtest_args *args)
{
	struct td_build b;

	older_mapgpa_retry(); /* now: its TD would meet rules for this one */
	script_td(&b);
	script_run_all(&b, io, ARRAY_SIZE(io));
	script_run_all(&b, mmio, ARRAY_SIZE(mmio));
	script_run_all(&b, map_gpa, ARRAY_SIZE(map_gpa));
	map_gpa_answered_eagain(&b);
	map_gpa_in_chunks(&b);
	map_gpa_without_exit();
	script_run_all(&b, msrs, ARRAY_SIZE(msrs));
	script_run_all(&b, other, ARRAY_SIZE(other));
	script_run_all(&b, hypercalls, ARRAY_SIZE(hypercalls));
	fatal_error(&b);
	wrong_rows_are_found(&b);
	map_gpa_bad_answer(&b);
	td_build_free(&b);
}
