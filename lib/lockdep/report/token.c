// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of a lockdep report, see token.h. Indentation is ignored: mail programs
 * often remove it.
 */
#include "lockdep/report/token.h"

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
 * "(NAME){usage}-{4:4}" at the front of @s. A name can hold any bracket, and a
 * class can print its own text after it, so the last "){" ends it.
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

/* "ff1100 (", "(____ptrval____) (", or nothing up to 4.14 */
static struct str skip_instance(struct str s)
{
	struct str in = s;

	if (!str_take(&in, STR("(____ptrval____)")))
		in = str_skip(in, str_hexdigits(in));
	if (!str_take(&in, STR(" (")))
		return s;
	return (struct str){ in.p - 1, in.n + 1 };
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
	s = str_ltrim(s);
	/* Its task released the lock while the list was printed. */
	return str_eq(s, STR("<RELEASED>")) || lock_line(s, tok);
}

/* "(name){usage}" and "(name){usage} -> (name){usage}" */
static enum token_type name_line(struct str s, struct token *tok)
{
	bool two = str_find(s, STR("} -> (")) > 0;

	if (!s.n || s.p[0] != '(' || s.p[s.n - 1] != '}' ||
	    !take_braces(&s, &tok->name) || s.n)
		return TOK_OTHER;
	return two ? TOK_NAMES : TOK_NAME;
}

/* "hlock_id:1 -> chain_key:0123456789abcdefffff1100 (name){usage}, at: f" */
static bool key_lock_line(struct str s, struct token *tok)
{
	ptrdiff_t at = str_find(s, STR(" -> chain_key:"));
	struct frame f;

	if (at < 0 || str_find(str_head(s, at), STR(" ")) >= 0)
		return false;
	s = skip_instance(str_skip(s, at + strlen(" -> chain_key:")));
	if (!take_braces(&s, &tok->name))
		return false;
	if (str_take(&s, STR(", at: ")) && frame_parse(s, &f))
		tok->at = f.func;
	return tok->at.n || !s.n;
}

/* "-> (name){usage} ops: 23 {" */
static bool path_lock_line(struct str s, struct token *tok)
{
	uint64_t ops;

	if (!str_take(&s, STR("-> (")) || !str_ends(s, STR(" {")))
		return false;
	s = (struct str){ s.p - 1, s.n - 1 };
	if (!take_braces(&s, &tok->name))
		return false;
	return !s.n || (str_take(&s, STR(" ops: ")) && str_take_u64(&s, &ops) &&
			!s.n);
}

/* "IN-HARDIRQ-W at:", "INITIAL USE at:" */
static bool usage_line(struct str s, struct token *tok)
{
	size_t i;

	if (!str_ends(s, STR(" at:")))
		return false;
	s.n -= strlen(" at:");
	for (i = 0; i < s.n; i++)
		if ((s.p[i] < 'A' || s.p[i] > 'Z') && s.p[i] != '-' &&
		    s.p[i] != '_' && s.p[i] != ' ')
			return false;
	tok->name = s;
	return s.n > 0;
}

static bool entry_line(struct str s, struct token *tok)
{
	if (!str_take(&s, STR("-> #")) || !str_take_u64(&s, &tok->num) ||
	    !str_take(&s, STR(" ")))
		return false;
	return take_braces(&s, &tok->name) && str_eq(s, STR(":"));
}

/* "comm/pid"; a comm can hold any byte, also '/'. */
static bool comm_pid(struct str s, struct token *tok)
{
	ptrdiff_t slash = str_rfind(s, STR("/"));
	struct str pid = str_skip(s, slash + 1);

	if (slash < 0 || slash > 64 || !str_take_u64(&pid, &tok->pid) || pid.n)
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
		" is leaving the kernel with locks still held!",
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
	at = str_find(s, STR(" is freeing memory "));
	return at > 0 && comm_pid(str_head(s, at), tok);
}

/* "comm/pid is trying to release lock (NAME) at:" */
static bool about_name_line(struct str s, struct token *tok)
{
	static const char *const what[] = {
		" is trying to release lock (", " is trying to contend lock (",
	};
	size_t i;

	if (!str_ends(s, STR(") at:")))
		return false;
	for (i = 0; i < ARRAY_SIZE(what); i++) {
		ptrdiff_t at = str_find(s, str_of(what[i]));

		if (at < 1 || !comm_pid(str_head(s, at), tok))
			continue;
		tok->name = str_skip(s, at + strlen(what[i]));
		tok->name.n -= strlen(") at:");
		return true;
	}
	return false;
}

