// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memslots on the guest_memfd and on its mapping: they take slots_lock, and
 * under it the file's invalidate_lock.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fixture.h"
#include "race/engine.h"

/* Only this thread adds and deletes it, so neither may be refused. */
int slot_add_delete(struct act *a)
{
	struct fixture *fx = a->fx;
	int ret;

	ret = ACT_CALL(a, "memslot deleted",
		       part_set(fx, PART_SLOT(PART_ADDED), PART_ADDED, 0,
				KVM_MEM_GUEST_MEMFD)) ?:
	      ACT_CALL(a, "memslot added",
		       part_set(fx, PART_SLOT(PART_ADDED), PART_ADDED,
				fx->pages * PAGE_SIZE, KVM_MEM_GUEST_MEMFD));
	if (ret)
		return ret;
	/* A page of a guest_memfd has one gpa only. */
	return act_refused(a, "second memslot on a bound range",
			   part_set(fx, PART_SLOT(NR_PARTS + 1), PART_BOUND,
				    fx->pages * PAGE_SIZE, KVM_MEM_GUEST_MEMFD),
			   EEXIST);
}

/* One on the file cannot move; one on its mapping can. */
int slot_move(struct act *a)
{
	struct fixture *fx = a->fx;
	u64 bytes = fx->pages * PAGE_SIZE;

	return ACT_CALL(a, "memslot moved",
			part_set(fx, PART_SLOT(PART_MOVING), PART_MOVED, bytes,
				 0)) ?:
	       ACT_CALL(a, "memslot moved back",
			part_set(fx, PART_SLOT(PART_MOVING), PART_MOVING, bytes,
				 0)) ?:
	       act_refused(a, "move of a memslot with guest_memfd",
			   part_set(fx, PART_SLOT(PART_BOUND), PART_MOVED,
				    bytes, KVM_MEM_GUEST_MEMFD), EINVAL);
}

static int get_log(struct fixture *fx, u64 *log)
{
	struct kvm_dirty_log args = {
		.slot = PART_SLOT(PART_LOGGED), .dirty_bitmap = log,
	};

	return ioctl(fx->normal.vm->fd, KVM_GET_DIRTY_LOG, &args);
}

/* No page outside of the memslot is dirty; without logging no log. */
int slot_dirty_log(struct act *a)
{
	struct fixture *fx = a->fx;
	u64 bytes = fx->pages * PAGE_SIZE, i;
	u64 log[FIXTURE_PAGES_MAX / 64] = {};
	int ret;

	ret = ACT_CALL(a, "dirty logging on",
		       part_set(fx, PART_SLOT(PART_LOGGED), PART_LOGGED, bytes,
				KVM_MEM_LOG_DIRTY_PAGES)) ?:
	      ACT_CALL(a, "KVM_GET_DIRTY_LOG", get_log(fx, log)) ?:
	      ACT_CALL(a, "KVM_GET_DIRTY_LOG", get_log(fx, log));
	if (ret)
		return ret;
	for (i = fx->pages; i < FIXTURE_PAGES_MAX; i++) {
		if (log[i / 64] & 1ull << i % 64)
			return act_fail(a, -EILSEQ,
					"page %lu of %lu is dirty", i,
					fx->pages);
	}
	return ACT_CALL(a, "dirty logging off",
			part_set(fx, PART_SLOT(PART_LOGGED), PART_LOGGED, bytes,
				 0)) ?:
	       act_refused(a, "KVM_GET_DIRTY_LOG, logging off",
			   get_log(fx, log), ENOENT);
}
