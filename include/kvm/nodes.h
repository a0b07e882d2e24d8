/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NUMA policies and where pages are, on libnuma. Raw and asserting pairs; nodes
 * are those with memory, counted from 0, not by the kernel's numbers.
 */
#ifndef KVM_NODES_H
#define KVM_NODES_H

#include <numa.h>
#include <numaif.h>

#include "kvm_util.h"

unsigned int nodes_count(void);

/* The kernel's number of the @i-th node with memory. */
int node_nr(unsigned int i);

/* mbind() of @pages pages to a set of nodes (bits: i-th node). 0 or -errno. */
int __nodes_bind(void *mem, u64 pages, int mode, unsigned long set,
		 unsigned int flags);
void nodes_bind(void *mem, u64 pages, int mode, unsigned long set);

/* set_mempolicy() of this thread; MPOL_DEFAULT with an empty set. */
void nodes_task_policy(int mode, unsigned long set);

/* The policy of an address by get_mempolicy(); its nodes in @set. */
int nodes_policy_of(void *addr, unsigned long *set);

/*
 * The node that a page is on (the i-th with memory), or -errno: -ENOENT for a
 * page that is not mapped. By move_pages(); get_mempolicy() has to agree.
 */
int node_of(void *addr);

/* How many of @pages pages are on each of up to @nr nodes. */
void nodes_count_pages(u8 *mem, u64 pages, u64 *count, unsigned int nr);

/* Each of @pages pages is on node @i. */
void assert_on_node(u8 *mem, u64 pages, unsigned int i, const char *what);

/* Free bytes of node @i. */
u64 node_free(unsigned int i);

#endif
