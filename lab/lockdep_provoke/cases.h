/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mistakes with locks, made on request so that the kernel prints its own report
 * of each: to test the parser of reports with the kernel that runs, not with
 * logs of another one. Only in the lab's kernel with known bugs: the cases
 * leave locks held and lockdep off until reboot.
 */
#ifndef LOCKDEP_PROVOKE_CASES_H
#define LOCKDEP_PROVOKE_CASES_H

#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

/* Each returns 0 if it ran, whether or not the kernel reported. */
#define CASE(name, function) int function(void);
#include "cases.def"
#undef CASE

#endif
