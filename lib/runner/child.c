// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a function or a command in a process of its own, with a bound in time.
 * One loop waits for the child (by pidfd), its output (by pipe), signals to
 * this process (by pipe) and the next deadline; nothing else waits, so that no
 * child can block it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/lines.h"
#include "runner/child.h"
#include "runner/reap.h"

#define TERM_GRACE_MS	2000
#define KILL_GRACE_MS	10000
#define REST_MS		1000

static const int caught_signals[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };

#define NR_CAUGHT (sizeof(caught_signals) / sizeof(caught_signals[0]))

/* All that the signal handler uses. */
static int signal_pipe_write = -1;

struct child {
	const struct child_opts *o;
	struct child_result *r;
	struct reap_known known;
	struct sigaction old_actions[NR_CAUGHT];
	struct sigaction old_chld;
	sigset_t old_mask;
	int old_subreaper;
	struct lines *lines;
	int signal_pipe[2];
	int output[2][2];	/* of stdout, or both; of stderr */
	int exec_error;		/* errno of execvp() */
	int pidfd;
	pid_t pid;
	long long deadline;	/* of the present step, or LLONG_MAX */
	enum { STEP_RUN, STEP_TERM, STEP_KILL } step;
	int caught;		/* signal that this process got, or 0 */
	bool dead;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_pipe(int p[2])
{
	close_fd(&p[0]);
	close_fd(&p[1]);
}

/* A pipe whose ends are not 0, 1 or 2, even if one of these is closed. */
static int make_pipe(int p[2], int flags)
{
	int low[2], i;

	if (pipe2(low, flags | O_CLOEXEC))
		return -errno;

	for (i = 0; i < 2; i++)
		p[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 3);
	close(low[0]);
	close(low[1]);
	if (p[0] >= 0 && p[1] >= 0)
		return 0;

	close_pipe(p);
	return -EMFILE;
}

static void on_signal(int sig)
{
	unsigned char byte = sig;
	int saved = errno;

	if (write(signal_pipe_write, &byte, 1) != 1) {
		/* Full: enough signals are waiting to be read already. */
	}
	errno = saved;
}

static void catch_signals(struct child *c)
{
	struct sigaction chld = { .sa_handler = SIG_DFL };
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t block;
	size_t i;

	sigemptyset(&block);
	signal_pipe_write = c->signal_pipe[1];
	for (i = 0; i < NR_CAUGHT; i++) {
		sigaddset(&block, caught_signals[i]);
		sigaction(caught_signals[i], NULL, &c->old_actions[i]);
		if (c->old_actions[i].sa_handler != SIG_IGN)
			sigaction(caught_signals[i], &sa, NULL);
	}
	/* If SIGCHLD were ignored, the child's exit status would be lost. */
	sigaction(SIGCHLD, &chld, &c->old_chld);
	pthread_sigmask(SIG_BLOCK, &block, &c->old_mask);
}

static void restore_signals(const struct child *c)
{
	size_t i;

	for (i = 0; i < NR_CAUGHT; i++)
		sigaction(caught_signals[i], &c->old_actions[i], NULL);
	sigaction(SIGCHLD, &c->old_chld, NULL);
	pthread_sigmask(SIG_SETMASK, &c->old_mask, NULL);
}

/* A background group that reads from a terminal is stopped. */
static void child_stdin(struct child *c)
{
	int null;

	if (c->o->stdin_too && !isatty(STDIN_FILENO))
		return;
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

static void child_stdio(struct child *c)
{
	child_stdin(c);
	if (c->o->line)
		dup2(c->output[0][1], STDERR_FILENO);
	if (c->o->data)
		dup2(c->output[1][1], STDERR_FILENO);
	if (c->o->line || c->o->data)
		dup2(c->output[0][1], STDOUT_FILENO);
}

static void child_begin(struct child *c, pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);

	child_stdio(c);
	restore_signals(c);
}

static pid_t start_fn(struct child *c, pid_t parent)
{
	pid_t pid = fork();
	int ret;

	if (pid)
		return pid;

	child_begin(c, parent);
	signal_pipe_write = -1;
	close_pipe(c->signal_pipe);
	close_pipe(c->output[0]);
	close_pipe(c->output[1]);
	ret = c->o->fn(c->o->arg);
	fflush(NULL);
	/* Not exit(): the parent's atexit() handlers are not the child's. */
	_exit(ret);
}

/*
 * Without a copy of this process, which would cost more than all else here. The
 * child runs on the parent's memory until execvp(), so it changes nothing there
 * but exec_error and what prepare() does; its descriptors are closed by exec.
 */
static pid_t start_program(struct child *c, pid_t parent)
{
	pid_t pid = vfork();

	if (pid)
		return pid;

	child_begin(c, parent);
	c->exec_error = c->o->prepare ? -c->o->prepare(c->o->prepare_arg) : 0;
	if (!c->exec_error) {
		execvp(c->o->argv[0], c->o->argv);
		c->exec_error = errno;
	}
	_exit(127);
}

static int child_start(struct child *c)
{
	pid_t parent = getpid();

	fflush(NULL);
	c->pid = c->o->fn ? start_fn(c, parent) : start_program(c, parent);
	if (c->pid < 0)
		return -errno;

	/* The child does this, too: the first one wins. */
	setpgid(c->pid, c->pid);
	close_fd(&c->output[0][1]);
	close_fd(&c->output[1][1]);
	c->pidfd = syscall(SYS_pidfd_open, c->pid, 0);
	if (c->pidfd < 0)
		return -errno;

	return -c->exec_error;
}

/* True when the pipe has ended; false when it may hold more later. */
static bool read_output(struct child *c, int which)
{
	char buf[65536];
	ssize_t len;

	len = read(c->output[which][0], buf, sizeof(buf));
	if (len > 0 && c->lines)
		lines_feed(c->lines, buf, len);
	else if (len > 0)
		c->o->data(STDOUT_FILENO + which, buf, len, c->o->data_arg);
	if (len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR)))
		return false;
	close_fd(&c->output[which][0]);
	return true;
}

