// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tracefs instance for one command, see tracefs.h.
 *
 * If tracefs is not mounted, it is mounted detached, as a file descriptor of
 * this process, so there is nothing to unmount even after SIGKILL. But an
 * instance stays in the kernel, so the next run removes those of killed runs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "splat/splat.h"
#include "splat/trace/tracefs.h"

#define MOUNT_POINT	"/sys/kernel/tracing"
#define PREFIX		"splat-"
#define NOT_RCU		"name != \"rcu_read_lock\""
#define POLL_MS		20
#define LAST_MS		60000

/* For each CPU; together, where that is enough, 1/32 of the memory. */
#define BUFFER_MIN_KIB	1024ul
#define BUFFER_MAX_KIB	(64ul << 10)
#define BUFFERS_MAX_KIB	(1ul << 20)

static int fail(struct tracefs *f, const char *object, int err)
{
	snprintf(f->why, sizeof(f->why), "%s: %s", object, strerror(-err));
	return err;
}

static int mount_detached(void)
{
	int err, fs = fsopen("tracefs", FSOPEN_CLOEXEC), dir = -1;

	if (fs >= 0 && !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		dir = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	err = -errno;
	if (fs >= 0)
		close(fs);
	return dir >= 0 ? dir : err;
}

static int find_tracefs(struct tracefs *f, const char *root)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s" MOUNT_POINT, root);
	f->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir >= 0 && !faccessat(f->dir, "instances", F_OK, 0))
		return 0;
	if (f->dir >= 0)
		close(f->dir);
	f->dir = f->fake ? -ENOENT : mount_detached();
	if (f->dir >= 0)
		return 0;
	if (f->dir == -ENODEV || f->dir == -ENOENT)
		snprintf(f->why, sizeof(f->why), "%s: there is no tracefs: the "
			 "kernel needs CONFIG_LOCKDEP and CONFIG_EVENT_TRACING",
			 MOUNT_POINT);
	else
		fail(f, MOUNT_POINT, f->dir);
	return f->dir;
}

/* Remove the instances of dead runs; one in use cannot be removed. */
static void remove_stale(const struct tracefs *f)
{
	int fd = openat(f->dir, "instances", O_RDONLY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		long pid;

		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)))
			continue;
		pid = strtol(e->d_name + strlen(PREFIX), NULL, 10);
		if (pid > 0 && kill(pid, 0) && errno == ESRCH)
			unlinkat(fd, e->d_name, AT_REMOVEDIR);
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
}

