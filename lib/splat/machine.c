// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which kernel runs here, and what answers for the TDX module: nothing that
 * came through the lab's software may be taken for a result of hardware.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "splat.h"

static void one_word(char *dst, size_t size, const char *root, const char *path)
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

static bool is_dir(const char *root, const char *path)
{
	char full[4096];
	struct stat st;

	snprintf(full, sizeof(full), "%s%s", root, path);
	return !stat(full, &st) && S_ISDIR(st.st_mode);
}

void machine_taint(char *dst, size_t size, const char *root)
{
	one_word(dst, size, root, "/proc/sys/kernel/tainted");
}

void machine_look(struct machine *m, const char *root)
{
	char word[8];

	one_word(m->release, sizeof(m->release), root,
		 "/proc/sys/kernel/osrelease");
	machine_taint(m->taint, sizeof(m->taint), root);
	one_word(word, sizeof(word), root,
		 "/sys/module/kvm_intel/parameters/tdx");
	if (is_dir(root, "/sys/kernel/debug/softtdx"))
		m->tdx = "softtdx";
	else if (word[0] == 'Y')
		m->tdx = "hardware";
	else
		m->tdx = "none";
}
