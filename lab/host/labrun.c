// SPDX-License-Identifier: GPL-2.0-only
/*
 * labrun: run one guest on the emulator, from power-on to the end of the
 * emulator's process, and write down the facts. `splat judge` makes the verdict
 * from them.
 *
 *	labrun [-t SECONDS] [-i] [-q] DIR EMULATOR ARGS...
 *
 * The guest's serial lines arrive through pipes, which the emulator gets as
 * file descriptors 10 and 11. ttyS0 is the kernel's console. ttyS1 is the
 * program's output, which is copied to stdout at once; with -i ttyS1 is DIR/tty
 * and this terminal, see terminal.c. The words of lab/init, which lists them,
 * arrive on the emulator's stdout. DIR receives console.log, output.log,
 * emulator.err, the files that the guest sent, and `result`, lines KEY=VALUE:
 *
 *	outcome		done	init has said `end`
 *			panic, reset
 *				also after `end`, on the way down
 *			off	the guest was powered off before `end`
 *			hung	nothing of these within -t SECONDS
 *			emulator
 *				the emulator ended by itself
 *			interrupted
 *	exit		the program's exit code, if it ended by itself
 *	signal		the signal that ended it
 *	timeout		seconds of guest time after which init ended it
 *	refused		why init did not start it
 *	panic, oops, oom, lockup, kasan, bad
 *			the first such line of the console
 *	warning		the first WARNING since the program started that it had
 *			not announced, or what is wrong with its announcements
 *	provoked	number of WARNINGs that it had announced (provoked.h)
 *	provoked_in	the source files of these
 *	emulator	why the emulator ended, in its own words
 *	at_NAME		seconds of wall time from power-on to a point
 *	rss_kib		the emulator's largest resident size
 *
 * Exit code: 0 when the outcome is `done`, whatever the program said; 1
 * otherwise; 2 for a wrong call or a DIR that cannot be written; 130 after
 * SIGINT or SIGTERM.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/pairs.h"
#include "emulator.h"
#include "klog/kind.h"
#include "klog/provoked.h"
#include "terminal.h"

#define LINE_MAX_BYTES	1024
#define TAIL_LINES	16
#define DEFAULT_TIMEOUT	300
/* A panicked guest resets at once; after `end` it powers off. */
#define GRACE_SECONDS	15
/*
 * A task that oopses may hold a lock that all others wait for. A guest that is
 * silent for so long after an oops stays so.
 */
#define OOPS_SECONDS	60

struct line_buf {
	char text[LINE_MAX_BYTES];
	size_t len;
};

static struct {
	const char *dir;
	double power_on, deadline, heard;
	bool quiet, interactive, started, ended, oopsed, panicked,
	     was_reset, expired;
	pid_t pid;
	int fd[NR_LINES];
	FILE *log[NR_LINES], *result, *file;
	long long file_left;
	struct line_buf buf[NR_LINES];
	char tail[TAIL_LINES][LINE_MAX_BYTES];
	unsigned int tail_next;
	bool seen_console;
	unsigned int noted;
	struct provoked provoked;
} lab;

static volatile sig_atomic_t interrupted;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void die(const char *object, const char *reason)
{
	fprintf(stderr, "labrun: %s: %s\n", object, reason);
	exit(2);
}

static FILE *open_in_dir(const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", lab.dir, name);
	f = fopen(path, "w");
	if (!f)
		die(path, strerror(errno));
	return f;
}

/* One fact, in the file at once. */
#define note(key, ...)							\
do {									\
	pair_put(lab.result, key, __VA_ARGS__);				\
	fflush(lab.result);						\
} while (0)

static void reached(const char *point)
{
	double seconds = now() - lab.power_on;
	char key[80];

	snprintf(key, sizeof(key), "at_%s", point);
	note(key, "%.2f", seconds);
	if (!lab.quiet)
		fprintf(stderr, "lab: %6.1f s  %s\n", seconds, point);
}

static void sooner(double seconds)
{
	double t = now() + seconds;

	if (t < lab.deadline)
		lab.deadline = t;
}

/* The text of a console line, after "[    1.234567][    T1] ". */
static const char *after_stamps(const char *s)
{
	const char *end;

	while (*s == '[' && (end = strchr(s, ']')))
		s = end + 1;
	return *s == ' ' ? s + 1 : s;
}

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static bool is_oops(const char *s)
{
	return begins(s, "Oops: ") || begins(s, "BUG: kernel NULL pointer") ||
	       begins(s, "BUG: unable to handle") ||
	       begins(s, "kernel BUG at ");
}

static bool is_oom(const char *s)
{
	return begins(s, "Out of memory: ");
}

