// SPDX-License-Identifier: GPL-2.0-only
/* Memory that becomes private and shared under a guest that uses it. */
#include <errno.h>
#include <sys/ioctl.h>

#include "race.h"
#include "world.h"

/* The one thread that converts: what it set is what is there. */
int private_converts(struct act *a)
{
	struct arena *n = &a->w->private;
	struct kvm_memory_attributes range = {};
	u64 first, nr;

	act_range(a, n->pages, &first, &nr);
	range.address = NORMAL_GPA + first * PAGE_SIZE;
	range.size = nr * PAGE_SIZE;
	if (dice_throw(&a->dice, 2))
		range.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE;
	return ACT_CALL(a, "KVM_SET_MEMORY_ATTRIBUTES",
			ioctl(n->vm->fd, KVM_SET_MEMORY_ATTRIBUTES, &range),
			EINTR);
}
