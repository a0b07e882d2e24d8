// SPDX-License-Identifier: GPL-2.0-only
/*
 * Try rows of injected errors: each on a TD of its own, which is brought to its
 * step, made to fail there, judged and destroyed; then what is left of it is
 * compared with what may be left.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "inject.h"
#include "klog/warns.h"

#define NR_LEAVES	128
/* RND_NO_ENTROPY is tried so often by seamcall() itself. */
#define ENTROPY_TRIES	10

struct status {
	const char *name;
	u64 value;
	u8 not_in;		/* sets */
};

static const struct status statuses[] = {
	{ "OPERAND_BUSY", ST_BUSY, BIT(SET_NOT_BUSY) },
	{ "RND_NO_ENTROPY", ST_ENTROPY, BIT(SET_NOT_ENTROPY) },
	{ "OPERAND_INVALID", ST_INVALID, BIT(SET_NOT_INVALID) },
	{ "PAGE_METADATA_INCORRECT", ST_METADATA, 0 },
	{ "TD_FATAL", ST_FATAL, 0 },
	{ "no error, not 0", ST_NO_ERROR, 0 },
};

/* A row with one of its statuses, being tried. */
struct trial {
	const struct fail_row *row;
	u64 status;
	unsigned int injected;	/* calls that fail by injection */
	struct module_counts before;
	struct subject s;
	int fd;			/* of the rule */
	bool differs;
};

static struct {
	unsigned int rows, unfit, trials, differ;
	FILE *out;		/* for what differs */
	struct kmsg_warns warns;
	bool clears;		/* WARN_ON_ONCE() prints for each trial */
} all;

const char *leaf_name(enum tdh_leaf leaf)
{
	switch (leaf) {
#define NAME(name, nr) case TDH_##name: return #name;
	SOFTTDX_LEAVES(NAME)
#undef NAME
	}
	return "?";
}

__attribute__((format(printf, 2, 3)))
static void differs(struct trial *t, const char *fmt, ...)
{
	const struct fail_row *r = t->row;
	va_list ap;

	if (!t->differs)
		fprintf(all.out, "%s: %s, call %u and %u more, returns %#lx:\n",
			step_name(r->step), leaf_name(r->leaf),
			r->nth ?: 1, t->injected - 1, t->status);
	t->differs = true;
	fprintf(all.out, "  ");
	va_start(ap, fmt);
	vfprintf(all.out, fmt, ap);
	va_end(ap);
	fprintf(all.out, "\n");
}

static void read_leaves(u64 *calls)
{
	struct softtdx_stats stats;
	int i;

	TEST_ASSERT(!softtdx_stats_read(SOFTTDX_DIR, &stats), "%s/stats",
		    SOFTTDX_DIR);
	for (i = 0; i < NR_LEAVES; i++)
		calls[i] = stats.leaves[i].calls;
}

/* How often @leaf is called in @step when nothing fails. */
static unsigned int natural_calls(enum fail_step step, enum tdh_leaf leaf)
{
	static u64 calls[NR_FAIL_STEPS][NR_LEAVES];
	static bool known[NR_FAIL_STEPS];
	u64 before[NR_LEAVES];
	struct subject s;
	int i, ret;

	if (known[step])
		return calls[step][leaf];

	subject_reach(&s, step);
	read_leaves(before);
	ret = subject_do(&s, step);
	TEST_ASSERT(!ret, "%s without a fault: %s", step_name(step),
		    strerror(-ret));
	read_leaves(calls[step]);
	for (i = 0; i < NR_LEAVES; i++)
		calls[step][i] -= before[i];
	if (s.td)
		subject_free(&s);
	known[step] = true;
	return calls[step][leaf];
}

static void trial_tell(struct trial *t)
{
	const struct softtdx_inject rule = {
		.leaf = t->row->leaf, .status = t->status, .nth = t->row->nth,
		.times = t->row->times == TIMES_ALWAYS ? SOFTTDX_ALWAYS :
							  t->injected,
	};
	int ret;

	t->fd = softtdx_inject_open(SOFTTDX_DIR);
	TEST_ASSERT(t->fd >= 0, "%s/inject: %s", SOFTTDX_DIR, strerror(-t->fd));
	ret = softtdx_inject_add(t->fd, &rule);
	TEST_ASSERT(!ret, "softtdx takes no rule: %s", strerror(-ret));
}

static unsigned int wanted_calls(const struct trial *t)
{
	const struct fail_row *r = t->row;

	switch (r->calls) {
	case CALLS_END:
		return (r->nth ?: 1) - 1 + t->injected;
	case CALLS_GO_ON:
		return natural_calls(r->step, r->leaf) + t->injected - 1;
	default:
		return natural_calls(r->step, r->leaf) + t->injected;
	}
}

