// SPDX-License-Identifier: GPL-2.0-only
/* Memory that becomes private and shared while a guest uses it. */
#include <errno.h>
#include <sys/ioctl.h>

#include "fixture.h"
#include "kvm/compat.h"
#include "race/engine.h"

/* Only this thread converts, so the state is what it has set. */
int private_converts(struct act *a)
{
	struct fixture_vm *n = &a->fx->private;
	struct kvm_memory_attributes range = {};
	u64 first, nr;

	act_range(a, n->pages, &first, &nr);
	range.address = NORMAL_GPA + first * PAGE_SIZE;
	range.size = nr * PAGE_SIZE;
	if (prng_below(&a->prng, 2))
		range.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE;
	return ACT_CALL(a, "KVM_SET_MEMORY_ATTRIBUTES",
			ioctl(n->vm->fd, KVM_SET_MEMORY_ATTRIBUTES, &range),
			EINTR);
}

/* ---- in place ------------------------------------------------------------ */

/* The page at @first is now private, or the host can use it, too. */
static int is_so(struct act *a, u64 first, bool private)
{
	struct fixture_vm *n = &a->fx->in_place;
	u64 word;

	if (act_read(lane_word(n->mem, first, a->lane), &word))
		return private ? 0 : act_fail(a, -EFAULT,
				"page %lu was made shared and is SIGBUS",
				first);
	if (private)
		return act_fail(a, -EPROTO,
				"page %lu was made private, the host reads %#lx",
				first, word);
	return act_word(a, word, MEMORY_IN_PLACE, first, a->lane);
}

/* EAGAIN: a page, named by error_offset, has another reference. */
static int is_named(struct act *a, u64 first, u64 nr, u64 offset)
{
	if (offset % PAGE_SIZE == 0 && offset / PAGE_SIZE >= first &&
	    offset / PAGE_SIZE < first + nr)
		return RACE_MISSED;
	return act_fail(a, -EPROTO,
			"EAGAIN for pages %lu to %lu with error_offset %#lx",
			first, first + nr - 1, offset);
}

int in_place_converts(struct act *a)
{
	struct fixture_vm *n = &a->fx->in_place;
	struct kvm_memory_attributes2 range = { .error_offset = ~0ull };
	bool private = prng_below(&a->prng, 2);
	u64 first, nr;
	int ret;

	act_range(a, n->pages, &first, &nr);
	range.offset = first * PAGE_SIZE;
	range.size = nr * PAGE_SIZE;
	range.attributes = private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0;
	ret = ioctl(n->fd, KVM_SET_MEMORY_ATTRIBUTES2, &range);
	if (ret && errno == EAGAIN && private)
		return is_named(a, first, nr, range.error_offset);
	ret = ACT_CALL(a, "KVM_SET_MEMORY_ATTRIBUTES2", ret, EINTR);
	return ret ?: is_so(a, first, private);
}

int in_place_touches(struct act *a)
{
	struct fixture_vm *n = &a->fx->in_place;
	u64 page = prng_below(&a->prng, n->pages), word;
	u64 *at = lane_word(n->mem, page, a->lane);
	int ret;

	if (act_read(at, &word))
		return RACE_MISSED;
	ret = act_word(a, word, MEMORY_IN_PLACE, page, a->lane);
	if (ret)
		return ret;
	return act_write(at, act_pattern(a, MEMORY_IN_PLACE, page)) ?
	       RACE_MISSED : 0;
}
