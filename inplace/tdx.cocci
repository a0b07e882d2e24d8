// SPDX-License-Identifier: GPL-2.0-only
//
// KVM_TDX_INIT_MEM_REGION without a source: the page is its own, and so there is
// no source address to move on.
//
// file: arch/x86/kvm/vmx/tdx.c
// names: 1
// drops: 3

@@
identifier src_page, kvm_tdx, pfn;
@@
 tdx_gmem_post_populate(..., kvm_pfn_t pfn, struct page *src_page, ...)
 {
 <...
-kvm_tdx->page_add_src = src_page;
+kvm_tdx->page_add_src = src_page ?: pfn_to_page(pfn);
 ...>
 }

@@
identifier region;
statement S;
expression A, B, C, D, E, F;
@@
 tdx_vcpu_init_mem_region(...)
 {
 <...
 if (A ||
-	!region.source_addr
+	(!region.source_addr && !gmem_in_place_conversion)
 	|| B || C || D || E || F) S
 ...>
 }

@@
identifier region;
@@
 tdx_vcpu_init_mem_region(...)
 {
 <...
-region.source_addr += PAGE_SIZE;
+if (region.source_addr)
+	region.source_addr += PAGE_SIZE;
 ...>
 }
