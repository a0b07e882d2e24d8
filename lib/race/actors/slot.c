// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memslots over the guest_memfd, by the file and by its mapping: they take
 * slots_lock, and under it the file's invalidate_lock.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fixture.h"
#include "race/engine.h"

/* Added and deleted by one thread only, so neither may be refused. */
int slot_comes(struct act *a)
{
	struct fixture *fx = a->fx;
	int ret;

	ret = ACT_CALL(a, "memslot deleted",
		       part_set(fx, PART_SLOT(PART_COMING), PART_COMING, 0,
				KVM_MEM_GUEST_MEMFD)) ?:
	      ACT_CALL(a, "memslot added",
		       part_set(fx, PART_SLOT(PART_COMING), PART_COMING,
				fx->pages * PAGE_SIZE, KVM_MEM_GUEST_MEMFD));
	if (ret)
		return ret;
	/* A page of a guest_memfd has one place in the guest. */
	return act_refused(a, "second memslot on a bound range",
			   part_set(fx, PART_SLOT(NR_PARTS + 1), PART_BOUND,
				    fx->pages * PAGE_SIZE, KVM_MEM_GUEST_MEMFD),
			   EEXIST);
}

/* One with the file does not move; one with its mapping does. */
int slot_moves(struct act *a)
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

/* Nothing is dirty that is not in the memslot; not on, there is no log. */
int slot_logs(struct act *a)
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
