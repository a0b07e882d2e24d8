// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/lockdep/graph/gmem_*.c: whether guest_memfd's class is identified, and
 * whether its two edges exist, do not exist, or are unknown.
 */
#include "lockfile.h"

struct answer {
	struct gmem_class c;
	struct gmem_edges e;
};

static struct answer ask(char *text, const char *before,
			 const struct gmem_symbols *sym)
{
	struct lock_graph g, b;
	struct answer a;

	lockfile_graph(&g, text);
	if (before)
		lockfile_graph(&b, before);
	gmem_identify(&a.c, before ? &b : NULL, &g, sym, "");
	CHECK_EQ(gmem_edges(&a.e, &g, &a.c), 0);
	if (before)
		lock_graph_free(&b);
	lock_graph_free(&g);
	free(text);
	return a;
}

static char *pristine(void)
{
	return lockfile_load("lockdep-7.3.4");
}

static void stock(void)
{
	struct answer a = ask(pristine(), NULL, NULL);

	CHECK_EQ(a.c.found, GMEM_BY_SLOTS_LOCK);
	CHECK(a.c.certain);
	CHECK(a.c.used);
	CHECK_STR(a.c.name, "mapping.invalidate_lock");
	CHECK_EQ(a.c.others, 0);
	CHECK_EQ(a.e.ab.state, EDGE_NO);
	CHECK_EQ(a.e.ba.state, EDGE_NO);
	CHECK_STR(a.e.ab.path, "");
	CHECK_STR(a.e.ba.path, "");
	CHECK_STR(a.e.suspect, "");
}

static void ab(void)
{
	struct answer a = ask(lockfile_add(pristine(),
					   "mapping.invalidate_lock", TO_MM),
			      NULL, NULL);

	CHECK_EQ(a.e.ab.state, EDGE_YES);
	CHECK(a.e.ab.direct);
	CHECK_STR(a.e.ab.path, "mapping.invalidate_lock > &mm->mmap_lock");
	CHECK_EQ(a.e.ba.state, EDGE_NO);
}

static void ba(void)
{
	struct answer a = ask(lockfile_add(pristine(), "&mm->mmap_lock",
					   TO_GMEM), NULL, NULL);

	CHECK_EQ(a.e.ab.state, EDGE_NO);
	CHECK_EQ(a.e.ba.state, EDGE_YES);
	CHECK(a.e.ba.direct);
}

/* Through another class: no edge, but the path is reported. */
static void through_others(void)
{
	char *text = lockfile_add(pristine(), "&(kvm)->mmu_lock", TO_MM);
	struct answer a = ask(text, NULL, NULL);

	CHECK_EQ(a.e.ab.state, EDGE_NO);
	CHECK(!a.e.ab.direct);
	CHECK_STR(a.e.ab.path, "mapping.invalidate_lock > &(kvm)->mmu_lock > "
		  "&mm->mmap_lock");

	text = lockfile_add(pristine(), "fs_reclaim", TO_GMEM);
	a = ask(text, NULL, NULL);
	CHECK_EQ(a.e.ba.state, EDGE_NO);
	CHECK_STR(a.e.ba.path, "&mm->mmap_lock > fs_reclaim > "
		  "mapping.invalidate_lock");
}

/* The subclass that Sean refused, and nested mmap_locks. */
static void subclasses(void)
{
	char *text = lockfile_replace(pristine(), "all lock classes:\n",
		"all lock classes:\n"
		"ffffffff818224c9 FD: 9 BD: 9 ++++: mapping.invalidate_lock/1\n"
		" -> [ffffffff81fae311] &mm->mmap_lock/1\n\n");
	struct answer a;

	CHECK(strstr(text, "ffffffff81fae311 FD"));
	a = ask(text, NULL, NULL);
	CHECK_EQ(a.e.ab.state, EDGE_YES);
	CHECK(a.e.ab.direct);
	CHECK_STR(a.e.ab.path, "mapping.invalidate_lock/1 > &mm->mmap_lock/1");
	CHECK_EQ(a.c.others, 0);
}

#define SHMEM \
	"all lock classes:\n" \
	"ffffffff81900000 FD: 9 BD: 9 ++++: mapping.invalidate_lock#2\n"

/* Other file systems have BA, which is correct. */
static void other_file_systems(void)
{
	char *text = lockfile_replace(pristine(), "all lock classes:\n",
				      SHMEM "\n");
	struct answer a;

	text = lockfile_add(text, "&mm->mmap_lock",
		" -> [ffffffff81900000] mapping.invalidate_lock#2\n");
	a = ask(text, NULL, NULL);
	CHECK_STR(a.c.name, "mapping.invalidate_lock");
	CHECK_EQ(a.c.others, 1);
	CHECK_EQ(a.e.ba.state, EDGE_NO);
	CHECK_EQ(a.e.ab.state, EDGE_NO);
	CHECK_STR(a.e.suspect, "");
}

