// SPDX-License-Identifier: GPL-2.0-only
/*
 * The debugfs files about TDs: tds, vcpus and sept.  ../debugfs.c has their
 * format.  The last two may have thousands of lines: each is made under the
 * lock by itself, and a page is hashed from a copy once the lock is dropped,
 * because interrupts are off under it.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
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

static const char * const stx_vcpu_names[] = {
	[VCPU_UNINITIALIZED] = "UNINITIALIZED",
	[VCPU_READY] = "READY",
	[VCPU_DISABLED] = "DISABLED",
};

/* A TD as it was at one moment. */
struct stx_td_view {
	struct stx_tdr tdr;
	struct stx_tdcs tdcs;
	bool has_tdcs;
	u8 mrtd[SHA384_DIGEST_SIZE];
};

static bool stx_td_view(struct stx_td_view *view, u64 before)
{
	struct stx_tdcs *tdcs = NULL;
	struct stx_tdr *tdr;
	unsigned long flags;

	stx_lock(&flags);
	tdr = stx_td_before(before);
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
	u64 seq = ~0ULL;

	view = kzalloc_obj(*view);
	if (!view)
		return -ENOMEM;
	for (; stx_td_view(view, seq); seq = view->tdr.seq)
		stx_td_print(m, view);
	kfree(view);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tds);

/* A file line by line: the current line, and how to get the next one. */
struct stx_lines {
	loff_t at;
	bool more;
	bool (*next)(struct stx_lines *lines);
	u64 td_seq;		/* TD of the current line, ~0 before any */
};

static void stx_lines_next(struct stx_lines *l)
{
	l->at++;
	l->more = l->next(l);
}

static void *stx_lines_start(struct seq_file *m, loff_t *pos)
{
	struct stx_lines *l = m->private;

	if (!*pos || *pos < l->at) {
		l->at = -1;
		l->td_seq = ~0ULL;
		stx_lines_next(l);
	}
	while (l->more && l->at < *pos)
		stx_lines_next(l);
	return l->more ? l : NULL;
}

static void *stx_lines_more(struct seq_file *m, void *v, loff_t *pos)
{
	struct stx_lines *l = m->private;

	++*pos;
	stx_lines_next(l);
	return l->more ? l : NULL;
}

static void stx_lines_stop(struct seq_file *m, void *v)
{
}

/* The TD of the current line, NULL once it is gone; under the lock. */
static struct stx_tdr *stx_lines_td(const struct stx_lines *l)
{
	struct stx_tdr *tdr;

	if (l->td_seq == ~0ULL)
		return NULL;
	tdr = stx_td_before(l->td_seq + 1);
	return tdr && tdr->seq == l->td_seq ? tdr : NULL;
}

struct stx_vcpu_lines {
	struct stx_lines lines;
	u64 td;
	unsigned int left;	/* ends a circle of links */
	struct stx_tdvps vp;
};

/* The next vCPU of the current TD. */
static struct stx_tdvps *stx_vcpu_here(struct stx_vcpu_lines *v, u64 after)
{
	struct stx_tdr *tdr = stx_lines_td(&v->lines);
	struct stx_tdcs *tdcs = tdr ? stx_td_inside(tdr) : NULL;

	if (!tdcs || !v->left)
		return NULL;
	v->left--;
	return stx_vp_next(tdr, tdcs, after);
}

static bool stx_vcpu_next(struct stx_lines *l)
{
	struct stx_vcpu_lines *v =
		container_of(l, struct stx_vcpu_lines, lines);
	struct stx_tdvps *vp;
	struct stx_tdr *tdr;
	unsigned long flags;

	stx_lock(&flags);
	vp = stx_vcpu_here(v, v->vp.pa);
	while (!vp && (tdr = stx_td_before(l->td_seq))) {
		l->td_seq = tdr->seq;
		v->td = tdr->pa;
		v->left = stx_page_count(PGT_TDVPR);
		vp = stx_vcpu_here(v, 0);
	}
	if (vp)
		v->vp = *vp;
	stx_unlock(flags);
	return vp;
}

static int vcpus_show(struct seq_file *m, void *v)
{
	const struct stx_vcpu_lines *lines = v;
	const struct stx_tdvps *vp = &lines->vp;

	seq_printf(m, "vcpu %#llx td %#llx ", vp->pa, lines->td);
	if (vp->state == VCPU_UNINITIALIZED)
		seq_puts(m, "index - x2apic -");
	else
		seq_printf(m, "index %u x2apic %u", vp->index, vp->x2apic_id);
	seq_printf(m, " state %s cpu ", stx_vcpu_names[vp->state]);
	if (vp->lp == STX_NO_LP)
		seq_putc(m, '-');
	else
		seq_printf(m, "%u", vp->lp);
	seq_printf(m, " pages %u epoch %llu\n", vp->nr_pages, vp->epoch);
	return 0;
}

