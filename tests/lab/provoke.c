// SPDX-License-Identifier: GPL-2.0-only
/*
 * provoke: bring the lab's guest to a bad end on purpose, so that tests can see
 * whether each kind of end gets its verdict.  Never run it outside of the lab:
 * it refuses where softtdx is not underneath.
 *
 *	provoke lkdtm NAME	what the kernel's own LKDTM offers: PANIC,
 *				EXCEPTION, HARDLOCKUP, SOFTLOCKUP, ...
 *	provoke deaf		all CPUs spin with interrupts off
 *	provoke reset		reset without a panic
 *	provoke oom		take memory until the kernel says no
 *	provoke sleep		do nothing, for ever
 *	provoke exit CODE	end at once
 *	provoke announce FILE	say in the kernel's log that FILE will WARN
 *	provoke withdraw	... and that this is over
 *	provoke lockdep NAME	a case of lab/lockdep_provoke: circular, ...
 *	provoke say TEXT	a line of the kernel's log
 *	provoke records		leave the kernel's log as records of /dev/kmsg
 *	provoke flood BYTES	stop who started this, write so much to the
 *				kernel's log, and let it go on
 *	provoke each CMD ARGS --- CMD ARGS ...
 *				run one after the other; ends as the last one
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "klog/provoked.h"
#include "run_program.h"

#define LKDTM	"/sys/kernel/debug/provoke-crash/DIRECT"
#define LOCKDEP_PROVOKE "/sys/kernel/debug/lockdep_provoke/run"
#define CHUNK	(8ul << 20)

static int complain(const char *object)
{
	fprintf(stderr, "provoke: %s: %s\n", object, strerror(errno));
	return 1;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return complain(path);
	return close(fd);
}

static void *spin_on(void *cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((long)cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	sleep(1);
	write_file(LKDTM, "HARDLOCKUP");
	return NULL;
}

static int deaf(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), cpu;
	pthread_t thread;

	for (cpu = 0; cpu < cpus; cpu++)
		pthread_create(&thread, NULL, spin_on, (void *)cpu);
	sleep(3600);
	return 1;
}

static int take_all_memory(void)
{
	char *p;

	for (;;) {
		p = malloc(CHUNK);
		if (!p)
			return complain("malloc");
		memset(p, 1, CHUNK);
	}
}

/* As the runner of the subtests does it. */
static int announce(const char *file)
{
	const char *run = getenv(PROVOKED_ENV);
	char line[PROVOKED_LINE], text[PROVOKED_LINE + 8];

	errno = EINVAL;
	if (file ? provoked_begin(line, sizeof(line), run, "provoke", file) :
		   provoked_end(line, sizeof(line), run, "provoke"))
		return complain(file ? file : "withdraw");
	snprintf(text, sizeof(text), "<12>%s\n", line);
	return write_file("/dev/kmsg", text);
}

static int say(const char *line)
{
	char text[512];

	snprintf(text, sizeof(text), "<9>%s\n", line);
	return write_file("/dev/kmsg", text);
}

static int records(void)
{
	int in = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	FILE *out = fopen("/lab/out/records", "we");
	char record[8192];
	ssize_t n;

	if (in < 0 || !out)
		return complain("/dev/kmsg to /lab/out/records");
	while ((n = read(in, record, sizeof(record))) > 0)
		fwrite(record, 1, n, out);
	close(in);
	return fclose(out) ? complain("/lab/out/records") : 0;
}

/*
 * Who reads the log cannot keep up when it does not run at all. Of level 7, so
 * that the console does not print it.
 */
static int flood(long bytes)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	pid_t parent = getppid();
	char line[512];
	int code = 0;

	if (fd < 0)
		return complain("/dev/kmsg");
	memset(line, '.', sizeof(line));
	memcpy(line, "<15>flood ", 10);
	line[sizeof(line) - 1] = '\n';
	if (kill(parent, SIGSTOP))
		return complain("SIGSTOP");
	for (; bytes > 0 && !code; bytes -= sizeof(line))
		if (write(fd, line, sizeof(line)) < 0)
			code = complain("/dev/kmsg");
	kill(parent, SIGCONT);
	close(fd);
	return code;
}

static int each(char **argv)
{
	int code = 0, i, first = 0;

	for (i = 0; argv[i]; i++) {
		if (strcmp(argv[i], "---"))
			continue;
		argv[i] = NULL;
		code = run_program(argv + first);
		printf("provoke: %s: code %d\n", argv[first], code);
		fflush(stdout);
		first = i + 1;
	}
	return argv[first] ? run_program(argv + first) : code;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	if (access("/sys/kernel/debug/softtdx", F_OK)) {
		fputs("provoke: this is not the lab\n", stderr);
		return 2;
	}
	if (!strcmp(how, "lkdtm") && argc > 2)
		return write_file(LKDTM, argv[2]);
	if (!strcmp(how, "lockdep") && argc > 2)
		return write_file(LOCKDEP_PROVOKE, argv[2]);
	if (!strcmp(how, "deaf"))
		return deaf();
	if (!strcmp(how, "reset"))
		return write_file("/proc/sysrq-trigger", "b");
	if (!strcmp(how, "oom"))
		return take_all_memory();
	if (!strcmp(how, "sleep"))
		return sleep(1000000);
	if (!strcmp(how, "exit") && argc > 2)
		return atoi(argv[2]);
	if (!strcmp(how, "announce") && argc > 2)
		return announce(argv[2]);
	if (!strcmp(how, "withdraw"))
		return announce(NULL);
	if (!strcmp(how, "say") && argc > 2)
		return say(argv[2]);
	if (!strcmp(how, "records"))
		return records();
	if (!strcmp(how, "flood") && argc > 2)
		return flood(atol(argv[2]));
	if (!strcmp(how, "each") && argc > 2)
		return each(argv + 2);
	fputs("provoke: unknown way (see tests/lab/provoke.c)\n", stderr);
	return 2;
}
