// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx in user space: the module from power-on to its end, which a
 * running kernel cannot repeat, and the self-test that the lab's kernel has as
 * well. Then the controls: with any rule switched off something must fail, and
 * nothing once it is on again; and no sanitizer speaks up on the way.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "lab/softtdx/selftest/selftest.h"
#include "td.h"

#define OWN_KEYID	64
#define BAD_KEYID	63
#define PAST_KEYIDS	80
#define SEEDS		24	/* a multiple of 8 */
#define VERSION_FIELD	0x0800000100000003ULL

static char text[1 << 20];
static struct st st = { .text = text, .size = sizeof(text) };

/* Of the self-test: what failed since, as failures of this program's. */
static void report(unsigned int failed)
{
	if (!failed)
		return;
	unit_failures += failed;
	printf("%s", text);
	st.len = 0;
	text[0] = '\0';
}

static void stage(enum st_stage s)
{
	unsigned int before = st.failed;

	st_module_at(&st, s);
	report(st.failed - before);
}

static void sys_init(void)
{
	stage(ST_BEFORE_INIT);
	EXPECT(INVALID(STX_RCX), SYS_INIT, 1);
	OK(SYS_INIT);
	stage(ST_BEFORE_LP);
}

static void sys_lp_init(void)
{
	OK(LP_INIT);
	stage(ST_BEFORE_CONFIG);
	OK(SYS_RD, 0, VERSION_FIELD);
	CHECK_EQ(r[STX_R8], 5);
	for (shim_cpu = 1; shim_cpu < 4; shim_cpu++) {
		EXPECT(RC_SYS_LP_INIT_NOT_DONE, SYS_RD, 0, VERSION_FIELD);
		EXPECT(RC_SYS_LP_INIT_NOT_DONE, SYS_CONFIG, INFO_ARRAY, 1,
		       OWN_KEYID);
		OK(LP_INIT);
	}
	shim_cpu = 0;
}

/* One value of a good TDMR changed. */
static void config_with(u64 want, u64 *value, u64 bad)
{
	*value = bad;
	EXPECT(want, SYS_CONFIG, INFO_ARRAY, 1, OWN_KEYID);
	info_good();
}

static void sys_config_tdmr(void)
{
	struct info *i = info_good();
	u64 *array = __va(INFO_ARRAY);

	config_with(INVALID(OPID_TDMR_INFO), array, INFO + 8);
	config_with(RC_INVALID_TDMR, &i->base, 0x1000);
	config_with(RC_INVALID_TDMR, &i->size, 0);
	config_with(RC_TDMR_OUTSIDE_CMRS, &i->rsvd[0].size, 0xff000);
	config_with(RC_INVALID_RESERVED_IN_TDMR | 2 << 8, &i->rsvd[2].size,
		    SZ_1G - RAM_END + SZ_4K);
	config_with(RC_NON_ORDERED_RESERVED_IN_TDMR | 1 << 8,
		    &i->rsvd[1].offset, 0);
	config_with(RC_PAMT_OVERLAP, &i->rsvd[1].size, PAMT_SIZE - SZ_4K);
	config_with(RC_INVALID_PAMT, &i->pamt[5], PAMT_SIZE - 4 * SZ_4K);
	config_with(RC_INVALID_PAMT | 2 << 8, &i->pamt[0], PAMT + 1);

	/* The same one twice is not in ascending order. */
	array[1] = INFO;
	EXPECT(RC_NON_ORDERED_TDMR | 1, SYS_CONFIG, INFO_ARRAY, 2, OWN_KEYID);
}

static void sys_config(void)
{
	info_good();
	EXPECT(INVALID(STX_RCX), SYS_CONFIG, INFO_ARRAY + 8, 1, OWN_KEYID);
	EXPECT(INVALID(STX_RDX), SYS_CONFIG, INFO_ARRAY, 0, OWN_KEYID);
	EXPECT(INVALID(STX_RDX), SYS_CONFIG, INFO_ARRAY, 65, OWN_KEYID);
	EXPECT(INVALID(STX_R8), SYS_CONFIG, INFO_ARRAY, 1, BAD_KEYID);
	EXPECT(INVALID(STX_R8), SYS_CONFIG, INFO_ARRAY, 1, PAST_KEYIDS);
	sys_config_tdmr();
	OK(SYS_CONFIG, INFO_ARRAY, 1, OWN_KEYID);
	stage(ST_BEFORE_KEY);
}

static void sys_keys_and_tdmrs(void)
{
	int i;

	OK(SYS_KEY_CONFIG);
	EXPECT(RC_KEY_CONFIGURED, SYS_KEY_CONFIG);
	EXPECT(RC_SYS_NOT_READY, TDMR_INIT);
	shim_cpu = 3;
	OK(SYS_KEY_CONFIG);
	shim_cpu = 0;
	stage(ST_READY);

	EXPECT(RC_OPERAND_ADDR_RANGE_ERROR | STX_RCX, MNG_CREATE, new_page(),
	       KEYID);
	for (i = 0; i < 16; i++) {
		OK(TDMR_INIT);
		CHECK_EQ(r[STX_RDX], i == 15 ? SZ_1G : 0);
	}
}

static void assert_page(u64 pa, enum stx_page_type type)
{
	OK(PAGE_RDMD, pa);
	CHECK_EQ(r[STX_RCX], type);
	CHECK_EQ(r[STX_RDX], 0);
}

