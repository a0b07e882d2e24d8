/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * softtdx: the TDX module's host-side leaf functions in software, for a kernel
 * that runs where there is no TDX.  A test double: nothing is encrypted,
 * nothing is protected.
 *
 * State lives where the module keeps it: page ownership in the PAMT that the
 * kernel donates, a TD in its TDR and TDCS pages, a vCPU in its TDVPR, the
 * secure EPT in the pages given by SEPT.ADD.  One lock that lockdep does not
 * know covers all of it; nothing sleeps and nothing is allocated, because a
 * leaf may come from an IPI, under mmu_lock, or inside the VM-entry section.
 */
#ifndef SOFTTDX_H
#define SOFTTDX_H

#include <linux/bits.h>
#include <linux/types.h>

#include "abi.h"
#include "leaf.h"
#include "septe.h"
#include "sha384.h"
#include "tdparams.h"

#define STX_VERSION		2
#define STX_MAX_TDMRS		64
#define STX_MAX_RSVD		16
#define STX_MAX_KEYIDS		256
#define STX_MAX_PKGS		64
#define STX_MAX_VCPUS		576
#define STX_NR_LEAVES		128

/* Pages of the control structures, and what the TDCS pages hold. */
#define STX_TDCS_PAGES		6
#define STX_TDCS_MAIN		0
#define STX_TDCS_CPUID		1
#define STX_TDCS_X2APIC		2
#define STX_TDCS_SEPT_ROOT	3
#define STX_TDVPS_PAGES		7
#define STX_TDVPS_ROOT		0
#define STX_TDVPS_VMCS		1
#define STX_TDVPS_APIC		2
#define STX_TDVPS_XSAVE		3
#define STX_TDVPS_MSR_BITMAP	4
#define STX_TDVPS_EPT_ROOT	5
#define STX_TDVPS_GUEST		6
#define STX_VP_FIELDS		16
#define STX_NR_RTMRS		4

#define STX_NO_LP		(~0u)

/* What a TD may ask for; XFAM is cut to what the CPU has. */
#define STX_ATTRIBUTES		ATTR_SEPT_VE_DISABLE
#define STX_XFAM_FIXED0		0x6dbe7ULL
#define STX_XFAM_FIXED1		0x3ULL

/* A TD's root page: life cycle, key, children, the TDCS pages. */
struct stx_tdr {
	u64 magic;
	u64 pa;
	u64 next;		/* TDR of an older TD, by address; 0 ends */
	u64 seq;		/* counts TDs since boot, from 1 */
	enum stx_life life;
	u32 hkid;
	u64 pkgs;		/* packages on which the key is configured */
	u64 children;
	u32 nr_tdcx;
	u64 tdcx[STX_TDCS_PAGES];
};

/* The first page of a TD's control structure. */
struct stx_tdcs {
	u64 magic;
	enum stx_op op;
	u64 vps;		/* TDVPR of the newest vCPU, 0: none */
	u32 nr_vcpus;
	u32 nr_assoc;
	u32 max_vcpus;
	u64 epoch;
	u16 refs[2];		/* vCPUs that run in an even, an odd epoch */
	u64 attributes;
	u64 xfam;
	u64 config_flags;
	u16 tsc_frequency;
	int gpaw;		/* 48 or 52 */
	int root_level;		/* 3 or 4 */
	u64 nr_added;		/* pages and chunks that went into MRTD */
	u64 nr_extended;
	u8 mrconfigid[SHA384_DIGEST_SIZE];
	u8 mrowner[SHA384_DIGEST_SIZE];
	u8 mrownerconfig[SHA384_DIGEST_SIZE];
	struct sha384_ctx mr;
	u8 mrtd[SHA384_DIGEST_SIZE];
	u8 rtmr[STX_NR_RTMRS][SHA384_DIGEST_SIZE];
};