/* The rule has done what it was set for, and KVM called as it should. */
static void check_calls(struct trial *t, unsigned int want)
{
	struct softtdx_injected rule;
	int ret = softtdx_inject_read(t->fd, 0, &rule);

	TEST_ASSERT(!ret, "softtdx shows no rule: %s", strerror(-ret));
	close(t->fd);
	if (t->row->times == TIMES_ALWAYS)
		t->injected = rule.failed;
	if (rule.failed != t->injected || !rule.failed)
		differs(t, "%lu calls were made to fail, not %u", rule.failed,
			t->injected);
	if (t->row->calls != CALLS_ANY && rule.seen != want)
		differs(t, "called %lu times, not %u", rule.seen, want);
}

static void check_return(struct trial *t, int ret)
{
	const struct fail_row *r = t->row;
	u64 hw_error = r->hw_error ? t->status : 0;

	if (ret != -r->ret)
		differs(t, "%s, not %s", strerror(-ret), strerror(r->ret));
	if (t->s.td && t->s.td->hw_error != hw_error)
		differs(t, "hw_error %#lx, not %#lx", t->s.td->hw_error,
			hw_error);
}

static void check_exit(struct trial *t)
{
	u32 exit = t->s.vcpu[0]->run->exit_reason;

	if (exit != KVM_EXIT_MEMORY_FAULT)
		differs(t, "exit reason %u, not %u", exit,
			KVM_EXIT_MEMORY_FAULT);
}

/* How far INIT_MEM_REGION came, by what it says and by what softtdx holds. */
static void check_added(struct trial *t)
{
	const struct fail_row *r = t->row;
	struct module_counts now;
	u64 ept, reg;

	module_counts_read(&now);
	ept = now.pages.ept - t->before.pages.ept;
	reg = now.pages.reg - t->before.pages.reg;
	if (t->s.added != r->added)
		differs(t, "%lu pages added, not %u", t->s.added, r->added);
	if (ept != r->ept || reg != r->reg)
		differs(t, "%lu pages of secure EPT, %lu of memory, not %u, %u",
			ept, reg, r->ept, r->reg);
}

static void check_dead(struct trial *t)
{
	const char *name;
	int ret;

	if (td_alive(t->s.td)) {
		differs(t, "the VM lives on");
		return;
	}
	name = subject_dead_ioctl(&t->s, &ret);
	if (name)
		differs(t, "%s on a dead VM: %s", name,
			ret ? strerror(-ret) : "accepted");
}

/* What failed works when it is tried again, and the TD can be made whole. */
static void check_alive(struct trial *t)
{
	const struct fail_row *r = t->row;
	int ret;

	if (!td_alive(t->s.td)) {
		differs(t, "the VM was killed");
		return;
	}
	if (r->ret) {
		ret = subject_do(&t->s, r->step);
		if (ret) {
			differs(t, "tried again: %s", strerror(-ret));
			return;
		}
	}
	subject_complete(&t->s);
}

static void check_fate(struct trial *t, int ret)
{
	const struct fail_row *r = t->row;

	if ((r->step == STEP_RUN || r->step == STEP_AUG) && !ret)
		check_exit(t);
	if (r->step == STEP_ADD && r->ret)
		check_added(t);
	if (r->fate == FATE_KILLED)
		check_dead(t);
	else
		check_alive(t);
}

static bool must_warn(const struct fail_row *r)
{
	return r->fate != FATE_LIVES && r->fate != FATE_GONE_SILENTLY;
}

/* Where the file is, splat looks at; here is whether there was one. */
static void check_warns(struct trial *t)
{
	int ret = kmsg_warns_read(&all.warns);

	TEST_ASSERT(!ret, "/dev/kmsg: %s", strerror(-ret));
	if (!must_warn(t->row) && all.warns.count)
		differs(t, "%s", all.warns.first);
	if (must_warn(t->row) && !all.warns.count && all.clears)
		differs(t, "no WARN");
}

/* So that each trial shows its WARNs. */
static bool clear_warn_once(void)
{
	int fd = open(KVM_SUITE_CLEAR_WARN_ONCE, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, "1", 1) == 1;

	if (fd >= 0)
		close(fd);
	return done;
}

/* With everything left but memory, what there was before it was destroyed. */
static void resolve_left(const struct trial *t,
			 const struct module_counts *whole,
			 struct fail_left *left)
{
	*left = t->row->left;
	if (!left->all)
		return;
	left->tdr = whole->pages.tdr - t->before.pages.tdr;
	left->tdcx = whole->pages.tdcx - t->before.pages.tdcx;
	left->tdvpr = whole->pages.tdvpr - t->before.pages.tdvpr;
	left->ept = whole->pages.ept - t->before.pages.ept;
}

struct left_count {
	const char *what;
	u64 before, now, left;
};

