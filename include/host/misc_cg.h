/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The misc controller of cgroup v2. KVM charges it one "tdx" for each TD that
 * has a keyid, so that its root has on every machine how many private keyids
 * guests can have and how many they have
 * (Documentation/admin-guide/cgroup-v2.rst, "Misc").
 */
#ifndef HOST_MISC_CG_H
#define HOST_MISC_CG_H

#include <stdint.h>

#define CGROUP_DIR	"/sys/fs/cgroup"
#define MISC_CG_TDX	"tdx"

/* The value of @name in lines of "name value". -ENOENT: no such line. Pure. */
int misc_cg_parse(const char *text, const char *name, uint64_t *value);

/*
 * The value of @name in @file of the cgroup @dir, e.g. "misc.current". -ENOENT
 * without the controller or the line, -EINVAL for another text.
 */
int misc_cg_read(const char *dir, const char *file, const char *name,
		 uint64_t *value);

#endif
