// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damaged and disguised logs. What was damaged is never told as whole, what was
 * only disguised is told as before.
 */
#include "golden.h"
#include "lockdep/line.h"
#include "unit.h"

#define LINES_MAX	1024

/* What the tests ask of all reports of a log together. */
struct outcome {
	unsigned int reports;
	unsigned int complete;
	char signature[1024];	/* of the last complete one */
	unsigned long long first_line;
	unsigned long long last_line;
};

static void add(const struct report *r, void *arg)
{
	struct outcome *o = arg;

	o->reports++;
	o->complete += r->complete;
	if (!r->complete)
		return;
	snprintf(o->signature, sizeof(o->signature), "%s", r->signature ?: "");
	o->first_line = r->first_line;
	o->last_line = r->last_line;
}

static struct outcome outcome_of(struct str log)
{
	static struct report_parser p;
	struct outcome o = { };

	report_parser_init(&p, add, &o);
	report_parser_feed(&p, log.p, log.n);
	report_parser_end(&p);
	return o;
}

struct lines {
	struct str line[LINES_MAX];
	size_t count;
};

/*
 * Keep the lines of the report, and of them those of who printed it. False if
 * some have no prefix where others have one: those cannot be dressed anew.
 */
static bool split(struct str log, struct lines *l, const struct outcome *of)
{
	char caller[16] = "";
	struct log_line line;
	struct str s;
	size_t i = 0;

	l->count = 0;
	while (l->count < LINES_MAX && str_take_line(&log, &s)) {
		log_line_parse(s, &line);
		if (++i == of->first_line)
			strcpy(caller, line.caller);
		if (i < of->first_line || i > of->last_line)
			continue;
		if (line.bare && caller[0])
			return false;
		if (!strcmp(line.caller, caller))
			l->line[l->count++] = s;
	}
	CHECK(l->count < LINES_MAX);
	return true;
}

/* All lines as fn() prints them, together as one log. The caller frees. */
static struct str print(const struct lines *l, const void *arg,
			void (*fn)(FILE *f, const struct lines *l, size_t i,
				   const void *arg))
{
	char *text = NULL;
	size_t i, size;
	FILE *f = open_memstream(&text, &size);

	for (i = 0; i < l->count; i++)
		fn(f, l, i, arg);
	fclose(f);
	return (struct str){ text, size };
}

static void put(FILE *f, struct str s)
{
	fwrite(s.p, 1, s.n, f);
	putc('\n', f);
}

/* Each golden log of one whole circular report. */
static void each_circular(void (*fn)(const struct lines *l,
				     const struct outcome *want))
{
	static struct lines l;
	struct golden g;
	glob_t paths;
	size_t i, done = 0;

	golden_glob(&paths);
	for (i = 0; i < paths.gl_pathc; i++) {
		if (!golden_load(&g, paths.gl_pathv[i]))
			continue;
		struct outcome want = outcome_of(g.log);

		if (want.complete == 1 && want.reports == 1 &&
		    !strncmp(want.signature, "circular: ", 10) &&
		    split(g.log, &l, &want)) {
			fn(&l, &want);
			done++;
		}
		golden_free(&g);
	}
	CHECK(done >= 10);
	globfree(&paths);
}

static void all_but(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	if (i != *(const size_t *)arg)
		put(f, l->line[i]);
}

/*
 * May the loss of a line stay unnoticed? Blank lines and what a mail cuts off
 * may. So may a frame: of the older half nothing else tells. But then only a
 * log without sequence numbers has such a half.
 */
static bool may_vanish(const struct lines *l, size_t i, bool *is_old_frame)
{
	struct log_line line;
	struct token tok;
	unsigned int number = 0;
	size_t k;

	*is_old_frame = false;
	log_line_parse(l->line[i], &line);
	if (line.record)
		return false;
	token_parse(line.text, &tok);
	for (k = 0; tok.type == TOK_FRAME && k < i; k++) {
		struct token t;

		log_line_parse(l->line[k], &line);
		token_parse(line.text, &t);
		if (t.type == TOK_ENTRY)
			number = t.num;
		if (t.type == TOK_OTHER_INFO)
			number = 0;
	}
	*is_old_frame = number > 0;
	switch (tok.type) {
	case TOK_OTHER:
		/* Not the release: it stands under the title. */
		log_line_parse(l->line[i ? i - 1 : 0], &line);
		return kind_of_title(line.text) == KIND_NONE;
	case TOK_BLANK:
	case TOK_DOUBLE_RULE:
	case TOK_TASK:
	case TOK_STACK_MARK:
	case TOK_FRAME:
		return true;
	case TOK_LOCK:
	case TOK_HELD_LOCK:
		return tok.is_inline;
	default:
		return false;
	}
}

