// SPDX-License-Identifier: GPL-2.0-only
/* The files tds, vcpus and forget. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "softtdx/td.h"
#include "softtdx/text.h"

static int parse_tdcs(const char *line, struct softtdx_td *td)
{
	return stxt_word(line, "op", td->op, sizeof(td->op)) ?:
	       stxt_uint(line, "vcpus", &td->vcpus) ?:
	       stxt_uint(line, "assoc", &td->assoc) ?:
	       stxt_u64(line, "epoch", &td->epoch) ?:
	       stxt_u64(line, "attributes", &td->attributes) ?:
	       stxt_u64(line, "xfam", &td->xfam) ?:
	       stxt_uint(line, "gpaw", &td->gpaw) ?:
	       stxt_u64(line, "added", &td->added) ?:
	       stxt_u64(line, "extended", &td->extended) ?:
	       stxt_hex(line, "mrtd", td->mrtd, sizeof(td->mrtd));
}

static int parse_td(const char *line, void *element)
{
	struct softtdx_td *td = element;
	int ret;

	ret = stxt_u64(line, "td", &td->pa) ?:
	      stxt_uint(line, "keyid", &td->keyid) ?:
	      stxt_word(line, "life", td->life, sizeof(td->life)) ?:
	      stxt_u64(line, "children", &td->children);
	td->has_tdcs = !ret && !stxt_none(line, "op");
	return td->has_tdcs ? parse_tdcs(line, td) : ret;
}

int softtdx_parse_tds(const char *text, struct softtdx_td **tds,
		      unsigned int *nr)
{
	return stxt_array(text, "td", sizeof(**tds), parse_td, (void **)tds,
			  nr);
}

int softtdx_tds_read(const char *dir, struct softtdx_td **tds,
		     unsigned int *nr)
{
	char *text;
	int ret;

	*tds = NULL;
	*nr = 0;
	ret = stxt_read(dir, "tds", &text) ?: softtdx_parse_tds(text, tds, nr);
	free(text);
	return ret;
}

int softtdx_newest_td(const char *dir, struct softtdx_td *td)
{
	struct softtdx_td *tds;
	unsigned int nr;
	int ret;

	ret = softtdx_tds_read(dir, &tds, &nr);
	if (!ret && !nr)
		ret = -ENODEV;
	if (!ret)
		*td = tds[0];
	free(tds);
	return ret;
}

int softtdx_forget(const char *dir, uint64_t td)
{
	char path[PATH_MAX];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/forget", dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = dprintf(fd, "%#" PRIx64, td) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

static int parse_cpu(const char *line, int *cpu)
{
	unsigned int n;

	*cpu = -1;
	if (stxt_none(line, "cpu"))
		return 0;
	if (stxt_uint(line, "cpu", &n) || n > INT_MAX)
		return -EINVAL;
	*cpu = n;
	return 0;
}

static int parse_vcpu(const char *line, void *element)
{
	struct softtdx_vcpu *v = element;
	int ret;

	ret = stxt_u64(line, "vcpu", &v->pa) ?: stxt_u64(line, "td", &v->td) ?:
	      stxt_word(line, "state", v->state, sizeof(v->state)) ?:
	      parse_cpu(line, &v->cpu) ?:
	      stxt_uint(line, "pages", &v->pages) ?:
	      stxt_u64(line, "epoch", &v->epoch);
	if (ret || stxt_none(line, "index"))
		return ret;
	v->initialized = true;
	return stxt_uint(line, "index", &v->index) ?:
	       stxt_uint(line, "x2apic", &v->x2apic);
}

int softtdx_parse_vcpus(const char *text, struct softtdx_vcpu **vcpus,
			unsigned int *nr)
{
	return stxt_array(text, "vcpu", sizeof(**vcpus), parse_vcpu,
			  (void **)vcpus, nr);
}

int softtdx_vcpus_read(const char *dir, struct softtdx_vcpu **vcpus,
		       unsigned int *nr)
{
	char *text;
	int ret;

	*vcpus = NULL;
	*nr = 0;
	ret = stxt_read(dir, "vcpus", &text) ?:
	      softtdx_parse_vcpus(text, vcpus, nr);
	free(text);
	return ret;
}
