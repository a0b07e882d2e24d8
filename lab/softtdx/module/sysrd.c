// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.RD: global metadata from a table (sysrd.def) and from the list of
 * CPUID configurations.  A field is found by class, code and the bit for
 * non-architectural fields, as the module does; sizes in the id do not count.
 */
#include <linux/array_size.h>
#include <linux/mm.h>

#include "softtdx.h"

#define ID_XFAM_FIXED0		0x1900000300000002ULL
#define ID_CPUID_LEAVES		0x9900000300000400ULL
#define ID_CPUID_VALUES		0x9900000300000500ULL

static const struct {
	u64 id, value;
} stx_fields[] = {
#define FIELD(field_id, field_value) { .id = field_id, .value = field_value },
#include "sysrd.def"
#undef FIELD
};

/* Leaf in 31:0, sub-leaf in 63:32; then two fields with the mask of bits. */
static bool stx_cpuid_field(u64 key, u64 *value)
{
	u64 leaf = key - FIELD_KEY(ID_CPUID_LEAVES);
	u64 half = key - FIELD_KEY(ID_CPUID_VALUES);
	const struct stx_cpuid *row;
	unsigned int r;

	if (leaf < STX_NR_CPUID_CONFIGS) {
		row = stx_cpuid_config(leaf);
		*value = row->leaf | (u64)row->sub << 32;
		return true;
	}
	if (half >= 2 * STX_NR_CPUID_CONFIGS)
		return false;
	row = stx_cpuid_config(half / 2);
	r = half % 2 * 2;
	*value = (row->direct[r] | row->allow[r]) |
		 (u64)(row->direct[r + 1] | row->allow[r + 1]) << 32;
	return true;
}

u64 stx_sysrd(u64 id, u64 *value)
{
	u64 key = FIELD_KEY(id);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stx_fields); i++) {
		if (FIELD_KEY(stx_fields[i].id) != key)
			continue;
		*value = stx_fields[i].value;
		if (stx_fields[i].id == ID_XFAM_FIXED0)
			*value &= stx_xfam_native();
		return RC_SUCCESS;
	}
	if (!stx_cpuid_field(key, value))
		return RC_METADATA_FIELD_ID_INCORRECT;
	return RC_SUCCESS;
}

u64 stx_sys_rd(struct stx_call *c)
{
	if (!stx_lp_ready() && stx_checks(c, CHECK_LP))
		return RC_SYS_LP_INIT_NOT_DONE;
	if (stx_sysrd(c->in[STX_RDX], &c->out[STX_R8]) &&
	    stx_checks(c, CHECK_FIELD))
		return RC_METADATA_FIELD_ID_INCORRECT;
	return RC_SUCCESS;
}
