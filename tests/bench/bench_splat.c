// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `splat run` adds to the time of a command that does nothing: the command
 * alone and under splat, in turns.
 *
 *	bench_splat SPLAT [-n TURNS] [SPLAT-OPTION...]
 *	bench_splat true
 *
 * The command is this program, which exits at once as "true". A few turns come
 * before those that count. With splat's options the figure is that of `SPLAT
 * run OPTIONS -- true`, for instance with --watch.
 *
 * Exit code: 0; 1 splat did not find the command CLEAN; 2 wrong call.
 */
#include <errno.h>
#include <stdbool.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"

#define TURNS_MAX	1000
#define WARM		3
#define ARGS_MAX	32

static const char self[] = "/proc/self/exe";

/* Milliseconds from before fork() to after waitpid(). Exits if it fails. */
static double time_of(char *const *argv)
{
	long long start = clock_ns();
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		if (null >= 0)
			dup2(null, STDERR_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
		fprintf(stderr, "bench_splat: %s: status %#x\n", argv[0],
			status);
		exit(1);
	}
	return (clock_ns() - start) / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, unsigned long n)
{
	qsort(v, n, sizeof(*v), by_size);
	return v[n / 2];
}

static void compare(char **alone, char **watched, unsigned long turns)
{
	static double a[TURNS_MAX], w[TURNS_MAX];
	double base, with;
	unsigned long i;

	for (i = 0; i < WARM; i++) {
		time_of(alone);
		time_of(watched);
	}
	for (i = 0; i < turns; i++) {
		a[i] = time_of(alone);
		w[i] = time_of(watched);
	}
	base = median(a, turns);
	with = median(w, turns);
	printf("true %.2f ms, splat run -- true %.2f ms: %.2f ms more, %.1f times (median of %lu, least %.2f and %.2f)\n",
	       base, with, with - base, with / base, turns, a[0], w[0]);
}

int main(int argc, char **argv)
{
	char exe[4096], *alone[] = { exe, "true", NULL };
	char *watched[ARGS_MAX + 8] = { argv[1], "run" };
	unsigned long turns = 20;
	ssize_t len;
	int i, n = 2;

	if (argc == 2 && !strcmp(argv[1], "true"))
		return 0;
	len = readlink(self, exe, sizeof(exe) - 1);
	if (argc < 2 || argc > ARGS_MAX || len < 0)
		goto usage;
	exe[len] = '\0';
	i = 2;
	if (argc > 2 && !strcmp(argv[2], "-n")) {
		if (argc < 4 || number_parse(argv[3], 1, TURNS_MAX, &turns))
			goto usage;
		i = 4;
	}
	while (i < argc)
		watched[n++] = argv[i++];
	watched[n++] = "--";
	watched[n++] = exe;
	watched[n++] = "true";
	compare(alone, watched, turns);
	return 0;
usage:
	fputs("bench_splat: usage: bench_splat SPLAT [-n TURNS] [OPTION...]\n",
	      stderr);
	return 2;
}
