/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * splat edges: what its parts share. Each answers one question about the
 * recorded lock order and returns splat's exit code.
 */
#ifndef SPLAT_EDGES_H
#define SPLAT_EDGES_H

#include "lockdep/graph/picture.h"
#include "splat/splat.h"

/* A recorded lock order: a picture, a copy of /proc/lockdep, or that of now. */
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
	unsigned long count;	/* of ways; 0: all */
	bool as_json;
	bool cycles;
	bool diff;
	bool other_boot;
	bool probe;
	struct json json;
	struct snapshot snap;	/* of now */
	struct lock_record record;	/* of --file */
	struct lock_graph *graph;	/* of the one or the other */
	struct lockdep_alive alive;
};

/* lock_record.c: 0 or splat's exit code, after a message. */
int lock_record_load(struct lock_record *r, const struct args *a,
		     const char *path);
void lock_record_free(struct lock_record *r);

/* What /proc/lockdep, or a copy of it, has to say for itself, on stderr. */
void lock_graph_remark(const struct lock_graph *g, const char *path);

/* A picture of what @s holds; it refers to @s. */
void picture_of_now(struct picture *p, const struct snapshot *s,
		    const char *root);

/* Exit code of an error with a file of /proc: it cannot be told. */
int complain_of_proc(const struct args *a, const char *path, int err);

/* load.c: read what is asked about into e->graph. 0 or the exit code. */
int edges_load(struct edges *e);

/* All classes that @name can mean, to be freed; NULL after a message. */
bool *edges_mark(struct edges *e, const char *name);

/* Exit code where there is none: not known, if lockdep was not alive. */
int edges_none_found(struct edges *e);

/*
 * class.c: tell guest_memfd's class apart: what is surest first, what costs time
 * only if need be. @before may be NULL.
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
 * Create a guest_memfd and close it: the kernel then takes its invalidate_lock
 * under slots_lock. NULL, or what does not work here.
 */
const char *gmem_probe(void);

#endif
