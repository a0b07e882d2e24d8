// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/{klog,lockdep/report}: single lines, in the forms of kernels and log
 * tools.
 */
#include "klog/line.h"
#include "lockdep/report/token.h"
#include "unit.h"

#define IS(s, want) CHECK(str_eq(s, str_of(want)))

static void stripped_as(const char *line, const char *caller, const char *want)
{
	struct log_line l;

	log_line_parse(str_of(line), &l);
	if (!str_eq(l.text, str_of(want)))
		printf("# %s: '%.*s'\n", line, (int)l.text.n, l.text.p);
	IS(l.text, want);
	CHECK_STR(l.caller, caller);
}

static void prefixes(void)
{
	stripped_as("[  297.09][ T3469] Call Trace:", "T3469", "Call Trace:");
	stripped_as("[  297.09][T3469] Call Trace:", "T3469", "Call Trace:");
	stripped_as("[    0.000000][    C0] x", "C0", "x");
	stripped_as("<4>[    0.000000] x", "", "x");
	stripped_as("login: [    0.000000] x", "", "x");
	stripped_as("Nov  2 01:02:03 a kernel: x: y", "", "x: y");
	stripped_as("> | quoted", "", "| quoted");
	stripped_as("", "", "");
	stripped_as(" \t\r", "", "");
}

/* Text of the kernel that looks like a prefix. */
static void no_prefixes(void)
{
	stripped_as("[ BUG: Invalid wait context ]", "",
		    "[ BUG: Invalid wait context ]");
	stripped_as("[<ffffffff810c5e2a>] lock_acquire+0xb5/0x1a0", "",
		    "[<ffffffff810c5e2a>] lock_acquire+0xb5/0x1a0");
	stripped_as("<TASK>", "", "<TASK>");
	stripped_as("-> #1 (a){....}:", "", "-> #1 (a){....}:");
	stripped_as("the kernel: a tale", "", "the kernel: a tale");
	stripped_as("[T-x] y", "", "[T-x] y");
	stripped_as("kernel BUG at fs/inode.c:1!", "",
		    "kernel BUG at fs/inode.c:1!");
}

static struct token token(const char *text, enum token_type want)
{
	struct token t;

	token_parse(str_of(text), &t);
	if (t.type != want)
		printf("# %s: type %d\n", text, t.type);
	CHECK_EQ(t.type, want);
	return t;
}

static void locks(void)
{
	struct token t;

	t = token("ffff888000458748 (a#4){++++}-{4:4}, at: f+0x49/0x130",
		  TOK_LOCK);
	IS(t.name, "a#4");
	IS(t.at, "f");
	t = token("(&mm->mmap_sem){++++++}, at: [<ffffffff811b2f40>] g+0x5/0xa",
		  TOK_LOCK);
	IS(t.name, "&mm->mmap_sem");
	IS(t.at, "g");
	t = token("00000000a9eb1d0c ((w)(&(&h->x)->y)){+.+.}, at: f+0x1/0x2",
		  TOK_LOCK);
	IS(t.name, "(w)(&(&h->x)->y)");
	t = token("(____ptrval____) (a){+.+.}, at: f+0x1/0x2 [kvm]", TOK_LOCK);
	IS(t.name, "a");
	t = token("ff11 (&b->lock l=0 1:2){....}-{0:0}, at: f+0x1/0x2",
		  TOK_LOCK);
	IS(t.name, "&b->lock l=0 1:2");
	t = token("ff11 (a){+.+.}-{4:4}, at: down_read x.h:1 [inline]",
		  TOK_LOCK);
	CHECK(t.is_inline);
	token("ffff888000458748 (a#4){++++}-{4:4}", TOK_OTHER);
	token("ffff888000458748 (a#4), at: f+0x1/0x2", TOK_OTHER);
	t = token("#0: ff11 (a/1){+.+.}-{4:4}, at: f+0x1/0x2", TOK_HELD_LOCK);
	IS(t.name, "a/1");
	t = token("-> #12 (sb_internal#2){.+.+}-{0:0}:", TOK_ENTRY);
	CHECK_EQ(t.num, 12);
	IS(t.name, "sb_internal#2");
	token("-> #1 (a){....}", TOK_OTHER);
	t = token("rlock(a(b));", TOK_TAKE);
	IS(t.how, "rlock");
	IS(t.name, "a(b)");
}

static void tasks(void)
{
	struct token t;

	t = token("kworker/u8:1/77 is trying to acquire lock:", TOK_ABOUT);
	IS(t.comm, "kworker/u8:1");
	CHECK_EQ(t.pid, 77);
	t = token("a b/5 [HC0[0]:SC0[0]:HE1:SE1] takes:", TOK_ABOUT);
	IS(t.comm, "a b");
	token("x is trying to acquire lock:", TOK_OTHER);
	t = token("locks held by n/43: 1, last CPU#1:", TOK_HELD);
	CHECK_EQ(t.num, 1);
	t = token("2 locks held by n/43:", TOK_HELD);
	CHECK_EQ(t.num, 2);
	IS(t.comm, "n");
	t = token("no locks held by n/43.", TOK_HELD);
	CHECK_EQ(t.num, 0);
	t = token("CPU: 7 UID: 0 PID: 3469 Comm: a Tainted: b Tainted: G S 6.17",
		  TOK_CPU);
	IS(t.comm, "a Tainted: b");
	t = token("CPU: 3 PID: 2301 Comm: fsx Not tainted 4.4.0+ #5", TOK_CPU);
	CHECK_EQ(t.pid, 2301);
}

