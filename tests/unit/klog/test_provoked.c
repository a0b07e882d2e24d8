// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/klog/provoked.c: exactly the announced WARNs are excused;
 * lib/runner/announce.c: when a test must not provoke any.
 */
#include <errno.h>
#include <stdlib.h>

#include "klog/provoked.h"
#include "runner/announce.h"
#include "unit.h"

#define TDX	"arch/x86/kvm/vmx/tdx.c"

static struct provoked listening(const char *run)
{
	struct provoked p;

	provoked_init(&p, run);
	return p;
}

static void say(struct provoked *p, const char *line)
{
	provoked_line(p, str_of(line));
}

static void announce(struct provoked *p, const char *run, const char *test)
{
	char line[PROVOKED_LINE];

	CHECK_EQ(provoked_begin(line, sizeof(line), run, test, TDX), 0);
	say(p, line);
}

static void withdraw(struct provoked *p, const char *run, const char *test)
{
	char line[PROVOKED_LINE];

	CHECK_EQ(provoked_end(line, sizeof(line), run, test), 0);
	say(p, line);
}

static bool warn(struct provoked *p, const char *file)
{
	return provoked_warning(p, str_of(file));
}

static void fault(struct provoked *p, const char *what)
{
	provoked_finish(p);
	if (!strstr(p->fault, what) || !*what != !*p->fault)
		CHECK_STR(p->fault, what);
}

/* Before, between and after the two lines. */
static void announced(void)
{
	struct provoked p = listening("12ab");

	CHECK(!warn(&p, TDX));
	announce(&p, "12ab", "zap");
	CHECK(warn(&p, TDX));
	CHECK(warn(&p, "../" TDX));
	CHECK(warn(&p, "/build/linux/" TDX));
	CHECK(!warn(&p, "arch/x86/kvm/vmx/tdx.h"));
	CHECK(!warn(&p, "my" TDX));
	CHECK(!warn(&p, "tdx.c"));
	CHECK(!warn(&p, "vmx/tdx.c"));
	CHECK(!warn(&p, TDX ".x"));
	CHECK(!warn(&p, ""));
	withdraw(&p, "12ab", "zap");
	CHECK(!warn(&p, TDX));
	announce(&p, "12ab", "build");
	CHECK(warn(&p, TDX));
	withdraw(&p, "12ab", "build");
	CHECK(!warn(&p, TDX));
	fault(&p, "");
	CHECK_EQ(p.warnings, 4);
	CHECK_STR(p.files, TDX);
}

static void two_files(void)
{
	struct provoked p = listening("a");

	announce(&p, "a", "zap");
	CHECK(warn(&p, TDX));
	withdraw(&p, "a", "zap");
	say(&p, "kvm-gmem: run a: other provokes WARNs in mm/memory.c");
	CHECK(!warn(&p, TDX));
	CHECK(warn(&p, "mm/memory.c"));
	withdraw(&p, "a", "other");
	fault(&p, "");
	CHECK_STR(p.files, TDX ", mm/memory.c");
}

/* A folder: the files in it, whatever path comes before it. */
static void folder(void)
{
	struct provoked p;

	provoked_init(&p, "a");
	say(&p, "kvm-gmem: run a: t provokes WARNs in arch/x86/kvm/vmx/");
	CHECK(warn(&p, TDX));
	CHECK(warn(&p, "/build/linux/arch/x86/kvm/vmx/main.c"));
	CHECK(!warn(&p, "arch/x86/kvm/x86.c"));
	CHECK(!warn(&p, "arch/x86/kvm/vmx/more/a.c"));
	CHECK(!warn(&p, "march/x86/kvm/vmx/tdx.c"));
	CHECK(!warn(&p, "vmx/tdx.c"));
	CHECK(!warn(&p, "tdx.c"));
	CHECK(!warn(&p, ""));
	CHECK_EQ(p.warnings, 2);
	CHECK_STR(p.files, "arch/x86/kvm/vmx/");
}

/* Announcements of another run are ignored. */
static void whose(void)
{
	struct provoked p = listening("12ab");

	announce(&p, "12ac", "zap");
	CHECK(!warn(&p, TDX));
	announce(&p, NULL, "zap");
	CHECK(!warn(&p, TDX));
	announce(&p, "12ab", "zap");
	announce(&p, "12ac", "build");
	withdraw(&p, "12ac", "zap");
	withdraw(&p, "", "zap");
	CHECK(warn(&p, TDX));
	withdraw(&p, "12ab", "zap");
	fault(&p, "");

	p = listening(NULL);
	announce(&p, NULL, "zap");
	CHECK(warn(&p, TDX));
	withdraw(&p, NULL, "zap");
	announce(&p, "12ab", "zap");
	CHECK(warn(&p, TDX));
	withdraw(&p, "12ab", "zap");
	fault(&p, "");
}

