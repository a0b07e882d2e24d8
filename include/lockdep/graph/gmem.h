/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest_memfd's lock class, and its two edges.
 *
 *   AB: guest_memfd's mapping.invalidate_lock > &mm->mmap_lock: forbidden
 *   BA: &mm->mmap_lock > guest_memfd's mapping.invalidate_lock: by design in
 *       kernels with in-place conversion
 *
 * Every file system type has a class of that name, and many have BA, which is
 * correct. So guest_memfd's class must be identified first.
 */
#ifndef LOCKDEP_GRAPH_GMEM_H
#define LOCKDEP_GRAPH_GMEM_H

#include "chains.h"
#include "graph.h"
#include "lockdep/report/report.h"

#define GMEM_LOCK	"mapping.invalidate_lock"
#define MMAP_LOCK	"&mm->mmap_lock"

enum gmem_found {
	GMEM_NOT_FOUND,
	/* Functions of guest_memfd take it in a report. */
	GMEM_BY_REPORT,
	/*
	 * It is taken directly under kvm->slots_lock: release, binding and
	 * populate do that (virt/kvm/guest_memfd.c), and no code has a reason
	 * to take another file system's there.
	 */
	GMEM_BY_SLOTS_LOCK,
	/* Its key is inside kvm_gmem_fs: needs no_hash_pointers. */
	GMEM_BY_ADDRESS,
	/* ... inside anon_inode_fs_type: before 6.19, shared with others. */
	GMEM_BY_ANON_ADDRESS,
	/* It is the one class of the name that was first used in the run. */
	GMEM_BY_FIRST_USE,
};

struct gmem_class {
	enum gmem_found found;
	bool certain;
	char name[80];		/* with #n, without subclass */
	bool used;
	bool used_before;
	bool has_ops;		/* OPS are known, before and after the run: */
	bool taken;		/* ... and have grown */
	unsigned int others;	/* further classes of the name */
};

/* How it was found, as text. */
const char *gmem_found_text(enum gmem_found found);

/*
 * To look up in /proc/kallsyms: for each class of the name, the symbol that
 * holds its key.
 */
struct gmem_symbols {
	unsigned int count;
	struct {
		uint64_t key;
		uint64_t start;
		char symbol[64];
	} of[64];
};

/* The keys of @g's classes of the name; none if they are hashed. */
void gmem_symbols_init(struct gmem_symbols *sym, const struct lock_graph *g);

/* One line of /proc/kallsyms. */
void gmem_symbols_line(struct gmem_symbols *sym, struct str line);

/*
 * Identify the class in @after. @before and @sym can be NULL; @reported is the
 * name from a report, see gmem_report(), or "".
 */
void gmem_identify(struct gmem_class *c, const struct lock_graph *before,
		   const struct lock_graph *after,
		   const struct gmem_symbols *sym, const char *reported);

enum edge_state {
	EDGE_UNKNOWN,
	EDGE_NO,
	EDGE_YES,
};

struct lock_edge {
	enum edge_state state;
	bool direct;		/* an edge of /proc/lockdep */
	bool held;		/* in one chain of /proc/lockdep_chains */
	bool reported;		/* known from a report */
	/* "a > b > c", or "". Only a path, unless the state is yes. */
	char path[512];
};

const char *edge_state_name(enum edge_state s);

struct gmem_edges {
	struct lock_edge ab;
	struct lock_edge ba;
	/* AB of a class of that name that may not be guest_memfd's. */
	char suspect[512];
};

/*
 * Find both edges in @g: only direct ones count. A path through other classes
 * is written to lock_edge.path but is no edge: its locks need not have been
 * held together. Both edges are unknown if the class was not found. 0 or
 * -ENOMEM.
 */
int gmem_edges(struct gmem_edges *e, const struct lock_graph *g,
	       const struct gmem_class *c);

/* Has the validator recorded any use of &mm->mmap_lock? */
bool gmem_mmap_lock_used(const struct lock_graph *g);

/* Make edges that were not seen unknown: lockdep may not have checked. */
void gmem_forget_unseen(struct gmem_edges *e);

/*
 * Add the orders that /proc/lockdep_chains proves: feed its lines to @s, which
 * refers to @c, between these two calls.
 */
void gmem_chains_init(struct chain_scan *s, const struct gmem_class *c);
void gmem_chains(struct gmem_edges *e, struct chain_scan *s);

/*
 * Add the edges of a circular report: the edge that closes the cycle is not in
 * /proc/lockdep. In a longer cycle only neighbours are edges, anything else is
 * a path. If guest_memfd's lock is on the cycle, write the class's name to
 * @name and return true.
 */
bool gmem_report(const struct report *r, struct gmem_edges *e, char *name,
		 size_t size);

#endif
