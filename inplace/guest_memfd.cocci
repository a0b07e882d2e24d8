// SPDX-License-Identifier: GPL-2.0-only
//
// Where guest_memfd asks the stand-in: who may fault a page in, what has to be
// zapped, the ioctl, and the life of the attributes.  The user-fault path and
// kvm_gmem_get_pfn() take the invalidate lock for read while they decide and
// look the folio up: the first of the two is the edge BA.
//
// file: virt/kvm/guest_memfd.c
// names: 15
// drops: 8

@@
@@
 struct gmem_inode {
 	...
 	u64 flags;
+	struct maple_tree attributes;
 };

@@
identifier inode, index;
@@
 kvm_gmem_is_private_mem(struct inode *inode, pgoff_t index)
 {
+	if (gmem_in_place_conversion)
+		return gmem_inplace_is_private(inode, index);
 	...
 }

@@
typedef bool;
@@
+static bool gmem_inplace_is_private(struct inode *inode, pgoff_t index);
+static void gmem_inplace_inode_init(struct gmem_inode *gi);
+static void gmem_inplace_inode_destroy(struct inode *inode);
+static void gmem_inplace_announce(void);
+static void gmem_inplace_goodbye(void);
+static long kvm_gmem_ioctl(struct file *file, unsigned int ioctl,
+			   unsigned long arg);
+
 static bool kvm_gmem_is_private_mem(...)
 { ... }

@@
identifier inode;
@@
 kvm_gmem_get_invalidate_filter(struct inode *inode)
 {
+	if (gmem_in_place_conversion)
+		return KVM_FILTER_SHARED | KVM_FILTER_PRIVATE;
 	...
 }

@@
expression folio;
identifier vmf, inode;
@@
 kvm_gmem_fault_user_mapping(struct vm_fault *vmf)
 {
 <...
-if (!kvm_gmem_is_shared_mem(inode, vmf->pgoff))
-	return VM_FAULT_SIGBUS;
-folio = kvm_gmem_get_folio(inode, vmf->pgoff);
+filemap_invalidate_lock_shared(inode->i_mapping);
+folio = kvm_gmem_is_shared_mem(inode, vmf->pgoff) ?
+	kvm_gmem_get_folio(inode, vmf->pgoff) : ERR_PTR(-EACCES);
+filemap_invalidate_unlock_shared(inode->i_mapping);
 ...>
 }

@@
expression folio;
expression list args;
@@
 kvm_gmem_get_pfn(...)
 {
 <...
+filemap_invalidate_lock_shared(file->f_mapping);
 folio = __kvm_gmem_get_pfn(args);
+filemap_invalidate_unlock_shared(file->f_mapping);
 ...>
 }

@@
@@
 struct file_operations kvm_gmem_fops = {
+	.unlocked_ioctl	= kvm_gmem_ioctl,
 };

@@
identifier inode;
@@
 kvm_gmem_prepare_memory_region(...)
 {
 <...
-if (kvm_gmem_supports_mmap(inode))
+if (kvm_gmem_supports_mmap(inode) || gmem_in_place_conversion)
 	slot->flags |= KVM_MEMSLOT_GMEM_ONLY;
 ...>
 }

@@
identifier kvm, gfn;
@@
 __kvm_gmem_populate(struct kvm *kvm, ..., gfn_t gfn, ...)
 {
 <...
-!kvm_range_has_memory_attributes(kvm, gfn, gfn + 1,
-				 KVM_MEMORY_ATTRIBUTE_PRIVATE,
-				 KVM_MEMORY_ATTRIBUTE_PRIVATE)
+!kvm_mem_is_private(kvm, gfn)
 ...>
 }

@@
identifier gi;
@@
 kvm_gmem_alloc_inode(...)
 {
 <...
 gi->flags = 0;
+gmem_inplace_inode_init(gi);
 ...>
 }

@@
identifier inode;
@@
 kvm_gmem_destroy_inode(struct inode *inode)
 {
+	gmem_inplace_inode_destroy(inode);
 	...
 }

@@
identifier m;
@@
 kvm_gmem_init(struct module *m)
 {
 ...
+gmem_inplace_announce();
 return 0;
 }

@@
@@
 kvm_gmem_exit(void)
 {
+	gmem_inplace_goodbye();
 	...
 }
