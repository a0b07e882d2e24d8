// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's log during a run, see klog.h. A thread reads it, so that the
 * program keeps its terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "splat/run/klog.h"

#define FILE_POLL_MS	20
#define LATE_POLL_MS	50
#define LATE_POLLS	40
/* Longest time before the run. */
#define EARLY_MS	200
/* Longest time after the run, for the rest and for a late report. */
#define LAST_MS		5000

/* "[    3.633547][   T43] text", for each line of the record, like dmesg. */
static void copy_record(struct klog *k, const struct kmsg_rec *rec)
{
	char buf[KMSG_RECORD], prefix[64];
	size_t i, n;

	n = snprintf(prefix, sizeof(prefix), "[%5llu.%06llu]",
		     (unsigned long long)rec->usec / 1000000,
		     (unsigned long long)rec->usec % 1000000);
	if (rec->caller[0])
		snprintf(prefix + n, sizeof(prefix) - n, "[%6s]", rec->caller);
	n = kmsg_unescape(rec->text, buf, sizeof(buf));
	fprintf(k->copy, "%s ", prefix);
	for (i = 0; i < n; i++) {
		putc(buf[i], k->copy);
		if (buf[i] == '\n')
			fprintf(k->copy, "%s ", prefix);
	}
	putc('\n', k->copy);
}

static void got_report(const struct report *r, void *arg)
{
	struct klog *k = arg;

	k->reports++;
	k->fn(r, k->arg);
}

/* No fault of the kernel, but the reason why a program ended. */
static void look_for_oom(struct klog *k, struct str text)
{
	ptrdiff_t at = str_find(text, STR("ut of memory: Killed process "));

	if (at < 1 || k->oom[0])
		return;
	text = str_skip(text, at - 1);
	snprintf(k->oom, sizeof(k->oom), "%.*s", (int)text.n, text.p);
	k->oom[strcspn(k->oom, ",")] = '\0';
}

/* Allocate the parser, which is large, only if there are records. */
static struct report_parser *parser_of(struct klog *k)
{
	if (!k->parser) {
		k->parser = malloc(sizeof(*k->parser));
		if (k->parser)
			report_parser_init(k->parser, got_report, k);
		else
			k->error = -ENOMEM;
	}
	return k->parser;
}

static void feed(struct report_parser *parser, const struct kmsg_rec *rec)
{
	report_parser_feed(parser, rec->line.p, rec->line.n);
	report_parser_feed(parser, "\n", 1);
}

static void got_record(struct klog *k, const struct kmsg_rec *rec)
{
	if (!k->records++)
		k->first_seq = rec->seq;
	k->last_seq = rec->seq;
	if (!kmsg_from_user(rec))
		look_for_oom(k, rec->text);
	else if (k->line)
		k->line(rec->text, k->arg);
	if (parser_of(k))
		feed(k->parser, rec);
	if (k->copy)
		copy_record(k, rec);
	if (k->raw)
		fprintf(k->raw, "%.*s\n", (int)rec->line.n, rec->line.p);
}

/* Records can come faster than they are read, and without end. */
static bool is_late(struct klog *k)
{
	long long end = __atomic_load_n(&k->end_ms, __ATOMIC_RELAXED);

	if (end && clock_ms() >= end)
		k->cut_off = true;
	return k->cut_off;
}

static void drain(struct klog *k)
{
	struct kmsg_rec rec;
	uint64_t before = k->records;
	int r = 0;

	while (!k->error && !is_late(k) && (r = kmsg_read(&k->kmsg, &rec)) > 0)
		got_record(k, &rec);
	/* There may have been more to read. */
	if (k->cut_off)
		k->kmsg.lost_some = true;
	if (r < 0)
		k->error = r;
	if (k->copy && k->records != before)
		fflush(k->copy);
	if (k->raw && k->records != before)
		fflush(k->raw);
}

