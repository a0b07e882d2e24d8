// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a TD costs beside a normal VM: exits to user space and back (a TDVMCALL
 * for port I/O beside OUT), and fresh memory (a private page that is faulted,
 * added by TDH.MEM.PAGE.AUG and accepted, beside the first touch of a page of
 * ordinary memory). Both guests take turns in one process and each turn is
 * compared with its neighbour's. All figures are medians.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "kvm/suite.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define PORT		0x4e8
#define TURNS		24
#define TURN_EXITS	400
#define TURN_PAGES	256
#define PAGES		((TURNS + 1) * TURN_PAGES)
#define VM_SLOT		10

struct side {
	struct kvm_vcpu *vcpu;
	double rate[TURNS];
};

/* ---- guests: after each OUT the other's turn, or the next exit ----------- */

static void td_exits(void)
{
	for (;;)
		tdvmcall_out(PORT, 4, 0);
}

static void out(void)
{
	asm volatile("outl %0, %w1" : : "a" (0), "d" (PORT));
}

static void vm_exits(void)
{
	for (;;)
		out();
}

/* The same by OUT, which #VE turns into a TDVMCALL. */
static void td_exits_by_ve(void)
{
	vm_exits();
}

static void td_faults(gpa_t gpa)
{
	for (;; gpa += PAGE_SIZE) {
		if (gpa % (TURN_PAGES * PAGE_SIZE) == 0)
			tdvmcall_out(PORT, 4, 0);
		if (tdg_mem_page_accept(gpa, TDX_LEVEL_4K))
			GUEST_FAIL("gpa %#lx is not accepted", gpa);
		*(volatile u64 *)td_private(gpa) = 1;
	}
}

static void vm_faults(gpa_t gpa)
{
	for (;; gpa += PAGE_SIZE) {
		if (gpa % (TURN_PAGES * PAGE_SIZE) == 0)
			out();
		*(volatile u64 *)gpa = 1;
	}
}

/* ---- measuring ----------------------------------------------------------- */

static void run_to_out(struct kvm_vcpu *vcpu)
{
	vcpu_run(vcpu);
	TEST_ASSERT(vcpu->run->exit_reason == KVM_EXIT_IO &&
		    vcpu->run->io.port == PORT, "exit %u (%s) instead of OUT",
		    vcpu->run->exit_reason,
		    exit_reason_str(vcpu->run->exit_reason));
}

static double turn(struct side *s, unsigned int exits, unsigned int per_exit)
{
	long long start = clock_ns();
	unsigned int i;

	for (i = 0; i < exits; i++)
		run_to_out(s->vcpu);
	return exits * per_exit * 1e9 / (clock_ns() - start);
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *v)
{
	qsort(v, TURNS, sizeof(*v), compare);
	return v[TURNS / 2];
}

/* The first turn, with the set-up, does not count. */
static void run(const char *what, const char *aim, struct side *td,
		struct side *vm, unsigned int exits, unsigned int per_exit)
{
	double ratio[TURNS];
	int i;

	turn(td, 1, 1);
	turn(vm, 1, 1);
	turn(td, exits, per_exit);
	turn(vm, exits, per_exit);
	for (i = 0; i < TURNS; i++) {
		struct side *first = i & 1 ? td : vm, *second = i & 1 ? vm : td;

		first->rate[i] = turn(first, exits, per_exit);
		second->rate[i] = turn(second, exits, per_exit);
		ratio[i] = td->rate[i] / vm->rate[i];
	}
	printf("%s: TD %.0f/s, normal VM %.0f/s: ratio %.2f%s\n", what,
	       median(td->rate), median(vm->rate), median(ratio), aim);
}

static void bench_exits(const char *what, const char *aim, void *guest)
{
	struct td_vm *tv = td_start(1, guest);
	struct side td = { .vcpu = tv->vcpus[0].vcpu }, normal;
	struct kvm_vm *vm;

	vm = vm_create_with_one_vcpu(&normal.vcpu, vm_exits);
	run(what, aim, &td, &normal, TURN_EXITS, 1);
	kvm_vm_free(vm);
	td_end(tv);
}

static struct kvm_vm *vm_with_memory(struct kvm_vcpu **vcpu)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, vm_faults);

	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, TD_GPA, VM_SLOT,
				    PAGES, 0);
	TEST_ASSERT(!madvise(addr_gpa2hva(vm, TD_GPA), PAGES * PAGE_SIZE,
			     MADV_NOHUGEPAGE), "MADV_NOHUGEPAGE");
	virt_map(vm, TD_GPA, TD_GPA, PAGES);
	vcpu_args_set(*vcpu, 1, TD_GPA);
	return vm;
}

static void bench_faults(void)
{
	struct td_vm *tv = td_new(1, td_faults, NULL);
	struct side td = { .vcpu = tv->vcpus[0].vcpu }, normal;
	struct td_area area;
	struct kvm_vm *vm;

	td_area_add(tv, &area, TD_GPA, PAGES, TD_AREA_FRESH);
	td_args(tv, 0, 1, TD_GPA);
	td_load(tv);
	td_finalize(tv->td);
	vm = vm_with_memory(&normal.vcpu);
	run("fresh pages, fault + AUG + ACCEPT beside first touch",
	    " (aim 0.20)", &td, &normal, 1, TURN_PAGES);
	kvm_vm_free(vm);
	td_end(tv);
}

int main(void)
{
	uint64_t tdx = NEEDS(KVM) | NEEDS(GMEM) | NEEDS(TDX) |
		       NEEDS(PRIVATE);
	struct need_state state[NR_KVM_NEEDS] = {};
	char text[1024];

	needs_probe(kvm_needs, NR_KVM_NEEDS, tdx, state);
	if (needs_unmet(kvm_needs, NR_KVM_NEEDS, tdx, state, text,
			sizeof(text))) {
		fprintf(stderr, "bench_guest: %s\n", text);
		return 4;
	}
	kvm_suite_setup();
	printf("TDX module: %s\n", kvm_tdx_module()->word);
	bench_exits("exits to user space, TDVMCALL beside OUT", " (aim 0.30)",
		    td_exits);
	bench_exits("exits to user space, OUT in both", "", td_exits_by_ve);
	bench_faults();
	return 0;
}
