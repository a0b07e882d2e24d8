/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors injected into SEAMCALLs, as a table: which call of which leaf in which
 * step of a TD's life returns which status, and what KVM must make of it. The
 * rows say what arch/x86/kvm/vmx/tdx.c of 7.2 and 7.3 does; where KVM leaks on
 * purpose, they say what.
 */
#ifndef SUBTESTS_TDX_INJECT_INJECT_H
#define SUBTESTS_TDX_INJECT_INJECT_H

#include "softtdx/inject.h"
#include "subtests/tdx/tests.h"

#define FAIL_PAGES	3	/* pages that STEP_ADD adds, at TD_GPA */

/* Steps of a TD's life that issue SEAMCALLs. */
enum fail_step {
	STEP_NONE,
	STEP_INIT_VM,
	STEP_INIT_VCPU,
	STEP_INIT_VCPU_1,	/* a second vCPU beside an initialized one */
	STEP_CPUID,		/* KVM_TDX_GET_CPUID */
	STEP_ADD,		/* INIT_MEM_REGION of FAIL_PAGES, measured */
	STEP_MIGRATE,		/* one more page, from another CPU */
	STEP_HOLE,		/* in the first page, not finalized */
	STEP_FINALIZE,
	STEP_PREFAULT,		/* KVM_PRE_FAULT_MEMORY of the page behind */
	STEP_AUG,		/* a private EPT violation at gpa 0 */
	STEP_RUN,		/* KVM_RUN, which softtdx ends as a shutdown */
	STEP_HOLE_FINAL,	/* in the first page, finalized */
	STEP_SHARE_FINAL,	/* the first page is made shared */
	STEP_SLOT_FINAL,	/* the memslot is deleted */
	STEP_DESTROY_EMPTY,	/* of a TD of which only INIT_VM was done */
	STEP_DESTROY,		/* of a whole one, finalized, with one vCPU */
	NR_FAIL_STEPS,
};

/* The TD that a row is tried on. */
struct subject {
	struct td *td;
	struct kvm_vcpu *vcpu[2];
	struct td_mem mem;
	struct td_mem low;	/* one page at gpa 0, for STEP_AUG */
	void *source;
	u64 added;		/* by the last STEP_ADD */
	u32 done;		/* BIT(step) */
};

const char *step_name(enum fail_step step);
const char *leaf_name(enum tdh_leaf leaf);

/* Can it be taken here? If not, why, in a few words. */
const char *step_missing(enum fail_step step);

/* A TD that is just before @step, with all done that the step builds on. */
void subject_reach(struct subject *s, enum fail_step step);

/* Take @step, maybe again: 0 or -errno. After STEP_DESTROY* there is no TD. */
int subject_do(struct subject *s, enum fail_step step);

/* All steps that are missing to a finalized TD. Asserts that they work. */
void subject_complete(struct subject *s);
void subject_free(struct subject *s);

/* Every ioctl of a dead VM is EIO: the first one that is not, or NULL. */
const char *subject_dead_ioctl(struct subject *s, int *ret);

/* Statuses, and sets of them: a row with several is tried with each. */
#define ST_BUSY		0x8000020000000080ull	/* OPERAND_BUSY, TDR */
#define ST_ENTROPY	0x8000020300000000ull	/* RND_NO_ENTROPY */
#define ST_INVALID	0xC000010000000001ull	/* OPERAND_INVALID, RCX */
#define ST_METADATA	0xC000030000000008ull /* PAGE_METADATA_INCORRECT, R8 */
#define ST_FATAL	0xE000060400000000ull	/* TD_FATAL */
#define ST_NO_ERROR	0x0000081500000000ull	/* not zero, bit 63 clear */
#define ST_EPOCH	0x8000020100000000ull	/* PREVIOUS_TLB_EPOCH_BUSY */
#define ST_INTERRUPTED	0x8000000300000000ull	/* INTERRUPTED_RESUMABLE */
#define ST_NOT_FLUSHED	0x8000082400000000ull	/* FLUSHVP_NOT_DONE */
#define ST_NO_VCPU_HERE	0x8000070200000000ull	/* VCPU_NOT_ASSOCIATED */
#define ST_VIOLATION	48ull			/* VP.ENTER: EPT violation */

enum fail_set {
	SET_ALL,	/* BUSY, ENTROPY, INVALID, METADATA, FATAL, NO_ERROR */
	SET_NOT_BUSY,	/* for leaves that KVM repeats when they are busy */
	SET_NOT_INVALID, /* for MNG.INIT: operands are the user's */
	SET_NOT_ENTROPY, /* for leaves where KVM has EAGAIN */
	SET_NONE,	/* the row's own status */
};

/* How often the leaf is called in the step, injected failures included. */
enum fail_calls {
	CALLS_END,	/* the call that fails for good is the last */
	CALLS_GO_ON,	/* as often as ever: KVM goes on without it */
	CALLS_REPEAT,	/* each injected failure comes on top of that */
	CALLS_ANY,
};

/* What becomes of the VM, and what the kernel says to it. */
enum fail_fate {
	FATE_KILLED,	/* one or more WARNs, each later ioctl is EIO */
	FATE_LIVES,	/* no WARN; the same step works when tried again */
	FATE_LIVES_WARNS,
	FATE_GONE,	/* destroyed; with a WARN */
	FATE_GONE_SILENTLY,
};

/* Pages and keyids that are still the TD's when it has been destroyed. */
struct fail_left {
	bool all;	/* all but its memory, and the keyid */
	u8 reg, tdr, tdcx, tdvpr, ept;
	u8 assigned, flushed;	/* keyids */
};

#define TIMES_ALWAYS	UINT16_MAX

struct fail_row {
	enum fail_step step;
	enum tdh_leaf leaf;
	u8 nth;			/* 0: the first call of the step */
	u16 times;		/* 0: once; TIMES_ALWAYS */
	enum fail_set set;
	u64 status;		/* with SET_NONE */
	enum fail_calls calls;
	enum fail_fate fate;
	int ret;		/* of the step, as positive errno */
	bool hw_error;		/* the ioctl hands the status on */
	u8 added;		/* by STEP_ADD, where it fails */
	u8 ept;			/* secure-EPT pages after STEP_ADD failed */
	u8 reg;			/* pages of memory after STEP_ADD failed */
	struct fail_left left;
};

/*
 * Try rows, between a beginning and an end: what differs is printed, and at the
 * end it is asserted that nothing did.
 */
void fail_begin(void);
void fail_rows(const struct fail_row *rows, unsigned int nr);
void fail_end(void);

/* Try a row that is wrong: what is said of it must hold @what. */
void fail_noticed(const struct fail_row *row, const char *what);

#define FAIL_ROWS(rows)	fail_rows(rows, sizeof(rows) / sizeof((rows)[0]))
#define ROW(_step, _leaf, ...) \
	{ .step = STEP_##_step, .leaf = TDH_##_leaf, __VA_ARGS__ }

#endif
