/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The checks that a leaf makes before it does its work.  Each refuses one thing
 * and has a name ("TDH.MEM.PAGE.ADD:sept").  Each can be switched off for its
 * leaf, to show that a test detects that.  Most checks come with a column of
 * the state table; those in a leaf's functions are listed in its .checks.
 *
 * Pure, so that the table can be checked outside of a kernel.
 */
#ifndef SOFTTDX_CHECKS_H
#define SOFTTDX_CHECKS_H

/*
 * X(id, name, what it refuses).  HARD in a comment: the check guards a pointer
 * or an index.  Switched off, it still refuses, with RC_TD_FATAL.
 */
#define STX_CHECKS(X)							\
	/* RAX, the module's state. */					\
	X(RESERVED, "reserved", "reserved bits of RAX")			\
	X(VERSION, "version", "versions that it does not have")		\
	X(SYS, "sys", "a module in the wrong state")			\
	/* .td and .vp, HARD. */					\
	X(TD_ADDRESS, "td-address", "a TDR that is no page's address")	\
	X(TD_RANGE, "td-range", "a TDR outside of TDMRs")		\
	X(TD_TYPE, "td-type", "a TDR that is another page")		\
	X(VP_ADDRESS, "vp-address", "a TDVPR that is no page's address") \
	X(VP_RANGE, "vp-range", "a TDVPR outside of TDMRs")		\
	X(VP_TYPE, "vp-type", "a TDVPR that is another page")		\
	/* .life, .op; TDCS is HARD, and so is OP before MNG.INIT. */	\
	X(LIFE, "life", "a TD in the wrong life-cycle state")		\
	X(TDCS, "tdcs", "a TD whose TDCS is not complete")		\
	X(OP, "op", "a TD in the wrong operation state")		\
	/* .vps, .vcpu, .assoc */					\
	X(VPS, "vps", "a vCPU whose TDVPS is not complete")		\
	X(VCPU, "vcpu", "a vCPU in the wrong state")			\
	X(ASSOC, "assoc", "a vCPU that another CPU has, or none")	\
	/* .gpa; GPA_LEVEL and WALK are HARD, SEPT where no page is. */	\
	X(GPA_BITS, "gpa-reserved", "reserved bits beside a GPA")	\
	X(GPA_LEVEL, "gpa-level", "a level that it does not work at")	\
	X(GPA_ALIGN, "gpa-aligned", "a GPA that is not aligned")	\
	X(GPA_PRIVATE, "gpa-private", "a shared GPA, or one too wide")	\
	X(WALK, "walk", "a GPA without tables down to the level")	\
	X(BLOCKED, "blocked", "an entry that is blocked already")	\
	X(SEPT, "sept", "an entry in the wrong state")			\
	/* .source; SOURCE_ADDRESS is HARD. */				\
	X(SOURCE_ADDRESS, "source-address", "a buffer's wrong address")	\
	X(SOURCE_OWNER, "source-owner", "a buffer that is a TD's")	\
	/* .page, HARD; PAGE_TYPE only for RSVD and the TD's own. */	\
	X(PAGE_ADDRESS, "page-address", "what is no page's address")	\
	X(PAGE_RANGE, "page-range", "a page outside of TDMRs")		\
	X(PAGE_TYPE, "page-type", "a page of another type")		\
	/* From here on .checks.  Keyids: KEYID and KEYID_OWN are HARD. */ \
	X(KEYID_BITS, "keyid-reserved", "reserved bits of a keyid")	\
	X(KEYID, "keyid-private", "a keyid that is not private")	\
	X(KEYID_OWN, "keyid-own", "the module's own keyid")		\
	X(KEYID_FREE, "keyid-free", "a keyid that is not free")		\
	X(PACKAGE, "package", "a second time on the same package")	\
	X(FLUSHED, "flushed", "a TD with associated vCPUs")		\
	X(WRITTEN_BACK, "written-back", "a key that caches may hold")	\
	/* Control pages, HARD. */					\
	X(NUMBER, "number", "more control pages than there can be")	\
	/* TD_PARAMS, in the module's order. */				\
	X(ATTRIBUTES, "attributes", "wrong ATTRIBUTES")			\
	X(XFAM, "xfam", "a wrong XFAM")					\
	X(MAX_VCPUS, "max-vcpus", "a wrong number of vCPUs")		\
	X(L2_VMS, "l2-vms", "partitions")				\
	X(PARAMS_ZERO, "params-reserved", "reserved bytes in TD_PARAMS") \
	X(CONFIG_FLAGS, "config-flags", "wrong CONFIG_FLAGS")		\
	X(EPTP, "eptp", "wrong EPTP_CONTROLS")				\
	X(TSC, "tsc", "a wrong TSC frequency")				\
	X(CPUID_BITS, "cpuid-bits", "CPUID bits not configurable")	\
	X(CPUID_FAMILY, "cpuid-family", "another CPU's family")		\
	/* Metadata fields. */						\
	X(FIELD, "field", "fields that there are not")			\
	X(READABLE, "readable", "fields that cannot be read")		\
	X(WRITABLE, "writable", "writes without a writable bit")	\
	X(VALUE, "value", "values that a field cannot have")		\
	X(POSTED, "posted", "posted interrupts not set up")		\
	/* vCPUs. */							\
	X(VCPUS, "vcpus", "more vCPUs than asked for")			\
	X(X2APIC_BITS, "x2apic-reserved", "reserved bits of x2APIC ids") \
	X(X2APIC, "x2apic-unique", "an x2APIC id twice")		\
	X(SOME_VCPU, "some-vcpu", "a TD without vCPU")			\
	/* Blocking, tracking. */					\
	X(BLOCK_FIRST, "block-first", "an entry that is not blocked")	\
	X(TRACKED, "tracked", "an entry that is not tracked")		\
	X(EPOCH, "epoch", "while a vCPU is in the epoch before")	\
	/* Physical pages, caches. */					\
	X(CHILDREN, "children", "a TDR that has children")		\
	X(COMMAND, "command", "unknown commands")			\
	X(RESUME, "resume", "to resume what was not interrupted")	\
	X(WAITING, "waiting", "when no key waits for it")		\
	/* The module; HARD but for LP, LP_DONE and COMPLETE. */	\
	X(RCX, "rcx", "attributes in RCX")				\
	X(LP, "lp", "a CPU without LP.INIT")				\
	X(LP_DONE, "lp-done", "a second time on the same CPU")		\
	X(LPS, "lps", "while CPUs are without LP.INIT")			\
	X(COUNT, "count", "a wrong number of TDMRs")			\
	X(TDMR_ORDER, "tdmr-order", "TDMRs out of order")		\
	X(TDMR_RANGE, "tdmr-range", "a wrong size or base of a TDMR")	\
	X(RSVD_ORDER, "rsvd-order", "reserved areas out of order")	\
	X(RSVD_RANGE, "rsvd-range", "a wrong reserved area")		\
	X(PAMT, "pamt", "a wrong PAMT")					\
	X(PAMT_OVERLAP, "pamt-overlap", "a PAMT in what it describes")	\
	X(CMR, "cmr", "TDMRs with what is not RAM")			\
	X(TDMR, "tdmr", "an unknown TDMR")				\
	X(COMPLETE, "complete", "a TDMR that is initialized")

enum stx_check {
	CHECK_END,		/* ends .checks */
#define STX_CHECK(id, name, text) CHECK_##id,
	STX_CHECKS(STX_CHECK)
#undef STX_CHECK
	CHECK_NR,
};

#endif
