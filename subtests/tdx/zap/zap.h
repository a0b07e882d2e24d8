/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TD with two memslots on one guest_memfd, and a model of its mapped pages. A
 * test names the pages that it unmaps; zap_end() asserts that those and no
 * others are gone: by KVM's page counts, by touching again what must be mapped,
 * and with softtdx by its S-EPT, its pages and its calls.
 */
#ifndef SUBTESTS_TDX_ZAP_ZAP_H
#define SUBTESTS_TDX_ZAP_ZAP_H

#include "softtdx/sept.h"
#include "subtests/tdx/tests.h"

#define ZAP_SLOTS	2
#define ZAP_PAGES	16			/* of a slot */
#define ZAP_FILE	(3 * ZAP_PAGES)		/* last third: in no slot */

struct zap_page {
	bool mapped;
	bool pending;		/* by AUG, not accepted */
	u64 hpa;		/* by softtdx, must not change */
	u8 sha384[SOFTTDX_SHA384_SIZE];
};

struct zap_slot {
	struct td_mem mem;
	bool there;
	struct zap_page page[ZAP_PAGES];
};

struct zap {
	struct td *td;
	struct kvm_vcpu *vcpu;
	int fd;
	u8 *source;		/* ZAP_PAGES */
	struct zap_slot slot[ZAP_SLOTS];
	u64 shared;		/* pages that are mapped as shared */
	/* Earlier kernels do not add these pages of the file again. */
	bool once, added[ZAP_FILE];
	bool final;
	bool can_fill;		/* pages can be added */
	bool softtdx;
	u64 tdr;		/* the TD in softtdx */
	/* At zap_begin() */
	u64 mapped_before;
	struct softtdx_stats before;
};

/*
 * A TD with one vCPU. The slots are not in the order of the file: slot 0 has
 * its second third, slot 1, which is not aligned to 2 MiB, the first.
 */
void zap_create(struct zap *z);
void zap_free(struct zap *z);

/* From here on pages are added by pre-faults, if KVM supports them. */
void zap_finalize(struct zap *z);

/* Add the slot again, at its place in the file and in the TD. */
void zap_slot_add(struct zap *z, unsigned int slot);

gpa_t zap_gpa(const struct zap *z, unsigned int slot, u64 page);

/* A kernel that does not add this page of slot @slot (again), see older.h? */
bool zap_added_once(const struct zap *z, unsigned int slot, u64 page);

/* Add missing pages: of these, and of all; what KVM refuses stays missing. */
void zap_fill(struct zap *z, unsigned int slot, u64 first, u64 pages);
void zap_fill_all(struct zap *z);

/*
 * Around a zap: between the two remove its pages from the model, by pages of a
 * slot, of the file, or of the TD. Pages that are not mapped are ignored.
 */
void zap_begin(struct zap *z);
void zap_gone(struct zap *z, unsigned int slot, u64 first, u64 pages);
void zap_gone_file(struct zap *z, u64 first, u64 pages);
void zap_gone_gpa(struct zap *z, gpa_t gpa, u64 pages);
void zap_end(struct zap *z, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Pages of the model that are mapped. */
u64 zap_mapped(const struct zap *z);

#endif