/* A line that is not exactly one of the two announces nothing. */
static void malformed(void)
{
	static const char *const lines[] = {
		"", "kvm-gmem: run a: ", "kvm-gmem: run a: t has ended.",
		"kvm-gmem: run a: t provokes WARNs in ",
		"kvm-gmem: run a: t provokes WARNs in tdx.c",
		"kvm-gmem: run a: t provokes WARNs in /tdx.c",
		"kvm-gmem: run a: t provokes WARNs in " TDX " ",
		"kvm-gmem: run a: t provokes WARNs in " TDX "\\x0aand more",
		"kvm-gmem: run a: t provokes WARNs in a/b.c " TDX,
		"kvm-gmem: run a: t u provokes WARNs in " TDX,
		"kvm-gmem: run a:  provokes WARNs in " TDX,
		"kvm-gmem: run a b: t provokes WARNs in " TDX,
		"kvm-gmem: run : t provokes WARNs in " TDX,
		" kvm-gmem: run a: t provokes WARNs in " TDX,
		"Kvm-gmem: run a: t provokes WARNs in " TDX,
		"x kvm-gmem: run a: t provokes WARNs in " TDX,
	};
	char line[512];
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct provoked p = listening("a"), any = listening(NULL);

		say(&p, lines[i]);
		say(&any, lines[i]);
		CHECK(!warn(&p, TDX) && !warn(&any, TDX));
		fault(&p, "");
	}
	memset(line, 'a', sizeof(line));
	CHECK_EQ(provoked_begin(line, 20, "a", "t", TDX), -EINVAL);
	CHECK_EQ(provoked_begin(line, sizeof(line), "a b", "t", TDX), -EINVAL);
	CHECK_EQ(provoked_begin(line, sizeof(line), "a", "", TDX), -EINVAL);
	CHECK_EQ(provoked_begin(line, sizeof(line), "a", "t", "c"), -EINVAL);
	CHECK_EQ(provoked_end(line, sizeof(line), "a", "t: u"), -EINVAL);
}

static void nested(void)
{
	struct provoked p = listening("a");

	announce(&p, "a", "zap");
	CHECK(warn(&p, TDX));
	announce(&p, "a", "build");
	CHECK(!warn(&p, TDX));
	withdraw(&p, "a", "build");
	withdraw(&p, "a", "zap");
	announce(&p, "a", "zap");
	CHECK(!warn(&p, TDX));
	fault(&p, "zap and build provoke warnings at the same time");
}

static void never_withdrawn(void)
{
	struct provoked p = listening("a");

	announce(&p, "a", "zap");
	CHECK(warn(&p, TDX));
	fault(&p, "zap provoked warnings, and its end");
}

static void withdrawn_only(void)
{
	struct provoked p = listening("a");

	withdraw(&p, "a", "zap");
	fault(&p, "zap has ended and was not announced");
	p = listening("a");
	announce(&p, "a", "zap");
	withdraw(&p, "a", "build");
	CHECK(!warn(&p, TDX));
	fault(&p, "build has ended and was not announced");
}

/* Where a WARN is a panic, or cannot be announced, tests must provoke none. */
static void possible(void)
{
	char dir[] = "/tmp/provoked-XXXXXX", path[64], cmd[160], why[160] = "";

	CHECK(!!mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/kmsg", dir);
	CHECK(!announce_possible(path, path, dir, why, sizeof(why)));
	CHECK(strstr(why, "/kmsg: No such file"));
	snprintf(cmd, sizeof(cmd), "cd %s && mkdir -p sys/kernel && : >kmsg",
		 dir);
	CHECK_EQ(system(cmd), 0);
	CHECK(announce_possible(path, path, dir, why, sizeof(why)));
	CHECK(!announce_possible(path, "/nosuch", dir, why, sizeof(why)));
	CHECK_STR(why, "/nosuch: No such file or directory");
	snprintf(cmd, sizeof(cmd), "echo 0 >%s/sys/kernel/panic_on_warn", dir);
	CHECK_EQ(system(cmd), 0);
	CHECK(announce_possible(path, path, dir, why, sizeof(why)));
	snprintf(cmd, sizeof(cmd), "echo 3 >%s/sys/kernel/warn_limit", dir);
	CHECK_EQ(system(cmd), 0);
	CHECK(!announce_possible(path, path, dir, why, sizeof(why)));
	CHECK_STR(why, "kernel.warn_limit is 3");
	snprintf(cmd, sizeof(cmd), "echo 1 >%s/sys/kernel/panic_on_warn", dir);
	CHECK_EQ(system(cmd), 0);
	CHECK(!announce_possible(path, path, dir, why, sizeof(why)));
	CHECK_STR(why, "kernel.panic_on_warn is 1");
	snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
	CHECK_EQ(system(cmd), 0);
}

UNIT_MAIN(
	{ "announced", announced },
	{ "two_files", two_files },
	{ "folder", folder },
	{ "whose", whose },
	{ "malformed", malformed },
	{ "nested", nested },
	{ "never_withdrawn", never_withdrawn },
	{ "withdrawn_only", withdrawn_only },
	{ "possible", possible },
)
