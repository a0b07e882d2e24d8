// SPDX-License-Identifier: GPL-2.0-only
/*
 * See emulator.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "emulator.h"

#define CONSOLE_FD	10
#define OUTPUT_FD	11
/* Above these, so that no dup2() hits a pipe end that is still needed. */
#define PIPE_FD_MIN	20

static int make_pipe(int end[2])
{
	int fd[2], i;

	if (pipe(fd))
		return -1;
	for (i = 0; i < 2; i++) {
		end[i] = fcntl(fd[i], F_DUPFD_CLOEXEC, PIPE_FD_MIN);
		if (end[i] < 0)
			return -1;
		close(fd[i]);
	}
	return 0;
}

/* Its messages before it opens its log, and its last ones. */
static int open_err(const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/emulator.err", dir);
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
}

static void run(const char *dir, char **argv, int p[NR_LINES][2])
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(p[CONSOLE][1], CONSOLE_FD);
	dup2(p[OUTPUT][1], OUTPUT_FD);
	dup2(p[RESULT][1], STDOUT_FILENO);
	dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
	dup2(open_err(dir), STDERR_FILENO);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

pid_t emulator_start(const char *dir, char **argv, int fd[NR_LINES])
{
	int p[NR_LINES][2], i;
	pid_t pid;

	for (i = 0; i < NR_LINES; i++)
		if (make_pipe(p[i]))
			return -1;
	pid = fork();
	if (!pid)
		run(dir, argv, p);
	if (pid < 0)
		return -1;
	setpgid(pid, pid);
	for (i = 0; i < NR_LINES; i++) {
		close(p[i][1]);
		fd[i] = p[i][0];
	}
	return pid;
}

/* Without the name of the emulator's part, "[MEM0  ] ". */
static const char *after_part(const char *s)
{
	const char *end = *s == '[' ? strchr(s, ']') : NULL;

	return end && end[1] == ' ' ? end + 2 : s;
}

/*
 * Bochs announces its last words; a panic before them has a mark. Of anything
 * else the last line is taken.
 */
void emulator_why(const char *dir, char *why, size_t size)
{
	static const char mark[] = ">>PANIC<< ", last[] = "Bochs is exiting with";
	bool is_next = false, found = false;
	char path[4096], line[1024], *s;
	FILE *f;

	why[0] = '\0';
	snprintf(path, sizeof(path), "%s/emulator.err", dir);
	f = fopen(path, "r");
	while (f && !found && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = '\0';
		s = strstr(line, mark);
		found = is_next || s;
		if (found || (line[0] && line[0] != '='))
			snprintf(why, size, "%s", after_part(s ?
				 s + strlen(mark) : line));
		is_next = !strncmp(line, last, strlen(last));
	}
	if (f)
		fclose(f);
}
