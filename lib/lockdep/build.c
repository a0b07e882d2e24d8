// SPDX-License-Identifier: GPL-2.0-only
/*
 * One report, built line by line, see build.h.
 *
 * A circular report is read strictly: each line must be the one that lockdep
 * prints there, or the report is damaged. Of the other kinds only their frame
 * and the lock lines are read, and lines between them are passed over.
 */
#include <stdio.h>

#include "lockdep/build.h"
#include "lockdep/signature.h"
#include "lockdep/store.h"

/* Lines without any that belongs here, after which a report is given up. */
#define STRAY_MAX	200

/* In the order of the report. Numbers are compared. */
enum step {
	AT_TITLE,
	AT_IDENT,
	AT_RULE,
	AT_ABOUT,
	AT_ACQUIRING,
	AT_ALREADY,
	AT_HOLDING,
	AT_DEPENDS,
	AT_CHAIN,
	AT_ENTRY,
	AT_OTHER_INFO,
	AT_CHAIN_EXISTS,
	AT_ARROWS,
	AT_SCENARIO,
	AT_CPUS,
	AT_CPU_RULES,
	AT_TAKE1,
	AT_TAKE4 = AT_TAKE1 + 3,
	AT_DEADLOCK,
	AT_HELD,
	AT_BACKTRACE,
	AT_CPU,
	AT_CALL_TRACE,
};

/* "7.3.4 #3 Not tainted" */
static bool ident_line(struct report_builder *b, struct str text)
{
	size_t n = 0;

	if (b->step != AT_TITLE || !text.n || !is_digit(text.p[0]))
		return false;
	while (n < text.n && !is_blank(text.p[n]))
		n++;
	b->r.release = store_text(b, str_head(text, n));
	b->ident = true;
	return true;
}

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

/* Is @printed the lock @name, maybe with text of the class's own behind it? */
static bool names_lock(const char *printed, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(printed, name, n) && !memchr("/#", printed[n], 2) &&
	       !is_digit(printed[n]);
}

/*
 * CPU0 takes the held lock first and the new one last; what CPU1 takes is said
 * without its mode.
 */
static void take_line(struct report_builder *b, const struct token *tok)
{
	struct report *r = &b->r;
	struct report_lock *lock;

	b->takes++;
	if (b->takes != 1 && b->takes != 4)
		return;
	lock = b->takes == 1 ? &r->holding[0] : &r->acquiring;
	if (lock->name && str_eq(str_of(lock->name), tok->name))
		lock->mode = mode_of(r, tok->how);
	else
		b->damaged = true;
}

static void first_func(char *dst, size_t size, struct str func)
{
	if (!dst[0] && !func_is_helper(func)) {
		func = func_base(func);
		snprintf(dst, size, "%.*s", (int)func.n, func.p);
	}
}

static bool is_entry_point(struct str f)
{
	return str_starts(f, STR("entry_")) || str_starts(f, STR("asm_")) ||
	       str_starts(f, STR("ret_from_fork")) ||
	       str_starts(f, STR("el0")) || str_starts(f, STR("system_call"));
}

static void trace_frame(struct report_builder *b, const struct frame *f)
{
	if (f->is_inline)
		return;
	b->trace_frames++;
	b->entry_point = is_entry_point(f->func);
	first_func(b->trace_maybe, sizeof(b->trace_maybe), f->func);
	if (f->maybe)
		return;
	first_func(b->trace_func, sizeof(b->trace_func), f->func);
	if (b->r.kind == KIND_RECURSIVE && b->r.nr_chain)
		store_frame(b, f);
}