static void check_left(struct trial *t, const struct module_counts *n,
		       const struct fail_left *left)
{
	const struct module_counts *b = &t->before;
	const struct left_count counts[] = {
		{ "TDs", b->nr_tds, n->nr_tds, left->tdr },
		{ "REG", b->pages.reg, n->pages.reg, left->reg },
		{ "TDR", b->pages.tdr, n->pages.tdr, left->tdr },
		{ "TDCX", b->pages.tdcx, n->pages.tdcx, left->tdcx },
		{ "TDVPR", b->pages.tdvpr, n->pages.tdvpr, left->tdvpr },
		{ "EPT", b->pages.ept, n->pages.ept, left->ept },
		{ "keyids ASSIGNED", b->keyids.assigned, n->keyids.assigned,
		  left->assigned },
		{ "keyids FLUSHED", b->keyids.flushed, n->keyids.flushed,
		  left->flushed },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (counts[i].now - counts[i].before != counts[i].left)
			differs(t, "left of the TD: %ld %s, not %lu",
				counts[i].now - counts[i].before,
				counts[i].what, counts[i].left);
}

/* What is left would be refused to the TD that KVM gives it to next. */
static void forget_left(const struct trial *t)
{
	struct module_counts now;
	int ret;

	for (module_counts_read(&now); now.nr_tds > t->before.nr_tds;
	     module_counts_read(&now)) {
		ret = softtdx_forget(SOFTTDX_DIR, now.newest.pa);
		TEST_ASSERT(!ret, "softtdx cannot forget the TD at %#lx: %s",
			    now.newest.pa, strerror(-ret));
	}
}

static bool is_destruction(const struct fail_row *r)
{
	return r->step == STEP_DESTROY || r->step == STEP_DESTROY_EMPTY;
}

static void trial_run(struct trial *t)
{
	unsigned int want = wanted_calls(t);
	struct module_counts whole, now;
	struct fail_left left;
	int ret;

	all.clears = clear_warn_once();
	module_counts_read(&t->before);
	subject_reach(&t->s, t->row->step);
	module_counts_read(&whole);
	trial_tell(t);
	ret = subject_do(&t->s, t->row->step);
	check_calls(t, want);
	check_return(t, ret);
	if (!is_destruction(t->row)) {
		check_fate(t, ret);
		subject_free(&t->s);
	}
	check_warns(t);
	resolve_left(t, &whole, &left);
	module_counts_read(&now);
	check_left(t, &now, &left);
	forget_left(t);
}

/* E.g. the key is configured on each package, and there may be one only. */
static const char *row_unfit(const struct fail_row *r)
{
	if (r->calls != CALLS_REPEAT && r->nth > 1 &&
	    natural_calls(r->step, r->leaf) < r->nth)
		return "the leaf is not called so often";
	return NULL;
}

static void row_try(const struct fail_row *r, u64 status)
{
	bool repeated = r->calls == CALLS_REPEAT || r->times;
	struct trial t = {
		.row = r, .status = status, .injected = r->times ?: 1,
	};

	if (status == ST_ENTROPY && !repeated && r->leaf != TDH_VP_ENTER)
		t.injected *= ENTROPY_TRIES;
	trial_run(&t);
	all.trials++;
	all.differ += t.differs;
}

static void row_run(const struct fail_row *r)
{
	const char *missing = step_missing(r->step) ?: row_unfit(r);
	unsigned int i;

	if (missing) {
		printf("%s: %s, call %u: not tried, %s\n", step_name(r->step),
		       leaf_name(r->leaf), r->nth ?: 1, missing);
		all.unfit++;
		return;
	}
	if (r->set == SET_NONE) {
		row_try(r, r->status);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		if (!(statuses[i].not_in & BIT(r->set)))
			row_try(r, statuses[i].value);
}

void fail_begin(void)
{
	int ret = kmsg_warns_open(&all.warns, KVM_SUITE_KMSG);

	TEST_ASSERT(!ret, "%s: %s", KVM_SUITE_KMSG, strerror(-ret));
	all.out = stderr;
}

void fail_rows(const struct fail_row *rows, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		row_run(&rows[i]);
	all.rows += nr;
}

void fail_end(void)
{
	kmsg_warns_close(&all.warns);
	printf("%u rows, %u not tried; %u trials, %u differ\n", all.rows,
	       all.unfit, all.trials, all.differ);
	TEST_ASSERT(!all.differ, "%u trials differ", all.differ);
	TEST_ASSERT(all.trials, "nothing was tried");
}

void fail_noticed(const struct fail_row *row, const char *what)
{
	unsigned int differ = all.differ;
	char *said = NULL;
	size_t size;
	bool noticed;

	all.out = open_memstream(&said, &size);
	TEST_ASSERT(all.out, "no memory");
	row_run(row);
	TEST_ASSERT(!fclose(all.out), "no memory");
	all.out = stderr;
	all.rows++;

	noticed = strstr(said, what);
	all.differ = differ + !noticed;
	if (!noticed)
		fprintf(stderr, "a wrong row, %s in %s, must say '%s', not:\n%s",
			leaf_name(row->leaf), step_name(row->step), what, said);
	free(said);
}
