// SPDX-License-Identifier: GPL-2.0-only
/*
 * Create and close a guest_memfd: then /proc/lockdep shows its lock's class
 * under kvm->slots_lock. This leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "splat/edges/edges.h"

/* include/uapi/linux/kvm.h of 6.8; many systems have older headers. */
#define KVMIO			0xAE
#define KVM_CREATE_VM		_IO(KVMIO, 0x01)
#define KVM_CHECK_EXTENSION	_IO(KVMIO, 0x03)
#define KVM_CREATE_GUEST_MEMFD	_IOWR(KVMIO, 0xd4, struct create_guest_memfd)
#define KVM_CAP_GUEST_MEMFD	234
#define KVM_X86_SW_PROTECTED_VM	1

struct create_guest_memfd {
	uint64_t size;
	uint64_t flags;
	uint64_t reserved[6];
};

/* 1: done; 0: VMs of @type have no guest_memfd; or -errno. */
static int use_gmem(int kvm, unsigned long type)
{
	struct create_guest_memfd args = { .size = 4096 };
	int gmem, ret = 0, vm = ioctl(kvm, KVM_CREATE_VM, type);

	if (vm < 0)
		return errno == EINVAL ? 0 : -errno;
	if (ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD) > 0) {
		gmem = ioctl(vm, KVM_CREATE_GUEST_MEMFD, &args);
		ret = gmem < 0 ? -errno : 1;
		if (gmem >= 0)
			close(gmem);
	}
	close(vm);
	return ret;
}

const char *gmem_probe(void)
{
	int ret, kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		return strerror(errno);
	ret = use_gmem(kvm, 0);
	if (!ret)
		ret = use_gmem(kvm, KVM_X86_SW_PROTECTED_VM);
	close(kvm);
	if (ret < 0)
		return strerror(-ret);
	return ret ? NULL : "its VMs have no guest_memfd";
}
