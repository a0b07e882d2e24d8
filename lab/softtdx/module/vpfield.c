// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.VP.RD and TDH.VP.WR: a vCPU's fields from a table (vpfield.def), kept in
 * its TDVPR.  A write changes the bits that are both in the request's mask and
 * writable, and returns the old value.
 */
#include <linux/array_size.h>
#include <linux/build_bug.h>

#include <asm/apicdef.h>

#include "guest.h"

#define PIN_POSTED_INTR		BIT(7)
#define VECTOR_MAX		255

enum stx_field_check { CHECK_NONE, CHECK_VECTOR, CHECK_HPA, CHECK_PIN };

enum {
#define FIELD(name, id, mask, first, check) F_##name,
#include "vpfield.def"
#undef FIELD
	F_NR,
};

static const struct {
	u64 id, mask, first;
	enum stx_field_check check;
} stx_vp_fields[] = {
#define FIELD(name, i, m, f, c) [F_##name] = \
	{ .id = i, .mask = m, .first = f, .check = c },
#include "vpfield.def"
#undef FIELD
};

static_assert(F_NR <= STX_VP_FIELDS);

void stx_vp_fields_init(struct stx_tdvps *vp)
{
	unsigned int i;

	for (i = 0; i < F_NR; i++)
		vp->fields[i] = stx_vp_fields[i].first;
}

static int stx_vp_field(u64 id)
{
	unsigned int i;

	for (i = 0; i < F_NR; i++)
		if (FIELD_KEY(stx_vp_fields[i].id) == FIELD_KEY(id))
			return i;
	return -1;
}

/* Posted interrupts can be turned on once vector and descriptor are known. */
static bool stx_vp_pin_early(const struct stx_tdvps *vp, u64 value)
{
	return (value & PIN_POSTED_INTR) &&
	       (vp->fields[F_POSTED_INTR_NV] > VECTOR_MAX ||
		vp->fields[F_POSTED_INTR_DESC] == ~0ULL);
}

static bool stx_vp_value_bad(enum stx_field_check check, u64 value)
{
	return (check == CHECK_VECTOR && value > VECTOR_MAX) ||
	       (check == CHECK_HPA && (value & ~stx_pa_mask()));
}

static u64 stx_vp_check(const struct stx_call *c, int i, u64 value)
{
	enum stx_field_check check = stx_vp_fields[i].check;

	if (stx_vp_value_bad(check, value) && stx_checks(c, CHECK_VALUE))
		return RC_METADATA_FIELD_VALUE_NOT_VALID;
	if (check == CHECK_PIN && stx_vp_pin_early(c->vp, value) &&
	    stx_checks(c, CHECK_POSTED))
		return RC_VMCS_FIELD_NOT_INITIALIZED;
	return RC_SUCCESS;
}

/* An unknown field: if the check is off there is nothing to do. */
static u64 stx_vp_no_field(const struct stx_call *c)
{
	return stx_checks(c, CHECK_FIELD) ? RC_METADATA_FIELD_ID_INCORRECT :
					RC_SUCCESS;
}

/* An interrupt that would be delivered: its class is above the processor's. */
static bool stx_vp_has_interrupt(const struct stx_tdvps *vp)
{
	const struct stx_guest *g = stx_vp_page(vp, STX_TDVPS_GUEST);
	const u8 *apic = stx_vp_page(vp, STX_TDVPS_APIC);

	return g && apic && g->rvi >> 4 > apic[APIC_PROCPRI] >> 4;
}

u64 stx_vp_rd(struct stx_call *c)
{
	int i = stx_vp_field(c->in[STX_RDX]);

	if (i < 0)
		return stx_vp_no_field(c);
	c->out[STX_R8] = i == F_STATE_DETAILS ?
			 stx_vp_has_interrupt(c->vp) : c->vp->fields[i];
	return RC_SUCCESS;
}

u64 stx_vp_wr(struct stx_call *c)
{
	u64 mask = c->in[STX_R9], old, value, err;
	int i = stx_vp_field(c->in[STX_RDX]);

	if (i < 0)
		return stx_vp_no_field(c);
	mask &= stx_vp_fields[i].mask;
	if (!mask && stx_checks(c, CHECK_WRITABLE))
		return RC_METADATA_FIELD_NOT_WRITABLE;
	old = c->vp->fields[i];
	value = (old & ~mask) | (c->in[STX_R8] & mask);
	/* Bits that cannot be written are 0 once the field has a value. */
	if (old == ~0ULL)
		value &= stx_vp_fields[i].mask;
	err = stx_vp_check(c, i, value);
	if (err)
		return err;
	c->vp->fields[i] = value;
	c->out[STX_R8] = old;
	return RC_SUCCESS;
}

/* What the host wrote that concerns a running guest. */
bool stx_vp_posted(const struct stx_tdvps *vp)
{
	return vp->fields[F_PIN_CONTROLS] & PIN_POSTED_INTR;
}

u8 stx_vp_posted_vector(const struct stx_tdvps *vp)
{
	return vp->fields[F_POSTED_INTR_NV];
}

u64 stx_vp_posted_desc(const struct stx_tdvps *vp)
{
	return vp->fields[F_POSTED_INTR_DESC];
}

u64 stx_vp_shared_eptp(const struct stx_tdvps *vp)
{
	return vp->fields[F_SHARED_EPTP];
}

/* Is an NMI pending?  @take: it no longer is afterwards. */
bool stx_vp_take_nmi(struct stx_tdvps *vp, bool take)
{
	bool pending = vp->fields[F_PEND_NMI];

	if (take)
		vp->fields[F_PEND_NMI] = 0;
	return pending;
}