/* The step that @tok belongs to, or -1 if to none of a circular report. */
static int step_of(const struct report_builder *b, const struct token *tok)
{
	switch (tok->type) {
	case TOK_RULE:			return AT_RULE;
	case TOK_ABOUT:			return AT_ABOUT;
	case TOK_LOCK:			return b->step < AT_ALREADY ?
					       AT_ACQUIRING : AT_HOLDING;
	case TOK_ALREADY_HOLDING:	return AT_ALREADY;
	case TOK_DEPENDS:		return AT_DEPENDS;
	case TOK_CHAIN:			return AT_CHAIN;
	case TOK_ENTRY:			return AT_ENTRY;
	case TOK_OTHER_INFO:		return AT_OTHER_INFO;
	case TOK_CHAIN_EXISTS:		return AT_CHAIN_EXISTS;
	case TOK_ARROWS:		return AT_ARROWS;
	case TOK_SCENARIO:		return AT_SCENARIO;
	case TOK_CPUS:			return AT_CPUS;
	case TOK_CPU_RULES:		return AT_CPU_RULES;
	case TOK_TAKE:			return AT_TAKE1 + b->takes;
	case TOK_DEADLOCK:		return AT_DEADLOCK;
	case TOK_HELD:
	case TOK_HELD_LOCK:		return AT_HELD;
	case TOK_BACKTRACE:		return AT_BACKTRACE;
	case TOK_CPU:			return AT_CPU;
	case TOK_CALL_TRACE:		return AT_CALL_TRACE;
	case TOK_FRAME:			return b->step;
	default:			return -1;
	}
}

/* May @step come now? */
static bool step_fits(const struct report_builder *b, int step,
		      const struct token *tok)
{
	switch (tok->type) {
	case TOK_FRAME:
		return b->step == AT_ENTRY;
	case TOK_LOCK:
		return step == b->step + 1 ||
		       (step == b->step && b->inline_lock);
	case TOK_ENTRY:
		return b->step == AT_CHAIN ||
		       (b->step == AT_ENTRY && tok->num + 1 == b->depth &&
			b->r.nr_chain && b->r.chain[b->r.nr_chain - 1].nr_frames);
	case TOK_SCENARIO:
		return b->step == (b->r.nr_chain > 2 ? AT_ARROWS :
						       AT_OTHER_INFO);
	case TOK_HELD_LOCK:
		return b->step == AT_HELD && b->held_locks;
	default:
		/* After a symbolizer's lock line the kernel's own must come. */
		return step == b->step + 1 && !b->inline_lock;
	}
}

static void store(struct report_builder *b, const struct token *tok, int step)
{
	struct report *r = &b->r;

	switch (tok->type) {
	case TOK_ABOUT:
		store_task(b, tok);
		break;
	case TOK_LOCK:
		b->inline_lock = tok->is_inline;
		if (step == AT_ACQUIRING) {
			store_lock(b, tok, &r->acquiring);
		} else {
			r->nr_holding = 0;
			store_holding(b, tok);
		}
		break;
	case TOK_ENTRY:
		store_entry(b, tok->name);
		b->depth = tok->num;
		break;
	case TOK_FRAME:
		if (r->nr_chain)
			store_frame(b, &tok->frame);
		break;
	case TOK_TAKE:
		take_line(b, tok);
		break;
	case TOK_HELD:
		b->held_locks = tok->num;
		break;
	case TOK_HELD_LOCK:
		store_held(b, tok);
		break;
	case TOK_BACKTRACE:
		b->backtrace = true;
		break;
	default:
		break;
	}
}

/* Lines up to the backtrace of a circular report. */
static void strict_line(struct report_builder *b, const struct token *tok)
{
	int step = step_of(b, tok);

	/* A symbolizer's line, repeated by the kernel's own. */
	if (tok->type == TOK_HELD_LOCK && tok->is_inline)
		return;
	if (step < 0 || !step_fits(b, step, tok))
		b->damaged = true;
	/* Never go back, nor take what belongs to another place. */
	if (step < b->step || (tok->type == TOK_FRAME && step != AT_ENTRY) ||
	    (tok->type == TOK_HELD_LOCK && !b->held_locks))
		return;
	store(b, tok, step);
	b->step = step;
}

