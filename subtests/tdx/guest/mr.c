// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD's TDREPORT, requested by the guest: the measurement of its build,
 * computed here independently of the TDX module, its attributes, and the RTMRs
 * that it extends at run time.
 */
#include <stdio.h>
#include <string.h>

#include "subtests/tdx/tests.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define PAGES		4
#define GPA_DATA	TD_GPA
#define GPA_REPORT	(TD_GPA + PAGE_SIZE)
#define GPA_OUT		(TD_GPA + 0x40000000)

/* In the shared page: the report, and after it the RTMRs' inputs. */
#define OUT_INPUTS	TDREPORT_SIZE
#define EXTENSIONS	6

struct rtmr_input {
	u64 index;
	u8 data[SHA384_SIZE];
};

/* RTMR 0 once, 1 twice, 2 not at all, 3 three times. */
static const u8 order[EXTENSIONS] = { 3, 0, 1, 3, 1, 3 };

/* ---- guest --------------------------------------------------------------- */

static void guest_report(u8 *data)
{
	u64 status = tdg_mr_report(GPA_REPORT, td_gpa(data));

	GUEST_ASSERT_EQ(status, 0ul);
	memcpy(td_shared(GPA_OUT), td_private(GPA_REPORT), TDREPORT_SIZE);
	GUEST_SYNC(0);
}

static void guest_bad_operands(void)
{
	u64 invalid = TDX_OPERAND_INVALID;
	struct tdcall_regs r = {
		.rcx = GPA_REPORT, .rdx = GPA_DATA, .r8 = 1,
	};

	GUEST_ASSERT_EQ(tdg_mr_report(GPA_REPORT + 512, GPA_DATA),
			invalid | TDX_OPERAND_RCX);
	GUEST_ASSERT_EQ(tdg_mr_report(GPA_REPORT | TD_SHARED, GPA_DATA),
			invalid | TDX_OPERAND_RCX);
	GUEST_ASSERT_EQ(tdg_mr_report(GPA_REPORT, GPA_DATA + 32),
			invalid | TDX_OPERAND_RDX);
	GUEST_ASSERT_EQ(tdcall(TDG_MR_REPORT, &r), invalid | TDX_OPERAND_R8);
	GUEST_ASSERT_EQ(tdg_mr_rtmr_extend(GPA_DATA, TDX_NR_RTMRS),
			invalid | TDX_OPERAND_RDX);
	GUEST_ASSERT_EQ(tdg_mr_rtmr_extend(GPA_DATA + 32, 0),
			invalid | TDX_OPERAND_RCX);
}

/* The data page holds measured bytes; some of them are used as data. */
static void guest_measures(void)
{
	struct rtmr_input *inputs = td_shared(GPA_OUT + OUT_INPUTS);
	u8 *data = td_private(GPA_DATA);
	unsigned int i;

	guest_report(data);
	guest_bad_operands();
	for (i = 0; i < EXTENSIONS; i++) {
		data += 64;
		inputs[i].index = order[i];
		memcpy(inputs[i].data, data, SHA384_SIZE);
		GUEST_ASSERT_EQ(tdg_mr_rtmr_extend(td_gpa(data), order[i]),
				0ul);
	}
	guest_report(data);
	GUEST_DONE();
}

/* ---- host ---------------------------------------------------------------- */

struct measured {
	struct td_vm *tv;
	struct td_area init, out;
	u8 mrs[3][SHA384_SIZE];
	u8 mrtd[SHA384_SIZE];
};

static void measured_start(struct measured *m, bool measure, u8 first)
{
	const struct td_opts opts = {
		.attributes = TD_ATTR_SEPT_VE_DISABLE,
		.measure = measure,
		.mrconfigid = m->mrs[0],
		.mrowner = m->mrs[1],
		.mrownerconfig = m->mrs[2],
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(m->mrs); i++)
		for (j = 0; j < SHA384_SIZE; j++)
			m->mrs[i][j] = 0x40 * (i + 1) + j;
	m->tv = td_new(1, guest_measures, &opts);
	td_area_add(m->tv, &m->init, TD_GPA, PAGES, TD_AREA_INIT);
	td_area_add(m->tv, &m->out, GPA_OUT, 1, TD_AREA_SHARED);
	td_source_fill(m->init.hva, PAGES, 1);
	m->init.hva[PAGES * PAGE_SIZE - 1] = first;
	td_load(m->tv);
	mrtd_value(&m->tv->mrtd, m->mrtd);
	td_finalize(m->tv->td);
}

static void assert_bytes(const u8 *report, size_t at, const void *want,
			 size_t size, const char *what)
{
	const u8 *bytes = want;
	size_t i;

	for (i = 0; i < size; i++)
		TEST_ASSERT(report[at + i] == bytes[i],
			    "TDREPORT: %s: byte %zu is %#x, not %#x", what, i,
			    report[at + i], bytes[i]);
}

static void assert_rtmr(const u8 *report, unsigned int i, const u8 *want)
{
	char what[16];

	snprintf(what, sizeof(what), "RTMR%u", i);
	assert_bytes(report, TDREPORT_RTMR(i), want, SHA384_SIZE, what);
}

