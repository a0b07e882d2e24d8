// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of private keyids: which are free, whose they are, and on which
 * packages the caches still have to be written back before one can be used
 * again.  There are no keys.
 */
#include <linux/minmax.h>
#include <linux/printk.h>
#include <asm/msr.h>

#include "softtdx.h"

static struct {
	enum stx_key_state state;
	u64 tdr;
	u64 write_back;		/* packages that have not written back yet */
} stx_keys[STX_MAX_KEYIDS];

static u64 stx_key_first;
static u64 stx_nr_keys;

/* The BIOS' split of keyids: 31:0 MKTME, 63:32 TDX, which follow them. */
void stx_keys_setup(void)
{
	u64 part;

	if (rdmsrq_safe(MSR_IA32_MKTME_KEYID_PARTITIONING, &part))
		return;
	stx_key_first = (u32)part + 1ULL;
	stx_nr_keys = min_t(u64, part >> 32, STX_MAX_KEYIDS);
	if (part >> 32 > STX_MAX_KEYIDS)
		pr_warn("softtdx: only %d of %llu private keyids are used\n",
			STX_MAX_KEYIDS, part >> 32);
}

bool stx_key_private(u64 hkid)
{
	return hkid >= stx_key_first && hkid - stx_key_first < stx_nr_keys;
}

/* The module's own. */
bool stx_key_own(u64 hkid)
{
	return stx_keys[hkid - stx_key_first].state == KEY_RESERVED;
}

bool stx_key_is_free(u64 hkid)
{
	return stx_keys[hkid - stx_key_first].state == KEY_FREE;
}

void stx_key_take(u64 hkid, u64 tdr)
{
	u64 i = hkid - stx_key_first;

	stx_keys[i].state = KEY_ASSIGNED;
	stx_keys[i].tdr = tdr;
	stx_keys[i].write_back = 0;
}

/* The TDR that holds a keyid, 0 if none does or it is no private one. */
u64 stx_key_tdr(u64 hkid)
{
	return stx_key_private(hkid) ? stx_keys[hkid - stx_key_first].tdr : 0;
}

/* The module's own key. */
void stx_key_reserve(u64 hkid)
{
	stx_keys[hkid - stx_key_first].state = KEY_RESERVED;
}

void stx_key_flushed(u64 hkid, u64 pkgs)
{
	u64 i = hkid - stx_key_first;

	stx_keys[i].state = KEY_FLUSHED;
	stx_keys[i].write_back = pkgs;
}

bool stx_key_written_back(u64 hkid)
{
	return !stx_keys[hkid - stx_key_first].write_back;
}

void stx_key_free(u64 hkid)
{
	u64 i = hkid - stx_key_first;

	stx_keys[i].state = KEY_FREE;
	stx_keys[i].tdr = 0;
	stx_keys[i].write_back = 0;
}

/* One package has written back, for all keys that wait: how many. */
unsigned int stx_keys_write_back(u64 pkg_bit)
{
	unsigned int i, nr = 0;

	for (i = 0; i < stx_nr_keys; i++) {
		if (stx_keys[i].state != KEY_FLUSHED)
			continue;
		stx_keys[i].write_back &= ~pkg_bit;
		nr++;
	}
	return nr;
}

/* After TDs were taken apart by force: keys without a TDR are free again. */
void stx_keys_drop(void)
{
	struct stx_pamt *entry;
	unsigned int i;

	for (i = 0; i < stx_nr_keys; i++) {
		if (!stx_keys[i].tdr)
			continue;
		entry = stx_pamt(stx_keys[i].tdr);
		if (!entry || stx_page_type(entry) != PGT_TDR)
			stx_key_free(stx_key_first + i);
	}
}

u64 stx_key_count(enum stx_key_state state)
{
	u64 i, nr = 0;

	for (i = 0; i < stx_nr_keys; i++)
		nr += stx_keys[i].state == state;
	return nr;
}