static bool is_lockup(const char *s)
{
	return strstr(s, "detected hard LOCKUP") ||
	       strstr(s, "BUG: soft lockup") ||
	       (begins(s, "rcu: INFO: ") && strstr(s, "detected ")) ||
	       (begins(s, "INFO: task ") && strstr(s, " blocked for more than "));
}

static bool is_kasan(const char *s)
{
	return begins(s, "BUG: KASAN: ");
}

/* A page or a counter of mm in a wrong state. */
static bool is_bad(const char *s)
{
	return begins(s, "BUG: Bad ");
}

/* A warning before the program started is the boot's. */
static bool is_warning(const char *s)
{
	return lab.started && begins(s, "WARNING: ");
}

static const struct {
	const char *key;
	bool (*is)(const char *s);
} first_lines[] = {
	{ "oops", is_oops },
	{ "oom", is_oom },
	{ "lockup", is_lockup },
	{ "kasan", is_kasan },
	{ "bad", is_bad },
	{ "warning", is_warning },
};

/* The first line of each kind: later ones may be consequences. */
static void note_first(const char *s)
{
	size_t i;

	for (i = 0; i < sizeof(first_lines) / sizeof(first_lines[0]); i++) {
		if ((lab.noted & (1u << i)) || !first_lines[i].is(s))
			continue;
		lab.noted |= 1u << i;
		lab.oopsed |= first_lines[i].is == is_oops;
		note(first_lines[i].key, "%s", s);
	}
}

/* Nothing but the program of this run announces WARNs in this guest. */
static bool is_provoked(const char *s)
{
	provoked_line(&lab.provoked, str_of(s));
	return provoked_warning(&lab.provoked, kind_warn_file(str_of(s)));
}

static void note_provoked(void)
{
	provoked_finish(&lab.provoked);
	if (lab.provoked.warnings) {
		note("provoked", "%u", lab.provoked.warnings);
		note("provoked_in", "%s", lab.provoked.files);
	}
	if (lab.provoked.fault[0])
		note("warning", "%s", lab.provoked.fault);
}

static void remember(const char *line)
{
	char *slot = lab.tail[lab.tail_next++ % TAIL_LINES];
	size_t n = strnlen(line, LINE_MAX_BYTES - 1);

	memcpy(slot, line, n);
	slot[n] = '\0';
}

static void console_line(const char *line)
{
	const char *s = after_stamps(line);

	remember(line);
	if (begins(s, "Kernel panic - not syncing")) {
		if (!lab.panicked)
			note("panic", "%s", s);
		lab.panicked = true;
		sooner(GRACE_SECONDS);
	} else if (begins(s, "lab: the guest was reset")) {
		lab.was_reset = true;
	} else if (!is_provoked(s)) {
		note_first(s);
	}
}

/* The guest names its files: keep them inside of the folder. */
static bool safe_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

static void begin_file(char *args)
{
	char *size = strchr(args, ' ');

	if (!size)
		return;
	*size++ = '\0';
	lab.file_left = strtoll(size, NULL, 10);
	if (safe_name(args))
		lab.file = open_in_dir(args);
}

static void result_line(char *line)
{
	char *arg = strchr(line, ' ');

	if (!arg) {
		if (!strcmp(line, "end")) {
			lab.ended = true;
			reached("end");
			sooner(GRACE_SECONDS);
		}
		return;
	}
	*arg++ = '\0';
	if (!strcmp(line, "mark")) {
		reached(arg);
		lab.started |= !strcmp(arg, "start");
	}
	if (!strcmp(line, "exit") || !strcmp(line, "signal") ||
		 !strcmp(line, "timeout"))
		note(line, "%ld", strtol(arg, NULL, 10));
	else if (!strcmp(line, "refused"))
		note(line, "%s", arg);
	else if (!strcmp(line, "file"))
		begin_file(arg);
}

static void add_byte(int which, char c)
{
	struct line_buf *b = &lab.buf[which];

	if (c != '\n') {
		if (c != '\r' && b->len < sizeof(b->text) - 1)
			b->text[b->len++] = c ? c : '?';
		return;
	}
	b->text[b->len] = '\0';
	b->len = 0;
	if (which == CONSOLE)
		console_line(b->text);
	else
		result_line(b->text);
}

static size_t file_bytes(const char *p, size_t n)
{
	if ((long long)n > lab.file_left)
		n = lab.file_left;
	if (lab.file)
		fwrite(p, 1, n, lab.file);
	lab.file_left -= n;
	if (!lab.file_left && lab.file) {
		fclose(lab.file);
		lab.file = NULL;
	}
	return n;
}

static void received(int which, const char *p, size_t n)
{
	size_t i = 0;

	lab.heard = now();
	if (lab.log[which])
		fwrite(p, 1, n, lab.log[which]);
	if (which == OUTPUT) {
		fwrite(p, 1, n, stdout);
		fflush(stdout);
		return;
	}
	if (which == CONSOLE && !lab.seen_console) {
		lab.seen_console = true;
		reached("kernel");
	}
	while (i < n) {
		if (which == RESULT && lab.file_left > 0)
			i += file_bytes(p + i, n - i);
		else
			add_byte(which, p[i++]);
	}
}

