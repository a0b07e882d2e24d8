/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inject errors into softtdx: which leaf fails, with which status, on which
 * calls. A call that is made to fail does none of the leaf's work. With
 * registers it need not be a failure: TDH.VP.ENTER can return any exit, without
 * a guest. Conventions: softtdx/stats.h.
 */
#ifndef SOFTTDX_INJECT_H
#define SOFTTDX_INJECT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "leaf.h"

/* Operands of SEAMCALLs; 0 where nothing was given. */
struct softtdx_regs {
	uint64_t rcx, rdx, rbx, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
};

#define SOFTTDX_ALWAYS	UINT_MAX

/*
 * Calls of the leaf, for that TD if one is named, count from 1 when the rule is
 * set. Call n fails if n >= nth and n - nth is a multiple of every, at most
 * times times. 0 stands for 1 in all three, so that leaf and status alone
 * fail the next call, once.
 */
struct softtdx_inject {
	unsigned int leaf;	/* enum tdh_leaf */
	uint64_t status;	/* for RAX, see lab/softtdx/include/abi.h */
	unsigned int nth;
	unsigned int every;
	unsigned int times;	/* SOFTTDX_ALWAYS: without limit */
	uint64_t td;		/* address of its TDR; 0: all TDs, or none */
	/* What it returns beside RAX, unless all are 0. */
	struct softtdx_regs out;
};

/* A rule as softtdx shows it. */
struct softtdx_injected {
	uint64_t id;
	struct softtdx_inject fail;
	uint64_t seen;		/* calls that matched */
	uint64_t failed;	/* calls that this rule made fail */
	bool own;		/* set through the file that is read */
	struct softtdx_regs in;	/* of the last call that it made fail */
};

/*
 * Open the file for rules: fd or -errno. The rules written through it are gone
 * when it is closed, by whatever end of the process (a child that inherited it
 * keeps it open).
 */
int softtdx_inject_open(const char *dir);

/*
 * Add a rule. -EINVAL if softtdx does not take it, -ENOSPC if its table is
 * full.
 */
int softtdx_inject_add(int fd, const struct softtdx_inject *f);

/* The @n-th rule (from 0) added through @fd; -ENOENT if there is no such. */
int softtdx_inject_read(int fd, unsigned int n, struct softtdx_injected *rule);

/* All rules, whoever set them, oldest first; *@rules is for free(). */
int softtdx_parse_injected(const char *text, struct softtdx_injected **rules,
			unsigned int *nr);

#endif
