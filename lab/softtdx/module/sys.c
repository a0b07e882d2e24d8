// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module as a whole: initialization once, per CPU, per package and per
 * TDMR, and its end.  TDH.SYS.CONFIG takes over the TDMRs with the memory for
 * their PAMTs; there is no BIOS that lists convertible memory, so the RAM in
 * the kernel's memblock stands for it.
 */
#include <linux/cpumask.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include <asm/processor.h>

#include "softtdx.h"

/* What one TDH.SYS.TDMR.INIT initializes; the module itself does 4 MiB. */
#define TDMR_INIT_SLICE		SZ_64M
#define TDMR_INFO_ALIGN		512

/* As the kernel passes it: the ABI's TDMR_INFO. */
struct tdmr_info_abi {
	u64 base, size;
	struct { u64 base, size; } pamt[3];	/* 1 GiB, 2 MiB, 4 KiB */
	struct { u64 offset, size; } rsvd[STX_MAX_RSVD];
};

enum { PAMT_1G, PAMT_2M, PAMT_4K, PAMT_LEVELS };

static enum stx_sys stx_sys;
static struct cpumask stx_lps;
static u32 stx_pkg_ids[STX_MAX_PKGS];
static unsigned int stx_nr_pkgs;
static u64 stx_pkgs_keyed;

enum stx_sys stx_sys_state(void)
{
	return READ_ONCE(stx_sys);
}

/* Packages count from 0 in the order in which their first CPU came. */
unsigned int stx_package(void)
{
	u32 id = topology_physical_package_id(smp_processor_id());
	unsigned int i;

	for (i = 0; i < stx_nr_pkgs; i++)
		if (stx_pkg_ids[i] == id)
			return i;
	return STX_MAX_PKGS;
}

/* 0 for a package that has no CPU with LP.INIT. */
u64 stx_package_bit(void)
{
	unsigned int pkg = stx_package();

	return pkg == STX_MAX_PKGS ? 0 : BIT_ULL(pkg);
}

u64 stx_packages(void)
{
	return stx_nr_pkgs ? GENMASK_ULL(stx_nr_pkgs - 1, 0) : 0;
}

/* LP.INIT was done on this CPU. */
bool stx_lp_ready(void)
{
	return cpumask_test_cpu(smp_processor_id(), &stx_lps);
}

u64 stx_sys_init(struct stx_call *c)
{
	if (c->in[STX_RCX] && stx_checks(c, CHECK_RCX))
		return stx_err(RC_OPERAND_INVALID, STX_RCX);
	stx_sys = SYS_INIT_DONE;
	return RC_SUCCESS;
}

u64 stx_sys_lp_init(struct stx_call *c)
{
	int cpu = smp_processor_id();

	if (stx_lp_ready() && stx_checks(c, CHECK_LP_DONE))
		return RC_SYS_LP_INIT_DONE;
	if (stx_package() == STX_MAX_PKGS) {
		if (stx_nr_pkgs == STX_MAX_PKGS)
			return stx_err(RC_OPERAND_INVALID, STX_RAX);
		stx_pkg_ids[stx_nr_pkgs++] = topology_physical_package_id(cpu);
	}
	cpumask_set_cpu(cpu, &stx_lps);
	return RC_SUCCESS;
}

static u64 stx_err_at(u64 status, unsigned int i, unsigned int j)
{
	return status | i | j << 8;
}

static bool stx_range_ok(u64 base, u64 size, u64 align)
{
	u64 end;

	return size && IS_ALIGNED(base | size, align) &&
	       !check_add_overflow(base, size, &end) &&
	       !((end - 1) & ~stx_pa_mask());
}

static bool stx_overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* All of it RAM, in however many regions (NUMA nodes split them). */
static bool stx_is_ram(u64 start, u64 end)
{
	struct memblock_region *region;
	u64 ram = 0;

	for_each_mem_region(region) {
		u64 from = max_t(u64, start, region->base);
		u64 to = min_t(u64, end, region->base + region->size);

		if (from < to)
			ram += to - from;
	}
	return ram == end - start;
}

