// SPDX-License-Identifier: GPL-2.0-only
/*
 * labrun: run one guest on the emulator, from power-on to the end of the
 * emulator's process, and say how it ended.
 *
 *	labrun [-t SECONDS] [-i] [-q] DIR EMULATOR ARGS...
 *
 * The guest's serial lines come in through pipes that the emulator finds as
 * file descriptors 10 (ttyS0, the kernel's console) and 11 (ttyS1, the program's
 * output: copied to stdout as it comes; with -i ttyS1 is DIR/tty and this
 * terminal, see terminal.c).  What lab/init says (its words are listed there)
 * comes on the emulator's stdout.  DIR receives console.log,
 * output.log, the files that the guest sent and `result`, lines KEY=VALUE:
 *
 *	outcome		done, panic, reset, hung, emulator or interrupted
 *	exit		the program's exit code, if it ended by itself
 *	signal		the signal that ended it
 *	timeout		seconds of guest time after which init ended it
 *	oops, oom, lockup, kasan, bad
 *			the first such line of the console
 *	warning		the first WARNING since the program started that it had
 *			not announced, or what is wrong with its announcements
 *	provoked	number of WARNINGs that it had announced (provoked.h)
 *	provoked_in	the source files that they were in
 *	at_NAME		seconds of wall time from power-on to a point
 *	rss_kib		the emulator's largest resident size
 *
 * Exit code: 0 when the outcome is `done`, whatever the program said; 1
 * otherwise; 2 for a wrong call; 130 after SIGINT or SIGTERM.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "klog/kind.h"
#include "klog/provoked.h"
#include "terminal.h"

#define CONSOLE_FD	10
#define OUTPUT_FD	11
/* Above all of those, so that no dup2() hits a pipe end that is still needed. */
#define PIPE_FD_MIN	20
#define LINE_MAX_BYTES	1024
#define TAIL_LINES	16
#define DEFAULT_TIMEOUT	300
/* A panicked guest resets at once; one that said `end` powers off. */
#define GRACE_SECONDS	15
/*
 * Whoever oopsed may have held a lock that all others wait for. A guest that
 * says nothing for so long behind an oops says nothing more.
 */
#define OOPS_SECONDS	60

/* In the order in which they are read: `mark start` counts for the console. */
enum { RESULT, CONSOLE, OUTPUT, NR_LINES };

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

static void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(lab.result, fmt, ap);
	va_end(ap);
	fputc('\n', lab.result);
	fflush(lab.result);
}

static void reached(const char *point)
{
	double seconds = now() - lab.power_on;

	note("at_%s=%.2f", point, seconds);
	if (!lab.quiet)
		fprintf(stderr, "lab: %6.1f s  %s\n", seconds, point);
}

static void sooner(double seconds)
{
	double t = now() + seconds;

	if (t < lab.deadline)
		lab.deadline = t;
}

/* The text of a console line, behind "[    1.234567][    T1] ". */
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

/* A page or a counter that is not as it must be, of mm. */
static bool is_bad(const char *s)
{
	return begins(s, "BUG: Bad ");
}

/* Before the program started it is the business of whoever boots. */
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

/* Of each kind the first line, which is the one that was not a consequence. */
static void note_first(const char *s)
{
	size_t i;

	for (i = 0; i < sizeof(first_lines) / sizeof(first_lines[0]); i++) {
		if ((lab.noted & (1u << i)) || !first_lines[i].is(s))
			continue;
		lab.noted |= 1u << i;
		lab.oopsed |= first_lines[i].is == is_oops;
		note("%s=%s", first_lines[i].key, s);
	}
}

/* Of the program in this guest, whichever it is: there is no other one. */
static bool is_provoked(const char *s)
{
	provoked_line(&lab.provoked, str_of(s));
	return provoked_warning(&lab.provoked, kind_warn_file(str_of(s)));
}

static void note_provoked(void)
{
	provoked_finish(&lab.provoked);
	if (lab.provoked.warnings) {
		note("provoked=%u", lab.provoked.warnings);
		note("provoked_in=%s", lab.provoked.files);
	}
	if (lab.provoked.fault[0])
		note("warning=%s", lab.provoked.fault);
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
			note("panic=%s", s);
		lab.panicked = true;
		sooner(GRACE_SECONDS);
	} else if (begins(s, "lab: the guest was reset")) {
		lab.was_reset = true;
	} else if (!is_provoked(s)) {
		note_first(s);
	}
}

/* A file's name comes from the guest: keep it inside of the folder. */
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
		note("%s=%ld", line, strtol(arg, NULL, 10));
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

/* What the emulator says while it starts: its own log comes later. */
static int open_emulator_log(void)
{
	return fileno(open_in_dir("emulator.err"));
}

static void make_pipe(int end[2])
{
	int fd[2], i;

	if (pipe(fd))
		die("pipe", strerror(errno));
	for (i = 0; i < 2; i++) {
		end[i] = fcntl(fd[i], F_DUPFD_CLOEXEC, PIPE_FD_MIN);
		if (end[i] < 0)
			die("pipe", strerror(errno));
		close(fd[i]);
	}
}

static void start(char **argv)
{
	int p[NR_LINES][2], i;

	for (i = 0; i < NR_LINES; i++)
		make_pipe(p[i]);
	lab.power_on = now();
	lab.pid = fork();
	if (lab.pid < 0)
		die("fork", strerror(errno));
	if (!lab.pid) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(p[CONSOLE][1], CONSOLE_FD);
		dup2(p[OUTPUT][1], OUTPUT_FD);
		dup2(p[RESULT][1], STDOUT_FILENO);
		dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
		dup2(open_emulator_log(), STDERR_FILENO);
		execvp(argv[0], argv);
		fprintf(stderr, "labrun: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	setpgid(lab.pid, lab.pid);
	for (i = 0; i < NR_LINES; i++) {
		close(p[i][1]);
		lab.fd[i] = p[i][0];
	}
}

/* Read what there is; false once every line is closed. */
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

static const char *outcome(void)
{
	if (interrupted)
		return "interrupted";
	/* Also on its way down, behind `end`. */
	if (lab.panicked)
		return "panic";
	if (lab.was_reset)
		return "reset";
	if (lab.ended)
		return "done";
	return lab.expired ? "hung" : "emulator";
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
	const char *how = outcome();
	struct rusage ru;
	int status = 0;

	kill(-lab.pid, SIGKILL);
	wait4(lab.pid, &status, 0, &ru);
	reached("off");
	note("rss_kib=%ld", ru.ru_maxrss);
	note_provoked();
	if (!strcmp(how, "emulator"))
		note("emulator_status=%d", status);
	note("outcome=%s", how);
	if (interrupted)
		return 130;
	if (!strcmp(how, "done"))
		return 0;
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
	start(argv + optind + 1);
	lab.deadline = lab.power_on + timeout;
	run();
	terminal_close();
	return finish();
}
