// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of stack traces and their functions, see func.h.
 */
#include "lockdep/report/func.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static bool is_func_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
}

/* "[<ffffffff810c5e2a>] ", "[c000000012345678] " */
static struct str strip_address(struct str s)
{
	struct str in = s;
	size_t n;

	if (!str_take(&in, STR("[")))
		return s;
	str_take(&in, STR("<"));
	n = str_hexdigits(in);
	if (n < 8)
		return s;
	in = str_skip(in, n);
	str_take(&in, STR(">"));
	return str_take(&in, STR("]")) ? str_ltrim(in) : s;
}

/* "fs/file.c:123", with anything after it. */
static bool is_source_line(struct str s)
{
	ptrdiff_t colon = str_find(s, STR(":"));

	if (colon < 3 || !str_digits(str_skip(s, colon + 1)) ||
	    str_find(str_head(s, colon), STR(" ")) >= 0)
		return false;
	return s.p[colon - 2] == '.' && memchr("chS", s.p[colon - 1], 3);
}

static bool tail_ok(struct str s)
{
	if (str_take(&s, STR("+0x")))
		return str_hexdigits(s) > 0;
	if (!s.n || !is_blank(s.p[0]))
		return false;
	s = str_ltrim(s);
	str_take(&s, STR("("));
	return is_source_line(s);
}

bool frame_parse(struct str s, struct frame *f)
{
	size_t n = 0;

	f->maybe = str_take(&s, STR("? "));
	s = strip_address(strip_address(str_ltrim(s)));
	f->maybe |= str_take(&s, STR("? "));
	while (n < s.n && is_func_char(s.p[n]))
		n++;
	if (!n || n > 256 || s.p[0] == '.' ||
	    (is_digit(s.p[0]) && !str_starts(s, STR("0x"))))
		return false;
	f->func = str_head(s, n);
	f->is_inline = str_ends(s, STR("[inline]"));
	/* After a module was unloaded its frames have no name. */
	if (str_starts(s, STR("0x")))
		return n == s.n;
	return tail_ok(str_skip(s, n));
}

struct str func_base(struct str func)
{
	ptrdiff_t dot = str_find(func, STR("."));

	return dot > 0 ? str_head(func, dot) : func;
}

/* Beginnings of names, without their leading underscores. */
static const char *const helpers[] = {
	/* lockdep and stack walks */
	"lock_acquire", "lock_release", "lock_sync", "lock_contended",
	"lockdep_", "check_prev", "check_noncircular", "check_deadlock",
	"check_path", "validate_chain", "find_held_lock", "mark_lock",
	"mark_usage", "mark_held_locks", "check_usage", "check_irq_usage",
	"check_wait_context", "valid_state", "register_lock_class",
	"assign_lock_key", "add_chain_cache", "lookup_chain_cache",
	"add_lock_to_list", "debug_check_no_locks", "print_circular_bug",
	"print_deadlock_bug", "print_usage_bug", "print_bad_irq_dependency",
	"print_irq_inversion_bug", "print_freed_lock_bug",
	"print_held_locks_bug", "print_unlock_imbalance_bug",
	"print_lock_contention_bug", "print_lock_invalid_wait_context",
	"print_lock_nested_lock_not_held", "print_collision", "save_trace",
	"save_stack",
	"stack_trace_save", "arch_stack_walk", "dump_stack", "dump_trace",
	"show_stack", "show_trace", "might_fault", "might_sleep",
	"might_resched", "might_alloc",
	/* locks */
	"down_read", "down_write", "down_interruptible", "down_killable",
	"down_trylock", "down_timeout", "mutex_lock", "mutex_trylock",
	"up_read", "up_write", "mutex_unlock", "lock_sock",
	"fs_reclaim_acquire", "rwsem_", "rwbase_", "rt_mutex_", "rt_spin_",
	"rt_read_", "rt_write_",
	"rt_down_", "ww_mutex_", "percpu_down_", "percpu_rwsem_",
	"raw_spin_", "raw_read_", "raw_write_", "do_raw_", "spin_lock",
	"spin_trylock", "read_lock", "read_trylock", "write_lock",
	"write_trylock", "queued_spin_", "queued_read_", "queued_write_",
	"mmap_read_", "mmap_write_", "mmap_lock", "filemap_invalidate_lock",
	"inode_lock", "i_mmap_lock", "folio_lock", "class_mutex_",
	"class_rwsem_", "class_spinlock_",
	/* waiting for work */
	"flush_work", "flush_delayed_work", "flush_rcu_work",
	"start_flush_work", "touch_w", "drain_workqueue", "cancel_work_sync",
	"cancel_delayed_work",
	/* being scheduled away */
	"schedule", "io_schedule", "wait_for_common", "wait_for_completion",
	"do_wait_for_common", "context_switch", "preempt_schedule",
	/* getting and touching user pages */
	"gup_", "get_user_page", "pin_user_page", "internal_get_user_pages",
	"faultin_page", "fault_in_", "try_grab_",
	/* copying */
	"copy_from_user", "copy_to_user", "copy_in_user", "copy_user_",
	"copy_from_iter", "copy_to_iter", "copy_page_from_iter",
	"copy_page_to_iter", "copy_from_sockptr", "raw_copy_", "inline_copy_",
	"rep_movs", "rep_stos", "clear_user", "strncpy_from_user",
	"strnlen_user", "get_user_", "put_user_", "memdup_user",
	"do_strncpy_from_user",
};

bool func_is_helper(struct str func)
{
	size_t i;

	func = func_base(func);
	if (str_eq(func, STR("__down")) || str_eq(func, STR("down")))
		return true;
	while (func.n && func.p[0] == '_')
		func = str_skip(func, 1);
	for (i = 0; i < ARRAY_SIZE(helpers); i++)
		if (str_starts(func, str_of(helpers[i])))
			return true;
	return false;
}

bool func_is_gmem(struct str func)
{
	func = func_base(func);
	while (func.n && func.p[0] == '_')
		func = str_skip(func, 1);
	return str_starts(func, STR("kvm_gmem_")) ||
	       str_starts(func, STR("tdx_gmem_")) ||
	       str_starts(func, STR("sev_gmem_")) ||
	       str_starts(func, STR("kvm_arch_gmem_"));
}