static u64 stx_check_rsvd(struct stx_call *c, const struct tdmr_info_abi *info,
			  unsigned int i)
{
	u64 end, floor = 0;
	bool last = false;
	unsigned int j;

	for (j = 0; j < STX_MAX_RSVD; j++) {
		u64 offset = info->rsvd[j].offset, size = info->rsvd[j].size;

		if (!size) {
			last = true;
			continue;
		}
		if (last || offset < floor)
			return stx_refuse(c, CHECK_RSVD_ORDER, stx_err_at(
					RC_NON_ORDERED_RESERVED_IN_TDMR, i, j));
		if (!IS_ALIGNED(offset | size, PAGE_SIZE) ||
		    check_add_overflow(offset, size, &end) || end > info->size)
			return stx_refuse(c, CHECK_RSVD_RANGE, stx_err_at(
					RC_INVALID_RESERVED_IN_TDMR, i, j));
		floor = end;
	}
	return RC_SUCCESS;
}

/* Calls fn for each part of the TDMR that is not reserved, until one fails. */
static bool stx_each_free(const struct tdmr_info_abi *info,
			  bool (*fn)(u64 start, u64 end, const void *arg),
			  const void *arg)
{
	u64 from = 0;
	unsigned int j;

	for (j = 0; j < STX_MAX_RSVD && info->rsvd[j].size; j++) {
		if (info->rsvd[j].offset > from &&
		    !fn(info->base + from, info->base + info->rsvd[j].offset,
			arg))
			return false;
		from = info->rsvd[j].offset + info->rsvd[j].size;
	}
	return from == info->size ||
	       fn(info->base + from, info->base + info->size, arg);
}

static bool stx_free_is_ram(u64 start, u64 end, const void *arg)
{
	return stx_is_ram(start, end);
}

static bool stx_free_has_no_pamt(u64 start, u64 end, const void *arg)
{
	const struct tdmr_info_abi *owner = arg;
	unsigned int l;

	for (l = 0; l < PAMT_LEVELS; l++)
		if (stx_overlap(owner->pamt[l].base, owner->pamt[l].size,
				start, end - start))
			return false;
	return true;
}

static u64 stx_check_pamt(struct stx_call *c, const struct tdmr_info_abi *info,
			  unsigned int i)
{
	static const u64 unit[PAMT_LEVELS] = { SZ_1G, SZ_2M, SZ_4K };
	unsigned int l;

	for (l = 0; l < PAMT_LEVELS; l++) {
		u64 need = info->size / unit[l] * sizeof(struct stx_pamt);
		u64 base = info->pamt[l].base, size = info->pamt[l].size;

		if (!stx_range_ok(base, size, PAGE_SIZE) || size < need ||
		    !stx_is_ram(base, base + size))
			return stx_refuse(c, CHECK_PAMT,
					  stx_err_at(RC_INVALID_PAMT, i,
						     PAMT_4K - l));
	}
	return RC_SUCCESS;
}

static u64 stx_check_tdmr(struct stx_call *c, const struct tdmr_info_abi *info,
			  unsigned int i, u64 floor)
{
	u64 err;

	if (info->base < floor)
		return stx_refuse(c, CHECK_TDMR_ORDER,
				  stx_err_at(RC_NON_ORDERED_TDMR, i, 0));
	if (!stx_range_ok(info->base, info->size, SZ_1G))
		return stx_refuse(c, CHECK_TDMR_RANGE,
				  stx_err_at(RC_INVALID_TDMR, i, 0));
	err = stx_check_rsvd(c, info, i) ?: stx_check_pamt(c, info, i);
	if (err)
		return err;
	if (!stx_each_free(info, stx_free_is_ram, NULL))
		return stx_refuse(c, CHECK_CMR,
				  stx_err_at(RC_TDMR_OUTSIDE_CMRS, i, 0));
	return RC_SUCCESS;
}

static void stx_take_tdmr(const struct tdmr_info_abi *info)
{
	struct stx_tdmr *t = &stx_tdmrs[stx_nr_tdmrs++];
	unsigned int j;

	t->base = info->base;
	t->size = info->size;
	t->pamt_4k = info->pamt[PAMT_4K].base;
	t->next = info->base;
	for (j = 0; j < STX_MAX_RSVD && info->rsvd[j].size; j++) {
		t->rsvd[j].offset = info->rsvd[j].offset;
		t->rsvd[j].size = info->rsvd[j].size;
	}
	t->nr_rsvd = j;
}

