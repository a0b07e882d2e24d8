/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the subcommands of splat share: exit codes, options, reading files and
 * the running kernel, and printing reports and edges.
 */
#ifndef SPLAT_H
#define SPLAT_H

#include <stdio.h>

#include "base/json.h"
#include "lockdep/graph/gmem.h"
#include "lockdep/graph/graph.h"
#include "lockdep/report/report.h"
#include "lockdep/state/alive.h"

enum {
	EXIT_CLEAN	= 0,
	EXIT_BAD	= 1,
	EXIT_USAGE	= 2,
	EXIT_UNKNOWN	= 4,
	EXIT_BISECT_SKIP = 125,
	EXIT_BISECT_STOP = 128,
};

/* args.c: one option after the other, "--name value" and "--name=value". */
struct option_def {
	const char *name;	/* with its dashes; ends with NULL */
	int has_value;		/* false, true, or one of the two below */
	int id;
};

/* The value may be left out, and is NULL then. */
enum {
	VALUE_BY_EQUALS = 2,	/* "--name=value" */
	VALUE_MAYBE,		/* the same, or the next word if no option */
};

struct args {
	const char *command;	/* for messages */
	int argc;
	char **argv;
	int next;		/* first word that is no option, at the end */
	const char *value;
};

enum { ARG_END = -1, ARG_BAD = -2 };

/* The id of the next option, or ARG_END, or ARG_BAD after a message. */
int args_next(struct args *a, const struct option_def *defs);

/* "splat COMMAND: object: reason" on stderr. Returns EXIT_USAGE. */
int complain(const struct args *a, const char *object, const char *reason);

/* The option's value as a number of @what. 0, or EXIT_USAGE after a message. */
int args_number(const struct args *a, const char *what, unsigned long min,
		unsigned long max, unsigned long *n);

/* read.c: whole files, bounded, and logs of any size. */
struct text {
	char *p;
	size_t n;
};

/*
 * Open for reading; "-" is stdin. A FIFO that nobody has opened to write, and
 * does not soon, is -ENXIO, for which input_error() has a better word.
 */
int open_input(const char *path);
const char *input_error(int err);

/* 0 or -errno; -EFBIG beyond 256 MiB. The caller frees text->p. */
int read_file(const char *path, struct text *text);
int read_stream(int fd, struct text *text);

/* @take a log, piece by piece; "-" is stdin. NULL, or why it cannot be read. */
typedef void read_log_fn(void *arg, const char *data, size_t n);
const char *read_log(const char *path, read_log_fn *take, void *arg);

/*
 * @fn each report of a log; @bodies as struct report_parser has it. @empty, if not
 * NULL, is set. NULL, or why it cannot be read.
 */
const char *read_reports(const char *path, bool bodies,
			 void (*fn)(const struct report *r, void *arg),
			 void *arg, bool *empty);

/* What the first bytes of a compressed file say, or NULL. */
const char *unpacker(struct str s);

/* The same below the root of a fake tree; root "" is the machine's own. */
int read_below(const char *root, const char *path, struct text *text);

/* snapshot.c: lockdep's files at one time. */
struct snapshot {
	struct lockdep_seen seen;
	struct lock_graph graph;
	struct text classes;	/* what the graph was made from */
	struct text stats;	/* /proc/lockdep_stats */
	bool has_graph;
};

void snapshot_take(struct snapshot *s, const char *root);
/* The same without the graph; @before, if not NULL, could open its file. */
void snapshot_look(struct snapshot *s, const struct snapshot *before,
		   const char *root);
void snapshot_free(struct snapshot *s);
/* The orders of /proc/lockdep_chains as it is now, see gmem_chains(). */
void snapshot_chains(struct gmem_edges *e, const struct gmem_class *c,
		     const char *root);
/* @take each line of a file of /proc, without its newline. 0 or -errno. */
int proc_each_line(const char *root, const char *file,
		   void (*take)(void *arg, struct str line), void *arg);
void snapshot_symbols(struct gmem_symbols *sym, const struct snapshot *s,
		      const char *root);

/* machine.c: what runs here. */
struct machine {
	char release[128];
	char taint[32];
	/*
	 * "softtdx", "hardware", "none", or "unknown": TDX is on, but debugfs,
	 * where softtdx would show, cannot be read.
	 */
	const char *tdx;
	/* What of KVM is not KVM's: "in-place conversion", or NULL. */
	const char *stand_in;
	bool kvm_tdx;		/* KVM can create TDs: kvm_intel.tdx */
};

void machine_look(struct machine *m, const char *root);

/* The first line of a file below @root, "" if it cannot be read. */
void read_word(char *dst, size_t size, const char *root, const char *path);

/* kernel.tainted, "" if it cannot be read. */
void machine_taint(char *dst, size_t size, const char *root);

/* report_json.c, report_text.c; @provoked: see provoked.h */
void report_json(struct json *j, const struct report *r, bool provoked);
void report_text(FILE *f, const struct report *r);

/* edge_out.c: "AB  yes  a > b", and the same as JSON */
void edge_text(FILE *f, const char *label, const struct lock_edge *e);
void edge_json(struct json *j, const char *key, const struct lock_edge *e);
void class_text(FILE *f, const struct gmem_class *c);
void class_json(struct json *j, const struct gmem_class *c);
/* The name of any class. */
void lock_name_json(struct json *j, const char *key, struct str name);

#endif
