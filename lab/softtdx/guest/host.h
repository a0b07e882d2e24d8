/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's state around a guest's run; the guest's between two entries. */
#ifndef SOFTTDX_HOST_H
#define SOFTTDX_HOST_H

#include <asm/desc.h>

#include "guest.h"

/* Host state that a VM exit changes, to be restored after it. */
struct stx_host {
	struct desc_ptr gdt, idt;
	u16 ldt, ds, es, fs, gs;
	u64 fs_base, gs_base;
	u64 vmcs;
};

void stx_host_save(struct stx_host *h);
void stx_host_restore(const struct stx_host *h);
void stx_host_fields(const struct stx_host *h);
void stx_guest_first(struct stx_call *c, struct stx_guest *g);
void stx_guest_in(struct stx_call *c, struct stx_guest *g);
void stx_guest_out(struct stx_call *c, struct stx_guest *g);

#endif
