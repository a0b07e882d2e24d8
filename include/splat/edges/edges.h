/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * splat edges: what its parts share. Each function edges_*() that prints an
 * answer about the recorded lock order returns splat's exit code.
 */
#ifndef SPLAT_EDGES_EDGES_H
#define SPLAT_EDGES_EDGES_H

#include "lockdep/graph/picture.h"
#include "splat/splat.h"

/* A recorded lock order: a picture, or a copy of /proc/lockdep. */
struct lock_record {
	const char *path;
	struct text text;
	struct picture picture;
	struct lock_graph graph;
};

struct edges {
	struct args a;
	const char *from;
	const char *to;
	const char *class;
	const char *file;
	const char *before;
	const char *save;
	const char *root;
	unsigned long count;	/* of paths; 0: all */
	bool as_json;
	bool cycles;
	bool diff;
	bool other_boot;
	bool probe;
	struct json json;
	struct snapshot snap;	/* of the running kernel */
	struct lock_record record;	/* of --file */
	struct lock_graph *graph;	/* in snap or record */
	struct lockdep_status status;
};

/* lock_record.c: 0 or splat's exit code, after a message. */
int lock_record_load(struct lock_record *r, const struct args *a,
		     const char *path);
void lock_record_free(struct lock_record *r);

/* Print notes on what @g lacks, to stderr. */
void lock_graph_remark(const struct lock_graph *g, const char *path);

/* Make a picture of @s; it refers to @s. */
void picture_of_now(struct picture *p, const struct snapshot *s,
		    const char *root);

/* Print the error of a file of /proc, and return the exit code. */
int complain_of_proc(const struct args *a, const char *path, int err);

/* load.c: read --file or /proc/lockdep into e->graph. 0 or the exit code. */
int edges_load(struct edges *e);

/* Mark all classes that @name can mean; to be freed. NULL after a message. */
bool *edges_mark(struct edges *e, const char *name);

/* The exit code if nothing was found: unknown if lockdep was not alive. */
int edges_none_found(struct edges *e);

/*
 * class.c: identify guest_memfd's class, by slow methods only if no other
 * works. @before can be NULL.
 */
void edges_identify(struct edges *e, struct gmem_class *c,
		    const struct lock_graph *before);

int edges_of_class(struct edges *e);
int edges_of_gmem(struct edges *e);

/* paths.c */
int edges_paths(struct edges *e);
int edges_cycles(struct edges *e);

/* picture.c */
int edges_save(struct edges *e);
int edges_diff(struct edges *e, const char *a, const char *b);

/*
 * Create a guest_memfd and close it, for which the kernel takes its
 * invalidate_lock under slots_lock. NULL, or why that failed.
 */
const char *gmem_probe(void);

#endif
