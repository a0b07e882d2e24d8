// SPDX-License-Identifier: GPL-2.0-only
/*
 * The self-test: the list of its parts, and a run over all of them.  See
 * selftest.h.
 */
#include <linux/array_size.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/msr.h>

#include "selftest.h"

/* Those that find a missing check fastest come first. */
static const struct {
	const char *name;
	void (*fn)(struct st *t);
} st_parts[] = {
	{ "module", st_module },
	{ "rax", st_rax },
	{ "life", st_life },
	{ "fields", st_fields },
	{ "vcpus", st_vcpus },
	{ "epochs", st_epochs },
	{ "contents", st_contents },
	{ "levels", st_five_levels },
	{ "keyids", st_keyids },
	{ "address", st_addresses },
	{ "order", st_order },
	{ "params", st_td_params },
	{ "cpuid", st_cpuid },
	{ "vp", st_vps },
	{ "page", st_page_types },
	{ "sept", st_sept },
	{ "td", st_tds },
};

static bool st_host_pages(struct st *t)
{
	t->user = ST_NR_TDS + 1;
	t->params = st_page(t);
	t->source = st_page(t);
	t->user = ST_SCRATCH;
	return t->params && t->source;
}

static u64 st_read_field(struct st *t, u64 field)
{
	u64 regs[STX_NR_REGS] = { [RDX] = field };

	return st_call_on(t, t->here, L_SYS_RD, regs) ? 0 : regs[R8];
}

static int st_cannot(struct st *t, int err, const char *why)
{
	st_say(t, "%s\n", why);
	return err;
}

static int st_prepare(struct st *t)
{
	u64 part = 0;

	if (stx_page_count(PGT_TDR))
		return st_cannot(t, -EBUSY, "there are TDs");
	if (stx_have_injects())
		return st_cannot(t, -EBUSY, "there are injections");
	rdmsrq_safe(MSR_IA32_MKTME_KEYID_PARTITIONING, &part);
	t->first_key = (u32)part + 1;
	t->last_key = t->first_key + (part >> 32) - 1;
	if (part >> 32 < ST_NR_TDS + 4)
		return st_cannot(t, -ENOSPC, "not enough private keyids");

	t->nr_tdcx = st_read_field(t, F_TDCS_SIZE) / PAGE_SIZE;
	t->nr_tdvps = st_read_field(t, F_TDVPS_SIZE) / PAGE_SIZE;
	if (!t->nr_tdcx || t->nr_tdcx > ST_MAX_CX || !t->nr_tdvps ||
	    t->nr_tdvps > ST_MAX_CX)
		return st_cannot(t, -EINVAL, "sizes of TDCS or TDVPS");
	if (!st_host_pages(t))
		return st_cannot(t, -ENOMEM, "no memory");
	return 0;
}

static bool st_enough(const struct st *t)
{
	return t->stop && t->failed;
}

static void st_parts_run(struct st *t)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(st_parts) && !st_enough(t); i++) {
		t->part = st_parts[i].name;
		t->column = "-";
		st_parts[i].fn(t);
		st_drop_all(t);
		cond_resched();
	}
	if (t->more && !st_enough(t)) {
		t->part = "cpus";
		t->more(t);
		st_drop_all(t);
	}
}

/* All pages and keyids of the run are given back, whatever happened. */
static void st_counts(struct st *t, const u64 *before, u64 free_keys)
{
	unsigned int i;

	t->part = "end";
	for (i = 0; i < ST_NR_TYPES; i++)
		st_check(t, "pages", stx_page_count(i), before[i]);
	st_check(t, "free keyids", stx_key_count(KEY_FREE), free_keys);
}

static int st_run_here(struct st *t)
{
	u64 counts[ST_NR_TYPES], keys = stx_key_count(KEY_FREE);
	unsigned int i;
	int err;

	for (i = 0; i < ST_NR_TYPES; i++)
		counts[i] = stx_page_count(i);
	t->here = raw_smp_processor_id();
	t->other = cpumask_any_but(cpu_online_mask, t->here);
	if (t->other >= nr_cpu_ids)
		t->other = -1;

	err = st_prepare(t);
	if (!err) {
		WRITE_ONCE(stx_no_guest, true);
		st_parts_run(t);
		WRITE_ONCE(stx_no_guest, false);
		st_counts(t, counts, keys);
	}
	while (t->nr_pages)
		__free_page(t->pages[--t->nr_pages]);
	return err;
}

int st_run(struct st *t)
{
	int err;

	cpus_read_lock();
	migrate_disable();
	err = st_run_here(t);
	migrate_enable();
	cpus_read_unlock();
	return err;
}
