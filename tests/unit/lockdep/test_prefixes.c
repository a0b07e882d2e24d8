// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reformatted logs: the parser finds the same report after tools changed the
 * prefixes of its lines, and with other lines in between.
 */
#include "mutate.h"

static void is_same(const struct outcome *got, const struct lines *l,
		    const struct parsed *want)
{
	const struct parsed *t = outcome_find(got, want->kind);

	CHECK(t);
	if (!t)
		return;
	if (!t->complete || strcmp(t->signature, want->signature))
		printf("# %s: %s\n", l->path, t->complete ? "" : "incomplete");
	CHECK(t->complete);
	CHECK_STR(t->signature, want->signature);
	CHECK_STR(t->title, want->title);
}

static void with_other_cpu(FILE *f, const struct lines *l, size_t i,
			   const void *arg)
{
	static const char *const others[] = {
		"[  297.5][   C9] usb 1-1: new device",
		"[  297.500000][  T999]  kvm_gmem_populate+0x1/0x2",
		"[  297.500000][  T999] -> #0 (rival){+.+.}-{4:4}:",
		"[  297.500000][  T999] 3 locks held by rival/999:",
		"[  297.500000][  T999] WARNING: inconsistent lock state",
		"[  297.500000][  T999]  lock(&mm->mmap_lock);",
		"program output without any prefix",
	};

	put_str(f, l->line[i]);
	if (!((i + *(const size_t *)arg) % 3) && i + 1 < l->count)
		put_str(f, str_of(others[i % 7]));
}

static void weave(const struct lines *l, const struct parsed *want)
{
	struct outcome got;
	size_t phase;

	/* Lines of other logs have other sequence numbers: that is a gap. */
	if (!l->caller[0] || l->record || want->kind == KIND_INCONSISTENT)
		return;
	for (phase = 0; phase < 3; phase++) {
		got = lines_outcome(l, &phase, with_other_cpu);
		is_same(&got, l, want);
	}
}

static void other_cpu_woven_in(void)
{
	each_whole(weave);
}

/* printf formats of a line; %n$s: text, caller, sequence number. */
static const char *const formats[] = {
	"%1$s\n",
	"%1$s\r\n",
	"   %1$s   \n",
	"> %1$s\n",
	">>> %1$s\n",
	"[  297.090165] %1$s\n",
	"[  297.090165][ %2$s] %1$s\n",
	"[    7.090165][%2$s] %1$s\r\n",
	"<4>[  297.090165] %1$s\n",
	"<4>[  297.090165][ %2$s] %1$s\n",
	"kern  :warn  : [  297.090165] %1$s\n",
	"kern  :warn  : %1$s\n",
	"[Sun Nov 22 11:23:01 2026] %1$s\n",
	"[Sun Nov 22 11:23:01 2026][ %2$s] %1$s\n",
	"[Nov22 11:23] %1$s\n",
	"[  +0.000012] %1$s\n",
	"[  297.090165 <    0.000012>] %1$s\n",
	"[<    0.000012>] %1$s\n",
	"2026-11-22T11:23:01,123456+01:00 %1$s\n",
	"2026-11-22T11:23:01.123456+01:00 host kernel: %1$s\n",
	"2026-11-22T11:23:01.123456+01:00 host kernel: [  297.0901] %1$s\n",
	"Nov 22 11:23:01 host kernel: %1$s\n",
	"Nov 22 11:23:01 host kernel: #012%1$s#012#012\n",
	"Nov 22 11:23:01 host kernel: [  297.090165] %1$s\n",
	"Nov 22 11:23:01 host kernel: [  297.090165][ %2$s] %1$s\n",
	"Sun 2026-11-22 11:23:01 UTC host kernel: %1$s\n",
	"[  297.090165] host kernel: %1$s\n",
	"> > [  297.090165][ %2$s] %1$s\n",
	"4,%3$zu,297090165,-,caller=%2$s;%1$s\n",
	"4,%3$zu,297090165,c,caller=%2$s,new=field;%1$s\n",
	"4,%3$zu,297090165,-;%1$s\n SUBSYSTEM=acpi\n DEVICE=+acpi:X\n",
	"4,%3$zu,297090165,-;\\x0a%1$s\\x0a\n",
};

static void put_formatted(FILE *f, const struct lines *l, size_t i,
			  const void *arg)
{
	char buf[REPORT_LINE];
	struct log_line line;

	log_line_parse(l->line[i], &line);
	snprintf(buf, sizeof(buf), "%.*s", (int)line.text.n, line.text.p);
	fprintf(f, arg, buf, "T3469", i + 100);
}

/*
 * The pieces of a line, such as "#0:", are only joined if there are caller ids.
 */
static bool has_half(const struct lines *l)
{
	struct str text;
	size_t i;

	for (i = 0; i < l->count; i++) {
		lines_token(l, i, &text);
		if (str_starts(text, STR("#")) && text.n < 6)
			return true;
	}
	return false;
}

static void reformat(const struct lines *l, const struct parsed *want)
{
	struct outcome got;
	size_t i;

	if (l->record)
		return;
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const struct parsed *t;

		if (has_half(l) && !strstr(formats[i], "%2$s"))
			continue;
		got = lines_outcome(l, formats[i], put_formatted);
		t = outcome_find(&got, want->kind);
		if (!t || !t->complete)
			printf("# format: %s", formats[i]);
		is_same(&got, l, want);
	}
}

static void every_prefix(void)
{
	each_whole(reformat);
}

static void with_nul(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	struct str s = l->line[i];
	struct log_line line;
	size_t at;

	if (i != *(const size_t *)arg) {
		put_str(f, s);
		return;
	}
	/* Not in the prefix, which has the caller id. */
	log_line_parse(s, &line);
	at = line.text.p + line.text.n / 2 - s.p;
	fwrite(s.p, 1, at, f);
	putc('\0', f);
	put_str(f, str_skip(s, at));
}

/* The list of all locks has mostly other tasks. */
static bool may_hold_nul(const struct lines *l, size_t i, enum report_kind kind)
{
	struct str text;

	return kind == KIND_HUNG_TASK ||
	       lines_token(l, i, &text).type == TOK_BLANK;
}

static void spoil(const struct lines *l, const struct parsed *want)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		struct outcome got = lines_outcome(l, &i, with_nul);
		const struct parsed *t = outcome_find(&got, want->kind);

		if (!t || !t->complete || may_hold_nul(l, i, want->kind))
			continue;
		printf("# %s: complete with a NUL: %.*s\n", l->path,
		       (int)l->line[i].n, l->line[i].p);
		CHECK(!t->complete);
	}
}

static void nul_bytes(void)
{
	each_whole(spoil);
}

static void with_long_line(FILE *f, const struct lines *l, size_t i,
			   const void *arg)
{
	size_t n;

	put_str(f, l->line[i]);
	if (i != l->count / 2 || i + 1 == l->count)
		return;
	fputs("[  297.000000][  C77] ", f);
	for (n = 0; n < 1 << 20; n++)
		putc("WARNING: possible "[n % 18], f);
	putc('\n', f);
}

static void insert_long(const struct lines *l, const struct parsed *want)
{
	struct outcome got;

	if (!l->caller[0] || l->record)
		return;
	got = lines_outcome(l, NULL, with_long_line);
	is_same(&got, l, want);
}

static void long_line(void)
{
	each_whole(insert_long);
}

UNIT_MAIN(
	{ "other_cpu_woven_in", other_cpu_woven_in },
	{ "every_prefix", every_prefix },
	{ "nul_bytes", nul_bytes },
	{ "long_line", long_line },
)
