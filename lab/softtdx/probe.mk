# SPDX-License-Identifier: GPL-2.0-only
# What this kernel's headers have of what softtdx uses, as -DSTX_HAVE_*: see
# include/compat.h.  $(srctree) is the kernel's.
#
# have: HEADER, extended regular expression, NAME
stx_have = $(shell grep -qsE '$(2)' $(srctree)/$(1) && echo -DSTX_HAVE_$(3))

stx_flags := $(call stx_have,include/crypto/sha2.h,^struct sha384_ctx,SHA384_LIB)
# seamcall_ret() and its like have a header of their own since 7.3.
stx_flags += $(call stx_have,arch/x86/virt/vmx/tdx/seamcall_internal.h,seamcall,SEAMCALL_INTERNAL)
