/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TDs and vCPUs that softtdx holds. A test knows its TD by its place: the
 * newest is the first. Conventions: softtdx/stats.h.
 */
#ifndef SOFTTDX_TD_H
#define SOFTTDX_TD_H

#include <stdbool.h>
#include <stdint.h>

#define SOFTTDX_MRTD_SIZE	48

/* All below has_tdcs is 0 without it. */
struct softtdx_td {
	uint64_t pa;		/* of the TDR */
	unsigned int keyid;
	char life[20];		/* HKID_ASSIGNED, ..., see debugfs.c */
	uint64_t children;	/* pages that are the TD's, TDR not counted */
	bool has_tdcs;		/* TDH.MNG.INIT was done, TDCS still there */
	char op[20];		/* INITIALIZED, RUNNABLE */
	unsigned int vcpus;	/* initialized ones */
	unsigned int assoc;	/* vCPUs that are associated with a CPU */
	uint64_t epoch;
	uint64_t attributes;
	uint64_t xfam;
	unsigned int gpaw;	/* 48 or 52 */
	uint64_t added;		/* pages by TDH.MEM.PAGE.ADD */
	uint64_t extended;	/* 256-byte chunks by TDH.MR.EXTEND */
	uint8_t mrtd[SOFTTDX_MRTD_SIZE];
};

struct softtdx_vcpu {
	uint64_t pa;		/* of the TDVPR */
	uint64_t td;		/* of its TDR */
	bool initialized;	/* index and x2apic are known */
	unsigned int index;
	uint32_t x2apic;
	char state[20];		/* UNINITIALIZED, READY, DISABLED */
	int cpu;		/* that it is associated with, -1: none */
	unsigned int pages;	/* of its TDVPS, TDVPR included */
	uint64_t epoch;		/* the TD's at its last entry, 0: none */
};

/* *@tds is for the caller to free(), NULL if there are none. Newest first. */
int softtdx_parse_tds(const char *text, struct softtdx_td **tds,
		      unsigned int *nr);
int softtdx_tds_read(const char *dir, struct softtdx_td **tds,
		     unsigned int *nr);

/* The newest TD; -ENODEV if there is none. */
int softtdx_newest_td(const char *dir, struct softtdx_td *td);

/*
 * Have softtdx forget the TD whose TDR is at @td, whatever it still holds: its
 * pages are nobody's, its keyid is no TD's and not free. For one that the host
 * has leaked.
 * -ENOENT if there is no such TD.
 */
int softtdx_forget(const char *dir, uint64_t td);

/* Of every TD that is not in TEARDOWN; *@vcpus is for the caller to free(). */
int softtdx_parse_vcpus(const char *text, struct softtdx_vcpu **vcpus,
			unsigned int *nr);
int softtdx_vcpus_read(const char *dir, struct softtdx_vcpu **vcpus,
		       unsigned int *nr);

#endif
