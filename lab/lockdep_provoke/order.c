// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks taken in an order that closes a cycle. Each pair of locks has a
 * function of its own, so that a report shows which function took which lock.
 */
#include "cases.h"

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);
static DEFINE_MUTEX(lock_c);

static noinline void take_pair(struct mutex *outer, struct mutex *inner)
{
	mutex_lock(outer);
	mutex_lock(inner);
	mutex_unlock(inner);
	mutex_unlock(outer);
}

static noinline void take_a_then_b(void)
{
	mutex_lock(&lock_a);
	mutex_lock(&lock_b);
	mutex_unlock(&lock_b);
	mutex_unlock(&lock_a);
}

static noinline void take_b_then_a(void)
{
	mutex_lock(&lock_b);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	mutex_unlock(&lock_b);
}

int case_circular(void)
{
	take_a_then_b();
	take_b_then_a();
	return 0;
}

int case_circular_three(void)
{
	take_a_then_b();
	take_pair(&lock_b, &lock_c);
	take_pair(&lock_c, &lock_a);
	return 0;
}

static noinline void take_a_then_nested_b(void)
{
	mutex_lock(&lock_a);
	mutex_lock_nested(&lock_b, SINGLE_DEPTH_NESTING);
	mutex_unlock(&lock_b);
	mutex_unlock(&lock_a);
}

static noinline void take_nested_b_then_a(void)
{
	mutex_lock_nested(&lock_b, SINGLE_DEPTH_NESTING);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	mutex_unlock(&lock_b);
}

/* No cycle between lock_b and lock_a: only the subclass closes one. */
int case_circular_subclass(void)
{
	take_a_then_b();
	take_a_then_nested_b();
	take_nested_b_then_a();
	return 0;
}

static DECLARE_RWSEM(invalidate_rwsem);
static DECLARE_RWSEM(mm_rwsem);

static noinline void take_like_populate(void)
{
	down_write(&invalidate_rwsem);
	down_read(&mm_rwsem);
	up_read(&mm_rwsem);
	up_write(&invalidate_rwsem);
}

static noinline void take_like_fault(void)
{
	down_read(&mm_rwsem);
	down_read(&invalidate_rwsem);
	up_read(&invalidate_rwsem);
	up_read(&mm_rwsem);
}

/* The bug that the project grew from, without KVM. */
int case_circular_read(void)
{
	take_like_populate();
	take_like_fault();
	return 0;
}

struct lock_work {
	struct work_struct work;
	struct mutex lock;
	bool skip;
};

static void lock_work_fn(struct work_struct *work)
{
	struct lock_work *w = container_of(work, struct lock_work, work);

	if (w->skip) {
		msleep(50);
		return;
	}
	mutex_lock(&w->lock);
	mutex_unlock(&w->lock);
}

/*
 * The work that is flushed under the lock can take it, but does not: nothing
 * hangs.
 */
int case_circular_work(void)
{
	struct lock_work *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	mutex_init(&w->lock);
	INIT_WORK(&w->work, lock_work_fn);
	schedule_work(&w->work);
	flush_work(&w->work);
	w->skip = true;
	mutex_lock(&w->lock);
	schedule_work(&w->work);
	flush_work(&w->work);
	mutex_unlock(&w->lock);
	return 0;
}

DEFINE_STATIC_SRCU(test_srcu);

static noinline void synchronize_under_a(void)
{
	mutex_lock(&lock_a);
	synchronize_srcu(&test_srcu);
	mutex_unlock(&lock_a);
}

int case_circular_srcu(void)
{
	int idx;

	synchronize_under_a();
	idx = srcu_read_lock(&test_srcu);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	srcu_read_unlock(&test_srcu, idx);
	return 0;
}

struct ordered_lock {
	struct mutex lock;
	int order;
};

static struct ordered_lock *new_ordered_lock(int order)
{
	struct ordered_lock *n = kzalloc(sizeof(*n), GFP_KERNEL);

	if (!n)
		return NULL;
	mutex_init(&n->lock);
	n->order = order;
	return n;
}

/*
 * Two locks of one class. They are leaked, like everything here that lockdep
 * may still access.
 */
int case_recursive(void)
{
	struct ordered_lock *one = new_ordered_lock(1);
	struct ordered_lock *two = new_ordered_lock(2);

	if (!one || !two)
		return -ENOMEM;
	take_pair(&one->lock, &two->lock);
	return 0;
}

static int compare_order(const struct lockdep_map *a,
			 const struct lockdep_map *b)
{
	const struct ordered_lock *na, *nb;

	na = container_of(a, struct ordered_lock, lock.dep_map);
	nb = container_of(b, struct ordered_lock, lock.dep_map);
	return na->order - nb->order;
}

static void print_order(const struct lockdep_map *map)
{
	const struct ordered_lock *n = container_of(map, struct ordered_lock,
						    lock.dep_map);

	pr_cont(" order %d", n->order);
}

/* The same with a class that has a comparison function. */
int case_recursive_compared(void)
{
	struct ordered_lock *one = new_ordered_lock(1);
	struct ordered_lock *two = new_ordered_lock(2);

	if (!one || !two)
		return -ENOMEM;
	lock_set_cmp_fn(&one->lock, compare_order, print_order);
	take_pair(&two->lock, &one->lock);
	return 0;
}
