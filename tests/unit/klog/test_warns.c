// SPDX-License-Identifier: GPL-2.0-only
/* lib/klog/warns.c: WARNs of the kernel between two calls. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "klog/warns.h"
#include "unit.h"

#define WARN_A	"WARNING: a/b.c:1 at f+0x1/0x2, CPU#0: x/1"
#define WARN_B	"WARNING: c/d.c:2 at g+0x1/0x2, CPU#0: x/1"

static struct kmsg_warns w;
static char path[] = "/tmp/kmsg-warns-XXXXXX";
static int fd;

static void add(const char *record)
{
	dprintf(fd, "%s\n", record);
}

static void counts(void)
{
	fd = mkstemp(path);
	CHECK(fd >= 0);
	add("4,1,1,-;" WARN_A);
	CHECK_EQ(kmsg_warns_open(&w, path), 0);
	CHECK_EQ(kmsg_warns_read(&w), 0);
	CHECK_EQ(w.count, 0);
	add("4,2,1,-;------------[ cut here ]------------");
	add("4,3,1,-;" WARN_B);
	add("4,4,1,-;RIP: 0010:g+0x1/0x2");
	add("4,5,1,-;" WARN_A);
	CHECK_EQ(kmsg_warns_read(&w), 0);
	CHECK_EQ(w.count, 2);
	CHECK_STR(w.first, WARN_B);
	CHECK_EQ(kmsg_warns_read(&w), 0);
	CHECK_EQ(w.count, 0);
	CHECK_STR(w.first, "");
}

/* Not counted: text of a program, a driver's warning, a quoted title. */
static void no_warn(void)
{
	add("12,6,1,-;" WARN_A);
	add("4,7,1,-;WARNING: this driver is old");
	add("4,8,1,-;it said " WARN_A);
	CHECK_EQ(kmsg_warns_read(&w), 0);
	CHECK_EQ(w.count, 0);
}

static void lost(void)
{
	add("4,9,1,-;a");
	add("4,12,1,-;" WARN_A);
	CHECK_EQ(kmsg_warns_read(&w), -EPIPE);
	CHECK_EQ(w.count, 1);
	add("4,13,1,-;a");
	CHECK_EQ(kmsg_warns_read(&w), 0);
	kmsg_warns_close(&w);
	unlink(path);
	CHECK_EQ(kmsg_warns_open(&w, path), -ENOENT);
}

UNIT_MAIN(
	{ "counts", counts },
	{ "no_warn", no_warn },
	{ "lost", lost },
)
