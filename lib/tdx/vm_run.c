// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a TD's vCPUs: what every TD needs of its VMM is done here, all else by
 * the caller.
 */
#include <errno.h>
#include <signal.h>

#include "tdx/guest_code/tdvmcall.h"
#include "tdx/vm.h"

#define KICK_SIGNAL	SIGUSR1

/* Exits of one td_run(); sharing 1 GiB page by page takes fewer. */
#define EXITS_MAX	300000

static void on_kick(int sig)
{
}

/* Without SA_RESTART: ioctls ignore it, but libc may not. */
static void catch_kicks(void)
{
	struct sigaction sa = { .sa_handler = on_kick };

	TEST_ASSERT(!sigaction(KICK_SIGNAL, &sa, NULL), "sigaction()");
}

void td_kick(struct td_vm *tv, unsigned int vcpu)
{
	struct td_vcpu *v = &tv->vcpus[vcpu];

	__atomic_store_n(&v->kicked, true, __ATOMIC_SEQ_CST);
	WRITE_ONCE(v->vcpu->run->immediate_exit, 1);
	if (__atomic_load_n(&v->running, __ATOMIC_SEQ_CST))
		pthread_kill(v->thread, KICK_SIGNAL);
}

int td_convert_default(struct td_vm *tv, const struct td_convert *c)
{
	if (c->to_private)
		vm_mem_set_private(tv->vm, c->gpa, c->size);
	else
		vm_mem_set_shared(tv->vm, c->gpa, c->size);
	return 0;
}

static int convert(struct td_vm *tv, const struct td_convert *c)
{
	int ret = tv->convert ? tv->convert(tv, c) : td_convert_default(tv, c);

	if (!ret)
		__atomic_fetch_add(&tv->conversions, 1, __ATOMIC_RELAXED);
	return ret;
}

static bool handle_hypercall(struct td_vm *tv, unsigned int vcpu)
{
	struct kvm_run *run = tv->vcpus[vcpu].vcpu->run;
	struct td_convert c = {
		.vcpu = vcpu,
		.gpa = run->hypercall.args[0],
		.size = run->hypercall.args[1] * PAGE_SIZE,
		.to_private = run->hypercall.args[2] &
			      KVM_MAP_GPA_RANGE_ENCRYPTED,
		.by_mapgpa = true,
	};

	if (run->hypercall.nr != KVM_HC_MAP_GPA_RANGE)
		return false;

	run->hypercall.ret = convert(tv, &c);
	return true;
}

static bool handle_fault(struct td_vm *tv, unsigned int vcpu)
{
	struct kvm_run *run = tv->vcpus[vcpu].vcpu->run;
	struct td_convert c = {
		.vcpu = vcpu,
		.gpa = run->memory_fault.gpa,
		.size = run->memory_fault.size,
		.to_private = run->memory_fault.flags &
			      KVM_MEMORY_EXIT_FLAG_PRIVATE,
	};

	return tv->convert_faults && !convert(tv, &c);
}

static bool handle_ucall(unsigned int vcpu, const struct td_exit *e)
{
	if (e->cmd != UCALL_PRINTF)
		return false;

	printf("vCPU %u: %s", vcpu, e->uc.buffer);
	return true;
}

/* True if the caller need not see it. */
static bool handle(struct td_vm *tv, unsigned int vcpu,
		   const struct td_exit *e)
{
	struct kvm_run *run = tv->vcpus[vcpu].vcpu->run;

	if (e->error == -EINTR || e->error == -EAGAIN)
		return true;
	if (e->error == -EFAULT && e->reason == KVM_EXIT_MEMORY_FAULT)
		return handle_fault(tv, vcpu);
	if (e->error)
		return false;

	switch (e->reason) {
	case KVM_EXIT_MMIO:
		return handle_ucall(vcpu, e);
	case KVM_EXIT_HYPERCALL:
		return handle_hypercall(tv, vcpu);
	case KVM_EXIT_TDX:
		/* KVM has preset it: no optional TDVMCALLs. */
		return run->tdx.nr == TDVMCALL_GET_INFO;
	}
	return false;
}

static void run_once(struct td_vm *tv, unsigned int i, struct td_exit *e)
{
	struct kvm_vcpu *vcpu = tv->vcpus[i].vcpu;

	if (tv->enter)
		e->error = tv->enter(tv, i);
	else
		e->error = __vcpu_run(vcpu) ? -errno : 0;
	e->reason = vcpu->run->exit_reason;
	e->cmd = e->error ? UCALL_NONE : get_ucall(vcpu, &e->uc);
}

