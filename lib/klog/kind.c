// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kinds of reports and their title lines, from kernel/locking/lockdep.c and
 * kernel/panic.c of 7.3 and, for old spellings, 4.x.
 */
#include "klog/kind.h"

/* Follows "watchdog: ", and in 7.x "CPU1: "; "NMI watchdog: " in 4.x. */
#define HARD_LOCKUP	"Watchdog detected hard LOCKUP on cpu "
/* Follows "unchecked ". */
#define MSR_ERROR	"MSR access error: "

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const char *const names[] = {
	[KIND_CIRCULAR]		= "circular",
	[KIND_RECURSIVE]	= "recursive",
	[KIND_INCONSISTENT]	= "inconsistent-state",
	[KIND_IRQ_UNSAFE_ORDER]	= "irq-unsafe-order",
	[KIND_IRQ_INVERSION]	= "irq-inversion",
	[KIND_WAIT_CONTEXT]	= "wait-context",
	[KIND_NESTING]		= "nesting",
	[KIND_UNLOCK_BALANCE]	= "unlock-balance",
	[KIND_CONTENTION]	= "contention",
	[KIND_HELD_LOCK_FREED]	= "held-lock-freed",
	[KIND_HELD_AT_EXIT]	= "held-at-exit",
	[KIND_RETURNING_TO_USER] = "returning-to-user",
	[KIND_RCU]		= "rcu",
	[KIND_CHAIN_COLLISION]	= "chain-collision",
	[KIND_TABLE_FULL]	= "table-full",
	[KIND_NON_STATIC_KEY]	= "non-static-key",
	[KIND_LOCKDEP_OFF]	= "lockdep-off",
	[KIND_HUNG_TASK]	= "hung-task",
	[KIND_OTHER]		= "other",
};

const char *kind_name(enum report_kind kind)
{
	return kind < KIND_NONE ? names[kind] : "none";
}

bool kind_is_splat(enum report_kind kind)
{
	return kind <= KIND_RCU || kind == KIND_NON_STATIC_KEY;
}

bool kind_has_body(enum report_kind kind)
{
	return kind != KIND_LOCKDEP_OFF && kind < KIND_NONE;
}

/* Titles that follow "WARNING: ", "INFO: " or "BUG: " and are fixed text. */
static const struct {
	const char *text;
	enum report_kind kind;
} fixed[] = {
	{ "possible circular locking dependency detected", KIND_CIRCULAR },
	{ "possible recursive locking detected", KIND_RECURSIVE },
	{ "inconsistent lock state", KIND_INCONSISTENT },
	{ "possible irq lock inversion dependency detected",
		KIND_IRQ_INVERSION },
	{ "hardirq-safe -> hardirq-unsafe lock order detected",
		KIND_IRQ_UNSAFE_ORDER },
	{ "softirq-safe -> softirq-unsafe lock order detected",
		KIND_IRQ_UNSAFE_ORDER },
	{ "HARDIRQ-safe -> HARDIRQ-unsafe lock order detected",
		KIND_IRQ_UNSAFE_ORDER },
	{ "SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected",
		KIND_IRQ_UNSAFE_ORDER },
	{ "Invalid wait context", KIND_WAIT_CONTEXT },
	{ "Nested lock was not taken", KIND_NESTING },
	{ "bad unlock balance detected!", KIND_UNLOCK_BALANCE },
	{ "bad contention detected!", KIND_CONTENTION },
	{ "held lock freed!", KIND_HELD_LOCK_FREED },
	{ "lock held when returning to user space!", KIND_RETURNING_TO_USER },
	{ "suspicious RCU usage", KIND_RCU },
	{ "suspicious RCU usage.", KIND_RCU },
	{ "chain_key collision", KIND_CHAIN_COLLISION },
	{ "trying to register non-static key.", KIND_NON_STATIC_KEY },
	{ "lockdep is turned off.", KIND_LOCKDEP_OFF },
};

static enum report_kind table_full(struct str s)
{
	static const char *const limits[] = {
		"MAX_LOCKDEP_KEYS", "MAX_LOCKDEP_ENTRIES", "MAX_LOCKDEP_CHAINS",
		"MAX_LOCKDEP_CHAIN_HLOCKS", "MAX_STACK_TRACE_ENTRIES",
		"MAX_LOCK_DEPTH",
	};
	size_t i;

	if (!str_ends(s, STR(" too low!")))
		return KIND_NONE;
	s.n -= strlen(" too low!");
	for (i = 0; i < ARRAY_SIZE(limits); i++)
		if (str_eq(s, str_of(limits[i])))
			return KIND_TABLE_FULL;
	return KIND_NONE;
}

ptrdiff_t kind_hung_task_end(struct str s)
{
	ptrdiff_t at = str_find(s, STR(" blocked for more than "));

	/* 7.2 and later, for a task that waits for I/O. */
	if (at < 0)
		at = str_find(s, STR(" blocked in I/O wait for more than "));
	return at;
}

/* Lockdep's own titles, after "WARNING: ", "INFO: " or "BUG: ". */
static enum report_kind after_word(struct str s)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		if (str_eq(s, str_of(fixed[i].text)))
			return fixed[i].kind;
	if (str_ends(s, STR(" still has locks held!")) &&
	    str_find(s, STR("/")) > 0)
		return KIND_HELD_AT_EXIT;
	if (str_starts(s, STR("task ")) && kind_hung_task_end(s) > 0)
		return KIND_HUNG_TASK;
	return table_full(s);
}

