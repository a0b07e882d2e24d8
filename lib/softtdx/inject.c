// SPDX-License-Identifier: GPL-2.0-only
/* The file fail: rules are written to it, one a write, and read back. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "softtdx/inject.h"
#include "softtdx/text.h"

#define RULE_TEXT	512

static const struct {
	const char *name, *in;
	size_t offset;
} regs[] = {
#define REG(r) { #r, "in_" #r, offsetof(struct softtdx_regs, r) }
	REG(rcx), REG(rdx), REG(rbx), REG(rsi), REG(rdi), REG(r8), REG(r9),
	REG(r10), REG(r11), REG(r12), REG(r13), REG(r14), REG(r15),
#undef REG
};

#define NR_REGS (sizeof(regs) / sizeof(regs[0]))

_Static_assert(NR_REGS * sizeof(uint64_t) == sizeof(struct softtdx_regs),
	       "a register without a name");

static uint64_t *reg(const struct softtdx_regs *r, unsigned int i)
{
	return (uint64_t *)((char *)r + regs[i].offset);
}

int softtdx_inject_open(const char *dir)
{
	char path[PATH_MAX];
	int fd, len;

	len = snprintf(path, sizeof(path), "%s/inject", dir);
	if (len < 0 || (size_t)len >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static unsigned int at_least_1(unsigned int n)
{
	return n ? n : 1;
}

int softtdx_inject_add(int fd, const struct softtdx_inject *f)
{
	unsigned int times = at_least_1(f->times);
	char text[RULE_TEXT];
	unsigned int i;
	ssize_t done;
	int len;

	len = snprintf(text, sizeof(text), "leaf %u status %#" PRIx64
		       " nth %u every %u times %u", f->leaf, f->status,
		       at_least_1(f->nth), at_least_1(f->every),
		       times == SOFTTDX_ALWAYS ? 0 : times);
	if (f->td)
		len += snprintf(text + len, sizeof(text) - len,
				" td %#" PRIx64, f->td);
	for (i = 0; i < NR_REGS; i++)
		if (*reg(&f->out, i))
			len += snprintf(text + len, sizeof(text) - len,
					" %s %#" PRIx64, regs[i].name,
					*reg(&f->out, i));
	done = write(fd, text, len);
	return done == len ? 0 : done < 0 ? -errno : -EIO;
}

static int parse_leaf_name(const char *pairs, unsigned int *leaf)
{
	static const struct {
		const char *name;
		unsigned int nr;
	} leaves[] = {
#define NAME(name, nr) { #name, nr },
		SOFTTDX_LEAVES(NAME)
#undef NAME
	};
	char word[40], *point;
	unsigned int i;

	if (stxt_word(pairs, "leaf", word, sizeof(word)) ||
	    strncmp(word, "TDH.", 4))
		return -EINVAL;
	while ((point = strchr(word + 4, '.')))
		*point = '_';
	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		if (strcmp(word + 4, leaves[i].name))
			continue;
		*leaf = leaves[i].nr;
		return 0;
	}
	return -EINVAL;
}

static int parse_times(const char *pairs, unsigned int *times)
{
	int ret = stxt_uint(pairs, "times", times);

	if (!ret && !*times)
		*times = SOFTTDX_ALWAYS;
	return ret;
}

/* Those that are not there are 0. */
static int parse_regs(const char *pairs, struct softtdx_injected *r)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < NR_REGS && !ret; i++) {
		if (stxt_value(pairs, regs[i].name))
			ret = stxt_u64(pairs, regs[i].name,
				       reg(&r->fail.out, i));
		if (!ret && stxt_value(pairs, regs[i].in))
			ret = stxt_u64(pairs, regs[i].in, reg(&r->in, i));
	}
	return ret;
}

static int parse_rule(const char *line, void *element)
{
	struct softtdx_injected *r = element;
	struct softtdx_inject *f = &r->fail;
	unsigned int own;
	int ret;

	ret = stxt_u64(line, "rule", &r->id) ?:
	      parse_leaf_name(line, &f->leaf) ?:
	      stxt_u64(line, "status", &f->status) ?:
	      stxt_uint(line, "nth", &f->nth) ?:
	      stxt_uint(line, "every", &f->every) ?:
	      parse_times(line, &f->times) ?:
	      stxt_u64(line, "seen", &r->seen) ?:
	      stxt_u64(line, "failed", &r->failed) ?:
	      stxt_uint(line, "own", &own);
	if (!ret && !stxt_none(line, "td"))
		ret = stxt_u64(line, "td", &f->td);
	if (!ret)
		ret = parse_regs(line, r);
	r->own = !ret && own;
	return ret;
}

int softtdx_parse_injected(const char *text, struct softtdx_injected **rules,
			unsigned int *nr)
{
	return stxt_array(text, "rule", sizeof(**rules), parse_rule,
			  (void **)rules, nr);
}

int softtdx_inject_read(int fd, unsigned int n, struct softtdx_injected *rule)
{
	struct softtdx_injected *rules = NULL;
	unsigned int i, nr;
	char *text;
	int ret;

	ret = stxt_read_fd(fd, &text) ?:
	      softtdx_parse_injected(text, &rules, &nr);
	free(text);
	if (ret)
		return ret;

	ret = -ENOENT;
	for (i = 0; i < nr && ret; i++) {
		if (!rules[i].own || n--)
			continue;
		*rule = rules[i];
		ret = 0;
	}
	free(rules);
	return ret;
}
