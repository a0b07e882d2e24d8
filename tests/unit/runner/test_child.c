// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/runner/child.c and lib/runner/reap.c: the end of a child is reported
 * correctly, it never outlives its bound, and no process of it remains.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "runner/child.h"
#include "runner/reap.h"
#include "unit.h"

static struct child_result r;
static char last_line[8192];
static long nr_lines, nr_bytes;
/* Shared with the children, which report here. */
static volatile pid_t *told;

static void take_line(const char *line, void *arg)
{
	nr_lines++;
	nr_bytes += strlen(line);
	snprintf(last_line, sizeof(last_line), "%s", line);
}

static int run(int (*fn)(void *arg), void *arg, unsigned int timeout_s)
{
	struct child_opts o = {
		.fn = fn, .arg = arg, .timeout_s = timeout_s,
		.line = take_line,
	};

	nr_lines = 0;
	nr_bytes = 0;
	last_line[0] = '\0';
	return child_run(&o, &r);
}

/* Does not exist any more, or is a zombie. */
static bool gone(pid_t pid)
{
	char path[64], text[512];
	struct proc_stat st;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return true;

	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return true;
	text[len] = '\0';
	return !proc_stat_parse(text, &st) || st.state == 'Z';
}

static int do_exit(void *arg)
{
	return *(int *)arg;
}

static void exit_codes(void)
{
	static const int codes[] = { 0, 1, 4, 77, 124, 127, 137, 254, 255 };
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		CHECK_EQ(run(do_exit, (void *)&codes[i], 10), 0);
		CHECK(r.exited && !r.timed_out && !r.stuck && !r.leftovers);
		CHECK_EQ(r.code, codes[i]);
		CHECK_EQ(r.sig, 0);
	}
	CHECK_EQ(nr_lines, 0);
}

static int do_raise(void *arg)
{
	signal(*(int *)arg, SIG_DFL);
	raise(*(int *)arg);
	return 0;
}

static void signals(void)
{
	static const int sigs[] = {
		SIGKILL, SIGTERM, SIGINT, SIGUSR1, SIGALRM,
	};
	size_t i;

	for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		CHECK_EQ(run(do_raise, (void *)&sigs[i], 10), 0);
		CHECK(!r.exited && !r.timed_out);
		CHECK_EQ(r.sig, sigs[i]);
	}
}

static int do_sleep(void *arg)
{
	if (arg)
		signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
	return 0;
}

static void timeout_term(void)
{
	long long start = clock_ms();

	CHECK_EQ(run(do_sleep, NULL, 1), 0);
	CHECK(r.timed_out && !r.exited && !r.stuck);
	CHECK_EQ(r.sig, SIGTERM);
	CHECK(clock_ms() - start >= 1000);
	CHECK(clock_ms() - start < 2500);
}

static void timeout_kill(void)
{
	long long start = clock_ms();

	CHECK_EQ(run(do_sleep, &r, 1), 0);
	CHECK(r.timed_out && !r.exited && !r.stuck);
	CHECK_EQ(r.sig, SIGKILL);
	CHECK(clock_ms() - start >= 3000);
	CHECK(clock_ms() - start < 6000);
}

static int do_stop(void *arg)
{
	raise(SIGSTOP);
	return 0;
}

static void timeout_stopped(void)
{
	CHECK_EQ(run(do_stop, NULL, 1), 0);
	CHECK(r.timed_out);
	CHECK_EQ(r.sig, SIGTERM);
}

/* At the bound, but the child handles SIGTERM and reports it. */
static void on_term(int sig)
{
	_exit(3);
}

static int do_handle_term(void *arg)
{
	signal(SIGTERM, on_term);
	for (;;)
		pause();
	return 0;
}

static void timeout_handled(void)
{
	CHECK_EQ(run(do_handle_term, NULL, 1), 0);
	CHECK(r.timed_out && r.exited);
	CHECK_EQ(r.code, 3);
}

static void no_timeout(void)
{
	int code = 5;

	CHECK_EQ(run(do_exit, &code, 0), 0);
	CHECK(r.exited && !r.timed_out);
	CHECK_EQ(r.code, 5);
}

/* Leave a process behind that holds the pipe; @arg: in a session of its own. */
static int do_leave(void *arg)
{
	pid_t pid = fork();

	if (pid) {
		puts("left");
		return 0;
	}
	if (arg)
		setsid();
	signal(SIGTERM, SIG_IGN);
	told[0] = getpid();
	if (!fork())
		told[1] = getpid();
	for (;;)
		pause();
}