bool kind_is_crash(struct str s)
{
	static const char *const starts[] = {
		"kernel BUG at ", "Kernel panic", "Oops", "BUG: unable to ",
		"BUG: kernel NULL pointer", "BUG: stack guard page",
		"general protection fault", "double fault:", "Internal error: ",
		"Unable to handle kernel ", "PANIC: ", "traps: PANIC",
		"invalid opcode:", "stack segment:", "divide error:",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		if (str_starts(s, str_of(starts[i])))
			return true;
	return false;
}

/*
 * WARN() prints "WARNING: file:line at func, CPU#n: comm/pid", up to 6.17
 * "WARNING: CPU: n PID: n at file:line func". A driver's own "WARNING: " line
 * is no report.
 */
bool kind_is_warn(struct str s)
{
	if (!str_take(&s, STR("WARNING: ")))
		return false;
	if (str_starts(s, STR("CPU: ")))
		return str_find(s, STR(" at ")) > 0;
	return str_find(s, STR(", CPU#")) > 0 && str_find(s, STR("at ")) >= 0;
}

/* The file of "file:line", else nothing. */
static struct str file_of(struct str place)
{
	ptrdiff_t colon = str_rfind(place, STR(":"));
	struct str line = str_skip(place, colon + 1);

	if (colon < 1 || !line.n || str_digits(line) != line.n)
		return STR("");
	return str_head(place, colon);
}

/*
 * After the place come names that programs choose. Before it there can be the
 * condition, "[x < y] file:line" (DEBUG_BUGVERBOSE_DETAILED).
 */
struct str kind_warn_file(struct str title)
{
	struct str s = title;
	bool old;
	ptrdiff_t at;

	if (!kind_is_warn(s) || !str_take(&s, STR("WARNING: ")))
		return STR("");
	old = str_starts(s, STR("CPU: "));
	if (!old)
		s = str_head(s, str_find(s, STR(", CPU#")));
	at = str_find(s, STR(" at "));
	if (at < 0)
		return STR("");
	if (old) {
		s = str_skip(s, at + strlen(" at "));
		at = str_find(s, STR(" "));
		return file_of(at < 0 ? s : str_head(s, at));
	}
	s = str_head(s, at);
	return file_of(str_skip(s, str_rfind(s, STR(" ")) + 1));
}

static bool is_other(struct str s)
{
	if (kind_is_crash(s) || kind_is_warn(s))
		return true;
	if (str_starts(s, STR("BUG: ")) ||
	    str_starts(s, STR("watchdog: BUG: ")))
		return true;
	if (str_starts(s, STR("watchdog: ")) ||
	    str_starts(s, STR("NMI watchdog: ")))
		return str_find(s, STR(HARD_LOCKUP)) > 0;
	if (str_starts(s, STR("unchecked " MSR_ERROR)))
		return true;
	if (str_starts(s, STR("rcu: INFO: ")) ||
	    str_starts(s, STR("INFO: rcu_")))
		return str_find(s, STR("detected ")) > 0;
	return str_starts(s, STR("UBSAN: "));
}

struct str kind_bare_title(struct str s)
{
	if (s.n > 4 && str_starts(s, STR("[ ")) && str_ends(s, STR(" ]")))
		return str_head(str_skip(s, 2), s.n - 4);
	return s;
}

enum report_kind kind_of_title(struct str text)
{
	struct str s = kind_bare_title(text);
	enum report_kind kind;

	text = s;
	if (str_eq(s, STR("Disabling lock debugging due to kernel taint")))
		return KIND_LOCKDEP_OFF;
	if (str_take(&s, STR("WARNING: ")) || str_take(&s, STR("INFO: ")) ||
	    str_take(&s, STR("BUG: "))) {
		kind = after_word(s);
		if (kind != KIND_NONE)
			return kind;
	}
	return is_other(text) ? KIND_OTHER : KIND_NONE;
}

/*
 * Every title has one of these words. Oopses that begin with a small letter,
 * such as "general protection fault", have the "[#1]" of die().
 */
static bool title_word(struct str s)
{
	switch (s.p[0]) {
	case 'W':
		return str_starts(s, STR("WARNING: ")) ||
		       str_starts(s, STR(HARD_LOCKUP));
	case 'M':
		return str_starts(s, STR(MSR_ERROR));
	case 'I':
		return str_starts(s, STR("INFO: ")) ||
		       str_starts(s, STR("Internal error: "));
	case 'B':
		return str_starts(s, STR("BUG"));
	case 'O':
		return str_starts(s, STR("Oops"));
	case 'K':
		return str_starts(s, STR("Kernel panic"));
	case 'U':
		return str_starts(s, STR("UBSAN: ")) ||
		       str_starts(s, STR("Unable to handle "));
	case 'P':
		return str_starts(s, STR("PANIC: "));
	case 'D':
		return str_starts(s, STR("Disabling lock "));
	case '[':
		return str_starts(s, STR("[#"));
	}
	return false;
}

bool kind_maybe_title(struct str line)
{
	static const char first[256] = {
		['W'] = 1, ['I'] = 1, ['B'] = 1, ['O'] = 1, ['K'] = 1,
		['U'] = 1, ['P'] = 1, ['D'] = 1, ['M'] = 1, ['['] = 1,
	};
	size_t i;

	for (i = 0; i < line.n; i++)
		if (first[(unsigned char)line.p[i]] &&
		    title_word(str_skip(line, i)))
			return true;
	return false;
}
