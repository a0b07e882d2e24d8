// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recorded lock orders: read pictures and copies of /proc/lockdep from files,
 * and make a picture of a snapshot.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "splat/edges/edges.h"

int complain_of_proc(const struct args *a, const char *path, int err)
{
	if (err == -EPROTO || err == -EINVAL) {
		complain(a, path, "is no /proc/lockdep");
		return EXIT_USAGE;
	}
	complain(a, path, strerror(-err));
	return EXIT_UNKNOWN;
}

static const char *parse(struct lock_record *r)
{
	struct str text = { r->text.p, r->text.n };
	const char *reason = compression_hint(text);
	int err;

	if (!text.n)
		return "is empty";
	if (reason)
		return reason;
	if (!picture_parse(&r->picture, text))
		return "is no picture and no copy of /proc/lockdep";
	err = lock_graph_parse(&r->graph, r->picture.classes);
	if (err == -EINVAL)
		return "is damaged: not the lines of /proc/lockdep";
	return err ? strerror(-err) : NULL;
}

int lock_record_load(struct lock_record *r, const struct args *a,
		     const char *path)
{
	const char *reason;
	int err;

	memset(r, 0, sizeof(*r));
	r->path = path;
	err = read_file(path, &r->text);
	reason = err ? input_error(err) : parse(r);
	if (!reason)
		return 0;
	complain(a, path, reason);
	lock_record_free(r);
	return EXIT_USAGE;
}

void lock_record_free(struct lock_record *r)
{
	lock_graph_free(&r->graph);
	free(r->text.p);
	r->text.p = NULL;
}

void lock_graph_remark(const struct lock_graph *g, const char *path)
{
	if (g->by_name)
		fprintf(stderr, "splat: note: %s: has no addresses: joined by "
			"name%s\n", path, g->twins ?
			", and some names belong to several classes" : "");
	if (g->dangling)
		fprintf(stderr, "splat: note: %s: %u edges lead to classes "
			"that it does not list\n", path, g->dangling);
}

void picture_of_now(struct picture *p, const struct snapshot *s,
		    const char *root)
{
	struct lockdep_status status;
	time_t now = time(NULL);
	struct tm tm;

	memset(p, 0, sizeof(*p));
	read_word(p->boot_id, sizeof(p->boot_id), root,
		  "/proc/sys/kernel/random/boot_id");
	read_word(p->release, sizeof(p->release), root,
		  "/proc/sys/kernel/osrelease");
	if (gmtime_r(&now, &tm))
		strftime(p->taken, sizeof(p->taken), "%Y-%m-%dT%H:%M:%SZ",
			 &tm);
	lockdep_status_now(&s->seen, &status);
	snprintf(p->lockdep, sizeof(p->lockdep), "%s%s%s",
		 lockdep_state_name(status.state), status.reason[0] ? ": " : "",
		 status.reason);
	p->classes = (struct str){ s->classes.p, s->classes.n };
}
