// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks taken in an order that closes a circle. Each pair of locks is taken in
 * a function of its own, so that a report tells who took what.
 */
#include "cases.h"

static DEFINE_MUTEX(sin_a);
static DEFINE_MUTEX(sin_b);
static DEFINE_MUTEX(sin_c);

static noinline void sin_take(struct mutex *outer, struct mutex *inner)
{
	mutex_lock(outer);
	mutex_lock(inner);
	mutex_unlock(inner);
	mutex_unlock(outer);
}

static noinline void sin_take_ab(void)
{
	mutex_lock(&sin_a);
	mutex_lock(&sin_b);
	mutex_unlock(&sin_b);
	mutex_unlock(&sin_a);
}

static noinline void sin_take_ba(void)
{
	mutex_lock(&sin_b);
	mutex_lock(&sin_a);
	mutex_unlock(&sin_a);
	mutex_unlock(&sin_b);
}

int sin_circular(void)
{
	sin_take_ab();
	sin_take_ba();
	return 0;
}

int sin_circular_three(void)
{
	sin_take_ab();
	sin_take(&sin_b, &sin_c);
	sin_take(&sin_c, &sin_a);
	return 0;
}

static noinline void sin_take_second_under_a(void)
{
	mutex_lock(&sin_a);
	mutex_lock_nested(&sin_b, SINGLE_DEPTH_NESTING);
	mutex_unlock(&sin_b);
	mutex_unlock(&sin_a);
}

static noinline void sin_take_a_under_second(void)
{
	mutex_lock_nested(&sin_b, SINGLE_DEPTH_NESTING);
	mutex_lock(&sin_a);
	mutex_unlock(&sin_a);
	mutex_unlock(&sin_b);
}

/* Between sin_b and sin_a there is no circle: it is only in the subclass. */
int sin_circular_subclass(void)
{
	sin_take_ab();
	sin_take_second_under_a();
	sin_take_a_under_second();
	return 0;
}

static DECLARE_RWSEM(sin_map);
static DECLARE_RWSEM(sin_mm);

static noinline void sin_populate(void)
{
	down_write(&sin_map);
	down_read(&sin_mm);
	up_read(&sin_mm);
	up_write(&sin_map);
}

static noinline void sin_fault(void)
{
	down_read(&sin_mm);
	down_read(&sin_map);
	up_read(&sin_map);
	up_read(&sin_mm);
}

/* The one that all this is about, in small. */
int sin_circular_read(void)
{
	sin_populate();
	sin_fault();
	return 0;
}

struct sin_worker {
	struct work_struct work;
	struct mutex lock;
	bool without;
};

static void sin_work(struct work_struct *work)
{
	struct sin_worker *w = container_of(work, struct sin_worker, work);

	if (w->without) {
		msleep(50);
		return;
	}
	mutex_lock(&w->lock);
	mutex_unlock(&w->lock);
}

/* What is flushed under the lock could take it, but does not: nothing hangs. */
int sin_circular_work(void)
{
	struct sin_worker *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	mutex_init(&w->lock);
	INIT_WORK(&w->work, sin_work);
	schedule_work(&w->work);
	flush_work(&w->work);
	w->without = true;
	mutex_lock(&w->lock);
	schedule_work(&w->work);
	flush_work(&w->work);
	mutex_unlock(&w->lock);
	return 0;
}

DEFINE_STATIC_SRCU(sin_srcu);

static noinline void sin_wait_under_lock(void)
{
	mutex_lock(&sin_a);
	synchronize_srcu(&sin_srcu);
	mutex_unlock(&sin_a);
}

int sin_circular_srcu(void)
{
	int idx;

	sin_wait_under_lock();
	idx = srcu_read_lock(&sin_srcu);
	mutex_lock(&sin_a);
	mutex_unlock(&sin_a);
	srcu_read_unlock(&sin_srcu, idx);
	return 0;
}

struct sin_node {
	struct mutex lock;
	int order;
};

static struct sin_node *sin_node(int order)
{
	struct sin_node *n = kzalloc(sizeof(*n), GFP_KERNEL);

	if (!n)
		return NULL;
	mutex_init(&n->lock);
	n->order = order;
	return n;
}

/* Two of one class; leaked, as all here is that lockdep may still look at. */
int sin_recursive(void)
{
	struct sin_node *one = sin_node(1), *two = sin_node(2);

	if (!one || !two)
		return -ENOMEM;
	sin_take(&one->lock, &two->lock);
	return 0;
}

static int sin_compare(const struct lockdep_map *a, const struct lockdep_map *b)
{
	const struct sin_node *na = container_of(a, struct sin_node,
						 lock.dep_map);
	const struct sin_node *nb = container_of(b, struct sin_node,
						 lock.dep_map);

	return na->order - nb->order;
}

static void sin_print(const struct lockdep_map *map)
{
	const struct sin_node *n = container_of(map, struct sin_node,
						lock.dep_map);

	pr_cont(" order %d", n->order);
}

/* Same as before, where the class has said what order it wants. */
int sin_recursive_compared(void)
{
	struct sin_node *one = sin_node(1), *two = sin_node(2);

	if (!one || !two)
		return -ENOMEM;
	lock_set_cmp_fn(&one->lock, sin_compare, sin_print);
	sin_take(&two->lock, &one->lock);
	return 0;
}
