// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/splat/run/klog.c on a log that does not end, and with records of
 * programs. Only kmsg_read() is replaced, and returns the records.
 */
#include <stdlib.h>
#include <unistd.h>

#include "klog/kmsg.h"

int real_kmsg_read(struct kmsg *k, struct kmsg_rec *rec);
#define kmsg_read real_kmsg_read
#include "lib/klog/kmsg.c"
#undef kmsg_read

#include "base/clock.h"
#include "splat/run/klog.h"
#include "unit.h"

static const char *record;	/* of each read; NULL: those of the file */

int kmsg_read(struct kmsg *k, struct kmsg_rec *rec)
{
	if (!record)
		return real_kmsg_read(k, rec);
	usleep(100);
	return kmsg_parse(str_of(record), rec);
}

static void count(const struct report *r, void *arg)
{
	++*(unsigned int *)arg;
}

/* SIGALRM ends the test if klog_stop() has no bound. */
static void endless(void)
{
	unsigned int reports = 0;
	struct klog k;
	long long ms;

	record = "6,1,1,-;and on";
	alarm(30);
	klog_open(&k, "/dev/null", NULL, NULL, count, NULL, &reports);
	klog_begin(&k);
	CHECK_EQ(k.error, 0);
	usleep(50000);
	ms = clock_ms();
	klog_stop(&k, false);
	ms = clock_ms() - ms;
	alarm(0);
	CHECK(ms >= 4000 && ms < 10000);
	CHECK(k.records > 1);
	CHECK(k.kmsg.lost_some);
	CHECK_EQ(reports, 0);
	record = NULL;
}

static void endless_history(void)
{
	unsigned int reports = 0;

	record = "6,1,1,-;and on";
	alarm(30);
	CHECK_EQ(klog_history("/dev/null", count, &reports), 0);
	alarm(0);
	record = NULL;
}

/* The control: a log that ends loses nothing and causes no wait. */
static void quiet(void)
{
	unsigned int reports = 0;
	long long ms = clock_ms();
	struct klog k;

	klog_open(&k, "/dev/null", NULL, NULL, count, NULL, &reports);
	klog_begin(&k);
	klog_stop(&k, false);
	CHECK(clock_ms() - ms < 2000);
	CHECK_EQ(k.error, 0);
	CHECK(!k.kmsg.lost_some);
	CHECK_EQ(k.records, 0);
}

static char early[2][64];	/* titles: early, or not */

static void sort_out(const struct report *r, void *arg)
{
	snprintf(early[!klog_is_early(arg, r)], sizeof(early[0]), "%s",
		 r->title);
}

static void append(const char *path, const char *text)
{
	FILE *f = fopen(path, "ae");

	CHECK(f && fputs(text, f) >= 0);
	fclose(f);
}

/* Records from before klog_open() are not seen, later ones are early or not. */
static void before_and_after(void)
{
	char path[] = "/tmp/test_klog.XXXXXX";
	struct klog k;
	FILE *raw;

	close(mkstemp(path));
	append(path, "4,1,1,-;WARNING: old.c:1 at f+0x1/0x2, CPU#1: x/6\n");
	raw = fopen("/dev/null", "we");
	klog_open(&k, path, NULL, raw, sort_out, NULL, &k);
	append(path, "4,2,1,-;WARNING: early.c:1 at f+0x1/0x2, CPU#1: x/6\n");
	klog_begin(&k);
	append(path, "4,3,1,-;WARNING: late.c:1 at f+0x1/0x2, CPU#1: x/6\n");
	klog_stop(&k, false);
	CHECK_EQ(k.error, 0);
	CHECK_EQ(k.records, 2);
	CHECK(strstr(early[0], "early.c"));
	CHECK(strstr(early[1], "late.c"));
	fclose(raw);
	unlink(path);
}

UNIT_MAIN(
	{ "endless", endless },
	{ "endless_history", endless_history },
	{ "quiet", quiet },
	{ "before_and_after", before_and_after },
)