struct stx_sept_lines {
	struct stx_lines lines;
	bool is_td;		/* a TD's own line, else an entry's */
	bool inside;		/* the TD's entries can be walked */
	u64 td;
	int gpaw, root_level;
	struct stx_sept_pos pos;
	struct stx_sept_view view;
	u8 sha384[SHA384_DIGEST_SIZE];
	u8 page[PAGE_SIZE];
};

static bool stx_sept_line_entry(struct stx_sept_lines *s)
{
	struct stx_tdr *tdr = s->inside ? stx_lines_td(&s->lines) : NULL;
	struct stx_tdcs *tdcs = tdr ? stx_td_inside(tdr) : NULL;

	if (!tdcs || !stx_sept_next(tdr, tdcs, &s->pos))
		return false;
	stx_sept_view(tdr, &s->pos, &s->view);
	if (s->view.bytes)
		memcpy(s->page, s->view.bytes, PAGE_SIZE);
	s->is_td = false;
	return true;
}

static bool stx_sept_line_td(struct stx_sept_lines *s)
{
	struct stx_tdr *tdr = stx_td_before(s->lines.td_seq);
	struct stx_tdcs *tdcs = tdr ? stx_td_inside(tdr) : NULL;

	if (!tdr)
		return false;
	s->lines.td_seq = tdr->seq;
	s->td = tdr->pa;
	s->is_td = true;
	s->inside = tdcs;
	if (tdcs) {
		s->gpaw = tdcs->gpaw;
		s->root_level = tdcs->root_level;
		stx_sept_first(tdcs, &s->pos);
	}
	return true;
}

static bool stx_sept_line(struct stx_lines *l)
{
	struct stx_sept_lines *s =
		container_of(l, struct stx_sept_lines, lines);
	unsigned long flags;
	bool more;

	stx_lock(&flags);
	more = stx_sept_line_entry(s) || stx_sept_line_td(s);
	stx_unlock(flags);
	if (more && !s->is_td && s->view.bytes)
		sha384(s->page, PAGE_SIZE, s->sha384);
	return more;
}

static const char *stx_sept_name(enum stx_sept_state state)
{
	switch (state) {
	case SEPT_BLOCKED:
		return "BLOCKED";
	case SEPT_PENDING:
		return "PENDING";
	case SEPT_PENDING_BLOCKED:
		return "PENDING_BLOCKED";
	case SEPT_MAPPED:
		return "MAPPED";
	case SEPT_NL_BLOCKED:
		return "NL_BLOCKED";
	case SEPT_NL_MAPPED:
		return "NL_MAPPED";
	default:
		return "CORRUPT";
	}
}

static void stx_sept_print_td(struct seq_file *m,
			      const struct stx_sept_lines *s)
{
	if (s->inside)
		seq_printf(m, "td %#llx gpaw %d root_level %d\n", s->td,
			   s->gpaw, s->root_level);
	else
		seq_printf(m, "td %#llx gpaw - root_level -\n", s->td);
}

static int sept_show(struct seq_file *m, void *v)
{
	const struct stx_sept_lines *s = v;
	const struct stx_sept_view *view = &s->view;

	if (s->is_td) {
		stx_sept_print_td(m, s);
		return 0;
	}
	seq_printf(m, "%s gpa %#llx level %d state %s page %#llx",
		   view->table ? "table" : "page", view->pos.gpa,
		   view->pos.level, stx_sept_name(view->state), view->pa);
	if (view->bytes)
		seq_printf(m, " sha384 %*phN", SHA384_DIGEST_SIZE, s->sha384);
	else if (!view->table)
		seq_puts(m, " sha384 -");
	if (!view->in_tdmr)
		seq_puts(m, " pamt - owner -");
	else if (!view->agrees)
		seq_printf(m, " pamt %s owner %#llx",
			   stx_page_name(view->type), view->owner);
	seq_putc(m, '\n');
	return 0;
}

#define STX_LINES_FILE(name, type, next_line)				\
static const struct seq_operations name##_sops = {			\
	.start = stx_lines_start,					\
	.next = stx_lines_more,						\
	.stop = stx_lines_stop,						\
	.show = name##_show,						\
};									\
									\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	type *v = __seq_open_private(file, &name##_sops, sizeof(type));	\
									\
	if (!v)								\
		return -ENOMEM;						\
	v->lines.next = next_line;					\
	return 0;							\
}									\
									\
static const struct file_operations name##_fops = {			\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = seq_release_private,					\
}

STX_LINES_FILE(vcpus, struct stx_vcpu_lines, stx_vcpu_next);
STX_LINES_FILE(sept, struct stx_sept_lines, stx_sept_line);

void __init stx_td_debugfs(struct dentry *dir)
{
	debugfs_create_file("tds", 0444, dir, NULL, &tds_fops);
	debugfs_create_file("vcpus", 0444, dir, NULL, &vcpus_fops);
	debugfs_create_file("sept", 0444, dir, NULL, &sept_fops);
}
