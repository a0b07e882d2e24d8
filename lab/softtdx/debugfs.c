// SPDX-License-Identifier: GPL-2.0-only
/*
 * What softtdx holds, as text in /sys/kernel/debug/softtdx/.  Stable: fields
 * are "name value" pairs separated by blanks, new ones are added at a line's
 * end.
 *
 *   version	softtdx 1
 *   stats	leaf NAME nr N calls N errors N last STATUS
 *		leaf unknown nr - calls N errors N last STATUS
 *		pages REG N TDR N TDCX N TDVPR N EPT N
 *   tds	td PA keyid N life STATE op STATE vcpus N assoc N children N
 *		epoch N attributes X xfam X gpaw N added N extended N mrtd HEX
 *
 * Numbers are decimal; PA, STATUS and X hexadecimal with 0x; "-" stands for
 * what is not there (no complete TDCS yet, or no longer).  mrtd is the final
 * value in a TD that is RUNNABLE, before that what it would be if made final
 * now.  TDs come newest first.  added and extended count what entered MRTD:
 * pages by PAGE.ADD, 256-byte chunks by MR.EXTEND, 16 of them for a page that
 * is measured whole.  Each line is consistent in itself; TDs may come and go
 * between two.
 */
#include <linux/array_size.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "softtdx.h"

static const char * const stx_life_names[] = {
	[LIFE_HKID_ASSIGNED] = "HKID_ASSIGNED",
	[LIFE_KEYS_CONFIGURED] = "KEYS_CONFIGURED",
	[LIFE_BLOCKED] = "BLOCKED",
	[LIFE_TEARDOWN] = "TEARDOWN",
};

static const char * const stx_op_names[] = {
	[OP_UNINITIALIZED] = "UNINITIALIZED",
	[OP_INITIALIZED] = "INITIALIZED",
	[OP_RUNNABLE] = "RUNNABLE",
};

static const struct {
	enum stx_page_type type;
	const char *name;
} stx_page_names[] = {
	{ PGT_REG, "REG" }, { PGT_TDR, "TDR" }, { PGT_TDCX, "TDCX" },
	{ PGT_TDVPR, "TDVPR" }, { PGT_EPT, "EPT" },
};

/* A TD as it was at one moment. */
struct stx_td_view {
	struct stx_tdr tdr;
	struct stx_tdcs tdcs;
	bool has_tdcs;
	u8 mrtd[SHA384_DIGEST_SIZE];
};

static int version_show(struct seq_file *m, void *v)
{
	seq_printf(m, "softtdx %d\n", STX_VERSION);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(version);

static int stats_show(struct seq_file *m, void *v)
{
	u64 calls, errors, last;
	unsigned int i;

	for (i = 0; i < STX_NR_LEAVES; i++) {
		if (!stx_leaf(i))
			continue;
		stx_leaf_stats(i, &calls, &errors, &last);
		seq_printf(m, "leaf %s nr %u calls %llu errors %llu last %#llx\n",
			   stx_leaf(i)->name, i, calls, errors, last);
	}
	stx_leaf_stats(STX_NR_LEAVES, &calls, &errors, &last);
	seq_printf(m, "leaf unknown nr - calls %llu errors %llu last %#llx\n",
		   calls, errors, last);

	seq_puts(m, "pages");
	for (i = 0; i < ARRAY_SIZE(stx_page_names); i++)
		seq_printf(m, " %s %llu", stx_page_names[i].name,
			   stx_page_count(stx_page_names[i].type));
	seq_putc(m, '\n');
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static bool stx_td_view(struct stx_td_view *view, unsigned int n)
{
	struct stx_tdcs *tdcs = NULL;
	struct stx_tdr *tdr;
	unsigned long flags;

	stx_lock(&flags);
	tdr = stx_td_nth(n);
	if (tdr) {
		view->tdr = *tdr;
		if (tdr->nr_tdcx == STX_TDCS_PAGES)
			tdcs = stx_tdcs(tdr);
	}
	view->has_tdcs = tdcs && tdcs->op != OP_UNINITIALIZED;
	if (view->has_tdcs) {
		view->tdcs = *tdcs;
		stx_mr_now(tdcs, view->mrtd);
	}
	stx_unlock(flags);
	return tdr;
}

static void stx_td_print(struct seq_file *m, const struct stx_td_view *view)
{
	const struct stx_tdr *tdr = &view->tdr;
	const struct stx_tdcs *tdcs = &view->tdcs;

	seq_printf(m, "td %#llx keyid %u life %s ", tdr->pa, tdr->hkid,
		   stx_life_names[tdr->life]);
	if (!view->has_tdcs) {
		seq_printf(m, "op - vcpus - assoc - children %llu epoch - attributes - xfam - gpaw - added - extended - mrtd -\n",
			   tdr->children);
		return;
	}
	seq_printf(m, "op %s vcpus %u assoc %u children %llu epoch %llu attributes %#llx xfam %#llx gpaw %d added %llu extended %llu mrtd %*phN\n",
		   stx_op_names[tdcs->op], tdcs->nr_vcpus, tdcs->nr_assoc,
		   tdr->children, tdcs->epoch, tdcs->attributes, tdcs->xfam,
		   tdcs->gpaw, tdcs->nr_added, tdcs->nr_extended,
		   SHA384_DIGEST_SIZE, view->mrtd);
}

static int tds_show(struct seq_file *m, void *v)
{
	struct stx_td_view *view;
	unsigned int n;

	view = kzalloc_obj(*view);
	if (!view)
		return -ENOMEM;
	for (n = 0; stx_td_view(view, n); n++)
		stx_td_print(m, view);
	kfree(view);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tds);

static int __init stx_debugfs_init(void)
{
	struct dentry *dir = debugfs_create_dir("softtdx", NULL);

	debugfs_create_file("version", 0444, dir, NULL, &version_fops);
	debugfs_create_file("stats", 0444, dir, NULL, &stats_fops);
	debugfs_create_file("tds", 0444, dir, NULL, &tds_fops);
	return 0;
}
late_initcall(stx_debugfs_init);