/* AB of another file system's class is reported, but is not guest_memfd's. */
static void suspect(void)
{
	char *text = lockfile_replace(pristine(), "all lock classes:\n",
				      SHMEM TO_MM "\n");
	struct answer a = ask(text, NULL, NULL);

	CHECK_EQ(a.e.ab.state, EDGE_NO);
	CHECK_STR(a.e.suspect, "mapping.invalidate_lock#2 > &mm->mmap_lock");
}

static char *no_slots_edge(void)
{
	char *text = lockfile_replace(pristine(), TO_GMEM, "");

	return lockfile_replace(text, "all lock classes:\n", SHMEM "\n");
}

static struct gmem_symbols symbols(const char *text, const char *const *lines)
{
	struct gmem_symbols sym;
	struct lock_graph g;

	lockfile_graph(&g, text);
	gmem_symbols_init(&sym, &g);
	lock_graph_free(&g);
	for (; *lines; lines++)
		gmem_symbols_line(&sym, str_of(*lines));
	return sym;
}

static void by_address(void)
{
	static const char *const lines[] = {
		"ffffffff81fffff0 D later", "ffffffff81822460 d kvm_gmem_fs",
		"ffffffff81822300 d kvm_gmem_fops", "ffffffff81822500 d next",
		"ffffffff818fff00 d shmem_fs_type\t[shmem]",
		"0000000000000000 A fixed_percpu_data", "", "junk", NULL
	};
	static const char *const anon[] = {
		"ffffffff81822460 d anon_inode_fs_type", NULL
	};
	static const char *const far[] = {
		"ffffffff81000000 d kvm_gmem_fs", NULL
	};
	char *text = no_slots_edge();
	struct gmem_symbols sym = symbols(text, lines);
	struct answer a = ask(text, NULL, &sym);

	CHECK_EQ(a.c.found, GMEM_BY_ADDRESS);
	CHECK(a.c.certain);
	CHECK_STR(a.c.name, "mapping.invalidate_lock");
	CHECK_EQ(a.c.others, 1);

	text = no_slots_edge();
	sym = symbols(text, anon);
	a = ask(text, NULL, &sym);
	CHECK_EQ(a.c.found, GMEM_BY_ANON_ADDRESS);

	/* The control: the last symbol before the key does not hold it. */
	text = no_slots_edge();
	sym = symbols(text, far);
	a = ask(text, NULL, &sym);
	CHECK_EQ(a.c.found, GMEM_NOT_FOUND);
}

/* Hashed keys look like addresses, but cannot be looked up. */
static void hashed(void)
{
	char *text = no_slots_edge();
	struct gmem_symbols sym;
	struct lock_graph g;

	text = lockfile_replace(text, "ffffffff8", "000000008");
	lockfile_graph(&g, text);
	CHECK_EQ(g.dangling, 0);
	gmem_symbols_init(&sym, &g);
	CHECK_EQ(sym.count, 0);
	lock_graph_free(&g);
	free(text);

	/* Identification by slots_lock does not need them. */
	text = lockfile_replace(pristine(), "ffffffff8", "000000008");
	CHECK_EQ(ask(text, NULL, NULL).c.found, GMEM_BY_SLOTS_LOCK);
}

static void by_first_use(void)
{
	char *before = lockfile_replace(no_slots_edge(),
			"+.+.: mapping.invalidate_lock\n",
			"....: mapping.invalidate_lock\n");
	char *both;
	struct answer a = ask(no_slots_edge(), before, NULL);

	CHECK_EQ(a.c.found, GMEM_BY_FIRST_USE);
	CHECK(!a.c.certain);
	CHECK_STR(a.c.name, "mapping.invalidate_lock");
	CHECK(!a.c.used_before);

	/* If two were first used in the run, or none, it is not identified. */
	both = lockfile_replace(strdup(before),
			"++++: mapping.invalidate_lock#2\n",
			"....: mapping.invalidate_lock#2\n");
	a = ask(no_slots_edge(), both, NULL);
	CHECK_EQ(a.c.found, GMEM_NOT_FOUND);
	CHECK_EQ(a.e.ab.state, EDGE_UNKNOWN);
	CHECK_EQ(a.e.ba.state, EDGE_UNKNOWN);
	free(both);
	both = no_slots_edge();
	CHECK_EQ(ask(no_slots_edge(), both, NULL).c.found, GMEM_NOT_FOUND);
	free(both);
	free(before);
}

