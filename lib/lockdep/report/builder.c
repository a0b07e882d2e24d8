// SPDX-License-Identifier: GPL-2.0-only
/*
 * Build one report line by line, see builder.h. The grammar of its kind must
 * allow each line after the line before, else the report is marked as damaged;
 * the lines after that are read as well, for what they still say.
 */
#include <stdio.h>

#include "builder.h"
#include "grammar.h"
#include "lockdep/report/signature.h"
#include "store.h"

/* A report is given up after so many lines that do not belong to it. */
#define STRAY_MAX	200
/*
 * ... of KIND_OTHER, after so many lines: an oops can print all CPUs' stacks.
 */
#define OTHER_MAX	2000

/* "comm/pid" or "comm:pid" */
static void store_comm_pid(struct report_builder *b, struct str s, char sep)
{
	ptrdiff_t at = str_rfind(s, (struct str){ &sep, 1 });
	struct str pid = str_skip(s, at + 1);
	uint64_t num;

	if (at < 1 || !str_take_u64(&pid, &num) || pid.n)
		return;
	b->r.comm = store_text(b, str_head(s, at));
	b->r.pid = num;
}

static void task_of_title(struct report_builder *b, struct str s)
{
	static const struct str held = STR(" still has locks held!");
	ptrdiff_t at = str_rfind(s, STR(", CPU#"));

	if (b->r.kind == KIND_HUNG_TASK) {
		at = kind_hung_task_end(s);
		store_comm_pid(b, str_skip(str_head(s, at),
					   strlen("INFO: task ")), ':');
	} else if (b->r.kind == KIND_OTHER && at > 0) {
		s = str_skip(s, at + strlen(", CPU#"));
		store_comm_pid(b, str_ltrim(str_skip(s, str_digits(s) + 1)),
			       '/');
	} else if (b->r.kind == KIND_HELD_AT_EXIT) {
		s = kind_bare_title(s);
		s.n -= held.n;
		store_comm_pid(b, str_skip(s, str_find(s, STR(": ")) + 2), '/');
	}
}

void builder_begin(struct report_builder *b, enum report_kind kind,
		   struct str text, uint64_t line)
{
	struct report *r = &b->r;

	/* Skip the strings: they are long and need no clearing. */
	memset(b, 0, offsetof(struct report_builder, r.text));
	memset(&b->slot, 0, sizeof(*b) - offsetof(struct report_builder, slot));
	b->open = true;
	r->kind = kind;
	r->pid = -1;
	b->irq_path.lock = "?";
	r->printed = store_text(b, kind_bare_title(text));
	r->title = r->printed;
	r->first_line = r->last_line = line;
	r->crash = kind == KIND_OTHER && kind_is_crash(text);
	task_of_title(b, text);
	if (kind == KIND_OTHER)
		backtrace_other(b, text);
}

/* Since 6.3 rlock() and sync() are printed apart from lock(). */
static bool has_modes(const struct report *r)
{
	unsigned int major = 0, minor = 0;

	if (!r->release || sscanf(r->release, "%u.%u", &major, &minor) != 2)
		return false;
	return major > 6 || (major == 6 && minor >= 3);
}

static const char *mode_of(const struct report *r, struct str how)
{
	if (str_eq(how, STR("rlock")))
		return "read";
	if (str_eq(how, STR("sync")))
		return "sync";
	return has_modes(r) ? "write" : NULL;
}

/*
 * A line of the table CPU0/CPU1. Only a circular report has modes, and only for
 * the locks of CPU0: the held lock first and the new one last.
 */
static void take_line(struct report_builder *b, const struct token *tok,
		      bool held)
{
	struct report *r = &b->r;
	struct report_lock *lock = held ? &r->holding[0] : &r->acquiring;

	b->takes++;
	if (!lock->name || !str_eq(str_of(lock->name), tok->name))
		b->damaged = true;
	else if (r->kind == KIND_CIRCULAR)
		lock->mode = mode_of(r, tok->how);
}

/* The two locks of an interrupt scenario must be those of the report. */
static void irq_take_line(struct report_builder *b, const struct token *tok,
			  bool safe)
{
	struct report *r = &b->r;
	bool first = r->kind == KIND_IRQ_UNSAFE_ORDER ? safe :
						safe == b->irq_path.backwards;
	const char *name;

	if (r->kind == KIND_IRQ_UNSAFE_ORDER || first)
		name = b->other[first ? 0 : 1];
	else
		name = r->acquiring.name;
	if (!name || !lock_names(name, store_text(b, tok->name)))
		b->damaged = true;
}

