// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every call of the TDX uAPI that KVM must refuse, and how. A refused call
 * leaves the VM alive, maps nothing, writes back what it says, and the TD can
 * still be completed after all of them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "errors.h"
#include "kvm/gmem.h"

static const char * const situations[NR_SITUATIONS] = {
	[SIT_NO_TD]	 = "no TD",
	[SIT_CREATED]	 = "created",
	[SIT_NO_IRQCHIP] = "no irqchip",
	[SIT_INIT_VM]	 = "INIT_VM done",
	[SIT_VCPU]	 = "vCPU added",
	[SIT_INIT_VCPU]	 = "INIT_VCPU done",
	[SIT_FINALIZED]	 = "finalized",
};

static void enter_no_td(struct fixture *s)
{
	s->td = calloc(1, sizeof(*s->td));
	TEST_ASSERT(s->td, "no memory for struct td");
	s->td->vm = vm_create_barebones();
	s->vcpu = __vm_vcpu_add(s->td->vm, 0);
}

static void enter_no_irqchip(struct fixture *s)
{
	struct kvm_tdx_init_vm *init = td_init_vm_args(s->td);
	int ret = __td_cmd(s->td, s->td->vm->fd, KVM_TDX_INIT_VM, 0,
			   (unsigned long)init);

	TEST_ASSERT(!ret, "INIT_VM without an irqchip: %s", strerror(-ret));
	free(init);
}

static void enter_vcpu(struct fixture *s)
{
	s->vcpu = td_vcpu_add(s->td, 0);
	td_mem_add(s->td, &s->mem, 0, TD_GPA, FIXTURE_PAGES);
	s->source = td_source_alloc(FIXTURE_PAGES + 1);
	kvm_munmap(s->source + FIXTURE_PAGES * PAGE_SIZE, PAGE_SIZE);
}

static void enter_finalized(struct fixture *s)
{
	td_add_pages(s->td, s->vcpu, s->source, s->mem.gpa, 1, MEASURE);
	s->mapped = 1;
	td_finalize(s->td);
}

static void fixture_enter(struct fixture *s, enum situation at)
{
	*s = (struct fixture){ .at = at };
	if (at == SIT_NO_TD) {
		enter_no_td(s);
		return;
	}

	s->td = td_create();
	if (at == SIT_NO_IRQCHIP)
		enter_no_irqchip(s);
	else if (at >= SIT_INIT_VM)
		td_init_vm(s->td);
	if (at >= SIT_VCPU)
		enter_vcpu(s);
	if (at >= SIT_INIT_VCPU)
		td_init_vcpu(s->td, s->vcpu, 0);
	if (at >= SIT_FINALIZED)
		enter_finalized(s);
}

/* Each row starts without mapped pages, until the TD is final. */
static void fixture_unmap(struct fixture *s)
{
	if (!s->mapped || s->at >= SIT_FINALIZED)
		return;

	gmem_punch(s->mem.fd, 0, FIXTURE_PAGES);
	s->mapped = 0;
}

static void fixture_free(struct fixture *s)
{
	if (s->source) {
		td_source_free(s->source, FIXTURE_PAGES);
		kvm_close(s->mem.fd);
	}
	td_free(s->td);
}

/*
 * Complete the TD after all refused calls of this situation; asserts. A TD
 * without an irqchip cannot be completed.
 */
static void fixture_complete(struct fixture *s)
{
	if (s->at == SIT_NO_TD || s->at == SIT_NO_IRQCHIP)
		return;

	if (s->at < SIT_INIT_VM)
		td_init_vm(s->td);
	if (s->at < SIT_VCPU)
		enter_vcpu(s);
	if (s->at < SIT_INIT_VCPU)
		td_init_vcpu(s->td, s->vcpu, 0);
	if (s->at < SIT_FINALIZED) {
		fixture_unmap(s);
		td_add_pages(s->td, s->vcpu, s->source, s->mem.gpa,
			     FIXTURE_PAGES, MEASURE);
		s->mapped = FIXTURE_PAGES;
		td_finalize(s->td);
	}
	assert_mapped(s->td->vm, s->mapped, "%s, completed",
		      situations[s->at]);
}

static void say_errno(const char *word, int err)
{
	const char *name = strerrorname_np(err);

	fprintf(stderr, "%s %s", word, !err ? "success" : name ? name : "?");
}

static void say_row(const struct fixture *s, const struct row *r)
{
	fprintf(stderr, "%s: %s: ", situations[s->at], r->what);
}

/* A kernel that is not known to have the bug fails the test. */
static bool is_known_bug(const struct fixture *s, const struct row *r, int want,
			 int err)
{
	if (!r->bug || err != r->bug_errno || s->wrote != r->bug_wrote ||
	    (err == want && s->wrote == r->wrote))
		return false;
	known_bug_seen(r->bug);
	return true;
}

static bool judge_errno(const struct fixture *s, const struct row *r, int want,
			int err)
{
	if (err == want || (r->earlier && err == r->earlier))
		return true;

	say_row(s, r);
	say_errno("got", err);
	say_errno(", wanted", want);
	if (r->earlier)
		say_errno(" or, earlier,", r->earlier);
	fprintf(stderr, "\n");
	return false;
}