static struct gmem_class counted(const char *was, const char *is)
{
	static const char line[] = "ffffffff818224c8 FD:";
	char *before = pristine(), *after = pristine();
	struct gmem_class c;

	if (was)
		before = lockfile_replace(before, line, was);
	if (is)
		after = lockfile_replace(after, line, is);
	c = ask(after, before, NULL).c;
	free(before);
	return c;
}

#define OPS(n)	"ffffffff818224c8 OPS:" n " FD:"

/* Only OPS distinguish a use in this run from an earlier one. */
static void ops(void)
{
	struct gmem_class c = counted(NULL, NULL);

	CHECK(c.used_before && !c.has_ops && !c.taken);
	c = counted(OPS("      12"), OPS("      12"));
	CHECK(c.used_before && c.has_ops && !c.taken);
	c = counted(OPS("      12"), OPS("      13"));
	CHECK(c.has_ops && c.taken);
	c = counted(NULL, OPS("      13"));
	CHECK(!c.has_ops && !c.taken);
}

/* Two classes directly under slots_lock: neither is identified. */
static void ambiguous(void)
{
	char *text = lockfile_replace(pristine(), "all lock classes:\n",
				      SHMEM "\n");

	text = lockfile_add(text, "&kvm->slots_lock",
		" -> [ffffffff81900000] mapping.invalidate_lock#2\n");
	CHECK_EQ(ask(text, NULL, NULL).c.found, GMEM_NOT_FOUND);
}

struct reported {
	bool ours;
	struct gmem_edges e;
	char name[80];
};

static void on_report(const struct report *r, void *arg)
{
	struct reported *rep = arg;

	rep->ours = gmem_report(r, &rep->e, rep->name, sizeof(rep->name));
}

static struct reported report_of(const char *golden, const char *what,
				 const char *by)
{
	static struct report_parser p;
	struct reported rep = { };
	struct golden g;
	char path[4096], *log;

	snprintf(path, sizeof(path), "%s/%s.log", golden_dir(), golden);
	CHECK(golden_load(&g, path));
	log = strndup(g.log.p, g.log.n);
	if (what)
		log = lockfile_replace(log, what, by);
	report_parser_init(&p, on_report, &rep);
	report_parser_feed(&p, log, strlen(log));
	report_parser_end(&p);
	free(log);
	golden_free(&g);
	return rep;
}

static void from_report(void)
{
	struct reported r = report_of("circular-6.17-tdx", NULL, NULL);

	CHECK(r.ours);
	CHECK_STR(r.name, "mapping.invalidate_lock#4");
	CHECK_EQ(r.e.ab.state, EDGE_YES);
	CHECK_EQ(r.e.ba.state, EDGE_YES);
	CHECK(r.e.ab.direct && r.e.ab.reported);
	CHECK_STR(r.e.ab.path, "mapping.invalidate_lock#4 > &mm->mmap_lock");
	CHECK_STR(r.e.ba.path, "&mm->mmap_lock > mapping.invalidate_lock#4");

	r = report_of("circular-7.3.4-orc-mirrored", NULL, NULL);
	CHECK(r.ours && r.e.ab.state == EDGE_YES && r.e.ba.state == EDGE_YES);

	r = report_of("circular-three-classes-by-hand", NULL, NULL);
	CHECK(r.ours);
	CHECK(r.e.ab.direct && r.e.ab.state == EDGE_YES);
	/* Its two locks were never held together. */
	CHECK(!r.e.ba.direct && r.e.ba.state != EDGE_YES);
	CHECK_STR(r.e.ba.path, "&mm->mmap_lock > &kvm->slots_lock > "
		  "mapping.invalidate_lock#2");
}

/* The same cycle by another file system's functions is not guest_memfd's. */
static void report_of_others(void)
{
	struct reported r = report_of("circular-7.3.4-guess", "kvm_gmem_",
				      "othfs_");

	CHECK(!r.ours);
	CHECK_EQ(r.e.ab.state, EDGE_UNKNOWN);
	r = report_of("circular-4.4-by-hand", NULL, NULL);
	CHECK(!r.ours);
	r = report_of("circular-truncated", NULL, NULL);
	CHECK(!r.ours);
}

UNIT_MAIN(
	{ "stock", stock },
	{ "ab", ab },
	{ "ba", ba },
	{ "through_others", through_others },
	{ "subclasses", subclasses },
	{ "other_file_systems", other_file_systems },
	{ "suspect", suspect },
	{ "by_address", by_address },
	{ "hashed", hashed },
	{ "by_first_use", by_first_use },
	{ "ops", ops },
	{ "ambiguous", ambiguous },
	{ "from_report", from_report },
	{ "report_of_others", report_of_others },
)