static void reserved_areas(void)
{
	assert_page(0x1000, PGT_RSVD);
	assert_page(0x100000, PGT_NDA);
	assert_page(PAMT - SZ_4K, PGT_NDA);
	assert_page(PAMT, PGT_RSVD);
	assert_page(PAMT + PAMT_SIZE - SZ_4K, PGT_RSVD);
	assert_page(PAMT + PAMT_SIZE, PGT_NDA);
	EXPECT(RC_OPERAND_ADDR_RANGE_ERROR | STX_RCX, PAGE_RDMD, SZ_1G);
}

static int run(void)
{
	st.cases = 0;
	st.failed = 0;
	st.len = 0;
	text[0] = '\0';
	return st_run(&st);
}

/* Again and again, and always the same cases. */
static void selftest(void)
{
	unsigned int cases;

	CHECK_EQ(run(), 0);
	cases = st.cases;
	report(st.failed);
	CHECK(cases > 2000);
	CHECK_EQ(run(), 0);
	report(st.failed);
	CHECK_EQ(st.cases, cases);
	printf("# %u cases\n", cases);
}

static void busy(void)
{
	struct td t = { .tdr = new_page() };

	OK(MNG_CREATE, t.tdr, KEYID);
	CHECK_EQ(run(), -EBUSY);
	CHECK_STR(text, "there are TDs\n");
	td_key_free(&t);
	reclaim(&t.tdr, 1);
}

static void sys_disable(void)
{
	unsigned int before = st.failed;

	st_rax_of(&st, L_SYS_DISABLE);
	report(st.failed - before);
	OK(SYS_DISABLE);
	stage(ST_DOWN);
}

static void from_power_on(void)
{
	sys_init();
	sys_lp_init();
	sys_config();
	sys_keys_and_tdmrs();
	reserved_areas();
	sys_disable();
}

/* In a process of its own: 0 if the rule was missed, and again when it was. */
static int control_boot(const char *name)
{
	if (!stx_check_switch(name, true))
		return 2;
	unit_failures = 0;
	from_power_on();
	return unit_failures ? 0 : 1;
}

static int control_ready(const char *name)
{
	if (!stx_check_switch(name, true) || run())
		return 2;
	if (!st.failed)
		return 1;
	stx_check_switch(name, false);
	return run() || st.failed ? 3 : 0;
}

static const char * const verdicts[] = {
	"noticed", "no case fails without it", "cannot be switched",
	"fails although it is on again",
};

/* A control may leave the module in any state: in a process of its own. */
static void in_child(const char *name, int (*fn)(const char *name))
{
	int status = 0, code;

	fflush(stdout);
	if (!fork()) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(2);
		_exit(fn(name));
	}
	wait(&status);
	if (!status)
		return;
	code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	printf("# %s: %s\n", name, code > 0 && code < 4 ? verdicts[code] :
	       "ended badly");
	unit_failures++;
}

static void controls(bool at_boot)
{
	struct stx_check_view rule = {};
	unsigned int nr = 0;
	char name[64];

	while (stx_check_next(&rule)) {
		if (rule.at_boot != at_boot)
			continue;
		snprintf(name, sizeof(name), "%s:%s", rule.leaf->name,
			 rule.name);
		in_child(name, at_boot ? control_boot : control_ready);
		nr++;
	}
	CHECK(nr > 20);
	printf("# %u rules\n", nr);
}

static void rules_at_boot(void)
{
	controls(true);
}

static void rules(void)
{
	/* What fails anyway shows nothing. */
	CHECK(!run() && !st.failed);
	if (!unit_failures)
		controls(false);
}

/* Some rules off at once, by chance; those on the module as a whole stay on. */
static int control_some(const char *number)
{
	unsigned int seed = atoi(number);
	struct stx_check_view rule = {};
	unsigned int one_in = 1 + seed % 8;
	char name[64];

	srandom(seed);
	while (stx_check_next(&rule)) {
		if (!strncmp(rule.leaf->name, "TDH.SYS.", 8) ||
		    random() % one_in)
			continue;
		snprintf(name, sizeof(name), "%s:%s", rule.leaf->name,
			 rule.name);
		stx_check_switch(name, true);
	}
	if (run() || !st.failed)
		return 1;
	stx_check_switch("all", false);
	return run() || st.failed ? 3 : 0;
}

/* Whatever is off, memory is safe, and all is well once it is on again. */
static void some_rules(void)
{
	unsigned int seed;
	char number[16];

	for (seed = 1; seed <= SEEDS; seed++) {
		snprintf(number, sizeof(number), "%u", seed);
		in_child(number, control_some);
	}
}

static void no_such_rule(void)
{
	CHECK(!stx_check_switch("TDH.MEM.PAGE.ADD:gpa-aligned", true));
	CHECK(!stx_check_switch("TDH.MEM.PAGE.ADD", true));
	CHECK(!stx_check_switch("all", true));
	CHECK(stx_check_switch("all", false));
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "rules_at_boot", rules_at_boot },
		{ "sys_init", sys_init },
		{ "sys_lp_init", sys_lp_init },
		{ "sys_config", sys_config },
		{ "sys_keys_and_tdmrs", sys_keys_and_tdmrs },
		{ "reserved_areas", reserved_areas },
		{ "selftest", selftest },
		{ "busy", busy },
		{ "rules", rules },
		{ "some_rules", some_rules },
		{ "no_such_rule", no_such_rule },
		{ "sys_disable", sys_disable },
	};

	return softtdx_run(cases, ARRAY_SIZE(cases));
}
