// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time from the start of a program to the first line of lockdep's report,
 * by the kernel's clock: a record of ours in /dev/kmsg right before execve(),
 * and the first record of the report, both with printk's time.
 *
 *	bench_splat_time COMMAND...
 *
 * The command is ended once there is a report: its locks may be held for ever.
 * Lockdep reports once in a boot, so each figure needs a boot of its own.
 *
 * Exit code: 0; 1 no report, or /dev/kmsg is not there; 2 wrong call.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define BOUND_S	120
#define MARK	"bench_splat_time: start"

struct times {
	unsigned long long start_us;	/* 0: not seen yet */
	unsigned long long rule_us;	/* of the last line of '=' */
	bool reported;
};

static int fail(const char *object, const char *reason)
{
	fprintf(stderr, "bench_splat_time: %s: %s\n", object, reason);
	return 1;
}

/* "prio,seq,usec,flags;text": the report begins with a line of '='. */
static void take(struct times *t, const char *record)
{
	const char *text = strchr(record, ';');
	unsigned long long us;

	if (!text++ || sscanf(record, "%*u,%*u,%llu", &us) != 1)
		return;
	if (!strncmp(text, MARK, strlen(MARK)))
		t->start_us = us;
	else if (!strncmp(text, "======", 6))
		t->rule_us = us;
	t->reported |= t->start_us && strstr(text, "WARNING: possible ");
}

static void take_all(struct times *t, int fd)
{
	char record[8192];
	ssize_t n;

	while (!t->reported) {
		n = read(fd, record, sizeof(record) - 1);
		/* EPIPE: records were overwritten; go on with the next one. */
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		take(t, record);
	}
}

static pid_t start(int fd, char **argv)
{
	/* A level that no console prints: printing takes time. */
	static const char mark[] = "<7>" MARK "\n";
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		/* Its output is not part of the time. */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		if (write(fd, mark, sizeof(mark) - 1) < 0)
			_exit(fail("/dev/kmsg", strerror(errno)));
		execvp(argv[0], argv);
		fail(argv[0], strerror(errno));
		_exit(127);
	}
	return pid;
}

/* Until there is a report, the command has ended, or it takes too long. */
static void watch(struct times *t, int fd, pid_t pid)
{
	long long end_ms = clock_ms() + BOUND_S * 1000;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool over = false;

	while (!t->reported && !over && clock_ms() < end_ms) {
		poll(&p, 1, 20);
		over = waitpid(pid, NULL, WNOHANG) == pid;
		take_all(t, fd);
	}
	if (!over)
		kill(-pid, SIGKILL);
}

int main(int argc, char **argv)
{
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	struct times t = {};
	pid_t pid;

	if (argc < 2) {
		fputs("bench_splat_time: usage: bench_splat_time COMMAND...\n",
		      stderr);
		return 2;
	}
	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return fail("/dev/kmsg", strerror(errno));
	pid = start(fd, argv + 1);
	if (pid < 0)
		return fail("fork", strerror(errno));
	watch(&t, fd, pid);
	if (!t.reported || t.rule_us < t.start_us)
		return fail(argv[1], "no report of lockdep");
	printf("%.1f ms\n", (t.rule_us - t.start_us) / 1000.0);
	return 0;
}
