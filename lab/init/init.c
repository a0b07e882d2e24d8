// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lab guest's init: mount the file systems that the programs use, run one
 * program, hand back its output, its exit code and the files it left, then
 * power off.
 *
 * ttyS0 is the kernel's console; ttyS1 carries the program's output and nothing
 * else. Facts for lab/host/labrun.c go out of I/O port 0xe9: Bochs prints them
 * on its stdout and opens the port to user space. (A third serial line would
 * share its interrupt with the first.)
 *
 *	mark NAME		a point in time was reached
 *	refused WHY		the program was not started
 *	exit CODE		the program ended by itself
 *	signal NUMBER		... or by a signal
 *	timeout SECONDS		... or was ended after so long
 *	file NAME SIZE		SIZE bytes of a file of /lab/out follow
 *	end			nothing follows
 *
 * The job is in the initramfs: /lab/argv (strings, each ended by NUL),
 * /lab/timeout (seconds of guest time), /lab/sysctl (lines PATH VALUE, written
 * below /proc/sys) and, if ttyS1 is a user's terminal, /lab/interactive.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGS	256
#define MAX_JOB		16384
#define GRACE_SECONDS	2

#define RESULT_PORT	0xe9

static void send_bytes(const char *p, size_t n)
{
	asm volatile("rep outsb"
		     : "+S" (p), "+c" (n) : "d" (RESULT_PORT) : "memory");
}

static void report(const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	send_bytes(line, strlen(line));
}

/* stderr is the kernel's console, which works when all else fails. */
static void complain(const char *object)
{
	fprintf(stderr, "init: %s: %s\n", object, strerror(errno));
}

static void mount_one(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		complain(where);
}

/* As systemd does on other machines. */
static void enable_controllers(void)
{
	int fd = open("/sys/fs/cgroup/cgroup.subtree_control",
		      O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "+misc", 5) < 0)
		complain("/sys/fs/cgroup/cgroup.subtree_control");
	if (fd >= 0)
		close(fd);
}

static void mount_all(void)
{
	mount_one("devtmpfs", "/dev");
	mount_one("proc", "/proc");
	mount_one("sysfs", "/sys");
	mount_one("debugfs", "/sys/kernel/debug");
	mount_one("cgroup2", "/sys/fs/cgroup");
	mount_one("tmpfs", "/tmp");
	enable_controllers();
	mkdir("/lab/out", 0755);
}

/* @raw: the line passes bytes on unchanged. */
static int open_line(const char *path, bool raw)
{
	struct termios t;
	int fd;

	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		complain(path);
		return fd;
	}
	if (!tcgetattr(fd, &t)) {
		if (raw)
			cfmakeraw(&t);
		cfsetspeed(&t, B115200);
		tcsetattr(fd, TCSANOW, &t);
	}
	return fd;
}

static ssize_t slurp(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n >= 0)
		buf[n] = '\0';
	return n;
}

static bool write_sysctl(const char *name, const char *value)
{
	char path[256];
	bool done;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	done = fd >= 0 && write(fd, value, strlen(value)) >= 0;
	if (!done)
		report("refused --sysctl: %s: %s\n", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return done;
}

/* A run without a setting that was asked for would be another run. */
static bool apply_sysctls(void)
{
	static char job[MAX_JOB];
	char *line, *save, *value;

	if (slurp("/lab/sysctl", job, sizeof(job)) <= 0)
		return true;
	for (line = strtok_r(job, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		if (!write_sysctl(line, value))
			return false;
	}
	return true;
}

static int read_argv(char **argv)
{
	static char job[MAX_JOB];
	ssize_t len = slurp("/lab/argv", job, sizeof(job));
	int argc = 0;
	ssize_t i;

	for (i = 0; i < len && argc < MAX_ARGS - 1; i += strlen(job + i) + 1)
		argv[argc++] = job + i;
	argv[argc] = NULL;
	return argc;
}

static unsigned int read_timeout(void)
{
	char buf[32];

	if (slurp("/lab/timeout", buf, sizeof(buf)) <= 0)
		return 0;
	return strtoul(buf, NULL, 10);
}

static pid_t start(char **argv, int line, bool interactive)
{
	pid_t pid = fork();
	sigset_t none;
	int null;

	if (pid)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (interactive) {
		ioctl(line, TIOCSCTTY, 0);
		dup2(line, 0);
	} else {
		null = open("/dev/null", O_RDONLY);
		dup2(null, 0);
	}
	dup2(line, 1);
	dup2(line, 2);
	execv(argv[0], argv);
	fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* Reap all that end. True once @pid has, false after @seconds. */
static bool wait_for(pid_t pid, unsigned int seconds, int *status)
{
	long end = now() + seconds;
	sigset_t chld;
	pid_t dead;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	for (;;) {
		struct timespec second = { .tv_sec = 1 };

		dead = waitpid(-1, status, WNOHANG);
		if (dead == pid)
			return true;
		if (dead > 0)
			continue;
		if (seconds && now() >= end)
			return false;
		sigtimedwait(&chld, NULL, &second);
	}
}

static void sysrq(char key)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, &key, 1) != 1)
		complain("/proc/sysrq-trigger");
	if (fd >= 0)
		close(fd);
}

/* Print blocked tasks and every CPU's stack, then end it. */
static void end_hung(pid_t pid, unsigned int seconds)
{
	int status;

	sysrq('w');
	sysrq('l');
	kill(-pid, SIGTERM);
	if (!wait_for(pid, GRACE_SECONDS, &status)) {
		kill(-pid, SIGKILL);
		if (!wait_for(pid, GRACE_SECONDS, &status))
			sysrq('t');
	}
	report("timeout %u\n", seconds);
}

static void send_file(const char *name)
{
	char path[512], buf[4096];
	struct stat st;
	ssize_t n;
	off_t left;
	int fd;

	snprintf(path, sizeof(path), "/lab/out/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		goto out;
	report("file %s %lld\n", name, (long long)st.st_size);
	for (left = st.st_size; left; left -= n) {
		n = read(fd, buf, left < 4096 ? left : 4096);
		if (n <= 0) {
			memset(buf, 0, sizeof(buf));
			n = left < 4096 ? left : 4096;
		}
		send_bytes(buf, n);
	}
out:
	if (fd >= 0)
		close(fd);
}

static void send_files(void)
{
	DIR *d = opendir("/lab/out");
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			send_file(e->d_name);
	if (d)
		closedir(d);
}

static void run_job(int line, bool interactive)
{
	unsigned int timeout = read_timeout();
	char *argv[MAX_ARGS];
	int status;
	pid_t pid;

	if (!read_argv(argv)) {
		report("exit 127\n");
		return;
	}
	report("mark start\n");
	pid = start(argv, line, interactive);
	if (!wait_for(pid, timeout, &status))
		end_hung(pid, timeout);
	else if (WIFSIGNALED(status))
		report("signal %d\n", WTERMSIG(status));
	else
		report("exit %d\n", WEXITSTATUS(status));
	report("mark done\n");
}

int main(void)
{
	bool interactive;
	sigset_t chld;
	int fd, line;

	mount_all();
	fd = open("/dev/console", O_RDWR);
	if (fd >= 0) {
		dup2(fd, 0);
		dup2(fd, 1);
		dup2(fd, 2);
	}
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);

	interactive = !access("/lab/interactive", F_OK);
	line = open_line("/dev/ttyS1", !interactive);
	report("\nmark init\n");
	if (apply_sysctls() && line >= 0)
		run_job(line, interactive);
	kill(-1, SIGKILL);
	if (line >= 0)
		tcdrain(line);
	send_files();
	report("end\n");
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
