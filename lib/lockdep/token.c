// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of a lockdep report, see token.h. Indentation is not looked at: it is
 * the first thing that a mail loses.
 */
#include "lockdep/token.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct class_name class_name_parse(struct str s)
{
	struct class_name name = { .base = s, .subclass = STR("") };
	size_t n = s.n;

	while (n && is_digit(s.p[n - 1]))
		n--;
	if (n && n < s.n && s.p[n - 1] == '/') {
		name.subclass = str_skip(s, n - 1);
		name.base = s = str_head(s, n - 1);
		n = s.n;
		while (n && is_digit(s.p[n - 1]))
			n--;
	}
	if (n > 1 && n < s.n && s.p[n - 1] == '#')
		name.base = str_head(s, n - 1);
	return name;
}

/*
 * "(NAME){usage}-{4:4}" at the front of @s. A name can hold any bracket and
 * a class may print text of its own behind it, so go by the last "){".
 */
static bool take_braces(struct str *s, struct str *name)
{
	ptrdiff_t end = str_rfind(*s, STR("){"));
	ptrdiff_t close;

	if (end < 1 || s->p[0] != '(')
		return false;
	*name = str_skip(str_head(*s, end), 1);
	*s = str_skip(*s, end + 2);
	close = str_find(*s, STR("}"));
	if (close < 0)
		return false;
	*s = str_skip(*s, close + 1);
	if (str_take(s, STR("-{"))) {
		close = str_find(*s, STR("}"));
		if (close < 0)
			return false;
		*s = str_skip(*s, close + 1);
	}
	return true;
}

/* "ff1100 (", "(____ptrval____) (", or nothing to 4.14 */
static struct str skip_instance(struct str s)
{
	struct str in = s;

	if (!str_take(&in, STR("(____ptrval____)")))
		in = str_skip(in, str_hexdigits(in));
	return str_take(&in, STR(" (")) ? (struct str){ in.p - 1, in.n + 1 } : s;
}

static bool lock_line(struct str s, struct token *tok)
{
	struct frame f;

	s = skip_instance(s);
	if (!take_braces(&s, &tok->name) || !str_take(&s, STR(", at: ")) ||
	    !frame_parse(s, &f))
		return false;
	tok->at = f.func;
	tok->is_inline = f.is_inline;
	return true;
}

static bool held_lock_line(struct str s, struct token *tok)
{
	uint64_t n;

	if (!str_take(&s, STR("#")) || !str_take_u64(&s, &n) ||
	    !str_take(&s, STR(":")))
		return false;
	return lock_line(str_ltrim(s), tok);
}

static bool entry_line(struct str s, struct token *tok)
{
	if (!str_take(&s, STR("-> #")) || !str_take_u64(&s, &tok->num) ||
	    !str_take(&s, STR(" ")))
		return false;
	return take_braces(&s, &tok->name) && str_eq(s, STR(":"));
}

/* "comm/pid"; a comm can hold anything, a '/' too. */
static bool comm_pid(struct str s, struct token *tok)
{
	ptrdiff_t slash = str_rfind(s, STR("/"));
	struct str pid = str_skip(s, slash + 1);

	if (slash < 0 || slash > 64 || !str_take_u64(&pid, &tok->num) || pid.n)
		return false;
	tok->comm = str_head(s, slash);
	return true;
}

/* "comm/pid WHAT" */
static bool about_line(struct str s, struct token *tok)
{
	static const char *const what[] = {
		" is trying to acquire lock:", " is trying to lock:",
		" just changed the state of lock:",
	};
	size_t i;
	ptrdiff_t at;

	for (i = 0; i < ARRAY_SIZE(what); i++)
		if (str_ends(s, str_of(what[i])))
			return comm_pid(str_head(s, s.n - strlen(what[i])),
					tok);
	/* "comm/pid [HC0[0]:SC0[0]:HE1:SE1] takes:" */
	at = str_rfind(s, STR(" [HC"));
	if (at > 0 && (str_ends(s, STR("] takes:")) ||
		       str_ends(s, STR("] is trying to acquire:"))))
		return comm_pid(str_head(s, at), tok);
	at = str_find(s, STR(" is trying to release lock ("));
	if (at < 0)
		at = str_find(s, STR(" is trying to contend lock ("));
	if (at < 0)
		at = str_find(s, STR(" is freeing memory "));
	return at > 0 && comm_pid(str_head(s, at), tok);
}

/* To 6.17: "2 locks held by X/1:", "no locks held by X/1."; then: below. */
static bool held_line(struct str s, struct token *tok)
{
	uint64_t locks = 0;
	ptrdiff_t colon;
	bool ok;

	if (str_take(&s, STR("locks held by "))) {
		colon = str_rfind(s, STR(": "));
		if (colon < 0 || !comm_pid(str_head(s, colon), tok))
			return false;
		s = str_skip(s, colon + 2);
		return str_take_u64(&s, &tok->num) && str_starts(s, STR(", "));
	}
	if (!str_take(&s, STR("no")) && !str_take_u64(&s, &locks))
		return false;
	if (!str_take(&s, STR(" locks held by ")) &&
	    !str_take(&s, STR(" lock held by ")))
		return false;
	if (!s.n || !memchr(":.", s.p[s.n - 1], 2))
		return false;
	ok = comm_pid(str_head(s, s.n - 1), tok);
	tok->num = locks;
	return ok;
}

