/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the subcommands of splat share: exit codes, options, reading files and
 * the running kernel, and printing reports and edges.
 */
#ifndef SPLAT_SPLAT_H
#define SPLAT_SPLAT_H

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

/* args.c: parse options, "--name value" and "--name=value". */
struct option_def {
	const char *name;	/* with its dashes; NULL ends the array */
	int has_value;		/* false, true, or one of the two below */
	int id;
};

/* The value is optional: NULL if it is missing. */
enum {
	VALUE_BY_EQUALS = 2,	/* "--name=value" */
	VALUE_MAYBE,		/* the same, or the next word if no option */
};

struct args {
	const char *command;	/* for messages */
	int argc;
	char **argv;
	int next;		/* at the end: first word that is no option */
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

/* read.c: whole files up to a bound, and logs of any size. */
struct text {
	char *p;
	size_t n;
};

/*
 * Open for reading; "-" is stdin. -ENXIO for a FIFO that no process opens for
 * writing within two seconds. input_error() has the message for an error.
 */
int open_input(const char *path);
const char *input_error(int err);

/* 0 or -errno; -EFBIG beyond 256 MiB. The caller frees text->p. */
int read_file(const char *path, struct text *text);
int read_stream(int fd, struct text *text);

/*
 * Call @take for each piece of a log; "-" is stdin. Return NULL, or why the log
 * cannot be read.
 */
typedef void read_log_fn(void *arg, const char *data, size_t n);
const char *read_log(const char *path, read_log_fn *take, void *arg);

/*
 * Call @fn for each report of a log; for @bodies see struct report_parser. Set
 * @empty, unless it is NULL. Return NULL, or why the log cannot be read.
 */
const char *read_reports(const char *path, bool bodies,
			 void (*fn)(const struct report *r, void *arg),
			 void *arg, bool *empty);

/* A message if @s is the beginning of a compressed file, else NULL. */
const char *compression_hint(struct str s);

/* read_file() below the root of a fake tree; root "" is the machine's own. */
int read_below(const char *root, const char *path, struct text *text);

/* snapshot.c: lockdep's files at one time. */
struct snapshot {
	struct lockdep_seen seen;
	struct lock_graph graph;
	struct text classes;	/* /proc/lockdep, the text of the graph */
	struct text stats;	/* /proc/lockdep_stats */
	bool has_graph;
};

void snapshot_take(struct snapshot *s, const char *root);
/*
 * The same without the graph. Whether /proc/lockdep is readable is copied from
 * @before, unless it is NULL.
 */
void snapshot_take_without_graph(struct snapshot *s,
				 const struct snapshot *before,
				 const char *root);
void snapshot_free(struct snapshot *s);
/* Add the orders in /proc/lockdep_chains, see gmem_chains(). */
void snapshot_chains(struct gmem_edges *e, const struct gmem_class *c,
		     const char *root);
/* Call @take for each line of a file, without its newline. 0 or -errno. */
int proc_each_line(const char *root, const char *file,
		   void (*take)(void *arg, struct str line), void *arg);
void snapshot_symbols(struct gmem_symbols *sym, const struct snapshot *s,
		      const char *root);

/* machine.c: the running kernel. */
struct machine {
	char release[128];
	char taint[32];
	/*
	 * "softtdx", "hardware", "none", or "unknown": TDX is on, but debugfs,
	 * which would show softtdx, cannot be read.
	 */
	const char *tdx;
	/* A part of KVM that is a stand-in: "in-place conversion", or NULL. */
	const char *stand_in;
	bool kvm_tdx;		/* KVM can create TDs: kvm_intel.tdx */
};

void machine_read(struct machine *m, const char *root);

/* Set by main(): the part of KVM that software replaces, or NULL. */
extern const char *(*machine_find_stand_in)(const char *debugfs);

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
