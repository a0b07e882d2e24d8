// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD that ends after each step of its life, by closing its file descriptors
 * in every order, or with its process. The TDX module must get all its
 * resources back: on softtdx each page and keyid is counted, elsewhere there
 * are more TDs than keyids.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/misc_cg.h"
#include "kvm/gmem.h"
#include "race/engine.h"
#include "subtests/tdx/tests.h"

#define HALF_PAGES	16
#define KILL_PAGES	512

struct half {
	struct td *td;
	struct kvm_vcpu *vcpu;
	struct td_mem mem;
	u8 *source;
	size_t run_size;
};

static void half_create(struct half *h)
{
	h->td = td_create();
}

/* Refused by TDH.MNG.INIT, after all other steps of INIT_VM. */
static void half_refused(struct half *h)
{
	struct kvm_tdx_init_vm *init = td_init_vm_args(h->td);
	struct td *td = h->td;
	u32 i;
	int ret;

	for (i = 0; i < init->cpuid.nent; i++)
		init->cpuid.entries[i].edx |= init->cpuid.entries[i].function ==
					      0x80000008 ? 1u << 31 : 0;
	ret = __td_cmd(td, td->vm->fd, KVM_TDX_INIT_VM, 0,
		       (unsigned long)init);
	assert_refused(ret, EINVAL, "INIT_VM with a bit that no module knows");
	TEST_ASSERT(td->hw_error, "not the TDX module refused INIT_VM");
	free(init);
}

static void half_init_vm(struct half *h)
{
	td_init_vm(h->td);
}

static void half_vcpu(struct half *h)
{
	h->vcpu = __vm_vcpu_add(h->td->vm, 0);
}

static void half_cpuid(struct half *h)
{
	td_vcpu_set_cpuid(h->vcpu);
}

static void half_init_vcpu(struct half *h)
{
	td_init_vcpu(h->td, h->vcpu, 0);
}

static void half_memslot(struct half *h)
{
	td_mem_add(h->td, &h->mem, 0, TD_GPA, 2 * HALF_PAGES);
	h->source = td_source_alloc(HALF_PAGES);
}

static void half_pages(struct half *h)
{
	td_add_pages(h->td, h->vcpu, h->source, h->mem.gpa, HALF_PAGES / 2, 0);
}

static void half_measured(struct half *h)
{
	u64 offset = HALF_PAGES / 2 * PAGE_SIZE;

	td_add_pages(h->td, h->vcpu, h->source + offset, h->mem.gpa + offset,
		     HALF_PAGES / 2, MEASURE);
}

static void half_finalize(struct half *h)
{
	td_finalize(h->td);
}

static void half_prefault(struct half *h)
{
	if (kvm_has_cap(KVM_CAP_PRE_FAULT_MEMORY))
		td_prefault(h->vcpu, h->mem.gpa + HALF_PAGES * PAGE_SIZE,
			    HALF_PAGES);
}

static void half_run(struct half *h)
{
	assert_no_reset_vector(h->vcpu);
}

/* File descriptors to close after each step: see ends. */
static const struct {
	const char *name;
	void (*go)(struct half *h);
	const char *has;
} steps[] = {
	{ "created", half_create, "vxk" },
	{ "INIT_VM refused", half_refused, "vxk" },
	{ "INIT_VM", half_init_vm, "vxk" },
	{ "vCPU", half_vcpu, "vcxk" },
	{ "vCPU with CPUID", half_cpuid, "vcxk" },
	{ "INIT_VCPU", half_init_vcpu, "vcxk" },
	{ "memslot", half_memslot, "vcgsxk" },
	{ "some pages", half_pages, "vcgsxk" },
	{ "measured pages", half_measured, "vcgsxk" },
	{ "finalized", half_finalize, "vcgsxk" },
	{ "pre-faulted", half_prefault, "vcgsxk" },
	{ "ran once", half_run, "vcgsxk" },
};

static void half_build(struct half *h, unsigned int last)
{
	unsigned int i;

	*h = (struct half){};
	for (i = 0; i <= last; i++)
		steps[i].go(h);
}

/* libkvm opens most of these more than once. */
static void close_vm(struct half *h)
{
	kvm_close(h->td->vm->fd);
	kvm_close(h->td->vm->kvm_fd);
	kvm_close(h->td->vm->stats.fd);
}

static void close_vcpu(struct half *h)
{
	kvm_munmap(h->vcpu->run, h->run_size);
	kvm_close(h->vcpu->fd);
	kvm_close(h->vcpu->stats.fd);
}

static void close_gmem(struct half *h)
{
	struct userspace_mem_region *region;

	region = memslot2region(h->td->vm, h->mem.slot);
	kvm_close(region->region.guest_memfd);
	kvm_close(h->mem.fd);
}

static void delete_memslot(struct half *h)
{
	vm_set_user_memory_region2(h->td->vm, h->mem.slot, 0, h->mem.gpa, 0,
				   NULL, 0, 0);
}

