// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lab's stand-in for in-place conversion: pages of a guest_memfd are made
 * private and shared by an ioctl of the file.  Written from what is documented
 * of the interface, as little as the subtests need to run, and not KVM's code:
 * what a subtest says about it, it says about this file.
 *
 * guest_memfd.c includes it as its last line, for the sake of its structures.
 * All state changes under the file's invalidate lock, held for write; readers
 * who decide by it hold it for read, or look at mmu_invalidate_seq afterwards.
 */
#include <linux/debugfs.h>
#include <linux/maple_tree.h>
#include <linux/moduleparam.h>
#include <linux/swap.h>

#define GMEM_ATTRIBUTES		KVM_MEMORY_ATTRIBUTE_PRIVATE

bool __read_mostly gmem_in_place_conversion =
	!IS_ENABLED(CONFIG_KVM_GENERIC_MEMORY_ATTRIBUTES);
module_param(gmem_in_place_conversion, bool, 0444);
EXPORT_SYMBOL_FOR_KVM_INTERNAL(gmem_in_place_conversion);

static struct dentry *gmem_inplace_dir;

/* Nobody is to take this kernel for one that has the feature. */
static void gmem_inplace_announce(void)
{
	gmem_inplace_dir = debugfs_create_dir("kvm_gmem_inplace_stand_in", NULL);
	pr_info("guest_memfd: in-place conversion is the lab's stand-in, %s\n",
		gmem_in_place_conversion ? "on" : "off");
}

static void gmem_inplace_goodbye(void)
{
	debugfs_remove(gmem_inplace_dir);
}

int gmem_inplace_attributes(struct kvm *kvm)
{
	if (!gmem_in_place_conversion ||
	    (kvm && !kvm_arch_has_private_mem(kvm)))
		return 0;
	return GMEM_ATTRIBUTES;
}

static unsigned long entry_attributes(struct inode *inode, void *entry)
{
	if (entry)
		return xa_to_value(entry);
	if (GMEM_I(inode)->flags & GUEST_MEMFD_FLAG_INIT_SHARED)
		return 0;
	return KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

static bool gmem_inplace_is_private(struct inode *inode, pgoff_t index)
{
	void *entry = mtree_load(&GMEM_I(inode)->attributes, index);

	return entry_attributes(inode, entry) & KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

bool gmem_inplace_gfn_is_private(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);

	if (!kvm_slot_has_gmem(slot))
		return false;

	CLASS(gmem_get_file, file)(slot);
	return file && gmem_inplace_is_private(file_inode(file),
					       kvm_gmem_get_index(slot, gfn));
}
EXPORT_SYMBOL_FOR_KVM_INTERNAL(gmem_inplace_gfn_is_private);

static bool range_has(struct inode *inode, pgoff_t start, pgoff_t end,
		      unsigned long attributes)
{
	MA_STATE(mas, &GMEM_I(inode)->attributes, start, start);
	void *entry;

	guard(rcu)();
	for (;;) {
		entry = mas_walk(&mas);
		if (entry_attributes(inode, entry) != attributes)
			return false;
		/* The last entry, or gap, ends where page numbers end. */
		if (mas.last >= end - 1)
			return true;
		mas_set(&mas, mas.last + 1);
	}
}

/* A reference beside those of the page cache and of our own batch? */
static bool folio_is_held(struct folio *folio, enum lru_cache_drained *drained)
{
	if (folio_ref_count(folio) == folio_nr_pages(folio) + 1)
		return false;

	lru_cache_drain_for_folio(folio, 1, drained);
	return folio_ref_count(folio) != folio_nr_pages(folio) + 1;
}

/*
 * Find the first page from @start on that somebody else holds.  User mappings
 * are gone already and do not come back, as a fault needs the invalidate lock;
 * one that has just given it back still holds its reference.
 */
static bool find_held_page(struct address_space *mapping, pgoff_t start,
			   pgoff_t end, pgoff_t *held)
{
	enum lru_cache_drained drained = LRU_CACHE_NOT_DRAINED;
	struct folio_batch batch;
	pgoff_t next = start;
	bool found = false;
	unsigned int i;

	folio_batch_init(&batch);
	while (!found && filemap_get_folios(mapping, &next, end - 1, &batch)) {
		for (i = 0; i < folio_batch_count(&batch) && !found; i++) {
			struct folio *folio = batch.folios[i];

			found = folio_is_held(folio, &drained);
			*held = max(start, folio->index);
		}
		folio_batch_release(&batch);
		cond_resched();
	}
	return found;
}

static int store_attributes(struct inode *inode, pgoff_t start, pgoff_t end,
			    unsigned long attributes)
{
	int r;

	kvm_gmem_invalidate_start(inode, start, end);
	r = mtree_store_range(&GMEM_I(inode)->attributes, start, end - 1,
			      xa_mk_value(attributes), GFP_KERNEL_ACCOUNT);
	kvm_gmem_invalidate_end(inode, start, end);
	return r;
}

static int convert_locked(struct inode *inode, pgoff_t start, pgoff_t end,
			  unsigned long attributes, pgoff_t *error)
{
	struct address_space *mapping = inode->i_mapping;

	lockdep_assert_held_write(&mapping->invalidate_lock);

	*error = start;
	if (range_has(inode, start, end, attributes))
		return 0;

	if (attributes & KVM_MEMORY_ATTRIBUTE_PRIVATE) {
		unmap_mapping_pages(mapping, start, end - start, false);
		if (find_held_page(mapping, start, end, error))
			return -EAGAIN;
	}
	return store_attributes(inode, start, end, attributes);
}

static int convert(struct file *file, struct kvm_memory_attributes2 *a)
{
	struct inode *inode = file_inode(file);
	struct gmem_file *f = file->private_data;
	u64 size = i_size_read(inode);
	pgoff_t error;
	int r;

	if (a->flags || memchr_inv(a->reserved, 0, sizeof(a->reserved)))
		return -EINVAL;
	if (!kvm_arch_has_private_mem(f->kvm) ||
	    (a->attributes & ~GMEM_ATTRIBUTES))
		return -EINVAL;
	if (!PAGE_ALIGNED(a->offset) || !PAGE_ALIGNED(a->size) || !a->size ||
	    a->offset >= size || a->size > size - a->offset)
		return -EINVAL;

	filemap_invalidate_lock(inode->i_mapping);
	r = convert_locked(inode, a->offset >> PAGE_SHIFT,
			   (a->offset + a->size) >> PAGE_SHIFT, a->attributes,
			   &error);
	filemap_invalidate_unlock(inode->i_mapping);

	if (r)
		a->error_offset = (u64)error << PAGE_SHIFT;
	return r;
}

static long kvm_gmem_ioctl(struct file *file, unsigned int ioctl,
			   unsigned long arg)
{
	struct kvm_memory_attributes2 __user *user = (void __user *)arg;
	struct kvm_memory_attributes2 a;
	int r;

	if (!gmem_in_place_conversion || ioctl != KVM_SET_MEMORY_ATTRIBUTES2)
		return -ENOTTY;
	if (copy_from_user(&a, user, sizeof(a)))
		return -EFAULT;

	r = convert(file, &a);
	if ((r == -EAGAIN || r == -ENOMEM) &&
	    put_user(a.error_offset, &user->error_offset))
		return -EFAULT;
	return r;
}

static void gmem_inplace_inode_init(struct gmem_inode *gi)
{
	mt_init_flags(&gi->attributes, MT_FLAGS_USE_RCU);
}

static void gmem_inplace_inode_destroy(struct inode *inode)
{
	mtree_destroy(&GMEM_I(inode)->attributes);
}
