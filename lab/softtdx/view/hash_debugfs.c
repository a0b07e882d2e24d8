// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimal cost of a measured page: /sys/kernel/debug/softtdx/hash.  A write
 * of N does nothing but SHA-384, by the library that module/mr.c uses, over the
 * bytes that N measured pages put into MRTD.  It is the reference for the rate
 * of KVM_TDX_INIT_MEM_REGION in the same kernel.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "mrblock.h"
#include "softtdx.h"

#define CHUNKS			(PAGE_SIZE / MR_CHUNK_SIZE)

/* One block for PAGE.ADD, for each chunk a block and its bytes. */
#define MEASURED_PAGE		(MR_BLOCK_SIZE + \
				 CHUNKS * (MR_BLOCK_SIZE + MR_CHUNK_SIZE))

static int stx_hash_set(void *data, u64 pages)
{
	u8 digest[SHA384_DIGEST_SIZE], *bytes;
	struct sha384_ctx ctx;
	int ret = 0;

	bytes = kzalloc(MEASURED_PAGE, GFP_KERNEL);
	if (!bytes)
		return -ENOMEM;
	sha384_init(&ctx);
	for (; pages && !ret; pages--) {
		sha384_update(&ctx, bytes, MEASURED_PAGE);
		if (fatal_signal_pending(current))
			ret = -EINTR;
		cond_resched();
	}
	sha384_final(&ctx, digest);
	kfree(bytes);
	return ret;
}
DEFINE_DEBUGFS_ATTRIBUTE(stx_hash_fops, NULL, stx_hash_set, "%llu\n");

void stx_hash_debugfs(struct dentry *dir)
{
	debugfs_create_file_unsafe("hash", 0200, dir, NULL, &stx_hash_fops);
}