/* Fields that do not change while the TD runs; @data is its REPORTDATA. */
static void assert_report(struct measured *m, const u8 *data)
{
	u64 attributes = TD_ATTR_SEPT_VE_DISABLE;
	u64 xfam = m->tv->td->caps->supported_xfam & TD_XFAM;
	const u8 *report = m->out.hva;
	u8 hash[SHA384_SIZE];

	TEST_ASSERT(report[0] == TDREPORT_TYPE_TDX, "TDREPORT of type %#x",
		    report[0]);
	assert_bytes(report, TDREPORT_DATA, data, TDREPORT_DATA_SIZE,
		     "REPORTDATA");
	assert_bytes(report, TDREPORT_ATTRIBUTES, &attributes,
		     sizeof(attributes), "ATTRIBUTES");
	assert_bytes(report, TDREPORT_XFAM, &xfam, sizeof(xfam), "XFAM");
	assert_bytes(report, TDREPORT_MRTD, m->mrtd, SHA384_SIZE, "MRTD");
	assert_bytes(report, TDREPORT_MRCONFIGID, m->mrs[0], SHA384_SIZE,
		     "MRCONFIGID");
	assert_bytes(report, TDREPORT_MROWNER, m->mrs[1], SHA384_SIZE,
		     "MROWNER");
	assert_bytes(report, TDREPORT_MROWNERCONFIG, m->mrs[2], SHA384_SIZE,
		     "MROWNERCONFIG");
	sha384_of(report + TDREPORT_TDINFO, TDREPORT_SIZE - TDREPORT_TDINFO,
		  hash);
	assert_bytes(report, TDREPORT_TD_HASH, hash, SHA384_SIZE,
		     "TEE_INFO_HASH");
}

static void extend(u8 *rtmr, const u8 *data)
{
	struct sha384 s;

	sha384_start(&s);
	sha384_add(&s, rtmr, SHA384_SIZE);
	sha384_add(&s, data, SHA384_SIZE);
	sha384_now(&s, rtmr);
}

static void measured_run(struct measured *m)
{
	const u8 *data = m->init.hva;
	u8 rtmr[TDX_NR_RTMRS][SHA384_SIZE] = {};
	struct rtmr_input input;
	unsigned int i;

	td_run_until_sync(m->tv, 0, NULL);
	assert_report(m, data);
	for (i = 0; i < TDX_NR_RTMRS; i++)
		assert_rtmr(m->out.hva, i, rtmr[i]);

	td_run_until_sync(m->tv, 0, NULL);
	assert_report(m, data + EXTENSIONS * 64);
	for (i = 0; i < EXTENSIONS; i++) {
		memcpy(&input, m->out.hva + OUT_INPUTS + i * sizeof(input),
		       sizeof(input));
		TEST_ASSERT(input.index == order[i] &&
			    !memcmp(input.data, data + (i + 1) * 64,
				    SHA384_SIZE),
			    "extension %u: the guest has other data", i);
		extend(rtmr[order[i]], data + (i + 1) * 64);
	}
	for (i = 0; i < TDX_NR_RTMRS; i++)
		assert_rtmr(m->out.hva, i, rtmr[i]);
	td_run_until_done(m->tv, 0);
	td_end(m->tv);
}

/* The bytes of a page enter MRTD only if it is measured. */
void guest_mrtd(const struct subtest_args *args)
{
	struct measured m[4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(m); i++) {
		measured_start(&m[i], i < 2, i % 2);
		measured_run(&m[i]);
	}
	TEST_ASSERT(memcmp(m[0].mrtd, m[1].mrtd, SHA384_SIZE),
		    "another byte, the same MRTD");
	TEST_ASSERT(memcmp(m[0].mrtd, m[2].mrtd, SHA384_SIZE),
		    "measured or not, the same MRTD");
	TEST_ASSERT(!memcmp(m[2].mrtd, m[3].mrtd, SHA384_SIZE),
		    "another byte that is not measured, another MRTD");
}

/* ---- the guest that gives up --------------------------------------------- */

#define TEXT_64	"sixty-four characters, none of which may be lost on" \
		" the way over"

_Static_assert(sizeof(TEXT_64) == 65, "64 characters");

static const struct {
	u64 code, gpa;
	const char *text;
} fatals[] = {
	{ 0, 0, "" },
	{ 1, 0, "x" },
	{ 0xdead, TD_GPA | TD_SHARED, "it cannot go on" },
	{ ~0ull, ~0ull, TEXT_64 },
	{ 3, 0, TEXT_64 " and more, which is cut" },
};

static void guest_gives_up(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fatals); i++)
		tdvmcall_fatal(fatals[i].code, fatals[i].text, fatals[i].gpa);
	GUEST_DONE();
}

/* The VMM has to end it: KVM does not. */
void fatal_error_report(const struct subtest_args *args)
{
	struct td_vm *tv = td_start(1, guest_gives_up);
	struct td_fatal f;
	struct td_exit e;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fatals); i++) {
		td_run_until_exit(tv, 0, KVM_EXIT_SYSTEM_EVENT, 0, &e);
		TEST_ASSERT(td_exit_fatal(tv, 0, &e, &f), "no fatal error");
		printf("code %#lx, gpa %#lx: %s\n", f.code, f.gpa, f.text);
		TEST_ASSERT_EQ(f.code, fatals[i].code);
		TEST_ASSERT_EQ(f.gpa, fatals[i].gpa);
		TEST_ASSERT(!strncmp(f.text, fatals[i].text, 64) &&
			    strlen(f.text) == min(strlen(fatals[i].text),
						  (size_t)64),
			    "'%s', not '%s'", f.text, fatals[i].text);
	}
	td_run_until_done(tv, 0);
	TEST_ASSERT(td_alive(tv->td), "the report killed the VM");
	td_end(tv);
}
