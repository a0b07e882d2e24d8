// SPDX-License-Identifier: GPL-2.0-only
/* Is there in-place conversion? */
#include <errno.h>
#include <string.h>

#include "kvm/compat.h"
#include "kvm/gmem.h"
#include "subtests/gmem/tests.h"

/*
 * The capability's number differs between all posted versions, so call the
 * ioctl itself, for an empty range, which changes nothing. A file without it
 * answers ENOTTY, also if the feature is turned off in KVM.
 */
void conversion(const struct subtest_args *args)
{
	struct kvm_memory_attributes2 attr = {
		.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE,
	};
	struct kvm_vm *vm = vm_create_barebones();
	int fd = gmem_create(vm, 1, 0);
	int ret;

	ret = ioctl(fd, KVM_SET_MEMORY_ATTRIBUTES2, &attr);
	if (ret && errno == ENOTTY)
		subtest_skip("KVM_SET_MEMORY_ATTRIBUTES2, called on a guest_memfd, gave ENOTTY: no in-place conversion here");

	TEST_ASSERT(ret && errno == EINVAL,
		    "KVM_SET_MEMORY_ATTRIBUTES2 for an empty range: %d, %s",
		    ret, strerror(errno));

	/* The control: an unknown ioctl gets ENOTTY. */
	ret = ioctl(fd, _IOWR(KVMIO, 0xd2, char), &attr);
	TEST_ASSERT(ret && errno == ENOTTY, "an unknown ioctl: %d, %s",
		    ret, strerror(errno));
	kvm_close(fd);
	kvm_vm_free(vm);
}