/* Prints all that differs, not only the first thing. */
static bool row_judge(const struct fixture *s, const struct row *r, int err)
{
	int want = r->want_here ? r->want_here() : r->want;
	bool known = is_known_bug(s, r, want, err);
	struct page_counts c;
	bool fits;

	fits = known || judge_errno(s, r, want, err);
	if (s->hw_error != r->hw_error) {
		say_row(s, r);
		fprintf(stderr, "hw_error %#lx, wanted %#lx\n", s->hw_error,
			r->hw_error);
		fits = false;
	}
	if (!known && s->wrote != r->wrote) {
		say_row(s, r);
		fprintf(stderr, "wrote back %ld, wanted %ld\n", s->wrote,
			r->wrote);
		fits = false;
	}
	if (!td_alive(s->td)) {
		say_row(s, r);
		fprintf(stderr, "the VM is dead, wanted alive\n");
		return false;
	}

	page_counts_read(s->td->vm, &c);
	if (page_counts_sum(&c) != s->mapped) {
		say_row(s, r);
		fprintf(stderr, "%lu pages are mapped, wanted %lu\n",
			page_counts_sum(&c), s->mapped);
		fits = false;
	}
	return fits;
}

struct tally {
	unsigned int rows;
	unsigned int differ;
	unsigned int unfit;
};

/* After a wrong result the TD is replaced by a new one. */
static void row_run(struct fixture *s, const struct row *r, struct tally *t)
{
	const char *why = r->unfit ? r->unfit(s) : NULL;
	int ret;

	if (why) {
		printf("%s: %s: not tried: %s\n", situations[s->at], r->what,
		       why);
		t->unfit++;
		return;
	}

	fixture_unmap(s);
	s->hw_error = 0;
	s->wrote = 0;
	ret = r->call(s, r);
	t->rows++;
	if (row_judge(s, r, -ret))
		return;

	t->differ++;
	fixture_free(s);
	fixture_enter(s, s->at);
}

static void rows_run(struct fixture *s, const struct rows *rows,
		     struct tally *t)
{
	unsigned int i;

	for (i = 0; i < rows->nr; i++) {
		if (rows->rows[i].at & (1u << s->at))
			row_run(s, &rows->rows[i], t);
	}
}

/*
 * Without rows, as no call of user space causes them:
 * - INIT_VM: ENOSPC, which is keyids_run_out; EIO without an online CPU in each
 *   package, which is cpu_offline_without_td; EBUSY over a cgroup's limit,
 *   which is misc_cgroup_limit; EBUSY with a vCPU, as a vCPU comes only after
 *   INIT_VM; EAGAIN and EIO that the TDX module decides.
 * - INIT_MEM_REGION: EINTR, which is region_restarts_after_signal.
 * - Ioctls of a VM that KVM has killed, FINALIZE without a vCPU, GET_CPUID of a
 *   module that does not answer: see seamcall_fails_*.
 * - KVM_RUN that ends in EFAULT or EIO: it takes a guest.
 */
void ioctl_errors(const struct subtest_args *args)
{
	enum situation at;
	struct tally t = {};
	struct module_counts before;
	struct fixture s;

	module_counts_read(&before);
	for (at = 0; at < NR_SITUATIONS; at++) {
		fixture_enter(&s, at);
		rows_run(&s, &errors_vm, &t);
		rows_run(&s, &errors_init, &t);
		rows_run(&s, &errors_vcpu, &t);
		rows_run(&s, &errors_mem, &t);
		fixture_complete(&s);
		fixture_free(&s);
	}
	assert_module_counts(&before, "after all of them");
	printf("%u rows, %u differ, %u not tried\n", t.rows, t.differ, t.unfit);
	TEST_ASSERT(!t.differ, "%u of %u rows differ", t.differ, t.rows);
}

static int add_secretly(struct fixture *s, const struct row *r)
{
	td_add_pages(s->td, s->vcpu, s->source, s->mem.gpa, 1, 0);
	return 0;
}

/* Each row is wrong in one thing. */
static const struct row wrong[] = {
	ROW(AT(CREATED), "another errno", row_vm_cmd, EIO,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM }),
	ROW(AT(CREATED), "no error", row_vm_cmd, 0,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM }),
	ROW(AT(INIT_VCPU), "accepted", add_secretly, EINVAL),
	ROW(AT(CREATED), "hw_error", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM }, .hw_error = 1),
	ROW(AT(CREATED), "written back", row_vm_cmd, EINVAL,
	    .cmd = { .id = KVM_TDX_FINALIZE_VM }, .wrote = 1),
	ROW(AT(INIT_VCPU), "page mapped", add_secretly, 0),
};

/* The control of ioctl_errors: wrong rows are detected. */
void ioctl_rows_control(const struct subtest_args *args)
{
	const struct rows rows = { wrong, ARRAY_SIZE(wrong) };
	static const enum situation ats[] = { SIT_CREATED, SIT_INIT_VCPU };
	struct tally t = {};
	struct fixture s;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ats); i++) {
		fixture_enter(&s, ats[i]);
		rows_run(&s, &rows, &t);
		fixture_free(&s);
	}
	TEST_ASSERT(t.rows == rows.nr && t.differ == rows.nr,
		    "%u of %u wrong rows were detected", t.differ, rows.nr);
}