static void entry_line(struct report_builder *b, const struct token *tok)
{
	struct report *r = &b->r;

	if (r->nr_chain && tok->num + 1 != b->depth)
		b->damaged = true;
	store_entry(b, tok->name);
	b->depth = tok->num;
}

static void ident_line(struct report_builder *b, struct str s)
{
	size_t n = 0;

	/* A hung task: "Not tainted 7.3.4 #3" */
	if (!is_digit(s.p[0])) {
		ptrdiff_t end = str_find(s, STR(" #"));

		s = str_head(s, end < 0 ? s.n : (size_t)end);
		s = str_skip(s, str_rfind(s, STR(" ")) + 1);
	}
	while (n < s.n && !is_blank(s.p[n]))
		n++;
	b->r.release = store_text(b, str_head(s, n));
}

static void held_line(struct report_builder *b, const struct token *tok)
{
	store_task(b, tok);
	if (b->r.pid != (long)tok->pid)
		b->damaged = true;
	b->held_locks = tok->num;
}

static void depth_line(struct report_builder *b, struct str s)
{
	b->damaged |= b->held_locks;
	str_take(&s, STR("depth: "));
	if (!str_take_u64(&s, &b->held_locks))
		b->damaged = true;
}

/* The last of the list is the lock to be acquired. */
static void key_lock_line(struct report_builder *b, const struct token *tok,
			  bool held)
{
	if (!b->held_locks || held != (tok->at.n > 0)) {
		b->damaged = true;
		return;
	}
	b->held_locks--;
	if (held && b->held_locks)
		store_holding(b, tok);
	else if (held)
		store_lock(b, tok, &b->r.acquiring);
}

static void registered(struct report_builder *b)
{
	if (b->r.acquiring.name)
		store_entry(b, str_of(b->r.acquiring.name));
	else
		b->damaged = true;
}

static void other_name(struct report_builder *b, struct str name)
{
	b->other[b->other[0] ? 1 : 0] = store_text(b, name);
}

static void became(struct report_builder *b)
{
	const char *name = b->other[b->other[1] ? 1 : 0];

	store_entry(b, name ? str_of(name) : STR("?"));
}

static void frame_line(struct report_builder *b, const struct token *tok)
{
	if (b->r.nr_chain && (!b->irq_path.part || b->irq_path.taking))
		store_frame(b, &tok->frame);
}

static void store_line(struct report_builder *b, const struct report_line *l,
		       enum slot_act act)
{
	const struct token *tok = &l->tok;
	struct report *r = &b->r;

	switch (act) {
	case ACT_IDENT:
		ident_line(b, l->text);
		break;
	case ACT_TASK:
		store_task(b, tok);
		break;
	case ACT_ABOUT_NAME:
		store_task(b, tok);
		store_lock(b, tok, &r->acquiring);
		break;
	case ACT_ABOUT_AT:
		r->acquiring.at = store_text(b, tok->frame.func);
		break;
	case ACT_ACQUIRING:
		store_lock(b, tok, &r->acquiring);
		break;
	case ACT_HOLDING:
		store_holding(b, tok);
		break;
	case ACT_ENTRY:
		entry_line(b, tok);
		break;
	case ACT_FRAME:
		frame_line(b, tok);
		break;
	case ACT_TAKE_HELD:
	case ACT_TAKE_NEW:
		take_line(b, tok, act == ACT_TAKE_HELD);
		break;
	case ACT_TAKE_SAFE:
	case ACT_TAKE_UNSAFE:
		irq_take_line(b, tok, act == ACT_TAKE_SAFE);
		break;
	case ACT_OTHER_NAME:
		other_name(b, tok->name);
		break;
	case ACT_FORWARDS:
	case ACT_BACKWARDS:
		b->irq_path.backwards = act == ACT_BACKWARDS;
		b->takes = 1;
		break;
	case ACT_REGISTERED:
		registered(b);
		break;
	case ACT_BECAME:
		became(b);
		break;
	case ACT_KEYS_DEPTH:
		depth_line(b, l->text);
		break;
	case ACT_KEYS_HELD:
	case ACT_KEYS_CACHED:
		key_lock_line(b, tok, act == ACT_KEYS_HELD);
		break;
	case ACT_HELD:
		held_line(b, tok);
		break;
	case ACT_HELD_LOCK:
		store_held(b, tok);
		break;
	case ACT_TRACE:
	case ACT_TRACE_CPU:
	case ACT_TRACE_CALL:
		backtrace_begin(b, tok);
		break;
	default:
		irq_path_line(b, act, tok);
		break;
	}
}

