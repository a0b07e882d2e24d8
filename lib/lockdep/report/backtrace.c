// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stack backtrace at the end of a report; and whole reports of KIND_OTHER,
 * such as WARNs and oopses, up to the line that ends them.
 */
#include <stdio.h>

#include "builder.h"
#include "store.h"

/* In the order in which they come. */
enum trace_step {
	TRACE_NONE,
	TRACE_BACKTRACE,	/* next is the line "CPU: ..." */
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

/* Registers of an interrupted context, whose stack follows. */
static bool is_register(const struct report_line *l)
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

/* Is the backtrace the stack that took the lock? */
static bool took_lock(const struct report *r)
{
	return r->kind == KIND_RECURSIVE || r->kind == KIND_INCONSISTENT;
}

/* "? " frames count only in a stack without other frames. */
static void store_trace_frame(struct report_builder *b, const struct frame *f)
{
	struct report_entry *e = &b->r.chain[b->r.nr_chain - 1];

	if (f->maybe && b->unwound)
		return;
	if (!f->maybe && !b->unwound) {
		b->unwound = true;
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

static enum builder_result end_trace(struct report_builder *b,
				     enum builder_result res)
{
	b->ended = true;
	b->trace = TRACE_NONE;
	return res;
}

/* After </IRQ> the interrupted stack must follow. */
static void stack_mark(struct report_builder *b, struct str mark)
{
	b->interrupt = !str_starts(mark, STR("</"));
	b->entry_point = false;
}

/* From "stack backtrace:" on. Registers and code are among the lines. */
static enum builder_result splat_trace(struct report_builder *b,
				       const struct report_line *l)
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
		return end_trace(b, BUILDER_DONE);
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
		/* Before 5.16 there is no end mark: frames end it. */
		if (b->trace < TRACE_CALL || !b->trace_frames || b->task ||
		    l->doubtful || is_register(l))
			return BUILDER_CONTINUES;
		b->damaged |= !b->entry_point || b->interrupt;
		return end_trace(b, BUILDER_WAS_DONE);
	}
	b->stray = 0;
	return BUILDER_CONTINUES;
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

/* KASAN: "Read of size 8 at addr ..." */
static const char *access_of(struct str s)
{
	if (str_starts(s, STR("Read of size ")))
		return " Read";
	return str_starts(s, STR("Write of size ")) ? " Write" : NULL;
}

static enum builder_result other_line(struct report_builder *b,
				      const struct report_line *l)
{
	b->stray = 0;
	switch (l->tok.type) {
	case TOK_CPU:
		cpu_line(b, &l->tok);
		break;
	case TOK_IP:
		/* User space has no function: "RIP: 0033:0x41fba0". */
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
			return end_trace(b, BUILDER_DONE);
		break;
	case TOK_END_MARK:
		return end_trace(b, BUILDER_DONE);
	case TOK_DOUBLE_RULE:
		if (b->end == END_RULE || b->end == END_MARK)
			return end_trace(b, BUILDER_DONE);
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
		return end_trace(b, BUILDER_WAS_DONE);
	}
	return BUILDER_CONTINUES;
}

enum builder_result backtrace_line(struct report_builder *b,
				   const struct report_line *l)
{
	return b->r.kind == KIND_OTHER ? other_line(b, l) : splat_trace(b, l);
}
