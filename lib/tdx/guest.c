// SPDX-License-Identifier: GPL-2.0-only
/* Guest code of a TD: accept and convert memory; which vCPU is this? */
#include "tdx/guest.h"

#define SIZE_4K		PAGE_SIZE
#define SIZE_2M		(512 * SIZE_4K)

unsigned int td_vcpu_index(void)
{
	struct tdg_info info;
	u64 status = tdg_vp_info(&info);

	GUEST_ASSERT_EQ(status, 0ul);
	return info.index;
}

/* KVM drops interrupts of an APIC that is not software-enabled. */
void td_apic_enable(void)
{
	x2apic_write_reg(APIC_SPIV, x2apic_read_reg(APIC_SPIV) |
				    APIC_SPIV_APIC_ENABLED);
}

/* One step: a 2 MiB page, or a 4 KiB page; its size, or 0 if it failed. */
static u64 accept_step(u64 gpa, u64 left, u64 *end_of_4k, u64 *status,
		       struct td_accepted *done)
{
	if (!(gpa % SIZE_2M) && left >= SIZE_2M && gpa >= *end_of_4k) {
		*status = td_accept_page(gpa, TDX_LEVEL_2M);
		if (!*status) {
			done->pages_2m++;
			return SIZE_2M;
		}
		if (tdx_status(*status) != TDX_PAGE_SIZE_MISMATCH)
			return 0;

		done->mismatches++;
		*end_of_4k = gpa + SIZE_2M;
	}

	*status = td_accept_page(gpa, TDX_LEVEL_4K);
	if (*status)
		return 0;

	done->pages_4k++;
	return SIZE_4K;
}

u64 __td_accept(u64 gpa, u64 size, struct td_accepted *done)
{
	u64 end = gpa + size, end_of_4k = 0, status = 0, step;
	struct td_accepted own;

	if (!done)
		done = &own;
	*done = (struct td_accepted) { .gpa = gpa };

	while (done->gpa < end) {
		step = accept_step(done->gpa, end - done->gpa, &end_of_4k,
				   &status, done);
		if (!step)
			break;
		done->gpa += step;
	}
	return status;
}

void td_accept(u64 gpa, u64 size, struct td_accepted *done)
{
	struct td_accepted own;
	u64 status;

	if (!done)
		done = &own;
	status = __td_accept(gpa, size, done);
	__GUEST_ASSERT(!status, "accept of gpa %#lx: status %#lx", done->gpa,
		       status);
}

static u64 map_gpa(u64 gpa, u64 size)
{
	u64 end = gpa + size, ret;

	do {
		ret = tdvmcall_map_gpa(gpa, end - gpa, &gpa);
	} while (ret == TDVMCALL_RETRY);
	return ret;
}

u64 __td_share(u64 gpa, u64 size)
{
	return map_gpa(gpa | TD_SHARED, size);
}

u64 __td_unshare(u64 gpa, u64 size)
{
	return map_gpa(gpa, size);
}

void td_share(u64 gpa, u64 size)
{
	u64 ret = __td_share(gpa, size);

	__GUEST_ASSERT(!ret, "MapGPA of gpa %#lx to shared: %#lx", gpa, ret);
}

void td_unshare(u64 gpa, u64 size)
{
	u64 ret = __td_unshare(gpa, size);

	__GUEST_ASSERT(!ret, "MapGPA of gpa %#lx to private: %#lx", gpa, ret);
}