/* A vCPU's root page. */
struct stx_tdvps {
	u64 magic;
	u64 pa;
	u64 next;		/* TDVPR of an older vCPU; 0 ends */
	enum stx_vcpu state;
	u32 lp;			/* CPU that it is associated with */
	u32 index;
	u32 x2apic_id;
	u64 init_rcx;
	u64 epoch;		/* TD epoch of its last entry */
	u32 nr_pages;
	u64 pages[STX_TDVPS_PAGES];
	u64 fields[STX_VP_FIELDS];
};

/* A call of a leaf function. */
struct stx_call {
	const struct stx_leaf *leaf;
	unsigned int version;
	const u64 *in;		/* STX_NR_REGS registers */
	u64 *out;
	struct stx_tdr *tdr;
	struct stx_tdcs *tdcs;
	struct stx_tdvps *vp;
	u64 gpa;
	int level;
	u64 *septe;
	struct stx_pamt *mapped; /* page or table that *septe points to */
	u64 page;
	bool injected;		/* made to fail by a rule */
};

/* A status that names the operand it is about. */
static inline u64 stx_err(u64 status, unsigned int operand)
{
	return status | operand;
}

/* object/lock.c */
void stx_lock(unsigned long *flags);
void stx_unlock(unsigned long flags);
bool stx_lock_try(void);	/* leaves interrupts; stx_lock_drop() after */
void stx_lock_drop(void);	/* TDH.VP.ENTER has it, the guest does not */
void stx_lock_retake(void);

/* object/count.c: index STX_NR_LEAVES counts leaves without a row. */
struct stx_leaf_stats {
	u64 calls, errors, last, injected;
};

void stx_count(unsigned int nr, u64 status, bool injected);
void stx_leaf_stats(unsigned int nr, struct stx_leaf_stats *stats);

/* object/word.c: the next word of *text, NULL at its end. */
char *stx_word(char **text);

/*
 * seamcall/: stx_seamcall() does the leaf in regs[STX_RAX], false is
 * VMfailInvalid; table.c has the rows and does one, under its lock.
 */
bool stx_seamcall(u64 *regs);
const struct stx_leaf *stx_leaf(unsigned int nr);
u64 stx_do(struct stx_call *c);

/* seamcall/inject.c: injections, which make calls fail. */
#define STX_MAX_INJECTS		16

struct stx_inject {
	u64 id;
	const void *owner;	/* the open file that it was written through */
	const struct stx_leaf *leaf;
	u64 status, nth, every, times;
	u64 td;			/* 0: any TD, or none */
	u32 given;		/* which registers of out[] the call returns */
	u64 out[STX_NR_REGS];
	u64 seen, failed;
	u64 in[STX_NR_REGS];	/* registers of the last call that it failed */
};

/* Lower case; NULL for a register that is no operand of any leaf. */
const char *stx_reg_name(unsigned int reg);

int stx_inject_parse(char *text, struct stx_inject *rule, const char **bad);
int stx_inject_add(const struct stx_inject *rule);
void stx_injects_drop(const void *owner);
bool stx_inject_after(u64 id, struct stx_inject *rule);
bool stx_have_injects(void);
bool stx_injected(struct stx_call *c, u64 *status);
void stx_cache_wb_interrupt(void);
/* control/forget.c */
bool stx_td_forget(u64 pa);

/*
 * object/checks.c: stx_checks() is false if the check is switched off.
 * stx_refuse() is for what must be refused in any case: it returns the status,
 * or RC_TD_FATAL if the check is off.
 */
bool stx_checks(const struct stx_call *c, enum stx_check check);
bool stx_has_check(const struct stx_leaf *l, enum stx_check check);
bool stx_check_is_off(const struct stx_leaf *l, enum stx_check check);
bool stx_check_turn(const struct stx_leaf *l, enum stx_check check, bool off);
u64 stx_refuse(const struct stx_call *c, enum stx_check check, u64 status);

struct stx_check_view {
	const struct stx_leaf *leaf;
	const char *name;
	enum stx_check check;
	bool off, at_boot;
};

/*
 * control/switch.c: the check after the one in *view, the first if that is all
 * 0; false after the last.  Switch: by name, or "all" on; false if there is no
 * such check.
 */
