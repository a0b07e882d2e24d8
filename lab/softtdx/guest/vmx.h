/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMX instructions, for the VMCS of a TD's vCPU.  KVM has wrappers of its own,
 * but they assume that the current VMCS is KVM's; these do not.  A field that
 * the CPU does not have is a bug of softtdx: it is logged once and reads as 0.
 */
#ifndef SOFTTDX_VMX_H
#define SOFTTDX_VMX_H

#include <linux/printk.h>
#include <asm/vmx.h>

#define VMX_NO_VMCS		(~0ULL)

static inline u64 vmx_current(void)
{
	u64 pa;

	asm volatile("vmptrst %0" : "=m" (pa) : : "cc", "memory");
	return pa;
}

static inline bool vmx_load(u64 pa)
{
	bool failed;

	asm volatile("vmptrld %1" : "=@ccna" (failed) : "m" (pa) :
		     "memory");
	return !failed;
}

static inline bool vmx_clear(u64 pa)
{
	bool failed;

	asm volatile("vmclear %1" : "=@ccna" (failed) : "m" (pa) :
		     "memory");
	return !failed;
}

static inline u64 vmx_read(unsigned long field)
{
	unsigned long value = 0;
	bool failed;

	asm volatile("vmread %2, %1" : "=@ccna" (failed), "+r" (value) :
		     "r" (field));
	if (failed)
		pr_err_once("softtdx: VMREAD of field %#lx failed\n", field);
	return value;
}

static inline void vmx_write(unsigned long field, u64 value)
{
	bool failed;

	asm volatile("vmwrite %2, %1" : "=@ccna" (failed) :
		     "r" (field), "r" (value));
	if (failed)
		pr_err_once("softtdx: VMWRITE of field %#lx failed\n", field);
}

/* All translations that came through this EPT. */
static inline void vmx_flush_ept(u64 eptp)
{
	struct { u64 eptp, reserved; } desc = { eptp, 0 };

	asm volatile("invept %0, %1" : : "m" (desc),
		     "r" ((unsigned long)VMX_EPT_EXTENT_CONTEXT) : "cc",
		     "memory");
}

#endif