static bool take_line(struct str s, struct token *tok)
{
	static const char *const hows[] = { "lock(", "rlock(", "sync(" };
	size_t i;

	if (!str_ends(s, STR(");")))
		return false;
	for (i = 0; i < ARRAY_SIZE(hows); i++) {
		if (!str_take(&s, str_of(hows[i])))
			continue;
		tok->how = (struct str){ hows[i], strlen(hows[i]) - 1 };
		tok->name = str_head(s, s.n - 2);
		return true;
	}
	return false;
}

/* "CPU: 1 UID: 0 PID: 43 Comm: n Not tainted 7.3.4 #3 ..." */
static bool cpu_line(struct str s, struct token *tok)
{
	ptrdiff_t pid = str_find(s, STR("PID: "));
	ptrdiff_t comm = str_find(s, STR(" Comm: "));
	ptrdiff_t end;
	struct str p;

	if (!str_starts(s, STR("CPU: ")) || pid < 0 || comm < pid)
		return false;
	p = str_skip(s, pid + strlen("PID: "));
	if (!str_take_u64(&p, &tok->num))
		return false;
	s = str_skip(s, comm + strlen(" Comm: "));
	end = str_rfind(s, STR(" Not tainted"));
	if (end < 0)
		end = str_rfind(s, STR(" Tainted: "));
	if (end < 0)
		return false;
	tok->comm = str_head(s, end);
	return true;
}

/* A run of at least @min times @c, and nothing else. */
static bool all_of(struct str s, char c, size_t min)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] != c)
			return false;
	return s.n >= min;
}

/* Two words with blanks between them. */
static bool two_words(struct str s, struct str a, struct str b)
{
	if (!str_take(&s, a) || !s.n || !is_blank(s.p[0]))
		return false;
	return str_eq(str_ltrim(s), b);
}

static bool stack_mark(struct str s)
{
	static const char *const marks[] = {
		"IRQ", "NMI", "EOI", "SOFTIRQ", "ENTRY_TRAMPOLINE", "#DF",
		"#DB", "#VC", "#VC2", "#MC",
	};
	size_t i;

	if (s.n < 3 || s.p[0] != '<' || s.p[s.n - 1] != '>')
		return false;
	s = str_head(str_skip(s, 1), s.n - 2);
	str_take(&s, STR("/"));
	for (i = 0; i < ARRAY_SIZE(marks); i++)
		if (str_eq(s, str_of(marks[i])))
			return true;
	return false;
}

static const struct {
	const char *text;
	enum token_type type;
} fixed[] = {
	{ "but task is already holding lock:", TOK_ALREADY_HOLDING },
	{ "and this task is already holding:", TOK_ALREADY_HOLDING },
	{ "which lock already depends on the new lock.", TOK_DEPENDS },
	{ "the existing dependency chain (in reverse order) is:", TOK_CHAIN },
	{ "other info that might help us debug this:", TOK_OTHER_INFO },
	{ "Chain exists of:", TOK_CHAIN_EXISTS },
	{ "Possible unsafe locking scenario:", TOK_SCENARIO },
	{ "*** DEADLOCK ***", TOK_DEADLOCK },
	{ "stack backtrace:", TOK_BACKTRACE },
	{ "Call Trace:", TOK_CALL_TRACE },
	{ "Call trace:", TOK_CALL_TRACE },
	{ "<TASK>", TOK_TASK },
	{ "</TASK>", TOK_TASK_END },
};

static enum token_type fixed_line(struct str s)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		if (str_eq(s, str_of(fixed[i].text)))
			return fixed[i].type;
	if (!s.n)
		return TOK_BLANK;
	if (all_of(s, '=', 20))
		return TOK_DOUBLE_RULE;
	if (all_of(s, '-', 20))
		return TOK_RULE;
	if (two_words(s, STR("CPU0"), STR("CPU1")))
		return TOK_CPUS;
	if (two_words(s, STR("----"), STR("----")))
		return TOK_CPU_RULES;
	return stack_mark(s) ? TOK_STACK_MARK : TOK_OTHER;
}

static enum token_type type_of(struct str s, struct token *tok)
{
	enum token_type fixed = fixed_line(s);

	if (fixed != TOK_OTHER)
		return fixed;
	if (frame_parse(s, &tok->frame))
		return TOK_FRAME;
	tok->kind = kind_of_title(s);
	if (tok->kind != KIND_NONE)
		return TOK_TITLE;
	if (entry_line(s, tok))
		return TOK_ENTRY;
	if (held_lock_line(s, tok))
		return TOK_HELD_LOCK;
	if (lock_line(s, tok))
		return TOK_LOCK;
	if (take_line(s, tok))
		return TOK_TAKE;
	if (held_line(s, tok))
		return TOK_HELD;
	if (about_line(s, tok))
		return TOK_ABOUT;
	if (cpu_line(s, tok))
		return TOK_CPU;
	return str_find(s, STR(" --> ")) > 0 ? TOK_ARROWS : TOK_OTHER;
}

void token_parse(struct str text, struct token *tok)
{
	memset(tok, 0, sizeof(*tok));
	tok->kind = KIND_NONE;
	tok->type = type_of(text, tok);
}