bool stx_check_next(struct stx_check_view *view);
bool stx_check_switch(const char *name, bool off);

/* Files of debugfs: view/ and selftest/. */
struct dentry;
void stx_module_debugfs(struct dentry *dir);
void stx_selftest_debugfs(struct dentry *dir);
void stx_hash_debugfs(struct dentry *dir);

/*
 * object/pamt.c: types and owners of 4 KiB pages.  stx_page_operand() checks an
 * address from the host, stx_page_check() also the type of the page; @check is
 * the first of the three checks for that (address, range, type).
 */
struct stx_pamt {
	u64 info;		/* type in 7:0, address of the owner in 51:12 */
	u64 bepoch;		/* TD epoch in which the page was blocked */
};

struct stx_tdmr {
	u64 base, size;
	u64 pamt_4k;
	u64 next;		/* next address to initialize */
	u32 nr_rsvd;
	struct { u64 offset, size; } rsvd[STX_MAX_RSVD];
};

extern struct stx_tdmr stx_tdmrs[STX_MAX_TDMRS];
extern unsigned int stx_nr_tdmrs;

u64 stx_pa_mask(void);
u64 stx_page_operand(const struct stx_call *c, u64 pa, unsigned int operand,
		     enum stx_check check, struct stx_pamt **entry);
u64 stx_page_check(const struct stx_call *c, u64 pa, unsigned int operand,
		   enum stx_check check, enum stx_page_type type,
		   struct stx_pamt **entry);
u64 stx_source_check(const struct stx_call *c, u64 pa, u64 align,
		     unsigned int operand);
struct stx_pamt *stx_pamt(u64 pa);
enum stx_page_type stx_page_type(const struct stx_pamt *entry);
u64 stx_page_owner(const struct stx_pamt *entry);
void stx_page_set(struct stx_pamt *entry, enum stx_page_type type, u64 owner);
void stx_pamt_init(struct stx_tdmr *t, u64 end);
u64 stx_page_count(enum stx_page_type type);

/* module/sys.c: the module's own state. */
enum stx_sys stx_sys_state(void);
unsigned int stx_package(void);
u64 stx_package_bit(void);
u64 stx_packages(void);
bool stx_lp_ready(void);

/* object/key.c: the table of private keyids. */
enum stx_key_state {
	KEY_FREE, KEY_RESERVED, KEY_ASSIGNED, KEY_FLUSHED, KEY_NR_STATES,
};

void stx_keys_setup(void);
bool stx_key_private(u64 hkid);
bool stx_key_own(u64 hkid);
bool stx_key_is_free(u64 hkid);
void stx_key_take(u64 hkid, u64 tdr);
u64 stx_key_tdr(u64 hkid);
void stx_key_reserve(u64 hkid);
void stx_key_flushed(u64 hkid, u64 pkgs);
bool stx_key_written_back(u64 hkid);
void stx_key_free(u64 hkid);
unsigned int stx_keys_write_back(u64 pkg_bit);
void stx_keys_drop(void);
u64 stx_key_count(enum stx_key_state state);

/* guest/enter.c: run no guest; guest/run.c: VMCLEAR of a vCPU's VMCS. */
extern bool stx_no_guest;
void stx_guest_flush(struct stx_tdvps *vp);

/* module/sysrd.c */
u64 stx_sysrd(u64 id, u64 *value);

/* module/cpuid.c: which CPUID bits a TD can configure, what it then sees. */
struct stx_cpuid {
	u32 leaf, sub;
	u32 direct[4];		/* bits that are as configured */
	u32 allow[4];		/* bits that are native and configured */
};

#define CPUID_NO_SUB		0xffffffffu

enum {
	STX_NR_CPUID_CONFIGS = 0
#define CONFIG(...) + 1
#include "cpuid.def"
};

