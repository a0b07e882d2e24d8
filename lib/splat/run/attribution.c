// SPDX-License-Identifier: GPL-2.0-only
/* Which process a report belongs to, see attribution.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/reap.h"
#include "splat/run/attribution.h"
#include "splat/splat.h"

/* PF_KTHREAD of include/linux/sched.h; field 9 of /proc/PID/stat. */
#define FLAG_KTHREAD	0x00200000ul

/* PROC_PID_INIT_INO of include/linux/proc_ns.h. */
static const char init_ns[] = "pid:[4026531836]";

#define ANCESTORS_MAX	4096

struct task {
	struct proc_stat st;
	bool kthread;
	char comm[64];
};

const char *attribution_name(enum attribution a)
{
	static const char *const names[] = {
		[ATTRIBUTION_UNKNOWN]	= "unknown",
		[ATTRIBUTION_PROGRAM]	= "program",
		[ATTRIBUTION_KERNEL]	= "kernel",
		[ATTRIBUTION_OTHER]	= "other",
	};

	return names[a];
}

static bool parse_task(const char *text, struct task *t)
{
	const char *name = strchr(text, '('), *end = strrchr(text, ')');
	unsigned long flags;

	if (!name || !proc_stat_parse(text, &t->st) ||
	    sscanf(end, ") %*c %*d %*d %*d %*d %*d %lu", &flags) != 1)
		return false;
	t->kthread = flags & FLAG_KTHREAD;
	snprintf(t->comm, sizeof(t->comm), "%.*s", (int)(end - name - 1),
		 name + 1);
	return true;
}

static bool read_task(const char *root, long pid, struct task *t)
{
	char path[64], *text;
	struct text raw;
	bool ok = false;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (!read_below(root, path, &raw)) {
		text = strndup(raw.p ?: "", raw.n);
		ok = text && parse_task(text, t);
		free(text);
	}
	free(raw.p);
	return ok;
}

static bool in_initial_pid_ns(const char *root)
{
	char ns[sizeof(init_ns) + 1] = "";

	if (root[0])
		return true;
	return readlink("/proc/self/ns/pid", ns, sizeof(ns) - 1) > 0 &&
	       !strcmp(ns, init_ns);
}

/* Unknown if an ancestor exits between two steps. */
static enum attribution by_ancestors(const char *root, pid_t parent)
{
	struct task t;
	int i;

	for (i = 0; i < ANCESTORS_MAX; i++) {
		if (parent == getpid())
			return ATTRIBUTION_PROGRAM;
		if (parent <= 1)
			return ATTRIBUTION_OTHER;
		if (!read_task(root, parent, &t))
			break;
		parent = t.st.ppid;
	}
	return ATTRIBUTION_UNKNOWN;
}

enum attribution attribution_of(const char *root, long pid, const char *comm)
{
	struct task t;

	if (pid == 0)
		return ATTRIBUTION_KERNEL;
	if (pid < 0 || !comm || !in_initial_pid_ns(root) ||
	    !read_task(root, pid, &t))
		return ATTRIBUTION_UNKNOWN;
	/*
	 * Workers have longer names here than in a report:
	 * "kworker/0:1-events".
	 */
	if (t.kthread)
		return ATTRIBUTION_KERNEL;
	/* Another name: the pid can belong to a new task by now. */
	if (strcmp(t.comm, comm))
		return ATTRIBUTION_UNKNOWN;
	return by_ancestors(root, t.st.ppid);
}
