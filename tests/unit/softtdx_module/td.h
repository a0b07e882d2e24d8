/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine for softtdx in user space, and a TD made and taken down by the
 * calls that the kernel makes. For one test program: it defines the shim's
 * variables.
 */
#ifndef SOFTTDX_TD_H
#define SOFTTDX_TD_H

#include "call.h"

#define KEYID		65	/* 64 becomes the module's own */
#define INFO_ARRAY	0x2100000
#define INFO		0x2000000
#define PAMT		0x30000000ULL
#define PAMT_SIZE	(3 * SZ_4K + SZ_1G / SZ_4K * sizeof(struct stx_pamt))
#define PARAMS		0x8000000
#define SOURCE		0x9000000
#define GPA		0x40200000ULL
#define RAM_END		0x39000000ULL

u8 *shim_ram;
int shim_cpu;
struct memblock_region shim_memory[2] = {
	{ 0x100000, 0x1ff00000 }, { 0x20000000, RAM_END - 0x20000000 },
};

/* A page that nobody has had, in the upper half of RAM. */
static inline u64 new_page(void)
{
	static u64 next = 0x20000000;

	memset(__va(next), 0x5a, PAGE_SIZE);
	next += PAGE_SIZE;
	return next - PAGE_SIZE;
}

static inline void each_package(u64 leaf, u64 rcx)
{
	for (shim_cpu = 0; shim_cpu < 4; shim_cpu += 2)
		OK(leaf, rcx);
	shim_cpu = 0;
}

struct info {
	u64 base, size, pamt[6];
	struct { u64 offset, size; } rsvd[STX_MAX_RSVD];
};

static inline struct info *info_good(void)
{
	struct info *info = __va(INFO);
	u64 *array = __va(INFO_ARRAY);

	array[0] = INFO;
	*info = (struct info){
		.size = SZ_1G,
		.pamt = { PAMT, SZ_4K, PAMT + SZ_4K, 2 * SZ_4K,
			  PAMT + 3 * SZ_4K, PAMT_SIZE - 3 * SZ_4K },
		.rsvd = { { 0, 0x100000 }, { PAMT, PAMT_SIZE },
			  { RAM_END, SZ_1G - RAM_END } },
	};
	return info;
}

/* The module from power-on to ready, for tests that are about TDs. */
static inline void module_init(void)
{
	int i;

	OK(SYS_INIT);
	for (shim_cpu = 0; shim_cpu < 4; shim_cpu++)
		OK(LP_INIT);
	info_good();
	OK(SYS_CONFIG, INFO_ARRAY, 1, 64);
	for (shim_cpu = 0; shim_cpu < 4; shim_cpu += 2)
		OK(SYS_KEY_CONFIG);
	shim_cpu = 0;
	for (i = 0; i < 16; i++)
		OK(TDMR_INIT);
}

struct td {
	u64 tdr, tdcx[6], vp, vp_pages[STX_TDVPS_PAGES - 1], sept[3], page;
};

static inline u8 *params_good(void)
{
	u8 *p = memset(__va(PARAMS), 0, TD_PARAMS_SIZE);

	p[8] = 3;	/* XFAM */
	p[16] = 2;	/* at most 2 vCPUs */
	p[24] = EPTP_4_LEVEL;
	p[32] = CONFIG_FLAG_NO_RBP_MOD;
	p[40] = 40;	/* TSC in 25 MHz */
	return p;
}

static inline void td_create(struct td *t)
{
	int i;

	t->tdr = new_page();
	OK(MNG_CREATE, t->tdr, KEYID);
	each_package(KEY_CONFIG, t->tdr);
	for (i = 0; i < 6; i++) {
		t->tdcx[i] = new_page();
		OK(MNG_ADDCX, t->tdcx[i], t->tdr);
	}
}

static inline void vp_pages_add(struct td *t)
{
	int i;

	t->vp = new_page();
	OK(VP_CREATE, t->vp, t->tdr);
	for (i = 0; i < STX_TDVPS_PAGES - 1; i++) {
		t->vp_pages[i] = new_page();
		OK(VP_ADDCX, t->vp_pages[i], t->vp);
	}
}

static inline void td_init(struct td *t)
{
	td_create(t);
	params_good();
	OK(MNG_INIT, t->tdr, PARAMS);
	vp_pages_add(t);
	OK(VP_INIT, t->vp, 0, 7);
}

static inline void sept_add(struct td *t)
{
	int level;

	for (level = 3; level; level--) {
		u64 gpa = ALIGN_DOWN(GPA, sept_level_size(level));

		t->sept[level - 1] = new_page();
		OK(SEPT_ADD, gpa | level, t->tdr, t->sept[level - 1]);
	}
	t->page = new_page();
	OK(PAGE_ADD, GPA, t->tdr, t->page, SOURCE);
}

static inline void td_key_free(struct td *t)
{
	OK(VPFLUSHDONE, t->tdr);
	each_package(CACHE_WB, 0);
	OK(KEY_FREEID, t->tdr);
}

static inline void reclaim(const u64 *pages, int nr)
{
	while (nr--)
		if (pages[nr])
			OK(PAGE_RECLAIM, pages[nr]);
}

static inline void td_reclaim(struct td *t)
{
	int type;

	reclaim(t->vp_pages, STX_TDVPS_PAGES - 1);
	reclaim(&t->vp, 1);
	reclaim(&t->page, 1);
	reclaim(t->sept, 3);
	reclaim(t->tdcx, 6);
	reclaim(&t->tdr, 1);
	for (type = PGT_REG; type < PGT_NR; type++)
		CHECK_EQ(stx_page_count(type), 0);
	CHECK(!stx_td_before(~0ULL));
}

static inline void td_end(struct td *t)
{
	OK(VP_FLUSH, t->vp);
	td_key_free(t);
	td_reclaim(t);
}

static inline int softtdx_run(const struct unit_case *cases, int nr)
{
	int ret;

	shim_ram = aligned_alloc(SZ_2M, SHIM_RAM_SIZE);
	if (!shim_ram)
		return 1;

	stx_keys_setup();
	ret = unit_run(cases, nr);
	free(shim_ram);
	return ret;
}

#endif
