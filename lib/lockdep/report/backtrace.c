// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stack backtrace at the end of a report, and the reports of which little
 * else is read: WARNs, oopses and alike, up to the line that ends them.
 */
#include <stdio.h>

#include "build.h"
#include "store.h"

/* Numbers are compared. */
enum trace_step {
	TRACE_NONE,
	TRACE_BACKTRACE,	/* the line "CPU: ..." must come */
	TRACE_CPU,		/* hardware, registers, code */
	TRACE_CALL,		/* frames */
};

static void first_func(char *dst, size_t size, struct str func)
{
	if (!dst[0] && !func_is_helper(func)) {
		func = func_base(func);
		snprintf(dst, size, "%.*s", (int)func.n, func.p);
	}
}

/* Where a stack begins: system call, exception, new task, idle CPU. */
static bool is_entry_point(struct str f)
{
	static const char *const starts[] = {
		"entry_", "asm_", "ret_from_", "el0", "system_call",
		"secondary_startup", "x86_64_start_kernel", "start_kernel",
		"page_fault", "async_page_fault", "apic_timer_interrupt",
		"common_interrupt", "stub_",
	};
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(f, str_of(starts[i])))
			return true;
	return false;
}

/* What an interrupt interrupted: its stack goes on below. */
static bool is_register(const struct build_line *l)
{
	static const char *const starts[] = {
		"RSP: ", "RAX: ", "RDX: ", "RBP: ", "R10: ", "R13: ", "Code: ",
	};
	size_t i;

	if (l->tok.type == TOK_IP)
		return true;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(l->text, str_of(starts[i])))
			return true;
	return false;
}

/* The backtrace is the stack that took the lock. */
static bool took_lock(const struct report *r)
{
	return r->kind == KIND_RECURSIVE || r->kind == KIND_INCONSISTENT;
}

/* Guessed frames only count where there are no others. */
static void store_trace_frame(struct report_builder *b, const struct frame *f)
{
	struct report_entry *e = &b->r.chain[b->r.nr_chain - 1];

	if (f->maybe && b->firm)
		return;
	if (!f->maybe && !b->firm) {
		b->firm = true;
		b->r.nr_frames = e->frame;
		e->nr_frames = 0;
		e->func = NULL;
	}
	store_frame(b, f);
}

static void trace_frame(struct report_builder *b, const struct frame *f)
{
	if (f->is_inline)
		return;
	b->trace_frames++;
	b->entry_point = is_entry_point(f->func);
	first_func(b->trace_maybe, sizeof(b->trace_maybe), f->func);
	if (!f->maybe)
		first_func(b->trace_func, sizeof(b->trace_func), f->func);
	if (took_lock(&b->r) && b->r.nr_chain)
		store_trace_frame(b, f);
}

static void cpu_line(struct report_builder *b, const struct token *tok)
{
	b->trace = TRACE_CPU;
	store_task(b, tok);
	if (!b->r.release && tok->release.n)
		b->r.release = store_text(b, tok->release);
}

static void call_trace(struct report_builder *b)
{
	b->trace = TRACE_CALL;
	b->task = false;
	b->trace_frames = 0;
	if (took_lock(&b->r) && b->r.acquiring.name)
		store_entry(b, str_of(b->r.acquiring.name));
}

void backtrace_begin(struct report_builder *b, const struct token *tok)
{
	b->ended = false;
	b->entry_point = false;
	if (tok->type == TOK_CPU)
		cpu_line(b, tok);
	else if (tok->type == TOK_CALL_TRACE)
		call_trace(b);
	else
		b->trace = TRACE_BACKTRACE;
}

static enum build_result end_trace(struct report_builder *b,
				   enum build_result res)
{
	b->ended = true;
	b->trace = TRACE_NONE;
	return res;
}

/* Behind </IRQ> the stack that was interrupted must follow. */
static void stack_mark(struct report_builder *b, struct str mark)
{
	b->interrupt = !str_starts(mark, STR("</"));
	b->entry_point = false;
}

