// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict as KTAP: one result for each thing that can fail, so that a CI,
 * which tracks results by name, can distinguish a broken program from a bad
 * lock order. A verdict that is a failure has a failed result, UNKNOWN a
 * skipped one.
 */
#include "runner/ktap.h"
#include "splat/run/run.h"

static const char *const names[NR_ABOUT] = {
	[ABOUT_PROGRAM]	= "program",
	[ABOUT_KERNEL]	= "kernel",
	[ABOUT_LOCKS]	= "lock_order",
};

void run_ktap_begin(FILE *f)
{
	struct ktap k;

	ktap_begin(&k, f, NR_ABOUT);
}

static enum ktap_outcome outcome(enum verdict v)
{
	if (v == VERDICT_HUNG)
		return KTAP_TIMEOUT;
	return v == VERDICT_UNKNOWN ? KTAP_SKIP : KTAP_FAIL;
}

/* Reasons are sorted: the first one decides. */
static void result(struct ktap *k, const struct run *r, enum about about)
{
	const struct judgement *j = &r->judgement;
	unsigned int i;

	for (i = 0; i < j->nr_reasons; i++)
		if (j->reasons[i].about == about || r->facts.not_run[0])
			break;
	if (i == j->nr_reasons) {
		ktap_result(k, KTAP_PASS, names[about], NULL);
		return;
	}
	ktap_result(k, outcome(j->reasons[i].speaks_for), names[about],
		    j->reasons[i].text);
}

void run_ktap_results(FILE *f, const struct run *r)
{
	const struct judgement *j = &r->judgement;
	struct ktap k = { .out = f };
	enum about about;
	unsigned int i;

	ktap_diagf(&k, "splat: %s on %s, TDX: %s", verdict_name(j->verdict),
		   r->machine.release, r->machine.tdx);
	for (i = 0; i < j->nr_reasons; i++)
		ktap_diagf(&k, "splat: %s", j->reasons[i].text);
	for (i = 0; i < j->nr_notes; i++)
		ktap_diagf(&k, "splat: note: %s", j->notes[i]);
	if (r->signature[0])
		ktap_diagf(&k, "splat: signature %s", r->signature);
	for (about = 0; about < NR_ABOUT; about++)
		result(&k, r, about);
	ktap_totals(&k);
}
