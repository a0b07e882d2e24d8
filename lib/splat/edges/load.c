// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat edges: read the lock order, and find classes in it by name.
 */
#include <errno.h>
#include <stdlib.h>

#include "splat/edges/edges.h"

/* If lockdep is not alive, an order may exist that it did not record. */
int edges_none_found(struct edges *e)
{
	if (e->status.state == LOCKDEP_ALIVE)
		return EXIT_BAD;
	fprintf(stderr, "splat: lockdep is %s: %s: it cannot tell\n",
		lockdep_state_name(e->status.state), e->status.reason);
	return EXIT_UNKNOWN;
}

static unsigned int mark(const struct lock_graph *g, const char *name,
			 bool *set)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr_classes; i++) {
		set[i] = str_eq(g->classes[i].name, str_of(name)) ||
			 lock_class_is(&g->classes[i], str_of(name));
		n += set[i];
	}
	return n;
}

bool *edges_mark(struct edges *e, const char *name)
{
	bool *set = calloc(e->graph->nr_classes + 1, sizeof(*set));

	if (!set)
		complain(&e->a, "memory", strerror(ENOMEM));
	else if (!mark(e->graph, name, set))
		complain(&e->a, name, "no such lock class");
	else
		return set;
	free(set);
	return NULL;
}

/* @text is the status in a picture: "spent: debug_locks is 0" */
static void status_from_picture(struct lockdep_status *st, const char *text)
{
	enum lockdep_state state;

	for (state = LOCKDEP_ABSENT; state <= LOCKDEP_ALIVE; state++) {
		struct str s = str_of(text);

		if (!str_take(&s, str_of(lockdep_state_name(state))))
			continue;
		str_take(&s, STR(": "));
		st->state = state;
		if (state != LOCKDEP_ALIVE)
			snprintf(st->reason, sizeof(st->reason),
				 "%.*s (in the picture)",
				 (int)str_head(s, 140).n, s.p);
	}
}

/*
 * Assume that lockdep was alive when /proc/lockdep was copied. A picture has
 * the status of that time.
 */
static int load_file(struct edges *e)
{
	int ret = lock_record_load(&e->record, &e->a, e->file);

	if (ret)
		return ret;
	e->graph = &e->record.graph;
	e->snap.seen.stats.debug_locks = 1;
	e->snap.seen.prove_locking = -1;
	lockdep_status_now(&e->snap.seen, &e->status);
	status_from_picture(&e->status, e->record.picture.lockdep);
	return 0;
}

static int load_now(struct edges *e, char *path, size_t size)
{
	const char *reason = e->probe ? gmem_probe() : NULL;
	int err;

	snprintf(path, size, "%s/proc/lockdep", e->root);
	if (reason) {
		complain(&e->a, "--probe: /dev/kvm", reason);
		return EXIT_UNKNOWN;
	}
	snapshot_take(&e->snap, e->root);
	e->graph = &e->snap.graph;
	lockdep_status_now(&e->snap.seen, &e->status);
	err = e->snap.seen.classes_file;
	return err ? complain_of_proc(&e->a, path, err) : 0;
}

int edges_load(struct edges *e)
{
	char path[4096];
	int ret;

	ret = e->file ? load_file(e) : load_now(e, path, sizeof(path));
	if (!ret)
		lock_graph_remark(e->graph, e->file ?: path);
	return ret;
}
