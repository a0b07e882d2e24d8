// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find and end the processes that a child left behind. Only /proc shows both
 * the members of a group and the orphans that a subreaper was given. Each round
 * may find new ones: the children of a killed process become orphans, too.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "runner/reap.h"

#define REAP_GRACE_MS	100
#define REAP_STEP_MS	10

bool proc_stat_parse(const char *text, struct proc_stat *st)
{
	const char *name_end = strrchr(text, ')');
	int pid, ppid, pgrp;

	if (!name_end || sscanf(text, "%d (", &pid) != 1)
		return false;

	if (sscanf(name_end, ") %c %d %d", &st->state, &ppid, &pgrp) != 3)
		return false;

	st->pid = pid;
	st->ppid = ppid;
	st->pgrp = pgrp;
	return true;
}

static bool proc_stat_read(const char *name, struct proc_stat *st)
{
	char path[280], text[1024];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/stat", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;

	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return false;

	text[len] = '\0';
	return proc_stat_parse(text, st);
}

/* Call fn() for each process, but not for one that has just ended. */
static int for_each_process(void (*fn)(const struct proc_stat *st, void *arg),
			    void *arg)
{
	struct proc_stat st;
	struct dirent *de;
	DIR *proc;

	proc = opendir("/proc");
	if (!proc)
		return -errno;

	while ((de = readdir(proc))) {
		if (isdigit((unsigned char)de->d_name[0]) &&
		    proc_stat_read(de->d_name, &st))
			fn(&st, arg);
	}
	closedir(proc);
	return 0;
}

static void remember_one(const struct proc_stat *st, void *arg)
{
	struct reap_known *known = arg;
	pid_t *pids;

	if (st->ppid != getpid())
		return;

	pids = reallocarray(known->pids, known->count + 1, sizeof(*pids));
	if (!pids) {
		known->incomplete = true;
		return;
	}

	pids[known->count++] = st->pid;
	known->pids = pids;
}

/* Children in these states are returned; those in others count, too. */
static bool has_child(int states)
{
	siginfo_t si;

	return !waitid(P_ALL, 0, &si, states | WNOHANG | WNOWAIT | __WALL) ||
	       errno != ECHILD;
}

/*
 * All that a dead child left has a living ancestor that is a child of this
 * process. Without WEXITED the kernel skips zombies (wait_task_zombie() returns
 * before a child is counted), so that ECHILD means that none lives.
 */
bool reap_nothing(void)
{
	return !has_child(WSTOPPED);
}

int reap_remember(struct reap_known *known)
{
	int ret;

	memset(known, 0, sizeof(*known));
	if (!has_child(WEXITED))
		return 0;
	ret = for_each_process(remember_one, known);
	if (ret || !known->incomplete)
		return ret;

	reap_forget(known);
	return -ENOMEM;
}

void reap_forget(struct reap_known *known)
{
	free(known->pids);
	known->pids = NULL;
	known->count = 0;
}

struct reap_round {
	const struct reap_known *known;
	pid_t leader;
	pid_t pgrp;
	bool kill;
	bool alive;
	bool killed;
};

static bool is_leftover(const struct reap_round *r, const struct proc_stat *st)
{
	size_t i;

	if (st->pid == r->leader)
		return false;

	for (i = 0; i < r->known->count; i++) {
		if (r->known->pids[i] == st->pid)
			return false;
	}
	return st->ppid == getpid() || st->pgrp == r->pgrp;
}

static void reap_one(const struct proc_stat *st, void *arg)
{
	struct reap_round *r = arg;

	if (!is_leftover(r, st))
		return;

	if (st->state == 'Z' || st->state == 'X') {
		if (st->ppid == getpid())
			waitpid(st->pid, NULL, WNOHANG);
		return;
	}

	r->alive = true;
	if (r->kill && !kill(st->pid, SIGKILL))
		r->killed = true;
}

int reap_leftovers(const struct reap_known *known, pid_t leader, pid_t pgrp,
		   unsigned int bound_ms)
{
	struct reap_round r = {
		.known = known, .leader = leader, .pgrp = pgrp,
	};
	long long start = clock_ms();
	int ret;

	for (;;) {
		long long spent = clock_ms() - start;

		r.kill = spent >= REAP_GRACE_MS;
		r.alive = false;
		ret = for_each_process(reap_one, &r);
		if (ret)
			return ret;
		if (!r.alive)
			return r.killed;
		if (spent > (long long)bound_ms + REAP_GRACE_MS)
			return -EBUSY;
		usleep(REAP_STEP_MS * 1000);
	}
}