/* The frame of any other report with a body. */
static void loose_line(struct report_builder *b, const struct token *tok)
{
	struct report *r = &b->r;

	switch (tok->type) {
	case TOK_LOCK:
		if (b->step == AT_ABOUT)
			store_lock(b, tok, &r->acquiring);
		else if (b->step == AT_ALREADY)
			store_holding(b, tok);
		else
			return;
		b->step = tok->is_inline ? b->step : AT_DEPENDS;
		return;
	case TOK_ABOUT:
	case TOK_ALREADY_HOLDING:
		b->step = step_of(b, tok);
		break;
	case TOK_HELD:
	case TOK_BACKTRACE:
	case TOK_CPU:
	case TOK_CALL_TRACE:
		if (step_of(b, tok) > b->step)
			b->step = step_of(b, tok);
		break;
	case TOK_HELD_LOCK:
		if (b->step != AT_HELD || !b->held_locks || tok->is_inline)
			return;
		break;
	default:
		return;
	}
	store(b, tok, b->step);
}

static void start_trace(struct report_builder *b)
{
	if (b->r.kind == KIND_RECURSIVE && b->r.acquiring.name)
		store_entry(b, str_of(b->r.acquiring.name));
}

/* From "stack backtrace:" on. Registers and code stand here, too. */
static enum build_result trace_line(struct report_builder *b,
				    const struct token *tok)
{
	switch (tok->type) {
	case TOK_CPU:
		if (b->step != AT_BACKTRACE)
			b->damaged = true;
		store_task(b, tok);
		b->step = AT_CPU;
		break;
	case TOK_CALL_TRACE:
		if (b->step != AT_CPU)
			b->damaged = true;
		else
			start_trace(b);
		b->step = AT_CALL_TRACE;
		break;
	case TOK_TASK:
		b->task = true;
		break;
	case TOK_TASK_END:
		b->damaged |= !b->task;
		b->ended = true;
		return BUILD_DONE;
	case TOK_FRAME:
		if (b->step == AT_CALL_TRACE)
			trace_frame(b, &tok->frame);
		else
			b->damaged = true;
		break;
	case TOK_STACK_MARK:
	case TOK_BLANK:
		break;
	default:
		/* Kernels before 5.16 mark no end: it is where frames end. */
		if (!b->trace_frames || b->task)
			return BUILD_GOES_ON;
		b->ended = true;
		return BUILD_WAS_DONE;
	}
	b->stray = 0;
	return BUILD_GOES_ON;
}

enum build_result build_line(struct report_builder *b, struct str text,
			     const struct token *tok, uint64_t line)
{
	enum build_result res;

	if (++b->stray > STRAY_MAX)
		return BUILD_GIVE_UP;
	if (b->step >= AT_BACKTRACE) {
		res = trace_line(b, tok);
		if (res != BUILD_WAS_DONE && b->stray == 0)
			b->r.last_line = line;
		if (res == BUILD_DONE)
			b->r.last_line = line;
		return res;
	}
	if (tok->type == TOK_BLANK || tok->type == TOK_DOUBLE_RULE)
		return BUILD_GOES_ON;
	if (ident_line(b, text))
		b->step = AT_IDENT;
	else if (b->r.kind == KIND_CIRCULAR)
		strict_line(b, tok);
	else
		loose_line(b, tok);
	if (tok->type != TOK_OTHER || b->step == AT_IDENT) {
		b->stray = 0;
		b->r.last_line = line;
	}
	return BUILD_GOES_ON;
}

/* "INFO: task comm:pid blocked ...", "WARNING: ..., CPU#n: comm/pid" */
static void task_of_title(struct report_builder *b, struct str s)
{
	ptrdiff_t at = str_rfind(s, STR(", CPU#"));
	struct str pid;
	uint64_t num;

	if (b->r.kind == KIND_HUNG_TASK) {
		at = kind_hung_task_end(s);
		s = str_skip(str_head(s, at), strlen("INFO: task "));
		at = str_rfind(s, STR(":"));
	} else if (b->r.kind == KIND_OTHER && at > 0) {
		s = str_skip(s, at + strlen(", CPU#"));
		s = str_ltrim(str_skip(s, str_digits(s) + 1));
		at = str_rfind(s, STR("/"));
	} else {
		return;
	}
	pid = str_skip(s, at + 1);
	if (at < 1 || !str_take_u64(&pid, &num) || pid.n)
		return;
	b->r.comm = store_text(b, str_head(s, at));
	b->r.pid = num;
}

