// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page ownership.  For each 4 KiB page in a TDMR the PAMT holds a type, an
 * owner (the TDR's address) and the epoch of its last block; it lies in the
 * memory that the kernel donated for it.  A page is taken from the host only as
 * NDA, and returned only as NDA.
 *
 * Pages are tracked by 4 KiB only: the 2 MiB and 1 GiB levels are taken from
 * the kernel and stay unused, because KVM maps private memory by 4 KiB.
 */
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/string.h>
#include <asm/processor.h>

#include "softtdx.h"

#define PAMT_TYPE		GENMASK_ULL(7, 0)
#define PAMT_OWNER		GENMASK_ULL(51, 12)

struct stx_tdmr stx_tdmrs[STX_MAX_TDMRS];
unsigned int stx_nr_tdmrs;

static u64 stx_page_counts[PGT_NR];

/* Physical address bits; keyid bits are above them, not part of the address. */
u64 stx_pa_mask(void)
{
	return GENMASK_ULL(boot_cpu_data.x86_phys_bits - 1, 0);
}

static struct stx_tdmr *stx_tdmr_of(u64 pa)
{
	unsigned int i;

	for (i = 0; i < stx_nr_tdmrs; i++) {
		struct stx_tdmr *t = &stx_tdmrs[i];

		if (pa >= t->base && pa - t->base < t->size)
			return t;
	}
	return NULL;
}

/* The entry of a page, NULL where no TDMR is initialized. */
struct stx_pamt *stx_pamt(u64 pa)
{
	struct stx_tdmr *t = stx_tdmr_of(pa);
	struct stx_pamt *pamt;

	if (!t || pa >= ALIGN_DOWN(t->next, SZ_1G))
		return NULL;
	pamt = __va(t->pamt_4k);
	return &pamt[PHYS_PFN(pa - t->base)];
}

enum stx_page_type stx_page_type(const struct stx_pamt *entry)
{
	return entry->info & PAMT_TYPE;
}

u64 stx_page_owner(const struct stx_pamt *entry)
{
	return entry->info & PAMT_OWNER;
}

void stx_page_set(struct stx_pamt *entry, enum stx_page_type type, u64 owner)
{
	stx_page_counts[stx_page_type(entry)]--;
	stx_page_counts[type]++;
	entry->info = type | owner;
	entry->bepoch = 0;
}

u64 stx_page_count(enum stx_page_type type)
{
	return stx_page_counts[type];
}

u64 stx_page_operand(const struct stx_call *c, u64 pa, unsigned int operand,
		     enum stx_check check, struct stx_pamt **entry)
{
	if (!PAGE_ALIGNED(pa) || (pa & ~stx_pa_mask()))
		return stx_refuse(c, check,
				  stx_err(RC_OPERAND_INVALID, operand));
	*entry = stx_pamt(pa);
	if (!*entry)
		return stx_refuse(c, check + 1,
				  stx_err(RC_OPERAND_ADDR_RANGE_ERROR,
					  operand));
	return RC_SUCCESS;
}

/* A wrong type can be let pass only where a page of the host is expected. */
u64 stx_page_check(const struct stx_call *c, u64 pa, unsigned int operand,
		   enum stx_check check, enum stx_page_type type,
		   struct stx_pamt **entry)
{
	u64 err, wrong = stx_err(RC_PAGE_METADATA_INCORRECT, operand);
	struct stx_pamt *e;

	err = stx_page_operand(c, pa, operand, check, &e);
	if (err)
		return err;
	if (stx_page_type(e) != type) {
		if (type != PGT_NDA || stx_page_type(e) == PGT_RSVD)
			return stx_refuse(c, check + 2, wrong);
		if (stx_checks(c, check + 2))
			return wrong;
	}
	if (entry)
		*entry = e;
	return RC_SUCCESS;
}

/*
 * A buffer that remains the host's.  If the page is a TD's, the module would
 * read ciphertext or take a machine check; here it is refused.
 */
u64 stx_source_check(const struct stx_call *c, u64 pa, u64 align,
		     unsigned int operand)
{
	u64 wrong = stx_err(RC_OPERAND_INVALID, operand);
	struct stx_pamt *entry;

	if (!IS_ALIGNED(pa, align) || (pa & ~stx_pa_mask()) ||
	    !pfn_valid(PHYS_PFN(pa)))
		return stx_refuse(c, CHECK_SOURCE_ADDRESS, wrong);
	entry = stx_pamt(PAGE_ALIGN_DOWN(pa));
	if (entry && stx_page_type(entry) > PGT_RSVD &&
	    stx_checks(c, CHECK_SOURCE_OWNER))
		return wrong;
	return RC_SUCCESS;
}

/* Clear the entries from t->next to end and mark the reserved pages. */
void stx_pamt_init(struct stx_tdmr *t, u64 end)
{
	u64 first = PHYS_PFN(t->next - t->base);
	u64 last = PHYS_PFN(end - t->base);
	struct stx_pamt *pamt = __va(t->pamt_4k);
	unsigned int i;
	u64 n;

	memset(&pamt[first], 0, (last - first) * sizeof(*pamt));
	stx_page_counts[PGT_NDA] += last - first;

	for (i = 0; i < t->nr_rsvd; i++) {
		u64 from = max(first, PHYS_PFN(t->rsvd[i].offset));
		u64 to = min(last, PHYS_PFN(t->rsvd[i].offset +
					    t->rsvd[i].size));

		for (n = from; n < to; n++)
			stx_page_set(&pamt[n], PGT_RSVD, 0);
	}
	t->next = end;
}