/*
 * Without writers this reads to the end of the pipe, with a stuck one until it
 * is empty; the clock is for a writer that could not be found and killed.
 */
static void read_rest(struct child *c)
{
	long long end = clock_ms() + REST_MS;
	struct pollfd p = { .events = POLLIN };
	int i;

	for (i = 0; i < 2; i++) {
		do {
			p.fd = c->output[i][0];
		} while (p.fd >= 0 && clock_ms() < end &&
			 poll(&p, 1, 0) > 0 && !read_output(c, i));
		close_fd(&c->output[i][0]);
	}
	if (c->lines)
		lines_end(c->lines);
}

static void read_signal(struct child *c)
{
	unsigned char sig;

	if (read(c->signal_pipe[0], &sig, 1) != 1)
		return;

	/* A second signal does not wait until the grace period is over. */
	if (!c->caught)
		c->caught = sig;
	if (c->step != STEP_KILL)
		c->deadline = clock_ms();
}

static void next_step(struct child *c)
{
	switch (c->step) {
	case STEP_RUN:
		c->r->timed_out = !c->caught;
		kill(-c->pid, SIGTERM);
		kill(-c->pid, SIGCONT);
		c->deadline = clock_ms() + TERM_GRACE_MS;
		c->step = STEP_TERM;
		break;
	case STEP_TERM:
		kill(-c->pid, SIGKILL);
		c->deadline = clock_ms() + KILL_GRACE_MS;
		c->step = STEP_KILL;
		break;
	case STEP_KILL:
		c->r->stuck = true;
		break;
	}
}

static int poll_timeout(const struct child *c)
{
	long long left;

	if (c->deadline == LLONG_MAX)
		return -1;

	left = c->deadline - clock_ms();
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : left;
}

/*
 * While what was read cannot be passed on, read nothing more: the child waits,
 * not this process.
 */
static void watch_output(struct child *c, struct pollfd fds[3])
{
	int i;

	fds[2].fd = c->o->blocked ? c->o->blocked(c->o->data_arg) : -1;
	for (i = 0; i < 2; i++)
		fds[i].fd = fds[2].fd < 0 ? c->output[i][0] : -1;
}

