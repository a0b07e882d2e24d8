/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One `splat run`: its options, what was seen, and the verdict.
 */
#ifndef SPLAT_RUN_RUN_H
#define SPLAT_RUN_RUN_H

#include "attribution.h"
#include "base/lines.h"
#include "klog.h"
#include "klog/provoked.h"
#include "lockdep/report/signature.h"
#include "nest.h"
#include "outlet.h"
#include "splat/splat.h"
#include "verdict.h"

/* Most reports to keep for JSON; the verdict includes all. */
#define RUN_REPORTS	256

/* Most options --watch 'A -> B'. */
#define RUN_WATCHES	16

enum run_ktap {
	RUN_KTAP_NONE,
	RUN_KTAP_FLAT,
	RUN_KTAP_INDENT,
	RUN_KTAP_HASH,
};

/* Output files; see files.c. */
struct run_files {
	FILE *json;
	FILE *log;
	FILE *records;
	FILE *summary;
	FILE *output[2];	/* copies of COMMAND's stdout and stderr */
	char *reports;		/* JSON of the reports so far */
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
	/* options */
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
	struct gmem_edges reported;	/* edges in reports */
	char reported_class[80];
	char signature[SIGNATURE_MAX];	/* of the first splat; "" */
	unsigned int reports;
	unsigned char reports_by[RUN_REPORTS];	/* enum attribution */
	struct run_files files;
	/* verdict */
	struct run_facts facts;
	struct judgement judgement;
};

/* out.c: the text for people, the JSON object, the lines KEY=VALUE. */
void run_text(FILE *f, const struct run *r);
void run_json(FILE *f, const struct run *r);
void run_summary(FILE *f, const struct run *r);

/* The reports of the run as a JSON array, after its end. */
const char *run_reports(const struct run *r);

/* ktap.c: version and plan; later the three results of enum about. */
void run_ktap_begin(FILE *f);
void run_ktap_results(FILE *f, const struct run *r);

/*
 * files.c: open all output files before the run, pass on and keep COMMAND's
 * output, write the rest. 0, or an exit code after a message.
 */
int run_files_open(struct run *r);
void run_files_opts(struct run *r, struct child_opts *o);
int run_files_write(struct run *r);
void run_files_free(struct run *r);

/*
 * facts.c: gather the facts from the two snapshots and the reports.
 * run_add_report() returns whether the program had announced this WARN.
 */
bool run_add_report(struct run *r, const struct report *rep);
void run_gather(struct run *r);

#endif
