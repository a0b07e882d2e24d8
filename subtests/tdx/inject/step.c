// SPDX-License-Identifier: GPL-2.0-only
/* The steps of a TD's life, taken one by one on a TD that may die of it. */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "inject.h"
#include "kvm/gmem.h"

#define LOW_SLOT	1
#define LOW_PAGES	1
/* The pages that are added, one for STEP_MIGRATE, one for STEP_PREFAULT. */
#define SLOT_PAGES	(FAIL_PAGES + 2)
#define CPUIDS		256

struct step {
	const char *name;
	enum fail_step after;	/* what the TD must have gone through */
	void (*prepare)(struct subject *s);
	int (*call)(struct subject *s);
};

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	TEST_ASSERT(!sched_setaffinity(0, sizeof(set), &set),
		    "sched_setaffinity to CPU %d: %s", cpu, strerror(errno));
}

static void prepare_init_vm(struct subject *s)
{
	stay_on(0);
	s->td = td_create();
}

static int do_init_vm(struct subject *s)
{
	return __td_init_vm(s->td);
}

static void prepare_init_vcpu(struct subject *s)
{
	s->vcpu[0] = td_vcpu_add(s->td, 0);
}

static int do_init_vcpu(struct subject *s)
{
	return __td_init_vcpu(s->td, s->vcpu[0], 0);
}

static void prepare_init_vcpu_1(struct subject *s)
{
	s->vcpu[1] = td_vcpu_add(s->td, 1);
}

static int do_init_vcpu_1(struct subject *s)
{
	return __td_init_vcpu(s->td, s->vcpu[1], 0);
}

static int do_cpuid(struct subject *s)
{
	struct kvm_cpuid2 *cpuid = allocate_kvm_cpuid2(CPUIDS);
	int ret = __td_cmd(s->td, s->vcpu[0]->fd, KVM_TDX_GET_CPUID, 0,
			   (unsigned long)cpuid);

	free(cpuid);
	return ret;
}

static void prepare_add(struct subject *s)
{
	td_mem_add(s->td, &s->mem, 0, TD_GPA, SLOT_PAGES);
	s->source = td_source_alloc(SLOT_PAGES);
}

static int do_add(struct subject *s)
{
	return __td_add_pages(s->td, s->vcpu[0], s->source, s->mem.gpa,
			      FAIL_PAGES, MEASURE, &s->added);
}

static int do_migrate(struct subject *s)
{
	u64 offset = FAIL_PAGES * PAGE_SIZE;
	int ret;

	stay_on(1);
	ret = __td_add_pages(s->td, s->vcpu[0], (u8 *)s->source + offset,
			     s->mem.gpa + offset, 1, MEASURE, &s->added);
	stay_on(0);
	return ret;
}

static int do_hole(struct subject *s)
{
	return __gmem_punch(s->mem.fd, 0, 1);
}

static int do_finalize(struct subject *s)
{
	return __td_finalize(s->td);
}

static int do_prefault(struct subject *s)
{
	struct kvm_pre_fault_memory range = {
		.gpa = s->mem.gpa + (SLOT_PAGES - 1) * PAGE_SIZE,
		.size = PAGE_SIZE,
	};
	int ret = __vcpu_ioctl(s->vcpu[0], KVM_PRE_FAULT_MEMORY, &range);

	return ret ? -errno : 0;
}

/* Nothing is at the reset vector: it has run if its first fetch failed. */
static int do_run(struct subject *s)
{
	int ret = __vcpu_run(s->vcpu[0]) ? -errno : 0;

	if (ret == -EFAULT &&
	    s->vcpu[0]->run->exit_reason == KVM_EXIT_MEMORY_FAULT)
		return 0;
	return ret;
}

static void prepare_aug(struct subject *s)
{
	td_mem_add(s->td, &s->low, LOW_SLOT, 0, LOW_PAGES);
}

/* No guest runs: the first entry is made to end with a violation. */
static int do_aug(struct subject *s)
{
	const struct softtdx_inject violation = {
		.leaf = TDH_VP_ENTER, .status = ST_VIOLATION,
	};
	int fd = softtdx_inject_open(SOFTTDX_DIR);
	int ret;

	TEST_ASSERT(fd >= 0 && !softtdx_inject_add(fd, &violation),
		    "softtdx takes no rule");
	ret = do_run(s);
	close(fd);
	return ret;
}

static int do_share(struct subject *s)
{
	struct kvm_memory_attributes attr = {
		.address = s->mem.gpa, .size = PAGE_SIZE,
	};
	int ret = __vm_ioctl(s->td->vm, KVM_SET_MEMORY_ATTRIBUTES, &attr);

	return ret ? -errno : 0;
}

static int do_slot(struct subject *s)
{
	struct kvm_userspace_memory_region2 region = { .slot = s->mem.slot };
	int ret = __vm_ioctl(s->td->vm, KVM_SET_USER_MEMORY_REGION2, &region);

	return ret ? -errno : 0;
}

static int do_destroy(struct subject *s)
{
	subject_free(s);
	return 0;
}

