// SPDX-License-Identifier: GPL-2.0-only
/* Private and shared pages: the two interfaces, the VM, the model. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/touch.h"
#include "kvm/convert.h"

static const struct vm_shape protected_shape = {
	.mode = VM_MODE_DEFAULT,
	.type = KVM_X86_SW_PROTECTED_VM,
};

/* ---- the two interfaces -------------------------------------------------- */

static int set_in_place(struct convert_vm *cv, u64 first, u64 pages,
			bool private, u64 *error)
{
	struct kvm_memory_attributes2 a = {
		.offset = first * PAGE_SIZE,
		.size = pages * PAGE_SIZE,
		.attributes = private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0,
		.error_offset = ~0ull,
	};
	int ret = ioctl(cv->fd, KVM_SET_MEMORY_ATTRIBUTES2, &a) ? -errno : 0;

	*error = a.error_offset == ~0ull ? ~0ul : a.error_offset / PAGE_SIZE;
	return ret;
}

static int set_per_vm(struct convert_vm *cv, u64 first, u64 pages,
		      bool private, u64 *error)
{
	struct kvm_memory_attributes a = {
		.address = CONVERT_GPA + first * PAGE_SIZE,
		.size = pages * PAGE_SIZE,
		.attributes = private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0,
	};

	*error = ~0ul;
	return __vm_ioctl(cv->vm, KVM_SET_MEMORY_ATTRIBUTES, &a) ? -errno : 0;
}

const struct convert_api convert_in_place = {
	.name = "in place", .in_place = true, .set = set_in_place,
};

const struct convert_api convert_per_vm = {
	.name = "per VM", .set = set_per_vm,
};

/* An empty range changes nothing: EINVAL means that the ioctl exists. */
static bool gmem_converts(int vm, char *why, size_t size)
{
	struct kvm_create_guest_memfd create = { .size = PAGE_SIZE };
	struct kvm_memory_attributes2 a = { .size = 0 };
	int fd = ioctl(vm, KVM_CREATE_GUEST_MEMFD, &create);
	int ret, error;

	if (fd < 0) {
		snprintf(why, size, "KVM_CREATE_GUEST_MEMFD: %s",
			 strerror(errno));
		return false;
	}
	ret = ioctl(fd, KVM_SET_MEMORY_ATTRIBUTES2, &a);
	error = errno;
	close(fd);
	snprintf(why, size, "KVM_SET_MEMORY_ATTRIBUTES2 of a guest_memfd: %s",
		 ret ? strerror(error) : "no error for an empty range");
	return ret && error == EINVAL;
}

static const struct convert_api *vm_converts(int kvm, int vm, char *why,
					     size_t size)
{
	int mask;

	if (gmem_converts(vm, why, size))
		return &convert_in_place;

	mask = ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MEMORY_ATTRIBUTES);
	if (mask > 0 && (mask & KVM_MEMORY_ATTRIBUTE_PRIVATE))
		return &convert_per_vm;
	return NULL;
}

/* Without libkvm, which exits when it misses something. */
const struct convert_api *convert_api_probe(char *why, size_t size)
{
	const struct convert_api *api = NULL;
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), vm = -1;
	int types;

	if (kvm < 0) {
		snprintf(why, size, "/dev/kvm: %s", strerror(errno));
		return NULL;
	}
	types = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_VM_TYPES);
	if (types > 0 && (types & BIT(KVM_X86_SW_PROTECTED_VM)))
		vm = ioctl(kvm, KVM_CREATE_VM, KVM_X86_SW_PROTECTED_VM);
	else
		snprintf(why, size,
			 "KVM_CAP_VM_TYPES is %#x, no software-protected VMs",
			 types);
	if (vm >= 0) {
		api = vm_converts(kvm, vm, why, size);
		close(vm);
	}
	close(kvm);
	return api;
}

int __convert_set(struct convert_vm *cv, u64 first, u64 pages, bool private,
		  u64 *error)
{
	u64 page;
	int ret;

	do {
		ret = cv->api->set(cv, first, pages, private, &page);
	} while (ret == -EINTR);
	if (error)
		*error = page;
	return ret;
}

static void set_model(struct convert_vm *cv, u64 first, u64 pages,
		      bool private)
{
	u64 i;

	for (i = first; i < first + pages; i++)
		cv->page[i].private = private;
}

void convert_set(struct convert_vm *cv, u64 first, u64 pages, bool private)
{
	u64 error;
	int ret;

	ret = __convert_set(cv, first, pages, private, &error);
	TEST_ASSERT(!ret, "pages %lu+%lu to %s, %s: %s, error_offset page %ld",
		    first, pages, private ? "private" : "shared",
		    cv->api->name, strerror(-ret), (long)error);
	set_model(cv, first, pages, private);
}

