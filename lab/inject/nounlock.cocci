// SPDX-License-Identifier: GPL-2.0-only
//
// A lock that is kept: fallocate() of a guest_memfd that a signal stops returns
// without giving the invalidate lock back.  It models a return where a jump to
// the common end is meant.
//
// Lockdep says so as soon as the call is over; whoever wants the lock for write
// from then on, such as a hole, waits for ever.
//
// Boot parameter: kvm_bug.nounlock=1
//
// file: virt/kvm/guest_memfd.c
// function: kvm_gmem_allocate
// gives: if \(kvm_bug_nounlock\) return -EINTR; r = -EINTR; break;
// names: 3
// drops: 0

@place@
expression r;
@@
 kvm_gmem_allocate(...)
 {
 <+...
+if (kvm_bug_nounlock)
+	return -EINTR;
 r = -EINTR;
 ...+>
 }

@depends on place@
declarer name __module_param_call;
@@
+static bool kvm_bug_nounlock;
+__module_param_call("kvm_bug.", nounlock, &param_ops_bool,
+		    &kvm_bug_nounlock, 0444, -1, 0);
+
 static long kvm_gmem_allocate(...)
 { ... }