static void frame_is(const char *text, const char *func, bool maybe)
{
	struct frame f;

	CHECK(frame_parse(str_of(text), &f));
	IS(f.func, func);
	CHECK_EQ(f.maybe, maybe);
}

static void frames(void)
{
	static const char *const not[] = {
		"", "?", "f", "f+0x", "f+1/2", "RIP: 0033:0x41fba0",
		"Code: f8 41", "RSP: 002b:00007f EFLAGS: 00010246",
		"7.3.4 #3 Not tainted", "f at g", "f (note)", "<TASK>",
		"kernel BUG at fs/inode.c:1!", "PGD 0 P4D 0",
		"R10: 0000000000000001",
	};
	struct frame f;
	size_t i;

	frame_is("f+0x1/0x2", "f", false);
	frame_is("? f.isra.0+0x1/0x2 [kvm]", "f.isra.0", true);
	frame_is("f+0x1/0x2 [kvm 92b56a1aeace799385454e64f4d853f860f01956]",
		 "f", false);
	frame_is("[<ffffffff811b2f40>] ? f+0x50/0xa0", "f", true);
	frame_is("f+0x1/0x2 fs/inode.c:577", "f", false);
	frame_is("f (fs/inode.c:577 (discriminator 2)) kvm", "f", false);
	frame_is("f include/linux/fs.h:912 [inline]", "f", false);
	frame_is("show_stack+0x20/0x38 (C)", "show_stack", false);
	frame_is("0xffffffffc0123456", "0xffffffffc0123456", false);
	for (i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		CHECK(!frame_parse(str_of(not[i]), &f));
}

static void helpers(void)
{
	static const char *const yes[] = {
		"__lock_acquire", "lock_acquire.part.0", "down_read",
		"__mutex_lock.constprop.0", "gup_fast_fallback", "down",
		"get_user_pages_fast", "_raw_spin_lock_irqsave", "__might_fault",
		"_copy_from_user", "filemap_invalidate_lock_shared",
		"check_noncircular", "rwsem_down_write_slowpath",
	};
	static const char *const no[] = {
		"kvm_gmem_populate", "tdx_gmem_post_populate",
		"kvm_gmem_fault_user_mapping", "lock_mm_and_find_vma", "do_fault",
		"download", "lockref_get", "get_user", "handle_mm_fault",
		"__flush_tlb_all", "copy_process",
	};
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!func_is_helper(str_of(yes[i])))
			CHECK_STR(yes[i], "a helper");
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (func_is_helper(str_of(no[i])))
			CHECK_STR(no[i], "no helper");
	CHECK(func_is_gmem(STR("__kvm_gmem_populate.isra.0")));
	CHECK(func_is_gmem(STR("sev_gmem_post_populate")));
	CHECK(!func_is_gmem(STR("filemap_fault")));
}

static void name_is(const char *name, const char *base, const char *subclass)
{
	struct class_name n = class_name_parse(str_of(name));

	IS(n.base, base);
	IS(n.subclass, subclass);
}

static void class_names(void)
{
	name_is("mapping.invalidate_lock", "mapping.invalidate_lock", "");
	name_is("mapping.invalidate_lock#4", "mapping.invalidate_lock", "");
	name_is("mapping.invalidate_lock#41/1", "mapping.invalidate_lock",
		"/1");
	name_is("&mm->mmap_lock/1", "&mm->mmap_lock", "/1");
	name_is("a/b", "a/b", "");
	name_is("irq#", "irq#", "");
	name_is("a#x2", "a#x2", "");
	name_is("rcu_state2", "rcu_state2", "");
	name_is("&x#2y", "&x#2y", "");
	name_is("#4", "#4", "");
	name_is("4", "4", "");
	name_is("", "", "");
}