/* From "stack backtrace:" on. Registers and code stand here, too. */
static enum build_result splat_trace(struct report_builder *b,
				     const struct build_line *l)
{
	switch (l->tok.type) {
	case TOK_CPU:
		b->damaged |= b->trace != TRACE_BACKTRACE;
		cpu_line(b, &l->tok);
		break;
	case TOK_CALL_TRACE:
		b->damaged |= b->trace != TRACE_CPU;
		call_trace(b);
		break;
	case TOK_TASK:
		b->task = true;
		break;
	case TOK_TASK_END:
		b->damaged |= !b->task || !b->trace_frames;
		return end_trace(b, BUILD_DONE);
	case TOK_FRAME:
		if (b->trace == TRACE_CALL)
			trace_frame(b, &l->tok.frame);
		else
			b->damaged = true;
		break;
	case TOK_STACK_MARK:
		stack_mark(b, l->text);
		break;
	case TOK_BLANK:
		break;
	default:
		/* Kernels before 5.16 mark no end: it is where frames end. */
		if (b->trace < TRACE_CALL || !b->trace_frames || b->task ||
		    l->doubtful || is_register(l))
			return BUILD_GOES_ON;
		b->damaged |= !b->entry_point || b->interrupt;
		return end_trace(b, BUILD_WAS_DONE);
	}
	b->stray = 0;
	return BUILD_GOES_ON;
}

void backtrace_other(struct report_builder *b, struct str s)
{
	static const char *const ruled[] = {
		"BUG: KASAN: ", "BUG: KFENCE: ", "BUG: KCSAN: ", "BUG: KMSAN: ",
	};
	size_t i;

	if ((b->r.crash && !str_starts(s, STR("Kernel panic"))) ||
	    kind_is_warn(s) || str_starts(s, STR("UBSAN: ")))
		b->end = END_MARK;
	for (i = 0; i < sizeof(ruled) / sizeof(ruled[0]); i++)
		if (str_starts(s, str_of(ruled[i])))
			b->end = END_RULE;
}

/* "Read of size 8 at addr ...", of KASAN */
static const char *access_of(struct str s)
{
	if (str_starts(s, STR("Read of size ")))
		return " Read";
	return str_starts(s, STR("Write of size ")) ? " Write" : NULL;
}

static enum build_result other_line(struct report_builder *b,
				    const struct build_line *l)
{
	b->stray = 0;
	switch (l->tok.type) {
	case TOK_CPU:
		cpu_line(b, &l->tok);
		break;
	case TOK_IP:
		/* Not user space's, "RIP: 0033:0x41fba0". */
		first_func(b->ip_func, sizeof(b->ip_func), l->tok.frame.func);
		break;
	case TOK_CALL_TRACE:
		call_trace(b);
		break;
	case TOK_FRAME:
		if (b->trace == TRACE_CALL)
			trace_frame(b, &l->tok.frame);
		break;
	case TOK_TASK:
		b->task = true;
		break;
	case TOK_TASK_END:
		if (b->end == END_TRACE && b->trace_frames)
			return end_trace(b, BUILD_DONE);
		break;
	case TOK_END_MARK:
		return end_trace(b, BUILD_DONE);
	case TOK_DOUBLE_RULE:
		if (b->end == END_RULE || b->end == END_MARK)
			return end_trace(b, BUILD_DONE);
		break;
	case TOK_STACK_MARK:
		stack_mark(b, l->text);
		break;
	case TOK_BLANK:
		break;
	default:
		if (!b->access && b->end == END_RULE)
			b->access = access_of(l->text);
		if (b->end != END_TRACE || b->trace != TRACE_CALL || b->task ||
		    l->doubtful || !b->entry_point || b->interrupt)
			break;
		return end_trace(b, BUILD_WAS_DONE);
	}
	return BUILD_GOES_ON;
}

enum build_result backtrace_line(struct report_builder *b,
			     const struct build_line *l)
{
	return b->r.kind == KIND_OTHER ? other_line(b, l) : splat_trace(b, l);
}
