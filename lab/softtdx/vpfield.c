// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.VP.RD and TDH.VP.WR: a vCPU's fields from a table (vpfield.def), kept in
 * its TDVPR.  A write changes the bits that are both in the request's mask and
 * writable, and gives the old value back.
 */
#include <linux/array_size.h>
#include <linux/build_bug.h>

#include "softtdx.h"

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
static u64 stx_vp_check_pin(const struct stx_tdvps *vp, u64 value)
{
	if (!(value & PIN_POSTED_INTR))
		return RC_SUCCESS;
	if (vp->fields[F_POSTED_INTR_NV] > VECTOR_MAX ||
	    vp->fields[F_POSTED_INTR_DESC] == ~0ULL)
		return RC_VMCS_FIELD_NOT_INITIALIZED;
	return RC_SUCCESS;
}

static u64 stx_vp_check(const struct stx_tdvps *vp, int i, u64 value)
{
	switch (stx_vp_fields[i].check) {
	case CHECK_VECTOR:
		if (value > VECTOR_MAX)
			return RC_METADATA_FIELD_VALUE_NOT_VALID;
		return RC_SUCCESS;
	case CHECK_HPA:
		if (value & ~stx_pa_mask())
			return RC_METADATA_FIELD_VALUE_NOT_VALID;
		return RC_SUCCESS;
	case CHECK_PIN:
		return stx_vp_check_pin(vp, value);
	default:
		return RC_SUCCESS;
	}
}

u64 stx_vp_rd(struct stx_call *c)
{
	int i = stx_vp_field(c->in[STX_RDX]);

	if (i < 0)
		return RC_METADATA_FIELD_ID_INCORRECT;
	c->out[STX_R8] = c->vp->fields[i];
	return RC_SUCCESS;
}

u64 stx_vp_wr(struct stx_call *c)
{
	u64 mask = c->in[STX_R9], old, value, err;
	int i = stx_vp_field(c->in[STX_RDX]);

	if (i < 0)
		return RC_METADATA_FIELD_ID_INCORRECT;
	mask &= stx_vp_fields[i].mask;
	if (!mask)
		return RC_METADATA_FIELD_NOT_WRITABLE;
	old = c->vp->fields[i];
	value = (old & ~mask) | (c->in[STX_R8] & mask);
	/* What cannot be written is 0 once the field holds a value. */
	if (old == ~0ULL)
		value &= stx_vp_fields[i].mask;
	err = stx_vp_check(c->vp, i, value);
	if (err)
		return err;
	c->vp->fields[i] = value;
	c->out[STX_R8] = old;
	return RC_SUCCESS;
}
