// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/splat/klog.c on a log that does not end, and on what programs write to
 * it. The records come from here: only kmsg_read() is not the real one.
 */
#include <unistd.h>

#include "kmsg.h"

int real_kmsg_read(struct kmsg *k, struct kmsg_rec *rec);
#define kmsg_read real_kmsg_read
#include "../../lib/kmsg.c"
#undef kmsg_read

#include "clock.h"
#include "klog.h"
#include "unit.h"

static const char *record;	/* what each read gives; NULL: the file's */

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

/* Hangs for good without a bound: then SIGALRM ends it. */
static void endless(void)
{
	unsigned int reports = 0;
	struct klog k;
	long long ms;

	record = "6,1,1,-;and on";
	alarm(30);
	klog_start(&k, "/dev/null", NULL, count, NULL, &reports);
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

/* The control: one that ends loses nothing and is not waited for. */
static void quiet(void)
{
	unsigned int reports = 0;
	long long ms = clock_ms();
	struct klog k;

	klog_start(&k, "/dev/null", NULL, count, NULL, &reports);
	klog_stop(&k, false);
	CHECK(clock_ms() - ms < 2000);
	CHECK_EQ(k.error, 0);
	CHECK(!k.kmsg.lost_some);
	CHECK_EQ(k.records, 0);
}

UNIT_MAIN(
	{ "endless", endless },
	{ "endless_history", endless_history },
	{ "quiet", quiet },
)
