// SPDX-License-Identifier: GPL-2.0-only
/* lib/tdx/abi/cpuid.c: only configurable bits pass. */
#include "tdx/abi/cpuid.h"
#include "unit.h"

#define NR(a) (sizeof(a) / sizeof((a)[0]))

static const struct kvm_cpuid_entry2 config[] = {
	{ .function = 1, .eax = 0x0fff3fff, .ebx = 0xff0000, .ecx = 0x21 },
	{ .function = 4, .index = 1, .eax = ~0u, .ebx = ~0u },
	{ .function = 7, .ebx = 0xf0 },
	{ .function = 0x80000008, .eax = 0xff00ff, .ebx = 0x200 },
	{ .function = 0x99, .eax = ~0u },
};

static const struct kvm_cpuid_entry2 host[] = {
	{ .function = 0, .eax = 0x1f },
	{ .function = 1, .eax = 0xffffffff, .ebx = 0x12345678, .ecx = 0xff,
	  .edx = 0xff },
	{ .function = 4, .index = 0, .flags = 1, .eax = 5 },
	{ .function = 4, .index = 1, .flags = 1, .eax = 6, .ebx = 7, .ecx = 8,
	  .edx = 9 },
	{ .function = 7, .flags = 1, .eax = 2, .ebx = 0xff },
	{ .function = 0x80000008, .eax = 0x3430342e, .ebx = 0x1234 },
};

static struct kvm_cpuid_entry2 out[NR(config) + 1];

static void masked(void)
{
	CHECK_EQ(tdx_cpuid_filter(config, NR(config), host, NR(host), out), 4);
	CHECK_EQ(out[0].function, 1);
	CHECK_EQ(out[0].eax, 0x0fff3fff);
	CHECK_EQ(out[0].ebx, 0x340000);
	CHECK_EQ(out[0].ecx, 0x21);
	CHECK_EQ(out[0].edx, 0);
	CHECK_EQ(out[1].function, 4);
	CHECK_EQ(out[1].index, 1);
	CHECK_EQ(out[1].flags, KVM_CPUID_FLAG_SIGNIFCANT_INDEX);
	CHECK_EQ(out[1].eax, 6);
	CHECK_EQ(out[1].ebx, 7);
	CHECK_EQ(out[1].ecx, 0);
	CHECK_EQ(out[2].function, 7);
	CHECK_EQ(out[2].eax, 0);
	CHECK_EQ(out[2].ebx, 0xf0);
}

/* The guest's width is ours, not the host's EAX[23:16]. */
static void width(void)
{
	CHECK_EQ(tdx_cpuid_filter(config, NR(config), host, NR(host), out), 4);
	CHECK_EQ(out[3].function, 0x80000008);
	CHECK_EQ(out[3].eax, 0x30002e);
	CHECK_EQ(out[3].ebx, 0x200);
}

static void width_is_always_there(void)
{
	CHECK_EQ(tdx_cpuid_filter(config, 2, host, NR(host), out), 3);
	CHECK_EQ(out[2].function, 0x80000008);
	CHECK_EQ(out[2].eax, 0x300000);
	CHECK_EQ(tdx_cpuid_filter(config, 0, host, 0, out), 1);
	CHECK_EQ(out[0].eax, 0x300000);
}

static void once_each(void)
{
	const struct kvm_cpuid_entry2 twice[] = { config[0], config[0] };

	CHECK_EQ(tdx_cpuid_filter(twice, 2, host, NR(host), out), 2);
	CHECK_EQ(out[0].function, 1);
	CHECK_EQ(out[1].function, 0x80000008);
}

static void vcpu_width(void)
{
	struct kvm_cpuid_entry2 e[] = {
		{ .function = 1, .eax = 0x28 },
		{ .function = 0x80000008, .eax = 0x3028 },
	};

	tdx_cpuid_set_width(e, 2);
	CHECK_EQ(e[0].eax, 0x28);
	CHECK_EQ(e[1].eax, 0x303030);

	e[1].eax = 0x343934;
	tdx_cpuid_set_width(e, 2);
	CHECK_EQ(e[1].eax, 0x303934);
}

UNIT_MAIN(
	{ "masked", masked },
	{ "width", width },
	{ "width_is_always_there", width_is_always_there },
	{ "once_each", once_each },
	{ "vcpu_width", vcpu_width },
)