static void leave(void *arg)
{
	long long start = clock_ms();

	told[0] = told[1] = 0;
	CHECK_EQ(run(do_leave, arg, 20), 0);
	CHECK(r.exited && r.leftovers && !r.timed_out && !r.stuck);
	CHECK_STR(last_line, "left");
	CHECK(clock_ms() - start < 2000);
	CHECK(told[0] > 0);
	CHECK(gone(told[0]));
	CHECK(gone(told[1]));
}

static void leftover_in_group(void)
{
	leave(NULL);
}

static void leftover_escaped(void)
{
	leave(&r);
}

/* The control of the two above: a grandchild that has been waited for. */
static int do_wait_for_own(void *arg)
{
	if (!fork())
		_exit(0);
	wait(NULL);
	return 0;
}

static void no_leftover(void)
{
	CHECK_EQ(run(do_wait_for_own, NULL, 10), 0);
	CHECK(r.exited && !r.leftovers);
}

/* A child of the caller is not a leftover of child_run()'s. */
static void own_child_lives(void)
{
	int code = 0;
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(0);
	}
	CHECK_EQ(run(do_exit, &code, 10), 0);
	CHECK(!r.leftovers);
	CHECK(!gone(pid));
	kill(pid, SIGKILL);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

static int do_close(void *arg)
{
	puts("before");
	fflush(stdout);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	usleep(100000);
	return 6;
}

static void closed_stdout(void)
{
	CHECK_EQ(run(do_close, NULL, 10), 0);
	CHECK(r.exited);
	CHECK_EQ(r.code, 6);
	CHECK_EQ(nr_lines, 1);
}

static int do_flood(void *arg)
{
	char line[100];
	int i;

	memset(line, 'y', sizeof(line));
	line[99] = '\n';
	for (i = 0; i < 104858; i++)
		fwrite(line, 1, sizeof(line), i & 1 ? stdout : stderr);
	return 0;
}

static void ten_megabytes(void)
{
	CHECK_EQ(run(do_flood, NULL, 60), 0);
	CHECK(r.exited && !r.code);
	CHECK_EQ(nr_lines, 104858);
	CHECK_EQ(nr_bytes, 104858 * 99LL);
}

/* Endless output must not delay the bound. */
static int do_flood_forever(void *arg)
{
	for (;;)
		puts("more");
	return 0;
}

static void endless_output(void)
{
	long long start = clock_ms();

	CHECK_EQ(run(do_flood_forever, NULL, 1), 0);
	CHECK(r.timed_out);
	CHECK(nr_lines > 1000);
	CHECK(clock_ms() - start < 4000);
}

static int do_odd(void *arg)
{
	fwrite("\xc3(\0\xff\nlast", 1, 9, stdout);
	return 0;
}

static void odd_output(void)
{
	CHECK_EQ(run(do_odd, NULL, 10), 0);
	CHECK_EQ(nr_lines, 2);
	CHECK_EQ(nr_bytes, 5 + 4);
	CHECK_STR(last_line, "last");
}

static void argv_runs(void)
{
	char *argv[] = { "sh", "-c", "echo $0 $1; echo e >&2; exit 9", "a",
			 "b", NULL };
	struct child_opts o = {
		.argv = argv, .timeout_s = 10, .line = take_line,
	};

	nr_lines = 0;
	CHECK_EQ(child_run(&o, &r), 0);
	CHECK(r.exited);
	CHECK_EQ(r.code, 9);
	CHECK_EQ(nr_lines, 2);
	CHECK_STR(last_line, "e");
}

static void argv_missing(void)
{
	char *missing[] = { "/nonexistent/program", NULL };
	char *denied[] = { "/proc/self/status", NULL };
	struct child_opts o = { .argv = missing, .timeout_s = 10 };

	CHECK_EQ(child_run(&o, &r), -ENOENT);
	o.argv = denied;
	CHECK_EQ(child_run(&o, &r), -EACCES);
	o.argv = NULL;
	CHECK_EQ(child_run(&o, &r), -EINVAL);
}

/* The child must not wait for a terminal's input. */
static int do_read_stdin(void *arg)
{
	char c;

	return read(STDIN_FILENO, &c, 1) == 0 ? 11 : 12;
}

