// SPDX-License-Identifier: GPL-2.0-only
/* Where earlier kernels answer otherwise, see older.h. */
#include <errno.h>
#include <string.h>

#include "kvm/gmem.h"
#include "subtests/tdx/older.h"
#include "subtests/tdx/tests.h"
#include "tdx/guest.h"
#include "tdx/vm.h"

#define CLOSED_SLOT	7
#define CLOSED_GPA	(TD_GPA / 2)

/* Not probed yet; else the answer. */
#define UNKNOWN		(-1)

static int add_page(struct td_build *b)
{
	return __td_add_pages(b->td, b->vcpu, b->source, b->mem.gpa, 1, 0,
			      NULL);
}

static bool added_is_eexist(void)
{
	struct td_build b;
	int ret;

	td_build_start(&b, 1);
	td_add_pages(b.td, b.vcpu, b.source, b.mem.gpa, 1, 0);
	ret = add_page(&b);
	TEST_ASSERT(ret == -EEXIST || ret == -EIO,
		    "a page added twice: %s, neither EEXIST nor EIO",
		    strerror(-ret));
	td_build_free(&b);
	return ret == -EEXIST;
}

static bool unmapped_is_eexist(void)
{
	struct td_build b;
	int ret;

	td_build_start(&b, 1);
	td_add_pages(b.td, b.vcpu, b.source, b.mem.gpa, 1, 0);
	vm_mem_set_shared(b.td->vm, b.mem.gpa, PAGE_SIZE);
	vm_mem_set_private(b.td->vm, b.mem.gpa, PAGE_SIZE);
	ret = add_page(&b);
	TEST_ASSERT(!ret || ret == -EEXIST,
		    "a page added, unmapped and added: %s, neither success nor EEXIST",
		    strerror(-ret));
	td_build_free(&b);
	return ret == -EEXIST;
}

bool older_added_is_eexist(void)
{
	static int answer = UNKNOWN;

	if (answer == UNKNOWN)
		answer = added_is_eexist();
	return answer;
}

bool older_unmapped_is_eexist(void)
{
	static int answer = UNKNOWN;

	if (answer == UNKNOWN)
		answer = unmapped_is_eexist();
	return answer;
}

/* EINVAL: the argument is refused; EFAULT: the guest_memfd is missed first. */
static bool source_0_is_argument(void)
{
	struct kvm_tdx_init_mem_region region = {
		.gpa = CLOSED_GPA, .nr_pages = 1,
	};
	struct td_build b;
	int fd, ret;

	td_build_start(&b, 1);
	fd = gmem_create(b.td->vm, 1, 0);
	vm_set_user_memory_region2(b.td->vm, CLOSED_SLOT, KVM_MEM_GUEST_MEMFD,
				   CLOSED_GPA, PAGE_SIZE, b.source, fd, 0);
	vm_mem_set_private(b.td->vm, CLOSED_GPA, PAGE_SIZE);
	kvm_close(fd);
	ret = __td_init_mem_region(b.td, b.vcpu, &region, 0);
	TEST_ASSERT(ret == -EINVAL || ret == -EFAULT,
		    "source 0, guest_memfd closed: %s, neither EINVAL nor EFAULT",
		    strerror(-ret));
	vm_set_user_memory_region2(b.td->vm, CLOSED_SLOT, 0, CLOSED_GPA, 0,
				   NULL, 0, 0);
	td_build_free(&b);
	return ret == -EINVAL;
}

int older_source_0_errno(void)
{
	static int answer = UNKNOWN;

	if (answer == UNKNOWN)
		answer = source_0_is_argument() ? EINVAL :
			 older_added_is_eexist() ? EFAULT : EOPNOTSUPP;
	return answer;
}

static void guest_asks_mapgpa(void)
{
	u64 next;

	GUEST_SYNC(tdvmcall_map_gpa(TD_GPA | TD_SHARED, PAGE_SIZE, &next));
	GUEST_DONE();
}

static int answer_nonsense(struct td_vm *tv, const struct td_convert *c)
{
	return ENOTTY;
}

static u64 mapgpa_retry(void)
{
	struct td_vm *tv = td_start(1, guest_asks_mapgpa);
	struct td_exit e;
	bool older;

	tv->convert = answer_nonsense;
	td_run(tv, 0, &e);
	older = e.cmd == UCALL_SYNC &&
		td_sync_value(&e.uc) == TDVMCALL_INVALID_OPERAND;
	TEST_ASSERT(older || e.error == -EINVAL,
		    "MapGPA answered ENOTTY: neither INVALID_OPERAND nor EINVAL of KVM_RUN");
	td_end(tv);
	return older ? TDVMCALL_INVALID_OPERAND : TDVMCALL_RETRY;
}

unsigned long older_mapgpa_retry(void)
{
	static u64 answer;

	if (!answer)
		answer = mapgpa_retry();
	return answer;
}
