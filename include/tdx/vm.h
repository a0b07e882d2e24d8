/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TD that runs a guest function of the program, as libkvm's VMs do, and the
 * loop that runs its vCPUs. On top of tdx/td.h; asserts, as libkvm does.
 *
 *	struct td_vm *tv = td_start(1, guest);
 *	td_run_until_done(tv, 0);
 *	td_end(tv);
 *
 * or in steps, with memory of the test's own between them:
 *
 *	tv = td_new(2, guest, NULL);
 *	td_area_add(tv, &init, TD_GPA, 600, TD_AREA_INIT);
 *	td_area_add(tv, &fresh, TD_GPA + SZ_1G, 512, TD_AREA_FRESH);
 *	fill(init.hva);
 *	td_args(tv, 0, 2, init.mem.gpa, init.mem.pages);
 *	td_load(tv);
 *	td_finalize(tv->td);
 *	td_run_all(tv, NULL, NULL);
 *	td_end(tv);
 *
 * It does not depend on softtdx: it is for every host with TDX and KVM 6.16 or
 * later.
 */
#ifndef TDX_VM_H
#define TDX_VM_H

#include <pthread.h>

#include "td.h"
#include "tdx/abi/mrtd.h"
#include "ucall_common.h"

/* Memslots: the image at GPA 0, the page with the reset vector, areas. */
#define TD_SLOT_IMAGE		0
#define TD_SLOT_RESET		1
#define TD_SLOT_AREAS		2
#define TD_MAX_AREAS		16

/* Pages of the image: program, stacks, page tables, ucalls. Added as used. */
#define TD_IMAGE_PAGES		4096

/* Where a ucall leaves the TD as an MMIO write; no memslot is there. */
#define TD_UCALL_GPA		0xd0000000ul

/* ---- memory of a test ---------------------------------------------------- */

enum td_area_kind {
	TD_AREA_INIT,	/* private, added from hva by td_load() */
	TD_AREA_FRESH,	/* private, nothing added: for faults, accepted */
	TD_AREA_SHARED,	/* shared: hva is what the guest sees */
};

/*
 * One memslot with a guest_memfd. The guest has it at td_private(gpa) and
 * td_shared(gpa). @hva is its userspace memory: the source of what is added to
 * an INIT area, and the contents of what is shared.
 */
struct td_area {
	struct td_mem mem;
	enum td_area_kind kind;
	bool own_fd;
	u8 *hva;
};

/* ---- the TD -------------------------------------------------------------- */

struct td_vm;

/* A range that is to become private or shared, and why. */
struct td_convert {
	unsigned int vcpu;
	gpa_t gpa;		/* without the shared bit */
	u64 size;
	bool to_private;
	bool by_mapgpa;		/* or by an access */
};

struct td_vcpu {
	struct kvm_vcpu *vcpu;
	pthread_t thread;	/* the last to run it */
	bool running;
	bool kicked;
};

struct td_vm {
	struct td *td;
	struct kvm_vm *vm;	/* td->vm */
	unsigned int nr_vcpus;
	struct td_vcpu *vcpus;
	struct td_area *areas[TD_MAX_AREAS];
	unsigned int nr_areas;
	u32 add_flags;		/* of KVM_TDX_INIT_MEM_REGION in td_load() */
	struct mrtd mrtd;	/* of what td_load() and td_add() have added */
	struct td_boot_vcpu *boot;	/* of each vCPU, until td_load() */

	/* The test's own; set before the vCPUs run. */
	bool convert_faults;	/* convert at KVM_EXIT_MEMORY_FAULT */
	/*
	 * Instead of vm_mem_set_private() and vm_mem_set_shared(): 0, or the
	 * answer to MapGPA (EAGAIN, EINVAL). NULL: the default.
	 */
	int (*convert)(struct td_vm *tv, const struct td_convert *c);
	/* Instead of libkvm's __vcpu_run(): KVM_RUN, 0 or -errno. */
	int (*enter)(struct td_vm *tv, unsigned int vcpu);
	void *arg;		/* for the hooks */
	unsigned long conversions;	/* done so far, of any size */
};

/*
 * ATTRIBUTE of a TD: an access to private memory before it is accepted is an
 * exit, at which KVM kills the VM. Without it the guest gets #VE.
 */
#define TD_ATTR_SEPT_VE_DISABLE	BIT_ULL(28)

struct td_opts {
	u64 attributes;
	bool measure;		/* td_load() with MEASURE */
	/* Of SHA384_SIZE bytes, or NULL for zeros. */
	const u8 *mrconfigid, *mrowner, *mrownerconfig;
};

/* The most that a TD can have: no more than the machine has CPUs. */
unsigned int td_max_vcpus(void);

/*
 * A TD with @nr_vcpus vCPUs up to KVM_TDX_INIT_VCPU: the program's image,
 * stacks, page tables, descriptor tables and ucall pool are in place, nothing
 * is added. @guest runs on each vCPU. @opts NULL: all 0.
 */
