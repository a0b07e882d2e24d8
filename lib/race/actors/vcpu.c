// SPDX-License-Identifier: GPL-2.0-only
/* vCPUs: guests that run, signals that stop them, pre-faulted pages. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fixture_vm.h"
#include "race/engine.h"

#define SIGNAL_MAX_US	300

int vcpu_runs(struct act *a)
{
	return fixture_vm_run(a, &a->fx->normal, VCPU_RUN, false);
}

int private_runs(struct act *a)
{
	return fixture_vm_run(a, &a->fx->private, VCPU_RUN, true);
}

int in_place_runs(struct act *a)
{
	return fixture_vm_run(a, &a->fx->in_place, VCPU_RUN, true);
}

/* ---- interrupted --------------------------------------------------------- */

struct alarm {
	bool created;		/* by the thread that gets its signals */
	timer_t timer;
};

static void ignore(int sig)
{
}

void vcpu_timer(struct act *a)
{
	struct sigaction sa = { .sa_handler = ignore };

	TEST_ASSERT(!sigaction(SIGUSR2, &sa, NULL), "sigaction: %s",
		    strerror(errno));
	a->data = calloc(1, sizeof(struct alarm));
	TEST_ASSERT(a->data, "memory");
}

void vcpu_timer_free(struct act *a)
{
	struct alarm *alarm = a->data;

	if (alarm->created)
		timer_delete(alarm->timer);
	free(alarm);
}

static int alarm_in(struct alarm *alarm, unsigned long us)
{
	struct itimerspec when = { .it_value.tv_nsec = us * 1000 + 1 };
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2,
	};

	if (!alarm->created) {
		event._sigev_un._tid = syscall(SYS_gettid);
		if (timer_create(CLOCK_MONOTONIC, &event, &alarm->timer))
			return -1;
		alarm->created = true;
	}
	return timer_settime(alarm->timer, 0, &when, NULL);
}

/* Before KVM_RUN by immediate_exit, or at any time in it by a signal. */
int vcpu_signalled(struct act *a)
{
	struct kvm_run *run = a->fx->normal.vcpus[VCPU_SIGNALS]->run;
	int ret;

	if (!prng_below(&a->prng, 4)) {
		run->immediate_exit = 1;
		ret = act_refused(a, "KVM_RUN with immediate_exit",
				  __vcpu_run(a->fx->normal.vcpus[VCPU_SIGNALS]),
				  EINTR);
		run->immediate_exit = 0;
		return ret;
	}
	ret = ACT_CALL(a, "timer",
		       alarm_in(a->data, prng_below(&a->prng, SIGNAL_MAX_US)),
		       EAGAIN);
	return ret ?: fixture_vm_run(a, &a->fx->normal, VCPU_SIGNALS, false);
}

/* ---- pre-faults ---------------------------------------------------------- */

/*
 * ENOENT: no memslot there. EFAULT (@converts): memory was converted during the
 * fault. A rest of the range is not repeated.
 */
static int prefault(struct act *a, struct fixture_vm *n, u64 pages,
		    bool converts)
{
	struct kvm_pre_fault_memory range = {};
	u64 first, nr;

	act_range(a, pages, &first, &nr);
	range.gpa = NORMAL_GPA + first * PAGE_SIZE;
	range.size = nr * PAGE_SIZE;
	return ACT_CALL(a, "KVM_PRE_FAULT_MEMORY",
			ioctl(n->vcpus[VCPU_PREFAULT]->fd,
			      KVM_PRE_FAULT_MEMORY, &range), ENOENT, EINTR,
			EAGAIN, EHWPOISON, converts ? EFAULT : EINTR);
}

int vcpu_prefaults(struct act *a)
{
	return prefault(a, &a->fx->normal, NR_PARTS * a->fx->pages,
			false);
}

int private_prefaults(struct act *a)
{
	return prefault(a, &a->fx->private, a->fx->private.pages, true);
}
