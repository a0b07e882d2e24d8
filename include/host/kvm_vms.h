/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMs that outlive their users. KVM keeps a folder PID-FD in debugfs for each
 * VM (kvm_create_vm_debugfs()), named after the task that created it, until the
 * last reference to the VM is gone.
 */
#ifndef HOST_KVM_VMS_H
#define HOST_KVM_VMS_H

#include <stddef.h>

/*
 * The number of VMs whose creator has ended: in @debugfs/kvm, but not in @proc.
 * 0 where debugfs cannot be read. @name gets the name of one of them, if any.
 */
unsigned int kvm_vms_orphaned(const char *debugfs, const char *proc, char *name,
			      size_t size);

#endif