struct td_vm *td_new(unsigned int nr_vcpus, void *guest,
		     const struct td_opts *opts);

/*
 * Between td_new() and td_load(), libkvm's functions work on tv->vm as usual:
 * vm_alloc() gives private pages of the image, vm_alloc_shared() shared ones,
 * sync_global_to_guest() and vm_install_exception_handler() write to it.
 */

/* Up to six u64 as arguments of @guest on vCPU @vcpu; before td_load(). */
void td_args(struct td_vm *tv, unsigned int vcpu, unsigned int nr, ...);

/*
 * A memslot for the test, mapped in the guest's page tables; before td_load().
 * @area stays the caller's and has to live until td_end().
 */
void td_area_add(struct td_vm *tv, struct td_area *area, gpa_t gpa, u64 pages,
		 enum td_area_kind kind);
/* With a guest_memfd of the test's own, from its page @fd_page on. */
void td_area_add_fd(struct td_vm *tv, struct td_area *area, gpa_t gpa,
		    u64 pages, enum td_area_kind kind, int fd, u64 fd_page);

/* Add pages in the order of calls, as td_add_pages() with tv->add_flags. */
void td_add(struct td_vm *tv, const void *source, gpa_t gpa, u64 pages);

/*
 * Add the image, the reset page and all INIT areas, in this order. From here on
 * the image is the guest's: sync_global_to_guest() and all that walks page
 * tables asserts.
 */
void td_load(struct td_vm *tv);

/* All at once: td_new(), td_load(), td_finalize(). */
struct td_vm *td_start(unsigned int nr_vcpus, void *guest);
void td_end(struct td_vm *tv);

/* ---- running it ---------------------------------------------------------- */

/*
 * Why td_run() returned. @error: what KVM_RUN failed with, -errno, or 0.
 * @reason: KVM_EXIT_*, its details are in vcpu->run. @cmd: UCALL_* if the exit
 * is a ucall, with @uc, else UCALL_NONE.
 */
struct td_exit {
	int error;
	u32 reason;
	u64 cmd;
	struct ucall uc;
};

/*
 * Run vCPU @vcpu on this thread until there is something for the caller.
 *
 * Handled here: signals, GUEST_PRINTF() (printed), MapGPA (converted), memory
 * faults if tv->convert_faults, GetTdVmCallInfo (no extensions). All else is
 * returned: GUEST_SYNC(), GUEST_DONE(), GUEST_ASSERT() that fails
 * (UCALL_ABORT), port I/O, MMIO, memory faults, TDX exits whose answer KVM has
 * preset as unsupported, fatal errors (SYSTEM_EVENT), SHUTDOWN, errors. The
 * caller may change vcpu->run as the uAPI allows and call again.
 *
 * Bounded by the suite's time for a subtest, and by a count of exits, which
 * fails the test, as only a guest without progress reaches it.
 */
void td_run(struct td_vm *tv, unsigned int vcpu, struct td_exit *e);

/* Make td_run() of @vcpu, on another thread, return with error -EINTR. */
void td_kick(struct td_vm *tv, unsigned int vcpu);

/* One line about an exit, for messages. */
const char *td_exit_text(struct td_vm *tv, unsigned int vcpu,
			 const struct td_exit *e, char *text, size_t size);

/* td_run() that asserts a sync, whose value is returned, or the end. */
u64 td_run_until_sync(struct td_vm *tv, unsigned int vcpu, struct ucall *uc);
void td_run_until_done(struct td_vm *tv, unsigned int vcpu);

/* ... or an exit of @reason, no ucall, with KVM_RUN failing by errno @error. */
void td_run_until_exit(struct td_vm *tv, unsigned int vcpu, u32 reason,
		       int error, struct td_exit *e);

/*
 * All vCPUs, each on a thread, until each is done. @on_sync, if not NULL, is
 * called on the vCPU's thread for each GUEST_SYNC(); without it one fails.
 */
typedef void (*td_sync_fn)(struct td_vm *tv, unsigned int vcpu,
			   const struct ucall *uc, void *arg);
void td_run_all(struct td_vm *tv, td_sync_fn on_sync, void *arg);

/* GUEST_SYNC(value) keeps its value here, after a string. */
static inline u64 td_sync_value(const struct ucall *uc)
{
	return uc->args[1];
}

/* The text of tdvmcall_fatal(); false if the exit is another one. */
struct td_fatal {
	u64 code;
	u64 gpa;
	char text[65];
};

bool td_exit_fatal(struct td_vm *tv, unsigned int vcpu,
		   const struct td_exit *e, struct td_fatal *f);

/* The default of tv->convert, for a hook that wants to do more. */
int td_convert_default(struct td_vm *tv, const struct td_convert *c);

#endif