static u64 stx_check_tdmrs(struct stx_call *c, const u64 *array, u64 nr)
{
	const struct tdmr_info_abi *info;
	u64 i, j, err, floor = 0;

	for (i = 0; i < nr; i++) {
		info = __va(array[i]);
		err = stx_source_check(c, array[i], TDMR_INFO_ALIGN,
				       OPID_TDMR_INFO) ?:
		      stx_check_tdmr(c, info, i, floor);
		if (err)
			return err;
		floor = info->base + info->size;
	}

	/* A PAMT may lie in any TDMR, but only where that one is reserved. */
	for (i = 0; i < nr; i++)
		for (j = 0; j < nr; j++)
			if (!stx_each_free(__va(array[j]), stx_free_has_no_pamt,
					   __va(array[i])))
				return stx_refuse(c, CHECK_PAMT_OVERLAP,
						  stx_err_at(RC_PAMT_OVERLAP, i,
							     j << 8));
	return RC_SUCCESS;
}

u64 stx_sys_config(struct stx_call *c)
{
	u64 nr = c->in[STX_RDX], hkid = c->in[STX_R8], err, i;
	const u64 *array;

	/* TDMRs are taken once, even if the check "sys" is off. */
	if (stx_nr_tdmrs)
		return RC_TD_FATAL;
	if (cpumask_weight(&stx_lps) < num_present_cpus() &&
	    stx_checks(c, CHECK_LPS))
		return RC_SYS_LP_INIT_NOT_DONE;
	err = stx_source_check(c, c->in[STX_RCX], TDMR_INFO_ALIGN, STX_RCX);
	if (err)
		return err;
	if (!nr || nr > STX_MAX_TDMRS)
		return stx_refuse(c, CHECK_COUNT,
				  stx_err(RC_OPERAND_INVALID, STX_RDX));
	if (!stx_key_private(hkid))
		return stx_refuse(c, CHECK_KEYID,
				  stx_err(RC_OPERAND_INVALID, STX_R8));

	array = __va(c->in[STX_RCX]);
	err = stx_check_tdmrs(c, array, nr);
	if (err)
		return err;
	for (i = 0; i < nr; i++)
		stx_take_tdmr(__va(array[i]));
	stx_key_reserve(hkid);
	stx_sys = SYS_CONFIG_DONE;
	return RC_SUCCESS;
}

u64 stx_sys_key_config(struct stx_call *c)
{
	u64 pkg = stx_package_bit();

	if ((stx_pkgs_keyed & pkg) && stx_checks(c, CHECK_PACKAGE))
		return RC_KEY_CONFIGURED;
	stx_pkgs_keyed |= pkg;
	if (stx_pkgs_keyed == stx_packages())
		stx_sys = SYS_READY;
	return RC_SUCCESS;
}

/* RDX is rounded down to the 1 GiB blocks that are complete. */
u64 stx_sys_tdmr_init(struct stx_call *c)
{
	struct stx_tdmr *t;
	unsigned int i;

	for (i = 0; i < stx_nr_tdmrs; i++)
		if (stx_tdmrs[i].base == c->in[STX_RCX])
			break;
	if (i == stx_nr_tdmrs)
		return stx_refuse(c, CHECK_TDMR,
				  stx_err(RC_OPERAND_INVALID, STX_RCX));

	t = &stx_tdmrs[i];
	if (t->next < t->base + t->size)
		stx_pamt_init(t, min(t->next + TDMR_INIT_SLICE,
				     t->base + t->size));
	else if (stx_checks(c, CHECK_COMPLETE))
		return RC_TDMR_ALREADY_INITIALIZED;
	c->out[STX_RDX] = ALIGN_DOWN(t->next, SZ_1G);
	return RC_SUCCESS;
}

/*
 * Also called on the way into a crash kernel, when the CPU that holds the lock
 * may be stopped for good.  So it is one store, without the lock.
 */
u64 stx_sys_disable(struct stx_call *c)
{
	WRITE_ONCE(stx_sys, SYS_SHUTDOWN);
	return RC_SUCCESS;
}