/* exit_mm() before the files: KVM's MMU notifier goes first. */
static void process_exit(struct half *h)
{
	fflush(NULL);
	_exit(0);
}

static void process_kill(struct half *h)
{
	fflush(NULL);
	raise(SIGKILL);
}

static const struct {
	char letter;
	void (*go)(struct half *h);
} ends[] = {
	{ 'v', close_vm }, { 'c', close_vcpu }, { 'g', close_gmem },
	{ 's', delete_memslot }, { 'x', process_exit }, { 'k', process_kill },
};

static const char * const orders[] = {
	"vcg", "vgc", "cvg", "cgv", "gvc", "gcv", "svcg", "gscv", "x", "k",
	"vx", "gk",
};

/* Without those that do not exist yet. */
static void shorten(const char *order, const char *has, char *out)
{
	for (; *order; order++) {
		if (strchr(has, *order))
			*out++ = *order;
	}
	*out = '\0';
}

/* The same as an earlier order, without those that do not exist yet. */
static bool is_repeated(unsigned int nr, const char *has)
{
	char order[8], earlier[8];
	unsigned int i;

	shorten(orders[nr], has, order);
	for (i = 0; i < nr; i++) {
		shorten(orders[i], has, earlier);
		if (!strcmp(order, earlier))
			return true;
	}
	return false;
}

static void half_end(struct half *h, const char *order)
{
	unsigned int i;

	h->run_size = ioctl(h->td->vm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, NULL);
	for (; *order; order++) {
		for (i = 0; i < ARRAY_SIZE(ends); i++) {
			if (ends[i].letter == *order)
				ends[i].go(h);
		}
	}
}

/* With all file descriptors closed, nothing is left in the process. */
static void half_process(unsigned int step, const char *order,
			 const struct module_counts *before)
{
	struct half h;

	half_build(&h, step);
	half_end(&h, order);
	assert_module_counts(before, "in the process that closed the TD");
	fflush(NULL);
	_exit(0);
}

static void destroy(unsigned int step, const char *order,
		    const struct module_counts *before)
{
	bool killed = strchr(order, 'k');
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	if (!pid)
		half_process(step, order, before);

	TEST_ASSERT(waitpid(pid, &status, 0) == pid, "waitpid: %s",
		    strerror(errno));
	TEST_ASSERT(status == (killed ? SIGKILL : 0),
		    "%s, %s: the process ended with status %#x",
		    steps[step].name, order, status);
	assert_module_counts(before, steps[step].name);
}

static unsigned int destroy_all(const struct module_counts *before)
{
	unsigned int step, i, nr = 0;
	char order[8];

	for (step = 0; step < ARRAY_SIZE(steps); step++) {
		for (i = 0; i < ARRAY_SIZE(orders); i++) {
			if (is_repeated(i, steps[step].has))
				continue;

			shorten(orders[i], steps[step].has, order);
			destroy(step, order, before);
			nr++;
		}
	}
	return nr;
}

/* A process that is killed while it adds pages, later each time. */
static void destroy_adding(unsigned int delay_us,
			   const struct module_counts *before)
{
	struct td_build b;
	int pipe_fd[2], status;
	char byte = 0;
	pid_t pid;

	TEST_ASSERT(!pipe(pipe_fd), "pipe: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	TEST_ASSERT(pid >= 0, "fork: %s", strerror(errno));
	if (!pid) {
		td_build_start(&b, KILL_PAGES);
		TEST_ASSERT(write(pipe_fd[1], &byte, 1) == 1, "write()");
		td_add_pages(b.td, b.vcpu, b.source, b.mem.gpa, KILL_PAGES,
			     MEASURE);
		pause();
	}

	kvm_close(pipe_fd[1]);
	TEST_ASSERT(read(pipe_fd[0], &byte, 1) == 1, "the TD was not built");
	usleep(delay_us);
	kill(pid, SIGKILL);
	TEST_ASSERT(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status),
		    "killed while it adds pages: status %#x", status);
	kvm_close(pipe_fd[0]);
	assert_module_counts(before, "killed while it added pages");
}

/* A keyid that leaks each time shows with more TDs than keyids. */
static u64 keyids(void)
{
	u64 capacity;

	return misc_cg_read(CGROUP_DIR, "misc.capacity", MISC_CG_TDX,
			    &capacity) ? 0 : capacity;
}

void destroy_half_built(const struct subtest_args *args)
{
	static const unsigned int delays_us[] = {
		0, 100, 1000, 5000, 20000, 100000,
	};
	unsigned int nr = 0, i;
	struct module_counts before;
	struct rounds r;

	module_counts_read(&before);
	rounds_start(&r, args_or(args->iterations, 1), args->duration_s);
	while (rounds_next(&r) || nr <= keyids())
		nr += destroy_all(&before);
	for (i = 0; i < ARRAY_SIZE(delays_us); i++)
		destroy_adding(delays_us[i], &before);
	printf("%u TDs half built, %lu keyids\n", nr, keyids());
}
