// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read lockdep's files in /proc at one time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "splat/splat.h"

static void read_stats(struct snapshot *s, const char *root)
{
	struct text t = { };
	int err = read_below(root, "/proc/lockdep_stats", &t);

	if (!err && !lockdep_stats_parse(&s->seen.stats,
					 (struct str){ t.p, t.n }))
		err = -EPROTO;
	s->seen.stats_file = err;
	s->stats = t;
}

/* Read only the first line: the file can be large. */
static void read_chains(struct snapshot *s, const char *root)
{
	char buf[64], path[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/proc/lockdep_chains", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));
	s->seen.chains_file = n < 0 ? -errno : 0;
	s->seen.chains_buggered = n > 0 &&
		str_starts((struct str){ buf, n }, STR("(buggered)"));
	if (fd >= 0)
		close(fd);
}

static void read_classes(struct snapshot *s, const char *root)
{
	struct text *t = &s->classes;
	int err = read_below(root, "/proc/lockdep", t);

	if (!err)
		err = lock_graph_parse(&s->graph, (struct str){ t->p, t->n });
	s->has_graph = !err;
	s->seen.classes_file = err == -EINVAL ? -EPROTO : err;
}

/* Only check that it can be read: the kernel needs long to print all of it. */
static void check_classes(struct snapshot *s, const char *root)
{
	char path[4096], c;
	int fd;

	snprintf(path, sizeof(path), "%s/proc/lockdep", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &c, 1) < 0)
		s->seen.classes_file = -errno;
	if (fd >= 0)
		close(fd);
}

static void read_sysctl(struct snapshot *s, const char *root)
{
	struct text t;
	int err = read_below(root, "/proc/sys/kernel/prove_locking", &t);

	s->seen.prove_locking = err || !t.n ? -1 : t.p[0] != '0';
	free(t.p);
}

void snapshot_take(struct snapshot *s, const char *root)
{
	memset(s, 0, sizeof(*s));
	read_stats(s, root);
	read_chains(s, root);
	read_classes(s, root);
	read_sysctl(s, root);
}

void snapshot_take_without_graph(struct snapshot *s,
				 const struct snapshot *before,
				 const char *root)
{
	memset(s, 0, sizeof(*s));
	read_stats(s, root);
	read_chains(s, root);
	if (before)
		s->seen.classes_file = before->seen.classes_file;
	else
		check_classes(s, root);
	read_sysctl(s, root);
}

void snapshot_free(struct snapshot *s)
{
	lock_graph_free(&s->graph);
	free(s->classes.p);
	free(s->stats.p);
}

int proc_each_line(const char *root, const char *file,
		   void (*take)(void *arg, struct str line), void *arg)
{
	char path[4096], *line = NULL;
	size_t size = 0;
	ssize_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", root, file);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while ((n = getline(&line, &size, f)) > 0)
		take(arg, (struct str){ line, n - (line[n - 1] == '\n') });
	n = ferror(f) ? -errno : 0;
	free(line);
	fclose(f);
	return n;
}

static void take_chain(void *arg, struct str line)
{
	chain_scan_line(arg, line);
}

void snapshot_chains(struct gmem_edges *e, const struct gmem_class *c,
		     const char *root)
{
	static struct chain_scan scan;

	if (c->found == GMEM_NOT_FOUND)
		return;
	gmem_chains_init(&scan, c);
	proc_each_line(root, "/proc/lockdep_chains", take_chain, &scan);
	gmem_chains(e, &scan);
}

static void take_symbol(void *arg, struct str line)
{
	gmem_symbols_line(arg, line);
}

/*
 * This reads all symbols, as those of modules come last and are not sorted. The
 * lab's emulator needs long for that, so call it only if necessary.
 */
void snapshot_symbols(struct gmem_symbols *sym, const struct snapshot *s,
		      const char *root)
{
	gmem_symbols_init(sym, &s->graph);
	if (sym->count)
		proc_each_line(root, "/proc/kallsyms", take_symbol, sym);
}
