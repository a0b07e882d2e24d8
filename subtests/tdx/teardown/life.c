// SPDX-License-Identifier: GPL-2.0-only
/* A TD from creation to destruction: each step in and out of order. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kvm/gmem.h"
#include "race/engine.h"
#include "subtests/tdx/tests.h"

/* KVM_RUN of a vCPU or a TD that is not ready for it. */
static void assert_run_refused(struct kvm_vcpu *vcpu, const char *when)
{
	assert_refused(__vcpu_run(vcpu) ? -errno : 0, EINVAL, when);
}

static void assert_vcpu_refused(struct td *td)
{
	int ret = __vm_ioctl(td->vm, KVM_CREATE_VCPU, (void *)0);

	assert_refused(ret < 0 ? -errno : 0, EIO, "vCPU before INIT_VM");
}

/* Each step in its order, and once too early or too late. */
void td_lifecycle(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16), added;
	struct kvm_vcpu *vcpu;
	struct td_mem mem;
	struct td *td;
	void *source;

	td = td_create();
	printf("attributes %#llx, xfam %#llx, %u CPUID entries configurable\n",
	       td->caps->supported_attrs, td->caps->supported_xfam,
	       td->caps->cpuid.nent);
	TEST_ASSERT_EQ(td->caps->supported_xfam & 3, 3);
	assert_vcpu_refused(td);
	assert_refused(__td_finalize(td), EINVAL, "FINALIZE before INIT_VM");

	td_init_vm(td);
	assert_refused(__td_init_vm(td), EINVAL, "INIT_VM twice");

	vcpu = td_vcpu_add(td, 0);
	td_mem_add(td, &mem, 0, TD_GPA, pages);
	source = td_source_alloc(pages);
	assert_refused(__td_add_pages(td, vcpu, source, mem.gpa, 1, 0, &added),
		       EINVAL, "INIT_MEM_REGION before INIT_VCPU");
	assert_run_refused(vcpu, "KVM_RUN before INIT_VCPU");

	td_init_vcpu(td, vcpu, 0);
	assert_refused(__td_init_vcpu(td, vcpu, 0), EINVAL, "INIT_VCPU twice");
	td_add_pages(td, vcpu, source, mem.gpa, pages, MEASURE);
	assert_run_refused(vcpu, "KVM_RUN before FINALIZE");

	td_finalize(td);
	assert_refused(__td_finalize(td), EINVAL, "FINALIZE twice");
	assert_refused(__td_add_pages(td, vcpu, source, mem.gpa, 1, 0, &added),
		       EINVAL, "INIT_MEM_REGION after FINALIZE");
	assert_mapped(td->vm, pages, "after FINALIZE");
	TEST_ASSERT(td_alive(td), "the VM was killed");

	td_source_free(source, pages);
	kvm_close(mem.fd);
	td_free(td);
}

/*
 * One after the other, then two at a time. On softtdx a page that a TD leaves
 * in the module shows at once. On hardware only a leaked keyid shows, with more
 * --iterations than keyids.
 */
void td_lifecycle_twice(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct td_build a, b;
	struct module_counts before;
	struct rounds r;

	module_counts_read(&before);
	rounds_start(&r, args_or(args->iterations, 2), args->duration_s);
	while (rounds_next(&r)) {
		td_build(&a, pages, MEASURE);
		assert_mapped(a.td->vm, pages, "a TD");
		td_build_free(&a);
		assert_module_counts(&before, "after one TD");
	}

	/* The same gpa in both, freed in the order of creation. */
	td_build(&a, pages, MEASURE);
	td_build(&b, pages + 1, MEASURE);
	assert_mapped(a.td->vm, pages, "first of two TDs");
	assert_mapped(b.td->vm, pages + 1, "second of two TDs");
	td_build_free(&a);
	assert_mapped(b.td->vm, pages + 1, "second TD without the first");
	td_build_free(&b);
	assert_module_counts(&before, "after two TDs");
}

/*
 * TDH.VP.ENTER of a TD that cannot execute anything: it returns each time, and
 * the TD still works.
 */
void vp_enter_ends_cleanly(const struct subtest_args *args)
{
	u64 pages = args_or(args->pages, 16);
	struct module_counts before;
	struct td_build b;

	module_counts_read(&before);
	td_build(&b, pages, MEASURE);
	assert_no_reset_vector(b.vcpu);
	assert_no_reset_vector(b.vcpu);
	TEST_ASSERT(td_alive(b.td), "the entry killed the VM");
	assert_mapped(b.td->vm, pages, "after the entry");

	/* BLOCK, TRACK, REMOVE, with a vCPU that has run in this epoch. */
	gmem_punch(b.mem.fd, 0, 1);
	assert_mapped(b.td->vm, pages - 1, "a hole after the entry");
	gmem_punch(b.mem.fd, 0, pages);
	assert_mapped(b.td->vm, 0, "nothing but a hole");
	TEST_ASSERT(td_alive(b.td), "the holes killed the VM");
	td_build_free(&b);
	assert_module_counts(&before, "after the TD");
}
