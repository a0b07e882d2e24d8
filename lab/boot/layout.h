/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where mkimage.c puts things in the guest's RAM for rom.S to find.  The image
 * is one file that the emulator loads at IMAGE_BASE before power-on; kernel and
 * initramfs follow at addresses that the kernel's ELF file decides.
 */
#ifndef LAB_BOOT_LAYOUT_H
#define LAB_BOOT_LAYOUT_H

#define ROM_BASE		0xc0000
#define ROM_SIZE		2048

#define IMAGE_BASE		0x100000
#define PARAMS_BASE		IMAGE_BASE
#define CMDLINE_BASE		(IMAGE_BASE + 0x1000)
#define CMDLINE_SIZE		0x1000
#define PML4_BASE		(IMAGE_BASE + 0x2000)
#define PDPT_BASE		(IMAGE_BASE + 0x3000)
#define INFO_BASE		(IMAGE_BASE + 0x4000)
#define LOW_END			(IMAGE_BASE + 0x5000)

/* The page at INFO_BASE: what the ROM needs to know and to remember. */
#define INFO_ENTRY		0	/* physical address of startup_64 */
#define INFO_STARTED		8	/* not 0 once the kernel was entered */

/* Fields of struct boot_params that the ROM fills in. */
#define PARAMS_E820_ENTRIES	0x1e8
#define PARAMS_E820_TABLE	0x2d0

#endif