static void stdin_is_empty(void)
{
	int saved = dup(STDIN_FILENO);
	int p[2];

	/* The parent's stdin is not for the child. */
	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(write(p[1], "x", 1), 1);
	dup2(p[0], STDIN_FILENO);
	CHECK_EQ(run(do_read_stdin, NULL, 10), 0);
	CHECK_EQ(r.code, 11);
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(p[0]);
	close(p[1]);
}

static void settings_restored(void)
{
	struct sigaction sa;
	int subreaper = -1;
	int code = 0;

	signal(SIGCHLD, SIG_IGN);
	CHECK_EQ(run(do_exit, &code, 10), 0);
	CHECK(r.exited && !r.code);
	sigaction(SIGCHLD, NULL, &sa);
	CHECK(sa.sa_handler == SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigaction(SIGINT, NULL, &sa);
	CHECK(sa.sa_handler == SIG_DFL);
	prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
	CHECK_EQ(subreaper, 0);
}

static int do_tell_and_sleep(void *arg)
{
	told[0] = getpid();
	return do_sleep(NULL);
}

/* A process in child_run(), ended by the case. */
static int runner_gets(int sig)
{
	struct child_opts o = { .fn = do_tell_and_sleep, .timeout_s = 30 };
	pid_t pid;
	int status = 0;

	told[0] = 0;
	pid = fork();
	if (!pid) {
		child_run(&o, &r);
		_exit(0);
	}
	while (!told[0])
		usleep(1000);
	kill(pid, sig);
	waitpid(pid, &status, 0);
	usleep(50000);
	return status;
}

static void interrupted(void)
{
	int status;

	status = runner_gets(SIGTERM);
	CHECK(WIFEXITED(status));
	CHECK_EQ(WEXITSTATUS(status), 128 + SIGTERM);
	CHECK(gone(told[0]));

	status = runner_gets(SIGINT);
	CHECK_EQ(WEXITSTATUS(status), 128 + SIGINT);
	CHECK(gone(told[0]));
}

static void runner_killed(void)
{
	int status = runner_gets(SIGKILL);

	CHECK(WIFSIGNALED(status));
	CHECK(gone(told[0]));
}

static void stdio_closed_in_parent(void)
{
	int code = 8, status = 0;
	pid_t pid = fork();

	if (!pid) {
		close(0);
		close(1);
		close(2);
		if (run(do_exit, &code, 10) || r.code != 8)
			_exit(1);
		if (run(do_odd, NULL, 10) || nr_lines != 2)
			_exit(2);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK_EQ(status, 0);
}

static void stat_line(void)
{
	struct proc_stat st;

	CHECK(proc_stat_parse("12 (a) b (c)) S 3 4 5 0 -1", &st));
	CHECK_EQ(st.pid, 12);
	CHECK_EQ(st.state, 'S');
	CHECK_EQ(st.ppid, 3);
	CHECK_EQ(st.pgrp, 4);
	CHECK(!proc_stat_parse("", &st));
	CHECK(!proc_stat_parse("12 (a", &st));
	CHECK(!proc_stat_parse("12 (a) S 3", &st));
	CHECK(!proc_stat_parse("x (a) S 3 4", &st));
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "exit_codes", exit_codes },
		{ "signals", signals },
		{ "timeout_term", timeout_term },
		{ "timeout_kill", timeout_kill },
		{ "timeout_stopped", timeout_stopped },
		{ "timeout_handled", timeout_handled },
		{ "no_timeout", no_timeout },
		{ "leftover_in_group", leftover_in_group },
		{ "leftover_escaped", leftover_escaped },
		{ "no_leftover", no_leftover },
		{ "own_child_lives", own_child_lives },
		{ "closed_stdout", closed_stdout },
		{ "ten_megabytes", ten_megabytes },
		{ "endless_output", endless_output },
		{ "odd_output", odd_output },
		{ "argv_runs", argv_runs },
		{ "argv_missing", argv_missing },
		{ "stdin_is_empty", stdin_is_empty },
		{ "settings_restored", settings_restored },
		{ "interrupted", interrupted },
		{ "runner_killed", runner_killed },
		{ "stdio_closed_in_parent", stdio_closed_in_parent },
		{ "stat_line", stat_line },
	};

	told = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED)
		return 1;
	return unit_run(cases, sizeof(cases) / sizeof(cases[0]));
}