static void titles(void)
{
	static const struct {
		const char *text;
		enum report_kind kind;
	} t[] = {
		{ "INFO: possible circular locking dependency detected",
			KIND_CIRCULAR },
		{ "[ INFO: possible circular locking dependency detected ]",
			KIND_CIRCULAR },
		{ "WARNING: hardirq-safe -> hardirq-unsafe lock order detected",
			KIND_IRQ_UNSAFE_ORDER },
		{ "[ BUG: bad unlock balance detected! ]",
			KIND_UNLOCK_BALANCE },
		{ "WARNING: a/b/5 still has locks held!", KIND_HELD_AT_EXIT },
		{ "BUG: MAX_LOCKDEP_KEYS too low!", KIND_TABLE_FULL },
		{ "BUG: MAX_ANYTHING too low!", KIND_OTHER },
		{ "INFO: task a b:5 blocked for more than 122 seconds.",
			KIND_HUNG_TASK },
		{ "INFO: task a:5 blocked in I/O wait for more than 9 seconds.",
			KIND_HUNG_TASK },
		{ "INFO: task a:5 is blocked on a mutex likely owned by task "
		  "b:6.", KIND_NONE },
		{ "watchdog: CPU1: Watchdog detected hard LOCKUP on cpu 0",
			KIND_OTHER },
		{ "NMI watchdog: Watchdog detected hard LOCKUP on cpu 0",
			KIND_OTHER },
		{ "watchdog: Delayed init of the lockup detector failed: -1",
			KIND_NONE },
		{ "unchecked MSR access error: RDMSR from 0x1a2 at rIP: "
		  "0xffffffff81234567 (f+0x1/0x2)", KIND_OTHER },
		{ "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [a:5]",
			KIND_OTHER },
		{ "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
			KIND_OTHER },
		{ "kernel BUG at fs/inode.c:1!", KIND_OTHER },
		{ "Kernel panic - not syncing: Fatal exception", KIND_OTHER },
		{ "general protection fault: 0000 [#1] SMP", KIND_OTHER },
		{ "WARNING: CPU: 0 PID: 1 at fs/inode.c:302 f+0x1/0x2",
			KIND_OTHER },
		{ "WARNING: at f+0x1/0x2, CPU#0: a/1", KIND_OTHER },
		{ "WARNING: this driver is old", KIND_NONE },
		{ "A WARNING: possible recursive locking detected", KIND_NONE },
		{ "WARNING: possible recursive locking detected!", KIND_NONE },
		{ "INFO: anything", KIND_NONE },
	};
	struct token tok;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (kind_of_title(str_of(t[i].text)) != t[i].kind)
			printf("# %s\n", t[i].text);
		CHECK_EQ(kind_of_title(str_of(t[i].text)), t[i].kind);
		token_parse(str_of(t[i].text), &tok);
		CHECK_EQ(tok.type == TOK_TITLE, t[i].kind != KIND_NONE);
		if (t[i].kind != KIND_NONE)
			CHECK(kind_maybe_title(str_of(t[i].text)));
	}
	CHECK(!kind_maybe_title(STR("usb 1-1: new high-speed device")));
	CHECK(kind_is_crash(STR("Kernel panic - not syncing: x")));
	CHECK(!kind_is_crash(STR("WARNING: at f+0x1/0x2, CPU#0: a/1")));
}

/* The file of a WARN, which a program's name cannot fake. */
static void warn_files(void)
{
	static const struct {
		const char *title, *file;
	} t[] = {
		{ "WARNING: arch/x86/kvm/vmx/tdx.c:474 at f+0x1/0x2, CPU#0: a/1",
		  "arch/x86/kvm/vmx/tdx.c" },
		{ "WARNING: ../mm/x.c:5 at f+0x1/0x2 [kvm], CPU#0: a/1",
		  "../mm/x.c" },
		{ "WARNING: [a < b:1 && c] mm/x.c:5 at f+0x1/0x2, CPU#0: a/1",
		  "mm/x.c" },
		{ "WARNING: CPU: 0 PID: 1 at fs/inode.c:302 f+0x1/0x2",
		  "fs/inode.c" },
		{ "WARNING: CPU: 0 PID: 1 at fs/inode.c:302", "fs/inode.c" },
		{ "WARNING: at f+0x1/0x2, CPU#0: a/1", "" },
		{ "WARNING: at f+0x1/0x2, CPU#0: m/x.c:5 at f/1", "" },
		{ "WARNING: mm/x.c: at f+0x1/0x2, CPU#0: a/1", "" },
		{ "WARNING: mm/x.c at f+0x1/0x2, CPU#0: a/1", "" },
		{ "WARNING: mm/x.c:5a at f+0x1/0x2, CPU#0: a/1", "" },
		{ "WARNING: :5 at f+0x1/0x2, CPU#0: a/1", "" },
		{ "WARNING: CPU: 0 PID: 1 at f+0x1/0x2", "" },
		{ "BUG: mm/x.c:5 at f+0x1/0x2, CPU#0: a/1", "" },
		{ "kernel BUG at mm/x.c:5!", "" },
		{ "WARNING: possible recursive locking detected", "" },
		{ "WARNING: mm/x.c:5 is old", "" },
		{ "", "" },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str file = kind_warn_file(str_of(t[i].title));

		if (!str_eq(file, str_of(t[i].file)))
			printf("# %s: '%.*s'\n", t[i].title, (int)file.n,
			       file.p);
		CHECK(str_eq(file, str_of(t[i].file)));
	}
}

UNIT_MAIN(
	{ "prefixes", prefixes },
	{ "no_prefixes", no_prefixes },
	{ "locks", locks },
	{ "tasks", tasks },
	{ "frames", frames },
	{ "helpers", helpers },
	{ "class_names", class_names },
	{ "titles", titles },
	{ "warn_files", warn_files },
)