static int make_instance(struct tracefs *f)
{
	char path[64];

	snprintf(f->name, sizeof(f->name), f->fake ? "splat" : PREFIX "%d",
		 getpid());
	snprintf(path, sizeof(path), "instances/%s", f->name);
	/* In a fake tracefs the files must exist already. */
	if (mkdirat(f->dir, path, 0700) && !(f->fake && errno == EEXIST)) {
		int err = -errno;

		f->name[0] = '\0';
		return fail(f, MOUNT_POINT "/instances", err);
	}
	f->instance = openat(f->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return f->instance < 0 ? fail(f, path, -errno) : 0;
}

static int put(struct tracefs *f, const char *file, const char *text)
{
	int err = 0, fd = openat(f->instance, file,
				 O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err = fail(f, file, -errno);
	if (fd >= 0)
		close(fd);
	return err;
}

static unsigned long buffer_size(const struct tracefs_opts *o)
{
	unsigned long pages = sysconf(_SC_PHYS_PAGES);
	unsigned long cpus = sysconf(_SC_NPROCESSORS_CONF);
	unsigned long kib = pages * (sysconf(_SC_PAGESIZE) >> 10) / 32;

	if (o->buffer_kib)
		return o->buffer_kib;
	if (kib > BUFFERS_MAX_KIB)
		kib = BUFFERS_MAX_KIB;
	kib /= cpus ? cpus : 1;
	if (kib > BUFFER_MAX_KIB)
		kib = BUFFER_MAX_KIB;
	return kib < BUFFER_MIN_KIB ? BUFFER_MIN_KIB : kib;
}

/* As large as memory allows. */
static int set_buffer(struct tracefs *f, const struct tracefs_opts *o)
{
	unsigned long kib = buffer_size(o);
	char text[32];
	int err;

	do {
		snprintf(text, sizeof(text), "%lu", kib);
		err = put(f, "buffer_size_kb", text);
		kib /= 2;
	} while (err == -ENOMEM && kib >= BUFFER_MIN_KIB && !o->buffer_kib);
	return err;
}

static int set_up(struct tracefs *f, const struct tracefs_opts *o)
{
	static const struct {
		const char *file;
		const char *text;
	} first[] = {
		{ "tracing_on", "0" },
		/* One order for all CPUs: a task takes locks on several */
		{ "trace_clock", "counter" },
		{ "options/event-fork", "1" },
		{ "options/irq-info", "1" },
		{ "options/context-info", "1" },
		{ "options/overwrite", "1" },
		/* A third of all events, for a lock that no task waits for */
		{ "events/lock/lock_acquire/filter", NOT_RCU },
		{ "events/lock/lock_release/filter", NOT_RCU },
	}, events[] = {
		{ "events/lock/lock_acquire/enable", "1" },
		{ "events/lock/lock_release/enable", "1" },
		{ "events/sched/sched_switch/enable", "1" },
		{ "events/sched/sched_process_fork/enable", "1" },
		{ "events/sched/sched_process_exec/enable", "1" },
	};
	size_t i;
	int err = 0;

	for (i = 0; !err && i < sizeof(first) / sizeof(first[0]); i++)
		err = put(f, first[i].file, first[i].text);
	if (!err)
		err = set_buffer(f, o);
	if (!err && o->stacks)
		err = put(f, "options/stacktrace", "1");
	for (i = 0; !err && i < sizeof(events) / sizeof(events[0]); i++)
		err = put(f, events[i].file, events[i].text);
	if (err == -ENOENT && strstr(f->why, "events/lock"))
		snprintf(f->why, sizeof(f->why), "%s: the kernel has no such "
			 "event: it needs CONFIG_LOCKDEP",
			 MOUNT_POINT "/events/lock/lock_acquire");
	if (err)
		return err;
	/* Hashed addresses work as well, but two locks can share one. */
	if (put(f, "options/hash-ptr", "0"))
		f->why[0] = '\0';
	return 0;
}

int tracefs_open(struct tracefs *f, const struct tracefs_opts *o)
{
	int err;

	memset(f, 0, sizeof(*f));
	f->instance = f->pipe = f->stop[0] = f->stop[1] = -1;
	f->fake = o->root[0];
	err = find_tracefs(f, o->root);
	if (err)
		return err;
	if (!f->fake)
		remove_stale(f);
	err = make_instance(f);
	if (!err)
		err = set_up(f, o);
	if (err)
		return err;
	f->pipe = openat(f->instance, "trace_pipe",
			 O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return f->pipe < 0 ? fail(f, "trace_pipe", -errno) : 0;
}

int tracefs_join(struct tracefs *f)
{
	char pid[32];
	int err;

	snprintf(pid, sizeof(pid), "%d", getpid());
	err = put(f, "set_event_pid", pid);
	return err ? err : put(f, "tracing_on", "1");
}

static bool is_late(const struct tracefs *f)
{
	long long end = __atomic_load_n(&f->end_ms, __ATOMIC_RELAXED);

	return end && clock_ms() > end;
}

/* Read until there are no events for now. */
static void drain(struct tracefs *f)
{
	static char buf[64 << 10];
	ssize_t n;

	while (!f->error && !is_late(f)) {
		n = read(f->pipe, buf, sizeof(buf));
		if (n > 0) {
			trace_feed(f->trace, buf, n);
			if (f->copy)
				fwrite(buf, 1, n, f->copy);
		} else if (!n || errno == EAGAIN) {
			return;
		} else if (errno != EINTR) {
			f->error = -errno;
		}
	}
}

/*
 * Read at intervals: poll() on trace_pipe returns only when the buffer is half
 * full, which can be too late.
 */
static void *reader(void *arg)
{
	struct tracefs *f = arg;
	struct pollfd stop = { .fd = f->stop[0], .events = POLLIN };

	do {
		drain(f);
	} while (poll(&stop, 1, POLL_MS) <= 0);
	return NULL;
}

int tracefs_start(struct tracefs *f, struct trace *t, FILE *copy)
{
	sigset_t all, old;
	int err;

	f->trace = t;
	f->copy = copy;
	if (pipe2(f->stop, O_CLOEXEC))
		return fail(f, "pipe", -errno);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = -pthread_create(&f->reader, NULL, reader, f);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	f->reading = !err;
	return err ? fail(f, "thread", err) : 0;
}

static void stop_reader(struct tracefs *f)
{
	__atomic_store_n(&f->end_ms, clock_ms() + LAST_MS, __ATOMIC_RELAXED);
	if (f->stop[1] >= 0)
		close(f->stop[1]);
	f->stop[1] = -1;
	if (f->reading)
		pthread_join(f->reader, NULL);
	f->reading = false;
}

/* Add one CPU's "read events: 12" and lost events. */
static void count_cpu(struct str text, unsigned long long *read,
		      unsigned long long *lost)
{
	struct str line;
	uint64_t n;

	while (str_take_line(&text, &line)) {
		unsigned long long *to = lost;

		if (str_take(&line, STR("read events: ")))
			to = read;
		else if (!str_take(&line, STR("overrun: ")) &&
			 !str_take(&line, STR("commit overrun: ")) &&
			 !str_take(&line, STR("dropped events: ")))
			continue;
		if (str_take_u64(&line, &n))
			*to += n;
	}
}

/* The sums over all CPUs. */
static int count_events(struct tracefs *f, unsigned long long *read,
			unsigned long long *lost)
{
	int cpu, cpus = sysconf(_SC_NPROCESSORS_CONF);
	char path[64];
	struct text t;

	for (cpu = 0; cpu < cpus; cpu++) {
		int err, fd;

		snprintf(path, sizeof(path), "per_cpu/cpu%d/stats", cpu);
		fd = openat(f->instance, path, O_RDONLY | O_CLOEXEC);
		/* A CPU that was never present has no file. */
		if (fd < 0 && cpu)
			continue;
		if (fd < 0)
			return fail(f, path, -errno);
		err = read_stream(fd, &t);
		close(fd);
		count_cpu((struct str){ t.p, t.n }, read, lost);
		free(t.p);
		if (err)
			return fail(f, path, err);
	}
	return 0;
}

static void feed_line(struct tracefs *f, const char *format,
		      unsigned long long n)
{
	char line[64];

	snprintf(line, sizeof(line), format, n);
	trace_feed(f->trace, line, strlen(line));
	if (f->copy)
		fputs(line, f->copy);
}

int tracefs_stop(struct tracefs *f)
{
	unsigned long long read = 0, lost = 0;
	int err = put(f, "tracing_on", "0");

	stop_reader(f);
	drain(f);
	if (!err && f->error)
		err = fail(f, "trace_pipe", f->error);
	if (!err)
		err = count_events(f, &read, &lost);
	if (err)
		return err;
	if (lost && !trace_facts(f->trace)->lost_some)
		feed_line(f, "CPU:0 [LOST %llu EVENTS]\n", lost);
	feed_line(f, TRACE_COUNT_LINE, read);
	return 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void tracefs_close(struct tracefs *f)
{
	char path[64];

	if (f->instance >= 0)
		put(f, "tracing_on", "0");
	stop_reader(f);
	close_fd(&f->pipe);
	close_fd(&f->stop[0]);
	close_fd(&f->instance);
	snprintf(path, sizeof(path), "instances/%s", f->name);
	if (f->name[0])
		unlinkat(f->dir, path, AT_REMOVEDIR);
	f->name[0] = '\0';
	close_fd(&f->dir);
}
