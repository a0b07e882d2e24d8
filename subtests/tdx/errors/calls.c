// SPDX-License-Identifier: GPL-2.0-only
/* Calls and pages for the rows of all files. */
#include <errno.h>
#include <sys/mman.h>

#include "errors.h"

void *page_unreadable(void)
{
	return kvm_mmap(PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

void *page_read_only(void)
{
	return kvm_mmap(PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* Not __td_cmd(): the row sets hw_error before the call. */
static int row_cmd(struct fixture *s, const struct row *r, int fd)
{
	struct kvm_tdx_cmd cmd = r->cmd;
	int ret = ioctl(fd, KVM_MEMORY_ENCRYPT_OP, &cmd);

	s->hw_error = cmd.hw_error ^ r->cmd.hw_error;
	return ret ? -errno : 0;
}

int row_vm_cmd(struct fixture *s, const struct row *r)
{
	return row_cmd(s, r, s->td->vm->fd);
}

int row_vcpu_cmd(struct fixture *s, const struct row *r)
{
	return row_cmd(s, r, s->vcpu->fd);
}
