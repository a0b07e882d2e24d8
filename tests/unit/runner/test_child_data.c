// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/runner/child.c with two separate streams, with output that cannot be
 * passed on, and with a signal that is returned instead of obeyed.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "runner/child.h"
#include "unit.h"

static struct child_result r;
static size_t got[3];
static unsigned char sum[3];
static bool stop_on_data;

static void take(int fd, const char *p, size_t n, void *arg)
{
	size_t i;

	CHECK(fd == 1 || fd == 2);
	for (i = 0; i < n; i++)
		sum[fd] += p[i];
	got[fd] += n;
	if (stop_on_data)
		raise(SIGTERM);
}

static int run_opts(struct child_opts *o)
{
	o->data = take;
	memset(got, 0, sizeof(got));
	memset(sum, 0, sizeof(sum));
	return child_run(o, &r);
}

static int sh(const char *script, unsigned int timeout_s)
{
	char *argv[] = { "sh", "-c", (char *)script, NULL };
	struct child_opts o = { .argv = argv, .timeout_s = timeout_s };

	return run_opts(&o);
}

static void two_streams(void)
{
	CHECK_EQ(sh("printf a; printf '\\377\\0b' >&2; exit 3", 10), 0);
	CHECK_EQ(r.code, 3);
	CHECK_EQ(got[1], 1);
	CHECK_EQ(sum[1], 'a');
	CHECK_EQ(got[2], 3);
	CHECK_EQ(sum[2], (unsigned char)(0xff + 'b'));
}

static void one_closed(void)
{
	CHECK_EQ(sh("exec >&-; echo x >&2; exec 2>&-; sleep 0.2; exit 4", 10),
		 0);
	CHECK_EQ(r.code, 4);
	CHECK_EQ(got[1], 0);
	CHECK_EQ(got[2], 2);
}

static void every_byte(void)
{
	CHECK_EQ(sh("head -c 20000000 /dev/zero; echo e >&2", 60), 0);
	CHECK_EQ(got[1], 20000000);
	CHECK_EQ(got[2], 2);
}

static int full_pipe[2];

static int is_full(void *arg)
{
	return full_pipe[1];
}

/* The bound holds although no output can be passed on. */
static void blocked_for_good(void)
{
	char *argv[] = { "sh", "-c", "yes; exit 1", NULL };
	struct child_opts o = {
		.argv = argv, .timeout_s = 1, .blocked = is_full,
	};
	long long ms = clock_ms();
	char page[4096] = "";

	CHECK_EQ(pipe2(full_pipe, O_CLOEXEC | O_NONBLOCK), 0);
	while (write(full_pipe[1], page, sizeof(page)) > 0)
		;
	CHECK_EQ(run_opts(&o), 0);
	CHECK(r.timed_out);
	/* At most what the pipe holds at the end. */
	CHECK(got[1] <= 2 << 20);
	CHECK(clock_ms() - ms < 8000);
	close(full_pipe[0]);
	close(full_pipe[1]);
}

/* The control: all of it comes when it can be written. */
static int is_free(void *arg)
{
	return -1;
}

static void not_blocked(void)
{
	char *argv[] = { "sh", "-c", "head -c 300000 /dev/zero", NULL };
	struct child_opts o = {
		.argv = argv, .timeout_s = 20, .blocked = is_free,
	};

	CHECK_EQ(run_opts(&o), 0);
	CHECK(!r.timed_out && r.exited);
	CHECK_EQ(got[1], 300000);
}

static void signal_is_returned(void)
{
	char *argv[] = { "sh", "-c", "echo; sleep 60", NULL };
	struct child_opts o = {
		.argv = argv, .timeout_s = 30, .tell_signal = true,
	};
	long long ms = clock_ms();

	stop_on_data = true;
	CHECK_EQ(run_opts(&o), 0);
	stop_on_data = false;
	CHECK_EQ(r.caught, SIGTERM);
	CHECK(!r.timed_out);
	CHECK(clock_ms() - ms < 8000);
	CHECK_EQ(sh("exit 0", 10), 0);
	CHECK_EQ(r.caught, 0);
}

static void stdin_passed_on(void)
{
	char *argv[] = { "sh", "-c", "read x && [ $x = line ]", NULL };
	struct child_opts o = { .argv = argv, .timeout_s = 10 };
	int saved = dup(STDIN_FILENO), i, p[2];

	for (i = 0; i < 2; i++) {
		CHECK_EQ(pipe(p), 0);
		CHECK_EQ(write(p[1], "line\n", 5), 5);
		dup2(p[0], STDIN_FILENO);
		close(p[0]);
		close(p[1]);
		o.stdin_too = i;
		CHECK_EQ(run_opts(&o), 0);
		CHECK_EQ(r.code, !i);
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
}

/* An orphan that is dead by then is reaped. */
static void dead_orphan(void)
{
	CHECK_EQ(sh("sh -c 'sleep 0.1 & exit 0'; sleep 0.3", 10), 0);
	CHECK(r.exited && !r.leftovers);
	CHECK_EQ(waitpid(-1, NULL, WNOHANG), -1);
}

UNIT_MAIN(
	{ "two_streams", two_streams },
	{ "one_closed", one_closed },
	{ "every_byte", every_byte },
	{ "blocked_for_good", blocked_for_good },
	{ "not_blocked", not_blocked },
	{ "signal_is_returned", signal_is_returned },
	{ "stdin_passed_on", stdin_passed_on },
	{ "dead_orphan", dead_orphan },
)
