// SPDX-License-Identifier: GPL-2.0-only
/*
 * One report, built line by line, see build.h. Each line must be one that its
 * kind's grammar allows behind the line before, else the report is damaged; it
 * is read on all the same, for what else it tells.
 */
#include <stdio.h>

#include "build.h"
#include "grammar.h"
#include "lockdep/report/signature.h"
#include "store.h"

/* Lines without any that belongs here, after which a report is given up. */
#define STRAY_MAX	200
/* ... of an oops: it may print the stacks of all CPUs. */
#define OTHER_MAX	2000

/* rlock() and sync() are told from lock() since 6.3. */
static bool tells_modes(const struct report *r)
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
	return tells_modes(r) ? "write" : NULL;
}

/*
 * A line of the table CPU0/CPU1. Only a circular report tells modes, and only
 * of what CPU0 takes: the held lock first and the new one last.
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

/* The two locks of an interrupt's scenario are those of the report. */
static void irq_take_line(struct report_builder *b, const struct token *tok,
			  bool safe)
{
	struct report *r = &b->r;
	bool first = r->kind == KIND_IRQ_UNSAFE_ORDER ? safe :
						safe == b->path.backwards;
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

	/* "Not tainted 7.3.4 #3" of a hung task */
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

/* The last of the list is the lock that was to be acquired. */
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
	if (b->r.nr_chain && (!b->path.part || b->path.taking))
		store_frame(b, &tok->frame);
}

static void store_line(struct report_builder *b, const struct build_line *l,
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
		b->path.backwards = act == ACT_BACKWARDS;
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
		path_line(b, act, tok);
		break;
	}
}

/* A line that can stand at one place only: find it again behind a loss. */
static bool is_anchor(const struct slot *s)
{
	if (s->text)
		return s->text[0] != '*' || s->text[1];
	return s->type == TOK_BACKTRACE || s->type == TOK_HELD ||
	       s->type == TOK_ABOUT || s->type == TOK_CPUS ||
	       s->type == TOK_CPU || s->type == TOK_CALL_TRACE;
}

/* A slot for any line, as a lock's name is, is none for a line in doubt. */
static bool fits(const struct slot *s, const struct build_line *l)
{
	if (l->doubtful && s->text && !strcmp(s->text, "*"))
		return false;
	return slot_is(s, l->text, &l->tok);
}

/* The slot of @l, or -1; *@lost if one was passed over that must not be. */
static int find_slot(const struct report_builder *b,
		     const struct build_line *l, bool *lost)
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

/* Lines that tools add, or take away, without harm. */
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

/* lockdep prints a line in pieces: more than these are none of one line. */
#define HALVES_MAX	8

/* Put @text behind what is kept of the line, with @gap between. False: no room. */
static bool join(struct report_builder *b, struct str gap, struct str text,
		 struct build_line *out)
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
 * The pieces of a line become lines when another CPU prints in between; who
 * printed them is known where lines have a caller id. @joined is what they are
 * together, if that is the line that must come here.
 */
static int find_joined(struct report_builder *b, const struct build_line *l,
		       struct build_line *joined)
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

/* No line by itself: keep it for the next, if that may be its other half. */
static void keep_half(struct report_builder *b, const struct build_line *l)
{
	struct build_line unused = *l;

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

static enum build_result slot_line(struct report_builder *b,
				   const struct build_line *l, unsigned int i)
{
	enum slot_act act = grammar_of(b->r.kind).slots[i].act;

	if (i != b->slot && !is_of_list(act))
		b->damaged |= b->held_locks;
	b->slot = i;
	b->stray = 0;
	b->r.last_line = l->line;
	store_line(b, l, act);
	return is_last(b) && act == ACT_HELD_LOCK && !b->held_locks ?
	       BUILD_DONE : BUILD_GOES_ON;
}

static enum build_result grammar_line(struct report_builder *b,
				      const struct build_line *l)
{
	struct grammar g = grammar_of(b->r.kind);
	struct build_line joined;
	bool lost;
	int i;

	if (is_filling(&l->tok))
		return BUILD_GOES_ON;
	i = find_joined(b, l, &joined);
	if (i >= 0) {
		b->half_len = b->halves = 0;
		return slot_line(b, &joined, i);
	}
	i = find_slot(b, l, &lost);
	if (i < 0 || (g.slots[i].act == ACT_HELD_LOCK && !b->held_locks)) {
		keep_half(b, l);
		return BUILD_GOES_ON;
	}
	/* What was kept was no half of a line, and does not belong here. */
	b->damaged |= lost || b->half_len;
	b->half_len = b->halves = 0;
	return slot_line(b, l, i);
}

/* What follows the backtrace: nothing, or another part of the report. */
static enum build_result after_trace(struct report_builder *b,
				     const struct build_line *l,
				     enum build_result res)
{
	if (b->r.kind == KIND_HUNG_TASK)
		return BUILD_PARK;
	if (b->r.kind == KIND_OTHER || is_last(b))
		return res;
	return res == BUILD_DONE ? BUILD_GOES_ON : grammar_line(b, l);
}

enum build_result build_line(struct report_builder *b,
			     const struct build_line *l)
{
	enum build_result res;

	if (++b->stray > STRAY_MAX ||
	    l->line - b->r.first_line > (b->r.kind == KIND_OTHER ? OTHER_MAX :
					 UINT32_MAX))
		return BUILD_GIVE_UP;
	/* No kernel prints a NUL. */
	if (!l->doubtful && l->text.n && memchr(l->text.p, 0, l->text.n))
		b->damaged = true;
	if (!b->trace && b->r.kind != KIND_OTHER)
		return grammar_line(b, l);
	res = backtrace_line(b, l);
	if (res != BUILD_WAS_DONE && (!b->stray || res == BUILD_DONE))
		b->r.last_line = l->line;
	return res == BUILD_GOES_ON ? res : after_trace(b, l, res);
}

bool build_takes(const struct report_builder *b, const struct build_line *l)
{
	bool lost;

	if (b->r.kind == KIND_OTHER || b->trace || !grammar_of(b->r.kind).nr)
		return false;
	return find_slot(b, l, &lost) > 0 && !lost;
}

enum build_result build_list_line(struct report_builder *b,
				  const struct build_line *l)
{
	switch (l->tok.type) {
	case TOK_ALL_LOCKS:
		b->listing = true;
		break;
	case TOK_HELD:
		b->damaged |= b->held_locks;
		b->held_locks = 0;
		if (!b->listing || (long)l->tok.pid != b->r.pid)
			return BUILD_GOES_ON;
		b->held_locks = l->tok.num;
		break;
	case TOK_HELD_LOCK:
		if (!b->held_locks || l->tok.is_inline)
			return BUILD_GOES_ON;
		store_held(b, &l->tok);
		break;
	case TOK_DOUBLE_RULE:
		if (!b->listing)
			return BUILD_GOES_ON;
		b->damaged |= b->held_locks;
		b->listed = true;
		return BUILD_DONE;
	default:
		return ++b->stray > STRAY_MAX ? BUILD_GIVE_UP : BUILD_GOES_ON;
	}
	b->stray = 0;
	b->r.last_line = l->line;
	return BUILD_GOES_ON;
}