/* A line that has only one place: continue from there after a lost line. */
static bool is_anchor(const struct slot *s)
{
	if (s->text)
		return s->text[0] != '*' || s->text[1];
	return s->type == TOK_BACKTRACE || s->type == TOK_HELD ||
	       s->type == TOK_ABOUT || s->type == TOK_CPUS ||
	       s->type == TOK_CPU || s->type == TOK_CALL_TRACE;
}

/* A doubtful line does not match a slot for any text. */
static bool fits(const struct slot *s, const struct report_line *l)
{
	if (l->doubtful && s->text && !strcmp(s->text, "*"))
		return false;
	return slot_is(s, l->text, &l->tok);
}

/* The slot of @l, or -1; *@lost if a slot was skipped that is not optional. */
static int find_slot(const struct report_builder *b,
		     const struct report_line *l, bool *lost)
{
	struct grammar g = grammar_of(b->r.kind);
	const struct slot *s = g.slots + b->slot;
	unsigned int i = b->slot + 1;

	*lost = false;
	if (s->many && fits(s, l))
		return b->slot;
	if (s->back && fits(s - s->back, l))
		return b->slot - s->back;
	while (i < g.nr) {
		s = g.slots + i;
		if (fits(s, l) && (!*lost || is_anchor(s)))
			return i;
		if (!*lost && s->opt) {
			i += s->opt;
			continue;
		}
		*lost = true;
		i++;
	}
	return -1;
}

/* Lines that tools add or remove: ignored. */
static bool is_filling(const struct token *tok)
{
	return tok->type == TOK_BLANK || tok->type == TOK_DOUBLE_RULE ||
	       (tok->is_inline && (tok->type == TOK_LOCK ||
				   tok->type == TOK_HELD_LOCK)) ||
	       (tok->type == TOK_FRAME && tok->frame.is_inline);
}

static bool is_last(const struct report_builder *b)
{
	struct grammar g = grammar_of(b->r.kind);

	return b->slot + 1 == g.nr;
}

/* lockdep prints some lines in pieces, none in more than these. */
#define HALVES_MAX	8

/* Append @gap and @text to the kept half. False if there is no room. */
static bool join(struct report_builder *b, struct str gap, struct str text,
		 struct report_line *out)
{
	size_t n = b->half_len + gap.n + text.n;

	if (n > sizeof(b->half))
		return false;
	memcpy(b->half + b->half_len, gap.p, gap.n);
	memcpy(b->half + b->half_len + gap.n, text.p, text.n);
	out->text = (struct str){ b->half, n };
	token_parse(out->text, &out->tok);
	return true;
}

/*
 * The pieces of a line become lines of their own when another CPU prints in
 * between; with caller ids it is known who printed them. Join them to @joined
 * and return its slot, if that line belongs here.
 */
static int find_joined(struct report_builder *b, const struct report_line *l,
		       struct report_line *joined)
{
	static const struct str gaps[] = { STR(""), STR(" ") };
	bool lost;
	size_t i;
	int slot;

	*joined = *l;
	for (i = 0; b->half_len && i < 2; i++) {
		if (!join(b, gaps[i], l->text, joined))
			continue;
		slot = find_slot(b, joined, &lost);
		if (slot >= 0 && !lost)
			return slot;
	}
	return -1;
}

/* Fits nowhere alone: keep it, as the next line can be its other half. */
static void keep_half(struct report_builder *b, const struct report_line *l)
{
	struct report_line unused = *l;

	if (l->doubtful)
		return;
	if (!b->caller[0] || ++b->halves > HALVES_MAX ||
	    !join(b, STR(""), l->text, &unused))
		b->damaged = true;
	else
		b->half_len += l->text.n;
}