void build_open(struct report_builder *b, enum report_kind kind,
		struct str text, uint64_t line)
{
	struct report *r = &b->r;

	/* Not all of it: the strings are long, and need no clearing. */
	memset(b, 0, offsetof(struct report_builder, r.text));
	memset(&b->step, 0, sizeof(*b) - offsetof(struct report_builder, step));
	b->open = true;
	r->kind = kind;
	r->pid = -1;
	r->title = store_text(b, kind_bare_title(text));
	r->first_line = r->last_line = line;
	r->crash = kind == KIND_OTHER && kind_is_crash(text);
	task_of_title(b, text);
}

static bool circular_is_whole(const struct report_builder *b)
{
	const struct report *r = &b->r;
	const char *trace = b->trace_func[0] ? b->trace_func : b->trace_maybe;
	unsigned int i;

	if (!r->acquiring.name || !r->nr_holding || r->nr_chain < 2 ||
	    b->depth || b->takes != 4 || b->held_locks)
		return false;
	/* #0 is the lock to be acquired, #N the one held. */
	if (!names_lock(r->acquiring.name, r->chain[r->nr_chain - 1].name) ||
	    !names_lock(r->holding[0].name, r->chain[0].name))
		return false;
	for (i = 0; i < r->nr_chain; i++)
		if (!r->chain[i].nr_frames)
			return false;
	/* #0 and the backtrace are the same stack. */
	return !strcmp(r->chain[r->nr_chain - 1].func, trace);
}

static bool is_whole(const struct report_builder *b)
{
	const struct report *r = &b->r;

	if (!kind_has_body(r->kind))
		return !b->damaged;
	/* Without an end mark, a trace that reaches the entry code is whole. */
	if (!b->ended && (b->task || !b->entry_point))
		return false;
	if (b->damaged || !b->ident || !b->backtrace || !b->trace_frames)
		return false;
	if (r->kind == KIND_CIRCULAR)
		return circular_is_whole(b);
	if (r->kind == KIND_RECURSIVE)
		return r->acquiring.name && r->nr_holding;
	return true;
}

/* The one-line form that users of syzkaller know. */
static void make_title(struct report_builder *b)
{
	struct report *r = &b->r;
	struct str at = r->acquiring.at ? func_base(str_of(r->acquiring.at)) :
					  STR("");
	const char *form = NULL;
	char buf[512];
	int n;

	if (r->kind == KIND_CIRCULAR || r->kind == KIND_RECURSIVE)
		form = "possible deadlock in %.*s";
	else if (r->kind == KIND_INCONSISTENT)
		form = "inconsistent lock state in %.*s";
	if (!form || !at.n)
		return;
	n = snprintf(buf, sizeof(buf), form, (int)at.n, at.p);
	r->title = store_text(b, (struct str){ buf, n });
}

static void make_signature(struct report_builder *b)
{
	char buf[SIGNATURE_MAX];
	size_t n;

	if (b->r.kind != KIND_CIRCULAR && b->r.kind != KIND_RECURSIVE)
		return;
	signature_cycle(&b->r);
	n = signature_write(&b->r, buf, sizeof(buf));
	if (n)
		b->r.signature = store_text(b, (struct str){ buf, n });
}

void build_close(struct report_builder *b)
{
	struct report *r = &b->r;
	unsigned int i;

	for (i = 0; i < r->nr_chain; i++)
		if (!r->chain[i].func)
			r->chain[i].func = "?";
	if (r->kind == KIND_RECURSIVE && r->nr_chain && b->trace_maybe[0] &&
	    !b->trace_func[0])
		r->chain[0].func = b->trace_maybe;
	make_title(b);
	if (is_whole(b)) {
		make_signature(b);
		r->complete = !b->damaged;
	}
	b->open = false;
}
