/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest_memfd's lock class, and its two edges.
 *
 *   AB: guest_memfd's mapping.invalidate_lock > &mm->mmap_lock: forbidden
 *   BA: &mm->mmap_lock > guest_memfd's mapping.invalidate_lock: by design in
 *       kernels with in-place conversion
 *
 * Every file system type has a class of that name; many of them have BA, and
 * rightly so. So first the class has to be told apart.
 */
#ifndef LOCKDEP_GMEM_H
#define LOCKDEP_GMEM_H

#include "chains.h"
#include "graph.h"
#include "lockdep/report/report.h"

#define GMEM_LOCK	"mapping.invalidate_lock"
#define MMAP_LOCK	"&mm->mmap_lock"

enum gmem_found {
	GMEM_NOT_FOUND,
	/* A report has functions of guest_memfd that take it. */
	GMEM_BY_REPORT,
	/*
	 * It is taken straight under kvm->slots_lock: release, binding and
	 * populate do that (virt/kvm/guest_memfd.c), and nothing else has a
	 * reason to take another file system's there.
	 */
	GMEM_BY_SLOTS_LOCK,
	/* Its key lies in kvm_gmem_fs: needs no_hash_pointers. */
	GMEM_BY_ADDRESS,
	/* The same, in anon_inode_fs_type: before 6.19, shared with others. */
	GMEM_BY_ANON_ADDRESS,
	/* The one class of the name that came into use in the run. */
	GMEM_BY_FIRST_USE,
};

struct gmem_class {
	enum gmem_found found;
	bool certain;
	char name[80];		/* with #n, without subclass */
	bool used;
	bool used_before;
	bool has_ops;		/* before and after: */
	bool taken;		/* more often than before */
	unsigned int others;	/* further classes of the name */
};

/* How it was found, for people. */
const char *gmem_found_text(enum gmem_found found);

/*
 * What to look up in /proc/kallsyms: for each class of the name, the symbol
 * that its key lies in.
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
 * Tell the class apart in @after. @before and @sym may be NULL; @reported is
 * the name out of a report (see gmem_report()), or "".
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
	bool direct;		/* so in /proc/lockdep */
	bool held;		/* so in one chain of /proc/lockdep_chains */
	bool reported;		/* known from a report */
	/* "a > b > c"; "" if there is none. A way, unless the state is yes. */
	char path[512];
};

const char *edge_state_name(enum edge_state s);

struct gmem_edges {
	struct lock_edge ab;
	struct lock_edge ba;
	/* AB of a class of the name that is not known to be guest_memfd's. */
	char suspect[512];
};

/*
 * Both edges, as @g has them: direct ones. A way through other classes is told
 * but is no edge: its pieces may never have met. Both are unknown if the class
 * was not found. 0 or -ENOMEM.
 */
int gmem_edges(struct gmem_edges *e, const struct lock_graph *g,
	       const struct gmem_class *c);

/* &mm->mmap_lock has been taken, as far as the validator knows. */
bool gmem_mmap_lock_used(const struct lock_graph *g);

/* Where lockdep may not have looked, what was not seen is not known. */
void gmem_forget_unseen(struct gmem_edges *e);

/*
 * Add what /proc/lockdep_chains proves: fill @s, which refers to @c, with its
 * lines in between.
 */
void gmem_chains_init(struct chain_scan *s, const struct gmem_class *c);
void gmem_chains(struct gmem_edges *e, struct chain_scan *s);

/*
 * Add what a circular report tells: after it the edge that closed the cycle is
 * not in /proc/lockdep. Of a longer cycle only neighbours are edges, the other
 * is a way. If the cycle is guest_memfd's, write the class's name
 * to @name and return true.
 */
bool gmem_report(const struct report *r, struct gmem_edges *e, char *name,
		 size_t size);

#endif