static void drop_lines(const struct lines *l, const struct outcome *want)
{
	unsigned int other_signatures = 0;
	size_t i;

	for (i = 0; i < l->count; i++) {
		struct str log = print(l, &i, all_but);
		struct outcome got = outcome_of(log);
		bool old_frame, quiet = may_vanish(l, i, &old_frame);

		if (got.complete && !quiet)
			printf("# told as whole without: %.*s\n",
			       (int)l->line[i].n, l->line[i].p);
		CHECK(!got.complete || quiet);
		if (got.complete && strcmp(got.signature, want->signature)) {
			other_signatures++;
			CHECK(old_frame);
		}
		free((char *)log.p);
	}
	/* At most the one frame that each older half is known by. */
	CHECK(other_signatures <= 2);
}

static void line_dropped(void)
{
	each_circular(drop_lines);
}

static void up_to(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	if (i < *(const size_t *)arg)
		put(f, l->line[i]);
}

static void cut_tail(const struct lines *l, const struct outcome *want)
{
	size_t n;

	for (n = 0; n < l->count; n++) {
		struct str log = print(l, &n, up_to);

		if (outcome_of(log).complete)
			printf("# told as whole up to: %.*s\n",
			       (int)l->line[n - 1].n, l->line[n - 1].p);
		CHECK_EQ(outcome_of(log).complete, 0);
		/* In the middle of a line, too. */
		if (log.n)
			log.n -= l->line[n - 1].n / 2 + 1;
		if (outcome_of(log).complete)
			printf("# told as whole up to: %.*s\n", 90,
			       log.p + log.n - 90);
		CHECK_EQ(outcome_of(log).complete, 0);
		free((char *)log.p);
	}
}

static void tail_cut(void)
{
	each_circular(cut_tail);
}

static void with_other_cpu(FILE *f, const struct lines *l, size_t i,
			   const void *arg)
{
	static const char *const others[] = {
		"[  297.5][   C9] usb 1-1: new device",
		"[  297.500000][  T999]  kvm_gmem_populate+0x1/0x2",
		"[  297.500000][  T999] -> #0 (rival){+.+.}-{4:4}:",
		"[  297.500000][  T999] WARNING: suspicious RCU usage",
		"[  297.500000][  T999]  lock(&mm->mmap_lock);",
		"program output without any prefix",
	};

	put(f, l->line[i]);
	if (!((i + *(const size_t *)arg) % 3))
		put(f, str_of(others[i % 6]));
}

static void weave(const struct lines *l, const struct outcome *want)
{
	struct log_line first;
	size_t phase;

	log_line_parse(l->line[0], &first);
	/* Sequence numbers of another log would rightly be taken for a gap. */
	if (!first.caller[0] || first.record)
		return;
	for (phase = 0; phase < 3; phase++) {
		struct str log = print(l, &phase, with_other_cpu);
		struct outcome got = outcome_of(log);

		CHECK_STR(got.signature, want->signature);
		free((char *)log.p);
	}
}

static void other_cpu_woven_in(void)
{
	each_circular(weave);
}

static void without_caller(FILE *f, const struct lines *l, size_t i,
			   const void *arg)
{
	struct log_line line;

	log_line_parse(l->line[i], &line);
	fprintf(f, "[    1.000000] %.*s\n", (int)line.text.n, line.text.p);
	if (i == *(const size_t *)arg)
		fputs("[    1.000000] usb 1-1: new device\n", f);
}