void convert_set_busy(struct convert_vm *cv, u64 first, u64 pages,
		      bool private)
{
	int ret;

	do {
		ret = __convert_set(cv, first, pages, private, NULL);
	} while (ret == -EAGAIN);
	TEST_ASSERT(!ret, "pages %lu+%lu to %s, %s: %s", first, pages,
		    private ? "private" : "shared", cv->api->name,
		    strerror(-ret));
	set_model(cv, first, pages, private);
}

/* ---- the guest ----------------------------------------------------------- */

/* Runs in the guest, as all of this part. */
static void guest_count(struct convert_job *job, u8 *mem)
{
	while (!READ_ONCE(job->stop)) {
		u64 i;

		for (i = job->first; i < job->first + job->pages; i++)
			__atomic_fetch_add(convert_word(mem, i,
							CONVERT_COUNT_WORD),
					   1, __ATOMIC_RELAXED);
		WRITE_ONCE(job->rounds, job->rounds + 1);
	}
}

static void guest_echo(struct convert_job *job, u8 *mem)
{
	volatile u64 *word = convert_word(mem, job->first, CONVERT_ECHO_WORD);

	while (!READ_ONCE(job->stop)) {
		word[1] = word[0];
		WRITE_ONCE(job->rounds, job->rounds + 1);
	}
}

static void guest_write(struct convert_job *job, u8 *mem)
{
	volatile u64 *word = convert_word(mem, job->first, 0);
	/* Read first: the job may have changed when the answer is given. */
	u64 found = *word, expect = READ_ONCE(job->expect);

	__GUEST_ASSERT(found == expect,
		       "the guest finds 0x%lx in page %lu, not 0x%lx", found,
		       job->first, expect);
	if (READ_ONCE(job->value) != expect)
		*word = job->value;
}

static void guest_main(struct convert_job *job, u8 *mem)
{
	for (;;) {
		switch (READ_ONCE(job->op)) {
		case JOB_WRITE:
			guest_write(job, mem);
			break;
		case JOB_COUNT:
			guest_count(job, mem);
			break;
		case JOB_ECHO:
			guest_echo(job, mem);
			break;
		default:
			GUEST_FAIL("no such job");
		}
		GUEST_SYNC(job->op);
	}
}

int __convert_run(struct convert_vm *cv)
{
	struct ucall uc;
	int ret;

	do {
		ret = _vcpu_run(cv->vcpu) ? -errno : 0;
	} while (ret == -EINTR);
	if (ret)
		return ret;
	if (get_ucall(cv->vcpu, &uc) == UCALL_ABORT)
		REPORT_GUEST_ASSERT(uc);
	TEST_ASSERT(uc.cmd == UCALL_SYNC, "exit reason %u, ucall %lu",
		    cv->vcpu->run->exit_reason, uc.cmd);
	return 0;
}

/* A page was converted between the fault and its answer: fault again. */
static void *loop_main(void *arg)
{
	struct convert_vm *cv = arg;
	int ret;

	do {
		ret = __convert_run(cv);
	} while (ret == -EFAULT &&
		 cv->vcpu->run->exit_reason == KVM_EXIT_MEMORY_FAULT);
	TEST_ASSERT(!ret, "KVM_RUN: %s", strerror(-ret));
	return NULL;
}

void convert_loop_start(struct convert_vm *cv, pthread_t *thread, u64 op,
			u64 first, u64 pages)
{
	*cv->job = (struct convert_job){
		.op = op, .first = first, .pages = pages,
	};
	TEST_ASSERT(!pthread_create(thread, NULL, loop_main, cv),
		    "pthread_create()");
}

void convert_loop_stop(struct convert_vm *cv, pthread_t thread)
{
	WRITE_ONCE(cv->job->stop, 1);
	pthread_join(thread, NULL);
}

/* ---- the model ----------------------------------------------------------- */

u64 *convert_value(struct convert_vm *cv, u64 page)
{
	struct convert_page *p = &cv->page[page];

	return &p->value[p->private && !cv->api->in_place];
}

void convert_guest_write(struct convert_vm *cv, u64 page, u64 value)
{
	u64 *model = convert_value(cv, page);
	int ret;

	*cv->job = (struct convert_job){
		.op = JOB_WRITE, .first = page, .expect = *model,
		.value = value,
	};
	ret = __convert_run(cv);
	TEST_ASSERT(!ret, "page %lu, which is %s: KVM_RUN: %s", page,
		    cv->page[page].private ? "private" : "shared",
		    strerror(-ret));
	*model = value;
}

static void expect_host(struct convert_vm *cv, u64 page, int want, int ret,
			const char *what)
{
	TEST_ASSERT(ret == want, "page %lu, which is %s: the host's %s: %s",
		    page, cv->page[page].private ? "private" : "shared", what,
		    ret ? strerror(-ret) : "no SIGBUS");
}