/* Another CPU may still be printing. */
static void drain_late(struct klog *k)
{
	int i;

	for (i = 0; i < LATE_POLLS; i++) {
		drain(k);
		if (k->error || k->cut_off ||
		    ((!k->parser || !k->parser->nr_open) &&
		     (k->reports || !k->expect_report)))
			break;
		poll(NULL, 0, LATE_POLL_MS);
	}
}

static void *reader(void *arg)
{
	struct klog *k = arg;
	struct pollfd fds[] = {
		{ .fd = k->stop[0], .events = POLLIN },
		{ .fd = k->kmsg.fd, .events = POLLIN },
	};

	/* A regular file is always ready. */
	while (!k->error) {
		if (poll(fds, k->is_file ? 1 : 2,
			 k->is_file ? FILE_POLL_MS : -1) < 0 && errno != EINTR)
			k->error = -errno;
		if (fds[0].revents)
			break;
		drain(k);
	}
	return NULL;
}

static int start_thread(struct klog *k)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = -pthread_create(&k->thread, NULL, reader, k);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err;
}

void klog_open(struct klog *k, const char *path, FILE *copy, FILE *raw,
	       void (*fn)(const struct report *r, void *arg),
	       void (*line)(struct str text, void *arg), void *arg)
{
	struct stat st;

	memset(k, 0, sizeof(*k));
	k->copy = copy;
	k->raw = raw;
	k->fn = fn;
	k->line = line;
	k->arg = arg;
	k->error = kmsg_open(&k->kmsg, path, false);
	if (k->error)
		return;
	k->is_file = !fstat(k->kmsg.fd, &st) && S_ISREG(st.st_mode);
	if (pipe2(k->stop, O_CLOEXEC)) {
		k->error = -errno;
		kmsg_close(&k->kmsg);
		return;
	}
	k->opened = true;
}

/* A log that never ends must not delay the run. */
static void drain_early(struct klog *k)
{
	long long end = clock_ms() + EARLY_MS;
	struct kmsg_rec rec;
	int r = 0;

	while (!k->error && clock_ms() < end &&
	       (r = kmsg_read(&k->kmsg, &rec)) > 0)
		got_record(k, &rec);
	if (r < 0)
		k->error = r;
}

void klog_begin(struct klog *k)
{
	if (!k->opened)
		return;
	drain_early(k);
	k->began = true;
	k->began_line = k->parser ? k->parser->line : 0;
	if (!k->error)
		k->error = start_thread(k);
	k->started = !k->error;
}

bool klog_is_early(const struct klog *k, const struct report *r)
{
	return !k->began || r->first_line <= k->began_line;
}

static void stop_thread(struct klog *k, bool expect_report)
{
	__atomic_store_n(&k->end_ms, clock_ms() + LAST_MS, __ATOMIC_RELAXED);
	close(k->stop[1]);
	k->stop[1] = -1;
	pthread_join(k->thread, NULL);
	k->expect_report = expect_report;
	if (!k->error)
		drain_late(k);
}

void klog_stop(struct klog *k, bool expect_report)
{
	if (k->started)
		stop_thread(k, expect_report);
	if (k->parser)
		report_parser_end(k->parser);
	if (k->opened) {
		close(k->stop[0]);
		if (k->stop[1] >= 0)
			close(k->stop[1]);
		kmsg_close(&k->kmsg);
	}
	free(k->parser);
	k->parser = NULL;
	k->started = k->opened = false;
}

int klog_history(const char *path,
		 void (*fn)(const struct report *r, void *arg), void *arg)
{
	struct report_parser *parser = malloc(sizeof(*parser));
	struct kmsg *kmsg = malloc(sizeof(*kmsg));
	long long end = clock_ms() + LAST_MS;
	struct kmsg_rec rec;
	int r = -ENOMEM;

	if (parser && kmsg)
		r = kmsg_open(kmsg, path, true);
	if (!r) {
		report_parser_init(parser, fn, arg);
		while (clock_ms() < end && (r = kmsg_read(kmsg, &rec)) > 0)
			feed(parser, &rec);
		report_parser_end(parser);
		kmsg_close(kmsg);
	}
	free(parser);
	free(kmsg);
	return r < 0 ? r : 0;
}