static void on_signal(int sig)
{
	interrupted = sig;
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Read what has arrived; false once every line is closed. */
static bool pump(int timeout_ms)
{
	struct pollfd pfd[NR_LINES];
	char buf[65536];
	bool open = false;
	ssize_t n;
	int i;

	for (i = 0; i < NR_LINES; i++)
		pfd[i] = (struct pollfd){ .fd = lab.fd[i], .events = POLLIN };
	if (lab.interactive) {
		terminal_relay();
		timeout_ms = timeout_ms < 20 ? timeout_ms : 20;
	}
	if (poll(pfd, NR_LINES, timeout_ms) < 0)
		return true;
	for (i = 0; i < NR_LINES; i++) {
		if (lab.fd[i] >= 0 && pfd[i].revents) {
			n = read(lab.fd[i], buf, sizeof(buf));
			if (n > 0) {
				received(i, buf, n);
			} else if (!n) {
				close(lab.fd[i]);
				lab.fd[i] = -1;
			}
		}
		open |= lab.fd[i] >= 0;
	}
	return open;
}

static double until(void)
{
	double quiet = lab.heard + OOPS_SECONDS;

	return lab.oopsed && quiet < lab.deadline ? quiet : lab.deadline;
}

static void run(void)
{
	double left;

	while (!interrupted) {
		left = until() - now();
		if (left <= 0) {
			lab.expired = true;
			break;
		}
		if (!pump(left < 1 ? left * 1000 + 1 : 1000))
			return;
	}
	kill(-lab.pid, SIGKILL);
	while (pump(100))
		if (now() > lab.deadline + GRACE_SECONDS)
			break;
}

/* Call this when the emulator has ended, with its wait status. */
static const char *outcome(int status)
{
	char why[LINE_MAX_BYTES];

	if (interrupted)
		return "interrupted";
	/* Also on the way down, after `end`. */
	if (lab.panicked)
		return "panic";
	if (lab.was_reset)
		return "reset";
	if (lab.ended)
		return "done";
	if (lab.expired)
		return "hung";
	emulator_why(lab.dir, why, sizeof(why));
	if (strstr(why, "soft power off"))
		return "off";
	if (WIFSIGNALED(status))
		note("emulator", "signal %d", WTERMSIG(status));
	else
		note("emulator", "%s", why);
	return "emulator";
}

static void show_tail(void)
{
	unsigned int i = lab.tail_next > TAIL_LINES ?
			 lab.tail_next - TAIL_LINES : 0;

	fprintf(stderr, "lab: last lines of the console:\n");
	for (; i < lab.tail_next; i++)
		fprintf(stderr, "lab:   %s\n", lab.tail[i % TAIL_LINES]);
}

static int finish(void)
{
	struct rusage ru;
	const char *how;
	int status = 0;

	kill(-lab.pid, SIGKILL);
	wait4(lab.pid, &status, 0, &ru);
	reached("off");
	note("rss_kib", "%ld", ru.ru_maxrss);
	note_provoked();
	how = outcome(status);
	note("outcome", "%s", how);
	if (interrupted)
		return 130;
	/* Part of the facts is none. */
	if (ferror(lab.result))
		die(lab.dir, "the result cannot be written");
	if (!strcmp(how, "done"))
		return 0;
	if (lab.tail_next)
		show_tail();
	return 1;
}

int main(int argc, char **argv)
{
	unsigned int timeout = DEFAULT_TIMEOUT;
	int c;

	while ((c = getopt(argc, argv, "+t:iq")) != -1) {
		if (c == 't')
			timeout = strtoul(optarg, NULL, 10);
		else if (c == 'q')
			lab.quiet = true;
		else if (c == 'i')
			lab.interactive = true;
		else
			return 2;
	}
	if (argc - optind < 2)
		die("usage", "labrun [-t SECONDS] [-i] [-q] DIR EMULATOR ARGS...");
	lab.dir = argv[optind];
	lab.result = open_in_dir("result");
	lab.log[CONSOLE] = open_in_dir("console.log");
	lab.log[OUTPUT] = open_in_dir("output.log");
	catch_signals();
	if (lab.interactive && terminal_open(lab.dir))
		die("terminal", strerror(errno));
	lab.power_on = now();
	lab.pid = emulator_start(lab.dir, argv + optind + 1, lab.fd);
	if (lab.pid < 0)
		die("emulator", strerror(errno));
	lab.deadline = lab.power_on + timeout;
	run();
	terminal_close();
	return finish();
}
