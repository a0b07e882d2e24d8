// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print a report as JSON. The keys are a stable interface: add keys, but never
 * rename or remove one.
 */
#include "splat/splat.h"

static void lock_members(struct json *j, const struct report_lock *lock)
{
	json_string(j, "class", lock->class);
	json_string(j, "mode", lock->mode);
	json_string(j, "at", lock->at);
	json_object_end(j);
}

static void chain(struct json *j, const struct report *r)
{
	unsigned int i, f;

	json_array(j, "chain");
	for (i = 0; i < r->nr_chain; i++) {
		const struct report_entry *e = &r->chain[i];

		json_object(j, NULL);
		json_string(j, "class", e->class);
		json_array(j, "frames");
		for (f = 0; f < e->nr_frames; f++)
			json_string(j, NULL, r->frames[e->frame + f]);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

void report_json(struct json *j, const struct report *r, bool provoked)
{
	unsigned int i;

	json_object(j, NULL);
	json_string(j, "kind", kind_name(r->kind));
	json_string(j, "title", r->title);
	if (provoked)
		json_bool(j, "provoked", true);
	if (r->crash)
		json_bool(j, "crash", true);
	json_string(j, "release", r->release);
	json_string(j, "comm", r->comm);
	if (r->pid < 0)
		json_null(j, "pid");
	else
		json_number(j, "pid", r->pid);
	if (r->acquiring.class) {
		json_object(j, "acquiring");
		lock_members(j, &r->acquiring);
	} else {
		json_null(j, "acquiring");
	}
	json_array(j, "holding");
	for (i = 0; i < r->nr_holding; i++) {
		json_object(j, NULL);
		lock_members(j, &r->holding[i]);
	}
	json_array_end(j);
	json_array(j, "cycle");
	for (i = 0; i < r->nr_cycle; i++)
		json_string(j, NULL, r->chain[r->cycle[i]].class);
	json_array_end(j);
	chain(j, r);
	json_string(j, "signature", r->signature);
	json_bool(j, "complete", r->complete);
	json_number(j, "first_line", r->first_line);
	json_number(j, "last_line", r->last_line);
	json_object_end(j);
}