const struct stx_cpuid *stx_cpuid_config(unsigned int i);
u64 stx_cpuid_check(const struct stx_call *c, const u8 *td_params, u64 *bad);
void stx_cpuid_build(u32 *table, const u8 *td_params, u16 tsc_frequency);
bool stx_cpuid_read(const u32 *table, u64 code, u64 *value);
bool stx_cpuid_lookup(const u32 *table, u32 leaf, u32 sub, u32 *v);
u64 stx_xfam_native(void);

/*
 * object/walk.c: to the entry at a level, or as far as there are tables;
 * c->level and c->septe say where it ended.  Fails only if a table was
 * overwritten.
 */
u64 stx_sept_walk(struct stx_call *c, int level);
bool stx_sept_walk_to(struct stx_call *c, u64 gpa, int level);

/* module/sept.c: the operand that a row calls .gpa; a guest's accept. */
u64 stx_gpa_operand(struct stx_call *c);
void stx_sept_accept(struct stx_call *c);

/* object/object.c, module/vp.c, module/vpfield.c */
#define STX_TDR_MAGIC		0x5244542d74666f73ULL	/* "soft-TDR" */
#define STX_TDCS_MAGIC		0x5343442d74666f73ULL
#define STX_TDVPS_MAGIC		0x5356442d74666f73ULL

struct stx_tdr *stx_tdr(u64 pa);
struct stx_tdcs *stx_tdcs(struct stx_tdr *tdr);
struct stx_tdvps *stx_tdvps(u64 pa);
void *stx_tdcs_page(const struct stx_tdr *tdr, unsigned int i);
void stx_td_link(struct stx_tdr *tdr);
void stx_td_unlink(struct stx_tdr *tdr);
u64 stx_vp_associate(struct stx_call *c);
void *stx_vp_page(const struct stx_tdvps *vp, unsigned int i);
void stx_vp_fields_init(struct stx_tdvps *vp);
bool stx_vp_posted(const struct stx_tdvps *vp);
u8 stx_vp_posted_vector(const struct stx_tdvps *vp);
u64 stx_vp_posted_desc(const struct stx_tdvps *vp);
u64 stx_vp_shared_eptp(const struct stx_tdvps *vp);
bool stx_vp_take_nmi(struct stx_tdvps *vp, bool take);
struct stx_tdr *stx_td_before(u64 seq);
u64 stx_overwritten(const char *what, u64 pa);

/* view/oracle.c: from one entry, or vCPU, of a TD to the next. */
struct stx_sept_pos {
	u64 gpa, entry;
	int level;
};

struct stx_sept_view {
	struct stx_sept_pos pos;
	bool table;
	u64 pa;			/* page or table that the entry points to */
	enum stx_sept_state state;
	bool agrees;		/* PAMT's type and owner of pa fit the entry */
	bool in_tdmr;		/* PAMT has a type and an owner for pa */
	enum stx_page_type type;
	u64 owner;
	const void *bytes;	/* of a 4 KiB page that is the TD's; locked */
};

struct stx_tdcs *stx_td_inside(struct stx_tdr *tdr);
void stx_sept_first(const struct stx_tdcs *tdcs, struct stx_sept_pos *pos);
bool stx_sept_next(const struct stx_tdr *tdr, const struct stx_tdcs *tdcs,
		   struct stx_sept_pos *pos);
void stx_sept_view(const struct stx_tdr *tdr, const struct stx_sept_pos *pos,
		   struct stx_sept_view *view);
struct stx_tdvps *stx_vp_next(const struct stx_tdr *tdr,
			      const struct stx_tdcs *tdcs, u64 pa);

/*
 * view/text_debugfs.c: one line of text from user space, without the white
 * space around it; 0, -EFAULT, or -EINVAL for none, too much, or a NUL byte in
 * it.
 */
int stx_text_from_user(char *text, size_t room, const char __user *from,
		       size_t size);
void stx_td_debugfs(struct dentry *dir);
const char *stx_page_name(enum stx_page_type type);

/* module/mr.c */
void stx_mr_init(struct stx_tdcs *tdcs);
void stx_mr_page_added(struct stx_tdcs *tdcs, u64 gpa);
void stx_mr_now(const struct stx_tdcs *tdcs, u8 *mrtd);

#endif
