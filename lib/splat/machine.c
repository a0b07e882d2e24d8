// SPDX-License-Identifier: GPL-2.0-only
/*
 * The running kernel, and what its TDX module is: no result of the lab's
 * software must be mistaken for a result of hardware.
 */
#include <stdlib.h>
#include <sys/utsname.h>

#include "runner/platform.h"
#include "splat/splat.h"

void read_word(char *dst, size_t size, const char *root, const char *path)
{
	struct text t;
	struct str rest, line;

	dst[0] = '\0';
	if (!read_below(root, path, &t)) {
		rest = (struct str){ t.p, t.n };
		if (str_take_line(&rest, &line))
			snprintf(dst, size, "%.*s", (int)line.n, line.p);
	}
	free(t.p);
}

/* Unknown unless platform.c is certain that it is one or the other. */
static const char *tdx_module(const char *root, bool enabled)
{
	const char *word;
	char debugfs[4096];

	snprintf(debugfs, sizeof(debugfs), "%s/sys/kernel/debug", root);
	word = platform_detect(debugfs)->word;
	if (!strcmp(word, "softtdx"))
		return "softtdx";
	if (!enabled)
		return "none";
	return strcmp(word, "TDX hardware") ? "unknown" : "hardware";
}

const char *(*machine_find_stand_in)(const char *debugfs);

static const char *stand_in(const char *root)
{
	char debugfs[4096];

	snprintf(debugfs, sizeof(debugfs), "%s/sys/kernel/debug", root);
	return machine_find_stand_in ? machine_find_stand_in(debugfs) : NULL;
}

void machine_taint(char *dst, size_t size, const char *root)
{
	read_word(dst, size, root, "/proc/sys/kernel/tainted");
}

static void read_release(struct machine *m, const char *root)
{
	struct utsname u;

	if (root[0] || uname(&u))
		read_word(m->release, sizeof(m->release), root,
			  "/proc/sys/kernel/osrelease");
	else
		snprintf(m->release, sizeof(m->release), "%s", u.release);
}

void machine_read(struct machine *m, const char *root)
{
	char word[8];

	read_release(m, root);
	machine_taint(m->taint, sizeof(m->taint), root);
	read_word(word, sizeof(word), root,
		  "/sys/module/kvm_intel/parameters/tdx");
	m->kvm_tdx = word[0] == 'Y';
	m->tdx = tdx_module(root, m->kvm_tdx);
	m->stand_in = stand_in(root);
}
