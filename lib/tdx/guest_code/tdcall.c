// SPDX-License-Identifier: GPL-2.0-only
/* TDCALL leaves for guest code: registers in, status and values out. */
#include "tdx/guest_code/tdcall.h"

u64 tdg_vp_info(struct tdg_info *info)
{
	struct tdcall_regs r = {};
	u64 status = tdcall(TDG_VP_INFO, &r);

	*info = (struct tdg_info) {
		.gpaw = r.rcx & 0x3f,
		.attributes = r.rdx,
		.nr_vcpus = r.r8,
		.max_vcpus = r.r8 >> 32,
		.index = r.r9,
	};
	return status;
}

u64 tdg_vp_veinfo_get(struct tdg_ve *ve)
{
	struct tdcall_regs r = {};
	u64 status = tdcall(TDG_VP_VEINFO_GET, &r);

	*ve = (struct tdg_ve) {
		.reason = r.rcx,
		.qual = r.rdx,
		.gla = r.r8,
		.gpa = r.r9,
		.insn_len = r.r10,
		.insn_info = r.r10 >> 32,
	};
	return status;
}

u64 tdg_mem_page_accept(u64 gpa, unsigned int level)
{
	struct tdcall_regs r = { .rcx = gpa | level };

	return tdcall(TDG_MEM_PAGE_ACCEPT, &r);
}

u64 tdg_mr_report(u64 report_gpa, u64 data_gpa)
{
	struct tdcall_regs r = { .rcx = report_gpa, .rdx = data_gpa };

	return tdcall(TDG_MR_REPORT, &r);
}

u64 tdg_mr_rtmr_extend(u64 gpa, unsigned int index)
{
	struct tdcall_regs r = { .rcx = gpa, .rdx = index };

	return tdcall(TDG_MR_RTMR_EXTEND, &r);
}

u64 tdg_vm_rd(u64 field, u64 *value)
{
	struct tdcall_regs r = { .rdx = field };
	u64 status = tdcall(TDG_VM_RD, &r);

	*value = r.r8;
	return status;
}

u64 tdg_vm_wr(u64 field, u64 value, u64 mask)
{
	struct tdcall_regs r = { .rdx = field, .r8 = value, .r9 = mask };

	return tdcall(TDG_VM_WR, &r);
}

u64 tdg_sys_rd(u64 field, u64 *value)
{
	struct tdcall_regs r = { .rdx = field };
	u64 status = tdcall(TDG_SYS_RD, &r);

	*value = r.r8;
	return status;
}
