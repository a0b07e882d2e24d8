/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VMs that the actors of a mix share. The thread that starts the race
 * creates them before; in the race only raw system calls of the actors change
 * them (libkvm's bookkeeping of a VM is for one thread).
 */
#ifndef LIB_RACE_ACTORS_FIXTURE_H
#define LIB_RACE_ACTORS_FIXTURE_H

#include "kvm/gmem.h"
#include "race/actors/actors.h"
#include "tdx/td.h"

/* Memories, as patterns name them. */
enum {
	MEMORY_NORMAL = 1,	/* guest_memfd of the normal VM */
	MEMORY_PRIVATE,		/* of the software-protected VM */
	MEMORY_OTHER,		/* another VM's shared guest_memfd */
	MEMORY_OWN,		/* an actor's own */
	MEMORY_IN_PLACE,	/* the guest_memfd that converts in place */
};

/*
 * The normal VM's guest_memfd has three parts of the same size. The guest has
 * five, one after the other from NORMAL_GPA on:
 */
#define NORMAL_GPA	0x100000000ul
enum {
	PART_BOUND,	/* part 0, a memslot with the guest_memfd */
	PART_ADDED,	/* part 1, the same, added and deleted */
	PART_MOVING,	/* part 2, by its mapping; here or at PART_MOVED */
	PART_MOVED,
	PART_LOGGED,	/* part 2 again, by its mapping, dirty logged */
	NR_PARTS,
};
#define FILE_PARTS	3

/* Memslot of a part; PART_MOVING's is that of PART_MOVED. */
#define PART_SLOT(part)	(10 + (part))

/* vCPUs, one an actor. */
enum {
	VCPU_RUN,
	VCPU_SIGNALS,
	VCPU_PREFAULT,
	NR_VCPUS,
};

/* A VM with vCPUs, and memory that the guests of all of them write. */
struct fixture_vm {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpus[NR_VCPUS];
	int fd;
	u8 *mem;	/* the guest_memfd's mapping, or userspace memory */
	u64 pages;	/* of the guest_memfd */
};

struct fixture {
	u64 pages;	/* of a part */
	unsigned int parts;	/* FIXTURE_* that exist */
	struct fixture_vm normal;
	struct fixture_vm private;
	struct fixture_vm in_place;
	/* Its pages fit into one page table. */
	struct td_build td;
	struct shared_gmem other;
	bool control;	/* of control_one and control_other */
};

#define FIXTURE_PAGES	16
#define FIXTURE_PAGES_MAX	512
#define FIXTURE_TD_PAGES	128

void fixture_create(struct fixture *fx, unsigned int parts, u64 pages);
void fixture_free(struct fixture *fx);

/* A gpa of part @part of the normal VM. */
static inline gpa_t part_gpa(const struct fixture *fx, unsigned int part)
{
	return NORMAL_GPA + part * fx->pages * PAGE_SIZE;
}

/* KVM_SET_USER_MEMORY_REGION2, raw. @bytes 0 deletes it. */
int part_set(struct fixture *fx, unsigned int slot, unsigned int part,
	     u64 bytes, u32 flags);

/* The word of lane @lane in page @page of @mem. */
static inline u64 *lane_word(u8 *mem, u64 page, u32 lane)
{
	return (u64 *)(mem + page * PAGE_SIZE) + lane;
}

/* ---- rows of the table, a file a group ----------------------------------- */
int user_write(struct act *a);
int user_read(struct act *a);
int user_dontneed(struct act *a);
int user_protect(struct act *a);
int user_remap(struct act *a);
int user_fork(struct act *a);
void user_map(struct act *a);
void user_unmap(struct act *a);
void words_alloc(struct act *a);
void data_free(struct act *a);

int gmem_hole(struct act *a);
int gmem_allocate(struct act *a);
int gmem_truncate(struct act *a);
int gmem_life(struct act *a);

int slot_add_delete(struct act *a);
int slot_move(struct act *a);
int slot_dirty_log(struct act *a);

int vcpu_runs(struct act *a);
int vcpu_signalled(struct act *a);
void vcpu_timer(struct act *a);
void vcpu_timer_free(struct act *a);
int vcpu_prefaults(struct act *a);

int copy_process_vm(struct act *a);
void copy_pipe(struct act *a);
void copy_pipe_free(struct act *a);
int copy_vmsplice(struct act *a);
int uring_fixed(struct act *a);
void uring_start(struct act *a);
void uring_end(struct act *a);

int uring_held(struct act *a);
void uring_held_start(struct act *a);
void uring_held_end(struct act *a);
int uffd_protect(struct act *a);
void uffd_protect_start(struct act *a);
void uffd_protect_end(struct act *a);
int uffd_gmem(struct act *a);
void uffd_gmem_start(struct act *a);
void uffd_gmem_end(struct act *a);

int policy_sets(struct act *a);
int policy_moves(struct act *a);
int policy_migrates(struct act *a);

int private_runs(struct act *a);
int private_converts(struct act *a);
int in_place_converts(struct act *a);
int in_place_touches(struct act *a);
int in_place_runs(struct act *a);
int in_place_hole(struct act *a);
int private_hole(struct act *a);
int private_prefaults(struct act *a);

int control_one(struct act *a);
int control_other(struct act *a);
int control_stalls(struct act *a);
int control_starves(struct act *a);
int control_errno(struct act *a);
int control_strays(struct act *a);
int control_leaks(struct act *a);
int control_dies(struct act *a);

int source_add(struct act *a);
void source_start(struct act *a);
void source_end(struct act *a);
int td_hole(struct act *a);
int td_lives(struct act *a);
int td_runs_on(struct act *a);
void td_run_start(struct act *a);
void td_run_end(struct act *a);

int poison_hard(struct act *a);
int poison_soft(struct act *a);
void poison_start(struct act *a);
void poison_end(struct act *a);

#endif