/* Where nothing tells who printed a line, one too many is damage. */
static void strange_line(const struct lines *l, const struct outcome *want)
{
	struct log_line line;
	size_t i;

	for (i = 0; i < l->count; i++) {
		struct str log;
		struct token tok;

		log_line_parse(l->line[i], &line);
		if (line.record)
			return;
		token_parse(line.text, &tok);
		if (tok.type == TOK_BACKTRACE)
			return;
		log = print(l, &i, without_caller);
		CHECK_EQ(outcome_of(log).complete, 0);
		free((char *)log.p);
	}
}

static void strange_line_between(void)
{
	each_circular(strange_line);
}

/* printf formats of a line; %n$s: text, caller, sequence number. */
static const char *const dresses[] = {
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

static void dress(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	char buf[REPORT_LINE];
	struct log_line line;

	log_line_parse(l->line[i], &line);
	snprintf(buf, sizeof(buf), "%.*s", (int)line.text.n, line.text.p);
	fprintf(f, arg, buf, "T3469", i + 100);
}

static void dress_up(const struct lines *l, const struct outcome *want)
{
	struct log_line first;
	size_t i;

	log_line_parse(l->line[0], &first);
	if (first.record)
		return;
	for (i = 0; i < sizeof(dresses) / sizeof(dresses[0]); i++) {
		struct str log;
		struct outcome got;

		log = print(l, dresses[i], dress);
		got = outcome_of(log);
		if (strcmp(got.signature, want->signature))
			printf("# dressed as: %s", dresses[i]);
		CHECK_STR(got.signature, want->signature);
		free((char *)log.p);
	}
}

static void every_prefix(void)
{
	each_circular(dress_up);
}

static void with_nul(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	struct str s = l->line[i];
	size_t at = s.n / 2;

	if (i != *(const size_t *)arg) {
		put(f, s);
		return;
	}
	fwrite(s.p, 1, at, f);
	putc('\0', f);
	put(f, str_skip(s, at));
}

static void spoil(const struct lines *l, const struct outcome *want)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		struct str log = print(l, &i, with_nul);
		struct outcome got = outcome_of(log);

		/* In a frame's offset a NUL changes nothing that is told. */
		if (got.complete && strcmp(got.signature, want->signature)) {
			bool old_frame;

			may_vanish(l, i, &old_frame);
			if (!old_frame)
				printf("# %.*s: %s\n", (int)l->line[i].n,
				       l->line[i].p, got.signature);
			CHECK(old_frame);
		}
		free((char *)log.p);
	}
}

static void nul_bytes(void)
{
	each_circular(spoil);
}

static void with_long_line(FILE *f, const struct lines *l, size_t i,
			   const void *arg)
{
	size_t n;

	put(f, l->line[i]);
	if (i != 20)
		return;
	fputs("[  297.000000][  C77] ", f);
	for (n = 0; n < 1 << 20; n++)
		putc("WARNING: possible "[n % 18], f);
	putc('\n', f);
}

static void insert_long(const struct lines *l, const struct outcome *want)
{
	struct log_line first;
	struct outcome got;
	struct str log;

	log_line_parse(l->line[0], &first);
	if (!first.caller[0] || first.record)
		return;
	log = print(l, NULL, with_long_line);
	got = outcome_of(log);
	CHECK_STR(got.signature, want->signature);
	free((char *)log.p);
}

static void long_line(void)
{
	each_circular(insert_long);
}

static void twice(FILE *f, const struct lines *l, size_t i, const void *arg)
{
	if (i == 0) {
		size_t k;

		/* Half of it, then all of it: a title ends what was open. */
		for (k = 0; k < l->count / 2; k++)
			put(f, l->line[k]);
	}
	put(f, l->line[i]);
}

static void start_again(const struct lines *l, const struct outcome *want)
{
	struct str log = print(l, NULL, twice);
	struct outcome got = outcome_of(log);

	CHECK_EQ(got.reports, 2);
	CHECK_EQ(got.complete, 1);
	CHECK_STR(got.signature, want->signature);
	free((char *)log.p);
}

static void started_again(void)
{
	each_circular(start_again);
}

UNIT_MAIN(
	{ "line_dropped", line_dropped },
	{ "tail_cut", tail_cut },
	{ "other_cpu_woven_in", other_cpu_woven_in },
	{ "strange_line_between", strange_line_between },
	{ "every_prefix", every_prefix },
	{ "nul_bytes", nul_bytes },
	{ "long_line", long_line },
	{ "started_again", started_again },
)