static bool is_of_list(enum slot_act act)
{
	return act == ACT_HELD_LOCK || act == ACT_KEYS_HELD ||
	       act == ACT_KEYS_CACHED;
}

static enum builder_result slot_line(struct report_builder *b,
				     const struct report_line *l,
				     unsigned int i)
{
	enum slot_act act = grammar_of(b->r.kind).slots[i].act;

	if (i != b->slot && !is_of_list(act))
		b->damaged |= b->held_locks;
	b->slot = i;
	b->stray = 0;
	b->r.last_line = l->line;
	store_line(b, l, act);
	return is_last(b) && act == ACT_HELD_LOCK && !b->held_locks ?
	       BUILDER_DONE : BUILDER_CONTINUES;
}

static enum builder_result grammar_line(struct report_builder *b,
					const struct report_line *l)
{
	struct grammar g = grammar_of(b->r.kind);
	struct report_line joined;
	bool lost;
	int i;

	if (is_filling(&l->tok))
		return BUILDER_CONTINUES;
	i = find_joined(b, l, &joined);
	if (i >= 0) {
		b->half_len = b->halves = 0;
		return slot_line(b, &joined, i);
	}
	i = find_slot(b, l, &lost);
	if (i < 0 || (g.slots[i].act == ACT_HELD_LOCK && !b->held_locks)) {
		keep_half(b, l);
		return BUILDER_CONTINUES;
	}
	/* The kept line was no half, and does not belong here. */
	b->damaged |= lost || b->half_len;
	b->half_len = b->halves = 0;
	return slot_line(b, l, i);
}

/* After the backtrace comes nothing, or another part of the report. */
static enum builder_result after_trace(struct report_builder *b,
				       const struct report_line *l,
				       enum builder_result res)
{
	if (b->r.kind == KIND_HUNG_TASK)
		return BUILDER_PARKS;
	if (b->r.kind == KIND_OTHER || is_last(b))
		return res;
	return res == BUILDER_DONE ? BUILDER_CONTINUES : grammar_line(b, l);
}

enum builder_result builder_line(struct report_builder *b,
				 const struct report_line *l)
{
	enum builder_result res;

	if (++b->stray > STRAY_MAX ||
	    l->line - b->r.first_line > (b->r.kind == KIND_OTHER ? OTHER_MAX :
					 UINT32_MAX))
		return BUILDER_GIVES_UP;
	/* Kernels never print a NUL. */
	if (!l->doubtful && l->text.n && memchr(l->text.p, 0, l->text.n))
		b->damaged = true;
	if (!b->trace && b->r.kind != KIND_OTHER)
		return grammar_line(b, l);
	res = backtrace_line(b, l);
	if (res != BUILDER_WAS_DONE && (!b->stray || res == BUILDER_DONE))
		b->r.last_line = l->line;
	return res == BUILDER_CONTINUES ? res : after_trace(b, l, res);
}

bool builder_accepts(const struct report_builder *b,
		     const struct report_line *l)
{
	bool lost;

	if (b->r.kind == KIND_OTHER || b->trace || !grammar_of(b->r.kind).nr)
		return false;
	return find_slot(b, l, &lost) > 0 && !lost;
}

enum builder_result builder_list_line(struct report_builder *b,
				      const struct report_line *l)
{
	switch (l->tok.type) {
	case TOK_ALL_LOCKS:
		b->listing = true;
		break;
	case TOK_HELD:
		b->damaged |= b->held_locks;
		b->held_locks = 0;
		if (!b->listing || (long)l->tok.pid != b->r.pid)
			return BUILDER_CONTINUES;
		b->held_locks = l->tok.num;
		break;
	case TOK_HELD_LOCK:
		if (!b->held_locks || l->tok.is_inline)
			return BUILDER_CONTINUES;
		store_held(b, &l->tok);
		break;
	case TOK_DOUBLE_RULE:
		if (!b->listing)
			return BUILDER_CONTINUES;
		b->damaged |= b->held_locks;
		b->listed = true;
		return BUILDER_DONE;
	default:
		return ++b->stray > STRAY_MAX ? BUILDER_GIVES_UP :
						BUILDER_CONTINUES;
	}
	b->stray = 0;
	b->r.last_line = l->line;
	return BUILDER_CONTINUES;
}
