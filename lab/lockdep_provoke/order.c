// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks taken in an order that closes a circle. Each pair of locks is taken in
 * a function of its own, so that a report tells who took what.
 */
#include "cases.h"

static DEFINE_MUTEX(case_a);
static DEFINE_MUTEX(case_b);
static DEFINE_MUTEX(case_c);

static noinline void case_take(struct mutex *outer, struct mutex *inner)
{
	mutex_lock(outer);
	mutex_lock(inner);
	mutex_unlock(inner);
	mutex_unlock(outer);
}

static noinline void case_take_ab(void)
{
	mutex_lock(&case_a);
	mutex_lock(&case_b);
	mutex_unlock(&case_b);
	mutex_unlock(&case_a);
}

static noinline void case_take_ba(void)
{
	mutex_lock(&case_b);
	mutex_lock(&case_a);
	mutex_unlock(&case_a);
	mutex_unlock(&case_b);
}

int case_circular(void)
{
	case_take_ab();
	case_take_ba();
	return 0;
}

int case_circular_three(void)
{
	case_take_ab();
	case_take(&case_b, &case_c);
	case_take(&case_c, &case_a);
	return 0;
}

static noinline void case_take_second_under_a(void)
{
	mutex_lock(&case_a);
	mutex_lock_nested(&case_b, SINGLE_DEPTH_NESTING);
	mutex_unlock(&case_b);
	mutex_unlock(&case_a);
}

static noinline void case_take_a_under_second(void)
{
	mutex_lock_nested(&case_b, SINGLE_DEPTH_NESTING);
	mutex_lock(&case_a);
	mutex_unlock(&case_a);
	mutex_unlock(&case_b);
}

/* Between case_b and case_a there is no circle: it is only in the subclass. */
int case_circular_subclass(void)
{
	case_take_ab();
	case_take_second_under_a();
	case_take_a_under_second();
	return 0;
}

static DECLARE_RWSEM(case_map);
static DECLARE_RWSEM(case_mm);

static noinline void case_populate(void)
{
	down_write(&case_map);
	down_read(&case_mm);
	up_read(&case_mm);
	up_write(&case_map);
}

static noinline void case_fault(void)
{
	down_read(&case_mm);
	down_read(&case_map);
	up_read(&case_map);
	up_read(&case_mm);
}

/* The one that all this is about, in small. */
int case_circular_read(void)
{
	case_populate();
	case_fault();
	return 0;
}

struct case_worker {
	struct work_struct work;
	struct mutex lock;
	bool without;
};

static void case_work(struct work_struct *work)
{
	struct case_worker *w = container_of(work, struct case_worker, work);

	if (w->without) {
		msleep(50);
		return;
	}
	mutex_lock(&w->lock);
	mutex_unlock(&w->lock);
}

/* What is flushed under the lock could take it, but does not: nothing hangs. */
int case_circular_work(void)
{
	struct case_worker *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	mutex_init(&w->lock);
	INIT_WORK(&w->work, case_work);
	schedule_work(&w->work);
	flush_work(&w->work);
	w->without = true;
	mutex_lock(&w->lock);
	schedule_work(&w->work);
	flush_work(&w->work);
	mutex_unlock(&w->lock);
	return 0;
}

DEFINE_STATIC_SRCU(case_srcu);

static noinline void case_wait_under_lock(void)
{
	mutex_lock(&case_a);
	synchronize_srcu(&case_srcu);
	mutex_unlock(&case_a);
}

int case_circular_srcu(void)
{
	int idx;

	case_wait_under_lock();
	idx = srcu_read_lock(&case_srcu);
	mutex_lock(&case_a);
	mutex_unlock(&case_a);
	srcu_read_unlock(&case_srcu, idx);
	return 0;
}

struct case_node {
	struct mutex lock;
	int order;
};

static struct case_node *case_node(int order)
{
	struct case_node *n = kzalloc(sizeof(*n), GFP_KERNEL);

	if (!n)
		return NULL;
	mutex_init(&n->lock);
	n->order = order;
	return n;
}

/* Two of one class; leaked, as all here is that lockdep may still look at. */
int case_recursive(void)
{
	struct case_node *one = case_node(1), *two = case_node(2);

	if (!one || !two)
		return -ENOMEM;
	case_take(&one->lock, &two->lock);
	return 0;
}

static int case_compare(const struct lockdep_map *a, const struct lockdep_map *b)
{
	const struct case_node *na = container_of(a, struct case_node,
						 lock.dep_map);
	const struct case_node *nb = container_of(b, struct case_node,
						 lock.dep_map);

	return na->order - nb->order;
}

static void case_print(const struct lockdep_map *map)
{
	const struct case_node *n = container_of(map, struct case_node,
						lock.dep_map);

	pr_cont(" order %d", n->order);
}

/* Same as before, where the class has said what order it wants. */
int case_recursive_compared(void)
{
	struct case_node *one = case_node(1), *two = case_node(2);

	if (!one || !two)
		return -ENOMEM;
	lock_set_cmp_fn(&one->lock, case_compare, case_print);
	case_take(&two->lock, &one->lock);
	return 0;
}
