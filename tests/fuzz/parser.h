/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Feed any bytes to every parser of splat and check its invariants. Shared by
 * the unit test's short loop and the libFuzzer entry point.
 */
#ifndef FUZZ_PARSER_H
#define FUZZ_PARSER_H

#include <stdio.h>
#include <stdlib.h>

#include "klog/kmsg.h"
#include "lockdep/graph/gmem.h"
#include "lockdep/graph/graph.h"
#include "lockdep/report/report.h"
#include "lockdep/state/stats.h"

#define FUZZ_MUST(cond)							\
do {									\
	if (!(cond)) {							\
		fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
		abort();						\
	}								\
} while (0)

static inline void fuzz_report(const struct report *r, void *arg)
{
	unsigned long *count = arg;
	unsigned int i, f;
	struct gmem_edges e = { };
	char name[80];

	(*count)++;
	FUZZ_MUST(r->kind < KIND_NONE && r->title && *r->title);
	FUZZ_MUST(r->first_line && r->first_line <= r->last_line);
	FUZZ_MUST(r->nr_chain <= REPORT_CHAIN && r->nr_cycle <= r->nr_chain);
	for (i = 0; i < r->nr_chain; i++) {
		const struct report_entry *c = &r->chain[i];

		FUZZ_MUST(c->class && c->name && c->func);
		FUZZ_MUST(c->frame + c->nr_frames <= r->nr_frames);
		for (f = 0; f < c->nr_frames; f++)
			FUZZ_MUST(r->frames[c->frame + f]);
	}
	for (i = 0; i < r->nr_holding; i++)
		FUZZ_MUST(r->holding[i].class && r->holding[i].name &&
			  r->holding[i].at);
	FUZZ_MUST(!r->acquiring.name || r->acquiring.class);
	FUZZ_MUST(r->printed && *r->printed && r->used <= REPORT_TEXT);
	if (r->complete && r->kind == KIND_CIRCULAR)
		FUZZ_MUST(r->nr_cycle >= 2 && r->release && r->comm);
	FUZZ_MUST(r->complete || (!r->signature && !r->nr_cycle));
	FUZZ_MUST(!r->signature || *r->signature);
	for (i = 0; i < r->nr_cycle; i++)
		FUZZ_MUST(r->cycle[i] < r->nr_chain);
	gmem_report(r, &e, name, sizeof(name));
}

static inline void fuzz_graph(struct str s)
{
	struct lock_graph g;
	struct gmem_class c;
	struct gmem_edges e;
	unsigned int i;

	if (lock_graph_parse(&g, s))
		return;
	FUZZ_MUST(g.nr_classes > 0);
	for (i = 0; i < g.nr_classes; i++)
		FUZZ_MUST(g.classes[i].first_edge + g.classes[i].nr_edges <=
			  g.nr_edges);
	gmem_identify(&c, NULL, &g, NULL, "");
	FUZZ_MUST(!gmem_edges(&e, &g, &c));
	lock_graph_free(&g);
}

/* Return the number of reports. */
static inline unsigned long fuzz_one(struct str s, size_t step)
{
	static struct report_parser parser;
	unsigned long reports = 0;
	struct lockdep_stats stats;
	struct kmsg_rec rec;
	struct str rest = s;

	report_parser_init(&parser, fuzz_report, &reports);
	parser.bodies = step % 4 > 0;
	while (rest.n) {
		struct str piece = str_head(rest, step ? step : rest.n);

		report_parser_feed(&parser, piece.p, piece.n);
		rest = str_skip(rest, piece.n);
	}
	report_parser_end(&parser);
	fuzz_graph(s);
	lockdep_stats_parse(&stats, s);
	kmsg_parse(s, &rec);
	return reports;
}

#endif