void convert_check_host(struct convert_vm *cv, u64 page)
{
	bool gone = cv->page[page].private && cv->api->in_place;
	u64 *word = convert_word(cv->mem, page, 0);
	u64 value, want = cv->page[page].value[0];

	expect_host(cv, page, gone ? -EFAULT : 0, touch_read(word, &value),
		    "read");
	if (gone)
		expect_host(cv, page, -EFAULT, touch_write(word, ~want),
			    "write");
	else
		TEST_ASSERT(value == want,
			    "the host finds 0x%lx in page %lu, not 0x%lx",
			    value, page, want);
}

void convert_host_write(struct convert_vm *cv, u64 page, u64 value)
{
	TEST_ASSERT(!cv->page[page].private || !cv->api->in_place,
		    "page %lu is private", page);
	convert_check_host(cv, page);
	expect_host(cv, page, 0,
		    touch_write(convert_word(cv->mem, page, 0), value), "write");
	cv->page[page].value[0] = value;
}

void convert_check_page(struct convert_vm *cv, u64 page)
{
	convert_check_host(cv, page);
	convert_guest_write(cv, page, *convert_value(cv, page));
	convert_check_host(cv, page);
}

void convert_check(struct convert_vm *cv)
{
	u64 i;

	for (i = 0; i < cv->pages; i++)
		convert_check_page(cv, i);
}

void convert_punch(struct convert_vm *cv, u64 first, u64 pages)
{
	u64 i;

	gmem_punch(cv->fd, first, pages);
	for (i = first; i < first + pages; i++)
		cv->page[i].value[!cv->api->in_place] = 0;
}

/* ---- the VM -------------------------------------------------------------- */

/*
 * In place only the guest_memfd can back the guest: the memslot's
 * userspace_addr, through which KVM emulates instructions, is another mapping
 * of it.
 */
static void make_memory(struct convert_vm *cv, bool private, bool apart)
{
	u64 size = cv->pages * PAGE_SIZE;

	if (cv->api->in_place) {
		cv->fd = gmem_create(cv->vm, cv->pages,
				     private ? GUEST_MEMFD_FLAG_MMAP :
					       GMEM_SHARED);
		cv->mem = gmem_map(cv->fd, cv->pages);
		cv->slot_mem = apart ? kvm_mmap(size, PROT_READ | PROT_WRITE,
						MAP_PRIVATE | MAP_ANONYMOUS,
						-1) :
				       gmem_map(cv->fd, cv->pages);
	} else {
		cv->fd = gmem_create(cv->vm, cv->pages, 0);
		cv->mem = kvm_mmap(size, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1);
		cv->slot_mem = cv->mem;
	}
	vm_set_user_memory_region2(cv->vm, CONVERT_SLOT,
				   apart ? 0 : KVM_MEM_GUEST_MEMFD, CONVERT_GPA,
				   size, cv->slot_mem, apart ? 0 : cv->fd, 0);
	virt_map(cv->vm, CONVERT_GPA, CONVERT_GPA, cv->pages);
}

static void make_vm(struct convert_vm *cv, struct vm_shape shape, bool private,
		    bool apart)
{
	gva_t job;

	cv->page = calloc(cv->pages, sizeof(*cv->page));
	TEST_ASSERT(cv->page, "no memory for %lu pages", cv->pages);
	cv->vm = __vm_create_shape_with_one_vcpu(shape, &cv->vcpu, cv->pages,
						 guest_main);
	make_memory(cv, private, apart);
	job = vm_alloc_page(cv->vm);
	cv->job = addr_gva2hva(cv->vm, job);
	vcpu_args_set(cv->vcpu, 2, job, CONVERT_GPA);
}

static int set_never(struct convert_vm *cv, u64 first, u64 pages, bool private,
		     u64 *error)
{
	return -ENOTTY;
}

void convert_vm_create_shared(struct convert_vm *cv, u64 pages,
			      bool two_backings)
{
	static const struct convert_api never = {
		.name = "never", .in_place = true, .set = set_never,
	};

	*cv = (struct convert_vm){ .api = &never, .pages = pages };
	make_vm(cv, VM_SHAPE_DEFAULT, false, two_backings);
}

void convert_vm_create(struct convert_vm *cv, u64 pages, bool private)
{
	char why[160];

	*cv = (struct convert_vm){
		.api = convert_api_probe(why, sizeof(why)), .pages = pages,
	};
	TEST_ASSERT(cv->api, "%s", why);
	make_vm(cv, protected_shape, private, false);
	if (private && !cv->api->in_place)
		convert_set(cv, 0, pages, true);
	set_model(cv, 0, pages, private);
}

void convert_vm_free(struct convert_vm *cv)
{
	u64 size = cv->pages * PAGE_SIZE;

	kvm_munmap(cv->mem, size);
	if (cv->slot_mem != cv->mem)
		kvm_munmap(cv->slot_mem, size);
	kvm_close(cv->fd);
	kvm_vm_free(cv->vm);
	free(cv->page);
}