static void child_wait(struct child *c)
{
	struct pollfd fds[5] = {
		{ .fd = c->pidfd, .events = POLLIN },
		{ .fd = c->signal_pipe[0], .events = POLLIN },
		{ .events = POLLIN }, { .events = POLLIN },
		{ .events = POLLOUT },
	};

	while (!c->dead && !c->r->stuck) {
		int n, i;

		watch_output(c, &fds[2]);
		n = poll(fds, 5, poll_timeout(c));
		if (n > 0 && fds[1].revents)
			read_signal(c);
		for (i = 0; i < 2; i++)
			if (n > 0 && fds[2 + i].revents)
				read_output(c, i);
		if (n > 0 && fds[0].revents)
			c->dead = true;
		else if (clock_ms() >= c->deadline)
			next_step(c);
	}
}

/*
 * First the leftovers, while the unreaped leader keeps its number from being
 * given to another group; then the leader; then the output, which ends now.
 */
static void child_finish(struct child *c)
{
	struct child_result *r = c->r;
	bool alone = c->dead && reap_nothing();
	int status;

	switch (alone ? 0 :
		reap_leftovers(&c->known, c->pid, c->pid, KILL_GRACE_MS)) {
	case 0:
		break;
	case 1:
		r->leftovers = true;
		break;
	case -EBUSY:
		r->leftovers = true;
		r->stuck = true;
		break;
	default:
		/* Without /proc only the group is known. */
		kill(-c->pid, SIGKILL);
		break;
	}

	if (c->dead && waitpid(c->pid, &status, 0) == c->pid) {
		r->exited = WIFEXITED(status);
		r->code = r->exited ? WEXITSTATUS(status) : 0;
		r->sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	}
	/* Orphans that ended by themselves. */
	while (alone && !c->known.count && waitpid(-1, NULL, WNOHANG) > 0)
		;
	read_rest(c);
}

static int child_setup(struct child *c)
{
	const struct child_opts *o = c->o;
	int ret;

	ret = make_pipe(c->signal_pipe, O_NONBLOCK);
	if (!ret && (o->line || o->data))
		ret = make_pipe(c->output[0], 0);
	if (!ret && o->data)
		ret = make_pipe(c->output[1], 0);
	if (ret)
		return ret;

	if (o->line) {
		c->lines = malloc(sizeof(*c->lines));
		if (!c->lines)
			return -ENOMEM;
		lines_init(c->lines, o->line, o->line_arg);
	}

	if (o->timeout_s)
		c->deadline = clock_ms() + o->timeout_s * 1000LL;
	ret = reap_remember(&c->known);
	/* Without /proc only the child's group can be ended. */
	return ret == -ENOENT ? 0 : ret;
}

static void child_free(struct child *c)
{
	close_pipe(c->signal_pipe);
	close_pipe(c->output[0]);
	close_pipe(c->output[1]);
	close_fd(&c->pidfd);
	reap_forget(&c->known);
	free(c->lines);
}

static int child_run_caught(struct child *c)
{
	sigset_t mask;
	int ret;

	catch_signals(c);
	mask = c->old_mask;
	ret = child_start(c);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);

	if (ret && c->pid > 0)
		kill(c->pid, SIGKILL);
	if (!ret)
		child_wait(c);
	else
		c->dead = c->pid > 0;
	if (c->pid > 0)
		child_finish(c);
	restore_signals(c);
	signal_pipe_write = -1;
	return ret;
}

int child_run(const struct child_opts *o, struct child_result *r)
{
	struct child c = {
		.o = o, .r = r, .deadline = LLONG_MAX, .pidfd = -1,
		.signal_pipe = { -1, -1 },
		.output = { { -1, -1 }, { -1, -1 } },
	};
	int ret;

	memset(r, 0, sizeof(*r));
	if (!o->fn == !o->argv)
		return -EINVAL;

	ret = child_setup(&c);
	if (!ret) {
		prctl(PR_GET_CHILD_SUBREAPER, &c.old_subreaper);
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		ret = child_run_caught(&c);
		prctl(PR_SET_CHILD_SUBREAPER, c.old_subreaper);
	}

	child_free(&c);
	r->caught = c.caught;
	if (c.caught && !o->tell_signal)
		exit(128 + c.caught);
	return ret;
}

bool child_failed(const struct child_result *c, char *buf, size_t size)
{
	if (!c || (c->exited && !c->code && !c->timed_out && !c->stuck))
		return false;
	if (c->timed_out || c->stuck)
		snprintf(buf, size, "the command did not end in time");
	else if (c->sig)
		snprintf(buf, size, "the command was ended by signal %d",
			 c->sig);
	else
		snprintf(buf, size, "the command ended with code %d", c->code);
	return true;
}