static const struct step steps[NR_FAIL_STEPS] = {
	[STEP_INIT_VM]	  = { "INIT_VM", STEP_NONE, prepare_init_vm,
			      do_init_vm },
	[STEP_INIT_VCPU]  = { "INIT_VCPU", STEP_INIT_VM, prepare_init_vcpu,
			      do_init_vcpu },
	[STEP_INIT_VCPU_1] = { "INIT_VCPU of a second vCPU", STEP_INIT_VCPU,
			      prepare_init_vcpu_1, do_init_vcpu_1 },
	[STEP_CPUID]	  = { "GET_CPUID", STEP_INIT_VCPU, NULL, do_cpuid },
	[STEP_ADD]	  = { "INIT_MEM_REGION", STEP_INIT_VCPU, prepare_add,
			      do_add },
	[STEP_MIGRATE]	  = { "INIT_MEM_REGION on another CPU", STEP_ADD, NULL,
			      do_migrate },
	[STEP_HOLE]	  = { "hole before FINALIZE", STEP_ADD, NULL, do_hole },
	[STEP_FINALIZE]	  = { "FINALIZE", STEP_ADD, NULL, do_finalize },
	[STEP_PREFAULT]	  = { "PRE_FAULT", STEP_FINALIZE, NULL, do_prefault },
	[STEP_AUG]	  = { "EPT violation", STEP_FINALIZE, prepare_aug,
			      do_aug },
	[STEP_RUN]	  = { "KVM_RUN", STEP_FINALIZE, NULL, do_run },
	[STEP_HOLE_FINAL] = { "hole after FINALIZE", STEP_FINALIZE, NULL,
			      do_hole },
	[STEP_SHARE_FINAL] = { "to shared after FINALIZE", STEP_FINALIZE, NULL,
			      do_share },
	[STEP_SLOT_FINAL] = { "slot deleted after FINALIZE", STEP_FINALIZE,
			      NULL, do_slot },
	[STEP_DESTROY_EMPTY] = { "destruction after INIT_VM", STEP_INIT_VM,
			      NULL, do_destroy },
	[STEP_DESTROY]	  = { "destruction", STEP_FINALIZE, NULL, do_destroy },
};

const char *step_name(enum fail_step step)
{
	return steps[step].name;
}

const char *step_missing(enum fail_step step)
{
	if ((step == STEP_INIT_VCPU_1 || step == STEP_MIGRATE) &&
	    sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return "there is one CPU";
	return NULL;
}

static void take(struct subject *s, enum fail_step step)
{
	int ret = subject_do(s, step);

	TEST_ASSERT(!ret, "%s: %s", steps[step].name, strerror(-ret));
}

static void go_through(struct subject *s, enum fail_step step)
{
	if (step == STEP_NONE)
		return;
	go_through(s, steps[step].after);
	if (s->done & BIT(step))
		return;
	if (steps[step].prepare)
		steps[step].prepare(s);
	take(s, step);
}

void subject_reach(struct subject *s, enum fail_step step)
{
	*s = (struct subject){ .mem.fd = -1, .low.fd = -1 };
	go_through(s, steps[step].after);
	if (steps[step].prepare)
		steps[step].prepare(s);
}

int subject_do(struct subject *s, enum fail_step step)
{
	int ret = steps[step].call(s);

	if (!ret)
		s->done |= BIT(step);
	return ret;
}

void subject_complete(struct subject *s)
{
	go_through(s, STEP_FINALIZE);
	TEST_ASSERT(td_alive(s->td), "the VM was killed later on");
}

void subject_free(struct subject *s)
{
	if (s->source)
		td_source_free(s->source, SLOT_PAGES);
	if (s->mem.fd >= 0)
		kvm_close(s->mem.fd);
	if (s->low.fd >= 0)
		kvm_close(s->low.fd);
	td_free(s->td);
	*s = (struct subject){ .mem.fd = -1, .low.fd = -1 };
}

struct dead_ioctl {
	const char *name;
	unsigned long nr;
};

#define DEAD(nr)	{ #nr, nr }

static const char *first_alive(int fd, const struct dead_ioctl *calls,
			       unsigned int nr, int *ret)
{
	static u8 arg[PAGE_SIZE];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		memset(arg, 0, sizeof(arg));
		*ret = ioctl(fd, calls[i].nr, arg) < 0 ? -errno : 0;
		if (*ret != -EIO)
			return calls[i].name;
	}
	return NULL;
}

const char *subject_dead_ioctl(struct subject *s, int *ret)
{
	static const struct dead_ioctl vm[] = {
		DEAD(KVM_CHECK_EXTENSION), DEAD(KVM_MEMORY_ENCRYPT_OP),
		DEAD(KVM_CREATE_VCPU), DEAD(KVM_CREATE_GUEST_MEMFD),
		DEAD(KVM_SET_USER_MEMORY_REGION2), DEAD(KVM_ENABLE_CAP),
		DEAD(KVM_SET_MEMORY_ATTRIBUTES), DEAD(KVM_GET_STATS_FD),
	};
	static const struct dead_ioctl vcpu[] = {
		DEAD(KVM_MEMORY_ENCRYPT_OP), DEAD(KVM_RUN),
		DEAD(KVM_PRE_FAULT_MEMORY), DEAD(KVM_GET_MP_STATE),
		DEAD(KVM_SET_CPUID2), DEAD(KVM_GET_STATS_FD),
	};
	const char *name;
	int i;

	name = first_alive(s->td->vm->fd, vm, ARRAY_SIZE(vm), ret);
	for (i = 0; i < 2 && !name; i++)
		if (s->vcpu[i])
			name = first_alive(s->vcpu[i]->fd, vcpu,
					   ARRAY_SIZE(vcpu), ret);
	return name;
}
