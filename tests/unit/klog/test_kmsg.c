// SPDX-License-Identifier: GPL-2.0-only
/* lib/klog/kmsg.c: records, escapes, and lost records, which are counted. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "klog/kmsg.h"
#include "unit.h"

static struct kmsg_rec parsed(const char *line)
{
	struct kmsg_rec rec = { };

	CHECK(kmsg_parse(str_of(line), &rec));
	return rec;
}

static void fields(void)
{
	struct kmsg_rec r = parsed("4,467,3637395,c,caller=T43;ff (a){..}");

	CHECK_EQ(r.prio, 4);
	CHECK_EQ(r.seq, 467);
	CHECK_EQ(r.usec, 3637395);
	CHECK(r.cont);
	CHECK_STR(r.caller, "T43");
	CHECK(str_eq(r.text, STR("ff (a){..}")));

	r = parsed("6,0,0,-;");
	CHECK(!r.cont);
	CHECK_STR(r.caller, "");
	CHECK_EQ(r.text.n, 0);
}

/* Fields that later kernels may add before the semicolon. */
static void unknown_fields(void)
{
	struct kmsg_rec r = parsed("30,1,2,-,x=y,caller=C0,cpu=3;a;b");

	CHECK_STR(r.caller, "C0");
	CHECK(str_eq(r.text, STR("a;b")));
}

static void not_records(void)
{
	static const char *const lines[] = {
		"", "4", "4,", "4,5", "4,5,6", "4,5,6,", "4,5,6,-", ";",
		" SUBSYSTEM=acpi", "x,5,6,-;t", "4,x,6,-;t", "4,5,6,-x;t",
		"-4,5,6,-;t", "[    3.6] t", "99999999999999999999,1,1,-;t",
	};
	struct kmsg_rec r;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		CHECK(!kmsg_parse(str_of(lines[i]), &r));
}

static void unescaped_as(const char *text, const char *want)
{
	char buf[64];
	size_t n = kmsg_unescape(str_of(text), buf, sizeof(buf));

	CHECK(str_eq((struct str){ buf, n }, str_of(want)));
}

static void escapes(void)
{
	char buf[4];

	unescaped_as("\\x0abut task", "\nbut task");
	unescaped_as("a\\x5cb", "a\\b");
	unescaped_as("\\x5cx0a", "\\x0a");
	unescaped_as("\\x", "\\x");
	unescaped_as("\\x4", "\\x4");
	unescaped_as("\\xZZ", "\\xZZ");
	unescaped_as("\\", "\\");
	unescaped_as("", "");
	CHECK_EQ(kmsg_unescape(STR("\\x61\\x62\\x63"), buf, 2), 2);
	CHECK_EQ(kmsg_unescape(STR("\\x00"), buf, 4), 1);
	CHECK_EQ(buf[0], 0);
}

/* A file of records in place of the device. */
struct fake {
	char path[32];
	int fd;
};

static void fake_open(struct fake *f)
{
	strcpy(f->path, "/tmp/test_kmsg.XXXXXX");
	f->fd = mkstemp(f->path);
	CHECK(f->fd >= 0);
}

static void fake_add(struct fake *f, const char *text)
{
	CHECK(write(f->fd, text, strlen(text)) == (ssize_t)strlen(text));
}

static void fake_close(struct fake *f)
{
	close(f->fd);
	unlink(f->path);
}

static void expect_seq(struct kmsg *k, uint64_t seq, const char *text)
{
	struct kmsg_rec r;

	CHECK_EQ(kmsg_read(k, &r), 1);
	CHECK_EQ(r.seq, seq);
	CHECK(str_eq(r.text, str_of(text)));
}

/* Records from before kmsg_open() are not read; later ones are. */
static void only_new(void)
{
	struct kmsg_rec r;
	struct fake f;
	struct kmsg k;

	fake_open(&f);
	fake_add(&f, "6,1,1,-;old\n6,2,2,-;old\n");
	CHECK_EQ(kmsg_open(&k, f.path, false), 0);
	CHECK_EQ(kmsg_read(&k, &r), 0);
	fake_add(&f, "6,3,3,-;new\n SUBSYSTEM=x\n DEVICE=y\n6,4,4,-;mo");
	expect_seq(&k, 3, "new");
	CHECK_EQ(kmsg_read(&k, &r), 0);
	fake_add(&f, "re\n");
	expect_seq(&k, 4, "more");
	CHECK_EQ(k.lost, 0);
	CHECK(!k.lost_some);
	kmsg_close(&k);

	CHECK_EQ(kmsg_open(&k, f.path, true), 0);
	expect_seq(&k, 1, "old");
	kmsg_close(&k);
	fake_close(&f);
}

static void gaps(void)
{
	struct fake f;
	struct kmsg k;

	fake_open(&f);
	CHECK_EQ(kmsg_open(&k, f.path, false), 0);
	fake_add(&f, "6,10,1,-;a\n6,11,1,-;b\n6,15,1,-;c\n6,17,1,-;d\n");
	expect_seq(&k, 10, "a");
	expect_seq(&k, 11, "b");
	CHECK_EQ(k.lost, 0);
	expect_seq(&k, 15, "c");
	CHECK_EQ(k.lost, 3);
	expect_seq(&k, 17, "d");
	CHECK_EQ(k.lost, 4);
	kmsg_close(&k);
	fake_close(&f);
}

static void no_file(void)
{
	struct kmsg k;

	CHECK_EQ(kmsg_open(&k, "/nonexistent/kmsg", false), -ENOENT);
}

/* A line longer than any record does not stop the reader. */
static void endless_line(void)
{
	struct fake f;
	struct kmsg k;
	int i;

	fake_open(&f);
	CHECK_EQ(kmsg_open(&k, f.path, false), 0);
	for (i = 0; i < 3000; i++)
		fake_add(&f, "junk, junk");
	fake_add(&f, "\n6,1,1,-;end\n");
	expect_seq(&k, 1, "end");
	kmsg_close(&k);
	fake_close(&f);
}

UNIT_MAIN(
	{ "fields", fields },
	{ "unknown_fields", unknown_fields },
	{ "not_records", not_records },
	{ "escapes", escapes },
	{ "only_new", only_new },
	{ "gaps", gaps },
	{ "no_file", no_file },
	{ "endless_line", endless_line },
)
