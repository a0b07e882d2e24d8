// SPDX-License-Identifier: GPL-2.0-only
/* CPUID of a TD: the host's values, cut to what is configurable. Pure. */
#include <string.h>

#include "tdx/abi/cpuid.h"

#define CPUID_WIDTHS		0x80000008
#define HOST_WIDTH		0x000000ffu	/* EAX[7:0] */
#define GUEST_WIDTH		0x00ff0000u	/* EAX[23:16] */
#define GUEST_WIDTH_SHIFT	16

static const struct kvm_cpuid_entry2 *find(const struct kvm_cpuid_entry2 *e,
					   unsigned int nr, __u32 function,
					   __u32 index)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (e[i].function == function && e[i].index == index)
			return &e[i];
	}
	return NULL;
}

static void set_guest_width(struct kvm_cpuid_entry2 *e)
{
	e->eax &= ~GUEST_WIDTH;
	e->eax |= TDX_GPA_WIDTH << GUEST_WIDTH_SHIFT;
}

unsigned int tdx_cpuid_filter(const struct kvm_cpuid_entry2 *config,
			      unsigned int nr_config,
			      const struct kvm_cpuid_entry2 *host,
			      unsigned int nr_host,
			      struct kvm_cpuid_entry2 *out)
{
	const struct kvm_cpuid_entry2 *h;
	unsigned int i, n = 0;

	for (i = 0; i < nr_config; i++) {
		const struct kvm_cpuid_entry2 *c = &config[i];

		h = find(host, nr_host, c->function, c->index);
		if (!h || find(out, n, c->function, c->index))
			continue;

		/*
		 * With the host's flags: KVM reports none, but if the index is
		 * not marked significant, it takes the first entry of the
		 * function for each of its rows and refuses them all.
		 */
		out[n] = *h;
		out[n].eax &= c->eax;
		out[n].ebx &= c->ebx;
		out[n].ecx &= c->ecx;
		out[n].edx &= c->edx;
		if (c->function == CPUID_WIDTHS)
			set_guest_width(&out[n]);
		n++;
	}

	if (!find(out, n, CPUID_WIDTHS, 0)) {
		memset(&out[n], 0, sizeof(out[n]));
		out[n].function = CPUID_WIDTHS;
		set_guest_width(&out[n++]);
	}
	return n;
}

void tdx_cpuid_set_width(struct kvm_cpuid_entry2 *entries, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (entries[i].function != CPUID_WIDTHS)
			continue;

		/* A narrower one would make the shared bit a reserved one. */
		if ((entries[i].eax & HOST_WIDTH) < TDX_GPA_WIDTH) {
			entries[i].eax &= ~HOST_WIDTH;
			entries[i].eax |= TDX_GPA_WIDTH;
		}
		set_guest_width(&entries[i]);
	}
}
