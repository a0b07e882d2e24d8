// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vCPU's fields: what can be written, with which values, and what is read
 * afterwards; and the number and x2APIC ids of a TD's vCPUs.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/mm.h>

#include "selftest.h"

#define ALL		(~0ULL)
#define NOT_VALID	S_METADATA_FIELD_VALUE_NOT_VALID
#define NOT_WRITABLE	S_METADATA_FIELD_NOT_WRITABLE
#define NO_FIELD	S_METADATA_FIELD_ID_INCORRECT
#define NOT_SET_UP	S_VMCS_FIELD_NOT_INITIALIZED
#define ADDRESS		0x123456000ULL
#define NO_ADDRESS	BIT_ULL(51)

/*
 * Writes one after the other: field, value, mask; then what is returned as the
 * old value and what is read.
 */
static const struct {
	const char *what;
	u64 field, value, mask, status, old, now;
} st_writes[] = {
	{ "pins before vector", F_PIN, 0x80, 0x80, NOT_SET_UP, 0, 0x29 },
	{ "vector too high", F_POSTED_NV, 0x100, 0xffff, NOT_VALID, 0, 0xffff },
	{ "vector", F_POSTED_NV, 0xf2, 0xffff, 0, 0xffff, 0xf2 },
	{ "pins before descriptor", F_PIN, 0x80, 0x80, NOT_SET_UP, 0, 0x29 },
	{ "no descriptor", F_POSTED_DESC, NO_ADDRESS, ALL, NOT_VALID, 0, ALL },
	{ "descriptor", F_POSTED_DESC, ADDRESS + 0x47, ALL, 0, ALL,
	  ADDRESS + 0x40 },
	{ "pins", F_PIN, 0x80, 0x80, 0, 0x29, 0xa9 },
	{ "pins that are fixed", F_PIN, 0, 0x29, NOT_WRITABLE, 0, 0xa9 },
	{ "pins back", F_PIN, 0, ALL, 0, 0xa9, 0x29 },
	{ "no shared EPT", F_SHARED_EPTP, NO_ADDRESS, ALL, NOT_VALID, 0, 0 },
	{ "shared EPT", F_SHARED_EPTP, ADDRESS + 0xfff, ALL, 0, 0, ADDRESS },
	{ "shared EPT, no bit", F_SHARED_EPTP, 0, 0xfff, NOT_WRITABLE, 0,
	  ADDRESS },
	{ "notify", F_PROC2, BIT_ULL(31), BIT_ULL(31), 0, 0x133cb3fa,
	  0x933cb3fa },
	{ "bus lock", F_PROC2, ALL, BIT_ULL(30), 0, 0x933cb3fa, 0xd33cb3fa },
	{ "controls that are fixed", F_PROC2, ALL, 0x3fffffff, NOT_WRITABLE, 0,
	  0xd33cb3fa },
	{ "window", F_NOTIFY_WINDOW, ALL, ALL, 0, 0, 0xffffffff },
	{ "NMI", F_PEND_NMI, 1, 0xff, 0, 0, 1 },
	{ "details", F_VCPU_DETAILS, 1, ALL, NOT_WRITABLE, 0, 0 },
	{ "no such field", 0x4444, 1, ALL, NO_FIELD, 0, 0 },
};

static void st_field_case(struct st *t, struct st_td *td, unsigned int i)
{
	bool exists = st_writes[i].status != NO_FIELD;
	u64 regs[STX_NR_REGS] = {
		[RCX] = td->vp[VP_HERE].vpr, [RDX] = st_writes[i].field,
		[R8] = st_writes[i].value, [R9] = st_writes[i].mask,
	};

	t->column = st_writes[i].what;
	if (st_says(t, L_VP_WR, regs, td,
		  st_writes[i].status))
		st_check(t, "R8 of a write", regs[R8], st_writes[i].old);

	regs[RCX] = td->vp[VP_HERE].vpr;
	regs[RDX] = st_writes[i].field;
	if (st_says(t, L_VP_RD, regs, td,
		  exists ? 0 : NO_FIELD))
		st_check(t, "R8 of a read", regs[R8], st_writes[i].now);
}

void st_fields(struct st *t)
{
	struct st_td *td = st_build(t, TD_INIT);
	unsigned int i;

	for (i = 0; td && i < ARRAY_SIZE(st_writes); i++)
		st_field_case(t, td, i);
}

static void st_new_vp(struct st *t, struct st_td *td, u64 x2apic, u64 status)
{
	u64 regs[STX_NR_REGS] = { [RCX] = st_page(t), [RDX] = td->tdr };
	u64 vpr = regs[RCX];
	unsigned int i;

	st_says(t, L_VP_CREATE, regs, td, S_SUCCESS);
	for (i = 1; i < t->nr_tdvps; i++) {
		regs[RCX] = st_page(t);
		regs[RDX] = vpr;
		st_says(t, L_VP_ADDCX, regs, td, S_SUCCESS);
	}
	regs[RCX] = vpr;
	regs[R8] = x2apic;
	st_says(t, L_VP_INIT, regs, td, status);
}

/* Version 0 knows no x2APIC ids: nothing in R8 can be wrong. */
static void st_version_0(struct st *t)
{
	struct st_td *td = st_build(t, TD_INIT);
	u64 regs[STX_NR_REGS];

	if (!td)
		return;
	t->column = "version 0";
	st_good(t, L_VP_INIT, td, regs);
	regs[RAX] = st_leaves[L_VP_INIT].rax & 0xffff;
	regs[R8] = ~0ULL;
	st_check(t, "taken", stx_seamcall(regs), true);
	st_check(t, "status", regs[RAX], S_SUCCESS);
	td->built = false;
}

/* ST_NR_VPS + 2 are allowed; those of TD_INIT have their place as x2APIC id. */
void st_vcpus(struct st *t)
{
	unsigned int nr = t->other < 0 ? 2 : 3, i;
	u64 regs[STX_NR_REGS];
	struct st_td *td;

	st_version_0(t);
	td = st_build(t, TD_INIT);
	if (!td)
		return;
	t->column = "an x2APIC id";
	st_new_vp(t, td, BIT_ULL(32), S_OPERAND_INVALID | R8);
	st_new_vp(t, td, VP_HERE, S_X2APIC_ID_NOT_UNIQUE | VP_HERE);
	st_new_vp(t, td, 0xffffffff, S_SUCCESS);
	t->column = "as many vCPUs as there can be";
	for (i = nr + 1; i < ST_NR_VPS + 2; i++)
		st_new_vp(t, td, 0x100 + i, S_SUCCESS);
	t->column = "a vCPU too many";
	st_new_vp(t, td, 0x200, S_MAX_VCPUS_EXCEEDED);
	st_new_vp(t, td, BIT_ULL(32), S_MAX_VCPUS_EXCEEDED);

	/* A TD without vCPU never becomes final. */
	t->column = "a TD without vCPU";
	td = st_build(t, TD_UNINIT);
	if (!td)
		return;
	st_good(t, L_MNG_INIT, td, regs);
	st_says(t, L_MNG_INIT, regs, td, S_SUCCESS);
	st_good(t, L_MR_FINALIZE, td, regs);
	st_says(t, L_MR_FINALIZE, regs, td, S_NO_VCPUS);
	td->built = false;
}
