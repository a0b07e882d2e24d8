// SPDX-License-Identifier: GPL-2.0-only
/*
 * As many TDs as there are private keyids, and one more: KVM_TDX_INIT_VM
 * returns ENOSPC, changes nothing, and works again when a keyid is free. A
 * leaked keyid shows as one TD fewer in the next round.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "host/misc_cg.h"
#include "race/engine.h"
#include "subtests/tdx/tests.h"

#define KEYIDS_MAX	32768	/* bits 14:0 of MSR 0x87 */
#define FDS_A_TD	3	/* libkvm: /dev/kvm, VM, statistics */
#define FDS_OTHER	64
#define FULL_PAGES	16

struct crowd {
	struct td **tds;
	unsigned int nr;
	struct td *refused;	/* the TD without a keyid */
};

/*
 * Free keyids by softtdx, or by what KVM charges the misc cgroup; 0 without
 * both. If both are known, they agree.
 */
static u64 keyids_free(void)
{
	u64 all, used, by_cgroup = 0;
	struct module_counts held;

	if (!misc_cg_read(CGROUP_DIR, "misc.capacity", MISC_CG_TDX, &all) &&
	    !misc_cg_read(CGROUP_DIR, "misc.current", MISC_CG_TDX, &used))
		by_cgroup = all - used;
	module_counts_read(&held);
	if (!held.known)
		return by_cgroup;

	TEST_ASSERT(!by_cgroup || by_cgroup == held.keyids.free,
		    "%lu keyids are free by the misc cgroup, %lu by softtdx",
		    by_cgroup, held.keyids.free);
	return held.keyids.free;
}

/* Each TD needs some file descriptors, more than a shell's default limit. */
static void raise_fd_limit(u64 tds)
{
	u64 wanted = (tds ?: KEYIDS_MAX) * FDS_A_TD + FDS_OTHER;
	struct rlimit limit;

	TEST_ASSERT(!getrlimit(RLIMIT_NOFILE, &limit), "getrlimit()");
	limit.rlim_cur = limit.rlim_max;
	TEST_ASSERT(!setrlimit(RLIMIT_NOFILE, &limit), "setrlimit()");
	if (tds && limit.rlim_cur < wanted)
		subtest_skip("%lu keyids: %lu file descriptors are needed, %lu are allowed",
			     tds, wanted, (unsigned long)limit.rlim_cur);
}

static int init_vm(struct td *td)
{
	int tries = 100, ret;

	/* EAGAIN: the module ran out of entropy for the TD's key. */
	do {
		ret = __td_init_vm(td);
	} while (ret == -EAGAIN && --tries);
	return ret;
}

/* Refused for lack of a keyid, with no other effect. */
static void assert_no_keyid(struct td *td, int ret)
{
	assert_refused(ret, ENOSPC, "INIT_VM without a free keyid");
	TEST_ASSERT(!td->hw_error, "hw_error %#lx", td->hw_error);
	TEST_ASSERT(td_alive(td), "the refused INIT_VM killed the VM");
	assert_refused(__td_finalize(td), EINVAL, "FINALIZE without a keyid");
	ret = __vm_ioctl(td->vm, KVM_CREATE_VCPU, (void *)0);
	assert_refused(ret < 0 ? -errno : 0, EIO, "vCPU without a keyid");
}

static void crowd_fill(struct crowd *c)
{
	struct td *td = NULL;
	int ret;

	for (;;) {
		td = td_create();
		ret = init_vm(td);
		if (ret)
			break;

		TEST_ASSERT(c->nr < KEYIDS_MAX, "more TDs than keyids");
		c->tds[c->nr++] = td;
	}
	assert_no_keyid(td, ret);
	assert_no_keyid(td, init_vm(td));
	c->refused = td;
}

/* A freed keyid can be used by the TD that was refused. */
static void crowd_replace(struct crowd *c, unsigned int which)
{
	struct td *late = c->refused, *td = td_create();

	td_free(c->tds[which]);
	c->tds[which] = late;
	td_init_vm(late);
	assert_no_keyid(td, init_vm(td));
	c->refused = td;
}

/* Complete the newest TD beside all others. */
static void crowd_complete(struct crowd *c, unsigned int which)
{
	struct td *td = c->tds[which];
	struct kvm_vcpu *vcpu;
	struct td_mem mem;
	void *source;

	vcpu = td_vcpu_add(td, 0);
	td_init_vcpu(td, vcpu, 0);
	td_mem_add(td, &mem, 0, TD_GPA, FULL_PAGES);
	source = td_source_alloc(FULL_PAGES);
	td_add_pages(td, vcpu, source, mem.gpa, FULL_PAGES, MEASURE);
	td_finalize(td);
	assert_mapped(td->vm, FULL_PAGES, "a TD among all the others");
	td_source_free(source, FULL_PAGES);
	kvm_close(mem.fd);
}

/* Last to first, every other one first, or first to last. */
static void crowd_free(struct crowd *c, unsigned int round)
{
	unsigned int i, which;

	td_free(c->refused);
	for (i = 0; i < c->nr; i++) {
		which = i;
		if (round % 3 == 0)
			which = c->nr - 1 - i;
		else if (round % 3 == 1)
			which = i < c->nr / 2 ? 2 * i + 1 :
				2 * (i - c->nr / 2);
		td_free(c->tds[which]);
	}
	c->nr = 0;
}

static unsigned int crowd_round(struct crowd *c, unsigned int round)
{
	unsigned int nr;

	crowd_fill(c);
	nr = c->nr;
	TEST_ASSERT(nr, "no TD got a keyid");
	crowd_replace(c, nr / 2);
	crowd_complete(c, nr / 2);
	crowd_replace(c, 0);
	crowd_free(c, round);
	return nr;
}

void keyids_run_out(const struct subtest_args *args)
{
	unsigned int nr, first = 0, round = 0;
	struct crowd c = {};
	struct module_counts before;
	struct rounds r;
	u64 keyids;

	module_counts_read(&before);
	keyids = keyids_free();
	raise_fd_limit(keyids);
	c.tds = calloc(KEYIDS_MAX, sizeof(*c.tds));
	TEST_ASSERT(c.tds, "no memory for %u TDs", KEYIDS_MAX);

	rounds_start(&r, args_or(args->iterations, 2), args->duration_s);
	while (rounds_next(&r)) {
		nr = crowd_round(&c, round);
		TEST_ASSERT(!keyids || nr == keyids,
			    "round %u: %u TDs had a keyid, %lu were free",
			    round, nr, keyids);
		TEST_ASSERT(!round || nr == first,
			    "round %u: %u TDs had a keyid, in the first %u",
			    round, nr, first);
		first = nr;
		round++;
		assert_module_counts(&before, "after all TDs");
	}
	printf("%u rounds of %u TDs, %s\n", round, first,
	       keyids ? "all the keyids that were free" :
	       "how many keyids were free is not known");
	free(c.tds);
}