static bool take_kick(struct td_vcpu *v, struct td_exit *e)
{
	if (!__atomic_exchange_n(&v->kicked, false, __ATOMIC_SEQ_CST))
		return false;

	v->vcpu->run->immediate_exit = 0;
	e->error = -EINTR;
	e->reason = KVM_EXIT_INTR;
	e->cmd = UCALL_NONE;
	return true;
}

void td_run(struct td_vm *tv, unsigned int vcpu, struct td_exit *e)
{
	struct td_vcpu *v = &tv->vcpus[vcpu];
	unsigned long exits = 0;
	char text[256];

	catch_kicks();
	v->thread = pthread_self();
	__atomic_store_n(&v->running, true, __ATOMIC_SEQ_CST);
	do {
		if (take_kick(v, e))
			break;
		if (exits++ == EXITS_MAX)
			TEST_FAIL("vCPU %u: no progress in %u exits, last: %s",
				  vcpu, EXITS_MAX,
				  td_exit_text(tv, vcpu, e, text,
					       sizeof(text)));
		run_once(tv, vcpu, e);
	} while (handle(tv, vcpu, e));
	__atomic_store_n(&v->running, false, __ATOMIC_SEQ_CST);
}

static void fail_unexpected(struct td_vm *tv, unsigned int vcpu,
			    const struct td_exit *e, const char *wanted)
{
	char text[256];

	if (e->cmd == UCALL_ABORT) {
		fprintf(stderr, "vCPU %u:\n", vcpu);
		REPORT_GUEST_ASSERT(e->uc);
	}
	TEST_FAIL("vCPU %u: %s instead of %s", vcpu,
		  td_exit_text(tv, vcpu, e, text, sizeof(text)), wanted);
}

u64 td_run_until_sync(struct td_vm *tv, unsigned int vcpu, struct ucall *uc)
{
	struct td_exit e;

	td_run(tv, vcpu, &e);
	if (e.cmd != UCALL_SYNC)
		fail_unexpected(tv, vcpu, &e, "GUEST_SYNC()");
	if (uc)
		*uc = e.uc;
	return td_sync_value(&e.uc);
}

void td_run_until_done(struct td_vm *tv, unsigned int vcpu)
{
	struct td_exit e;

	td_run(tv, vcpu, &e);
	if (e.cmd != UCALL_DONE)
		fail_unexpected(tv, vcpu, &e, "GUEST_DONE()");
}

void td_run_until_exit(struct td_vm *tv, unsigned int vcpu, u32 reason,
		       int error, struct td_exit *e)
{
	char wanted[64];

	td_run(tv, vcpu, e);
	if (e->cmd == UCALL_NONE && e->reason == reason && e->error == -error)
		return;

	snprintf(wanted, sizeof(wanted), "exit %u, %s", reason,
		 error ? strerror(error) : "success");
	fail_unexpected(tv, vcpu, e, wanted);
}

struct run_thread {
	struct td_vm *tv;
	unsigned int vcpu;
	td_sync_fn on_sync;
	void *arg;
	pthread_t thread;
};

static void *run_until_done(void *arg)
{
	struct run_thread *r = arg;
	struct td_exit e;

	for (;;) {
		td_run(r->tv, r->vcpu, &e);
		if (e.cmd != UCALL_SYNC || !r->on_sync)
			break;
		r->on_sync(r->tv, r->vcpu, &e.uc, r->arg);
	}
	if (e.cmd != UCALL_DONE)
		fail_unexpected(r->tv, r->vcpu, &e, "GUEST_DONE()");
	return NULL;
}

void td_run_all(struct td_vm *tv, td_sync_fn on_sync, void *arg)
{
	struct run_thread *r = calloc(tv->nr_vcpus, sizeof(*r));
	unsigned int i;
	int ret;

	TEST_ASSERT(r, "no memory for %u threads", tv->nr_vcpus);
	for (i = 0; i < tv->nr_vcpus; i++) {
		r[i] = (struct run_thread) {
			.tv = tv, .vcpu = i, .on_sync = on_sync, .arg = arg,
		};
		ret = pthread_create(&r[i].thread, NULL, run_until_done, &r[i]);
		TEST_ASSERT(!ret, "pthread_create: %s", strerror(ret));
	}
	for (i = 0; i < tv->nr_vcpus; i++)
		pthread_join(r[i].thread, NULL);
	free(r);
}