/*
 * Up to 6.17 "2 locks held by X/1:", "no locks held by X/1."; since then
 * "locks held by X/1: 2, ...".
 */
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

/* "7.3.4" of "Not tainted 7.3.4 #3 PREEMPT" and "Tainted: G W 7.3.4 #3" */
static struct str release_in(struct str s)
{
	ptrdiff_t end = str_find(s, STR(" #"));
	ptrdiff_t from;

	if (end < 0)
		return STR("");
	s = str_head(s, end);
	from = str_rfind(s, STR(" "));
	return str_skip(s, from + 1);
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
	if (!str_take_u64(&p, &tok->pid))
		return false;
	s = str_skip(s, comm + strlen(" Comm: "));
	end = str_rfind(s, STR(" Not tainted"));
	if (end < 0)
		end = str_rfind(s, STR(" Tainted: "));
	if (end < 0)
		return false;
	tok->comm = str_head(s, end);
	tok->release = release_in(str_skip(s, end));
	return true;
}

/* "RIP: 0010:f+0x1/0x2", up to 4.14 "RIP: 0010:[<addr>] [<addr>] f+0x1/0x2" */
static bool ip_line(struct str s, struct token *tok)
{
	uint64_t cs;

	if (str_take(&s, STR("pc : ")))
		return frame_parse(s, &tok->frame);
	return str_take(&s, STR("RIP: ")) && str_take_hex(&s, &cs) &&
	       str_take(&s, STR(":")) && frame_parse(s, &tok->frame);
}

/* Only @c, at least @min times. */
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
	{ "stack backtrace:", TOK_BACKTRACE },
	{ "Call Trace:", TOK_CALL_TRACE },
	{ "Call trace:", TOK_CALL_TRACE },
	{ "<TASK>", TOK_TASK },
	{ "</TASK>", TOK_TASK_END },
	{ "Showing all locks held in the system:", TOK_ALL_LOCKS },
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

static enum token_type lock_type(struct str s, struct token *tok)
{
	if (entry_line(s, tok))
		return TOK_ENTRY;
	if (path_lock_line(s, tok))
		return TOK_PATH_LOCK;
	if (held_lock_line(s, tok))
		return TOK_HELD_LOCK;
	if (lock_line(s, tok))
		return TOK_LOCK;
	if (key_lock_line(s, tok))
		return TOK_KEY_LOCK;
	return name_line(s, tok);
}

static enum token_type task_type(struct str s, struct token *tok)
{
	if (held_line(s, tok))
		return TOK_HELD;
	if (about_line(s, tok) || about_name_line(s, tok))
		return TOK_ABOUT;
	if (str_ends(s, STR(":")) && comm_pid(str_head(s, s.n - 1), tok))
		return TOK_TASK_COLON;
	if (cpu_line(s, tok))
		return TOK_CPU;
	return ip_line(s, tok) ? TOK_IP : TOK_OTHER;
}

static enum token_type type_of(struct str s, struct token *tok)
{
	enum token_type type = fixed_line(s);

	if (type != TOK_OTHER)
		return type;
	/* Up to 4.8: "...  [<ffffffff810c5e2a>] lock_acquire+0xb5/0x1a0" */
	if (frame_parse(str_starts(s, STR("...  [")) ? str_skip(s, 5) : s,
			&tok->frame))
		return TOK_FRAME;
	tok->kind = kind_of_title(s);
	if (tok->kind != KIND_NONE)
		return TOK_TITLE;
	type = lock_type(s, tok);
	if (type != TOK_OTHER)
		return type;
	if (take_line(s, tok))
		return TOK_TAKE;
	type = task_type(s, tok);
	if (type != TOK_OTHER)
		return type;
	if (usage_line(s, tok))
		return TOK_USAGE;
	if (str_starts(s, STR("---[ end ")))
		return TOK_END_MARK;
	return str_find(s, STR(" --> ")) > 0 ? TOK_ARROWS : TOK_OTHER;
}

void token_parse(struct str text, struct token *tok)
{
	memset(tok, 0, sizeof(*tok));
	tok->kind = KIND_NONE;
	tok->type = type_of(text, tok);
}
