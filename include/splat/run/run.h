/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One `splat run`: what was asked for, what was seen, what it comes to.
 */
#ifndef RUN_H
#define RUN_H

#include "attribution.h"
#include "base/lines.h"
#include "klog.h"
#include "klog/provoked.h"
#include "lockdep/report/signature.h"
#include "nest.h"
#include "outlet.h"
#include "splat/splat.h"
#include "verdict.h"

/* Reports that are kept for JSON; the verdict takes account of all. */
#define RUN_REPORTS	256

/* Edges that can be asked for. */
#define RUN_WATCHES	16

enum run_ktap {
	RUN_KTAP_NONE,
	RUN_KTAP_FLAT,
	RUN_KTAP_INDENT,
	RUN_KTAP_HASH,
};

/* What is written, and to where; see run_files.c. */
struct run_files {
	FILE *json;
	FILE *log;
	FILE *records;
	FILE *summary;
	FILE *output[2];	/* COMMAND's stdout and stderr, kept */
	char *reports;		/* their JSON, while they come */
	size_t reports_size;
	FILE *reports_stream;
	struct json reports_json;
	struct outlet out;
	struct outlet err;
	bool pass_on;		/* COMMAND's output goes through here */
	struct nest nest;
	struct lines lines;
};

struct run {
	struct args a;
	/* asked for */
	const char *root;
	const char *json_path;
	const char *log_path;
	const char *summary_path;
	unsigned int timeout_s;
	bool bisect;
	bool json;		/* on stdout */
	bool watch;		/* AB and BA */
	bool no_watch;
	const char *out_dir;
	enum run_ktap ktap;
	struct watch watches[RUN_WATCHES];
	unsigned int nr_watches;
	char **cmd;
	/* seen */
	struct machine machine;
	struct snapshot before;
	struct snapshot after;
	char taint_after[32];
	struct klog klog;
	struct provoked provoked;
	double seconds;
	struct gmem_edges reported;	/* edges out of reports */
	char reported_class[80];
	char signature[SIGNATURE_MAX];	/* of the first splat; "" */
	unsigned int reports;
	unsigned char reports_by[RUN_REPORTS];	/* enum attribution */
	struct run_files files;
	/* come to */
	struct run_facts facts;
	struct judgement judgement;
};

/* run_out.c: the block at the end, the JSON object, the key=value lines. */
void run_text(FILE *f, const struct run *r);
void run_json(FILE *f, const struct run *r);
void run_summary(FILE *f, const struct run *r);

/* The reports of the run, once they are complete: a JSON array. */
const char *run_reports(const struct run *r);

/* run_ktap.c: version and plan; later the results. Three, see enum about. */
void run_ktap_begin(FILE *f);
void run_ktap_results(FILE *f, const struct run *r);

/*
 * run_files.c: open what will be written before anything is run, pass on and
 * keep what COMMAND writes, write the rest. 0 or an exit code, after a message.
 */
int run_files_open(struct run *r);
void run_files_opts(struct run *r, struct child_opts *o);
int run_files_write(struct run *r);
void run_files_free(struct run *r);

/*
 * run_facts.c: from the two snapshots and the reports to the facts. Of a report
 * the answer is whether it is a warning that the program has announced.
 */
bool run_add_report(struct run *r, const struct report *rep);
void run_gather(struct run *r);

#endif
