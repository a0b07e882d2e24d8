/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little of the kernel that lab/softtdx uses, for user space: included
 * before its sources, whose own kernel headers are empty files then. A machine
 * of 1 GiB, 4 CPUs in 2 packages and 16 private keyids from 64 on; the test
 * says on which CPU it is. No hash: what MRTD comes to is not tested so.
 */
#ifndef SHIM_KERNEL_H
#define SHIM_KERNEL_H

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long u64;
typedef int8_t s8;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;

#define __KERNEL__		1
#define STX_HAVE_SHA384_LIB	1
#define IS_ENABLED(option)	1
#undef static_assert
#define static_assert(cond)	_Static_assert(cond, #cond)
#define likely(cond)		(cond)
#define unlikely(cond)		(cond)
/* A fault of softtdx's own. */
#define WARN_ON_ONCE(cond) \
	({ bool shim_bad = (cond); if (shim_bad) abort(); shim_bad; })
#define __user
#define __aligned(n)		__attribute__((aligned(n)))
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, value)	((x) = (value))

/* asm/apicdef.h */
#define APIC_PROCPRI		0xa0

/* Bits and numbers. */
#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define GENMASK_ULL(h, l)	((~0ULL >> (63 - (h))) & (~0ULL << (l)))
#define FIELD_GET(mask, value)	(((value) & (mask)) >> __builtin_ctzll(mask))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define IS_ALIGNED(x, a)	(!((x) & ((u64)(a) - 1)))
#define ALIGN_DOWN(x, a)	((x) & ~((u64)(a) - 1))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define check_add_overflow	__builtin_add_overflow

static inline int kstrtou64(const char *s, unsigned int base, u64 *n)
{
	char *end;

	errno = 0;
	*n = strtoull(s, &end, base);
	if (strspn(s, "- \t\n") || end == s || *end)
		return -EINVAL;
	return -errno;
}

/* Memory: physical address 0 is the first byte of shim_ram. */
#define SHIM_RAM_SIZE		SZ_1G
#define SZ_4K			0x1000ULL
#define SZ_2M			0x200000ULL
#define SZ_4M			0x400000ULL
#define SZ_64M			0x4000000ULL
#define SZ_1G			0x40000000ULL
#define PAGE_SIZE		4096UL
#define PAGE_MASK		(~(PAGE_SIZE - 1))
#define PAGE_ALIGNED(x)		IS_ALIGNED(x, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(x)	ALIGN_DOWN(x, PAGE_SIZE)
#define PHYS_PFN(pa)		((u64)(pa) >> 12)
#define offset_in_page(pa)	((pa) & (PAGE_SIZE - 1))

extern u8 *shim_ram;

/* An address outside of RAM becomes NULL, which no user survives. */
static inline void *__va(u64 pa)
{
	return pa < SHIM_RAM_SIZE ? shim_ram + pa : NULL;
}

/* Of memory outside of RAM it is a number, which nobody follows. */
#define __pa(p)			((u64)((uintptr_t)(p) - (uintptr_t)shim_ram))

static inline bool pfn_valid(u64 pfn)
{
	return pfn < PHYS_PFN(SHIM_RAM_SIZE);
}

/* Pages to allocate, in the second quarter of RAM; none comes back. */
struct page {
	u64 pa;
};

#define SHIM_PAGES		0x10000000ULL
#define GFP_KERNEL		0
#define alloc_page(gfp)		shim_alloc_page()
#define __free_page(page)	free(page)
#define page_to_phys(page)	((page)->pa)

static inline struct page *shim_alloc_page(void)
{
	static u64 next = SHIM_PAGES;
	struct page *page = malloc(sizeof(*page));

	if (page)
		page->pa = next;
	next += PAGE_SIZE;
	return page;
}

struct memblock_region {
	u64 base, size;
};

extern struct memblock_region shim_memory[2];

#define for_each_mem_region(r) \
	for ((r) = shim_memory; (r) < shim_memory + 2; (r)++)

static inline void *memset64(u64 *p, u64 value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = value;
	return p;
}

static inline const void *memchr_inv(const void *p, int c, size_t n)
{
	const u8 *b = p;

	for (; n; n--, b++)
		if (*b != c)
			return b;
	return NULL;
}

static inline u64 get_unaligned_le64(const u8 *p)
{
	u64 value;

	memcpy(&value, p, sizeof(value));
	return le64toh(value);
}

static inline u32 get_unaligned_le32(const u8 *p)
{
	return get_unaligned_le64(p) & 0xffffffff;
}

static inline void put_unaligned_le32(u32 value, u8 *p)
{
	value = htole32(value);
	memcpy(p, &value, sizeof(value));
}

static inline u16 get_unaligned_le16(const u8 *p)
{
	return p[0] | p[1] << 8;
}

/* CPUs. */
struct cpumask {
	u64 bits;
};

extern int shim_cpu;

#define smp_processor_id()		shim_cpu
#define raw_smp_processor_id()		shim_cpu
#define topology_physical_package_id(c)	((u32)(c) / 2)
#define num_present_cpus()		4
#define nr_cpu_ids			4
#define cpu_online_mask			NULL
#define cpumask_any_but(mask, cpu)	(((cpu) + 1) % 4)
#define for_each_online_cpu(cpu)	for ((cpu) = 0; (cpu) < 4; (cpu)++)
#define cpus_read_lock()		((void)0)
#define cpus_read_unlock()		((void)0)
#define migrate_disable()		((void)0)
#define migrate_enable()		((void)0)
#define cond_resched()			((void)0)
#define cpumask_test_cpu(cpu, m)	(!!((m)->bits & BIT(cpu)))
#define cpumask_set_cpu(cpu, m)		((m)->bits |= BIT(cpu))
#define cpumask_weight(m)		__builtin_popcountll((m)->bits)

static inline void smp_call_function_single(int cpu, void (*fn)(void *arg),
					    void *arg, int wait)
{
	int here = shim_cpu;

	shim_cpu = cpu;
	fn(arg);
	shim_cpu = here;
}

#define MSR_IA32_MKTME_KEYID_PARTITIONING	0x87
#define MSR_IA32_VMX_EPT_VPID_CAP		0x48c
#define VMX_EPT_PAGE_WALK_5_BIT			BIT_ULL(7)

static inline int rdmsrq_safe(u32 msr, u64 *value)
{
	*value = msr == MSR_IA32_MKTME_KEYID_PARTITIONING ?
		 16ULL << 32 | 63 : VMX_EPT_PAGE_WALK_5_BIT;
	return 0;
}

static const struct {
	int x86_phys_bits;
} boot_cpu_data = { 46 };

/* Everything there, but for the family and the register state (XFAM). */
static inline void cpuid_count(u32 leaf, u32 sub, u32 *a, u32 *b, u32 *c,
			       u32 *d)
{
	*a = *b = *c = *d = leaf == 0xd ? 0 : ~0u;
	if (leaf == 1)
		*a = 0xc06f2;
	if (leaf == 0xd && !sub)
		*a = 7;
}

/* One thread: a lock that is taken twice would be a fault of softtdx. */
typedef int arch_spinlock_t;
typedef struct {
	u64 value;
} atomic64_t;

#define __ARCH_SPIN_LOCK_UNLOCKED	0
#define local_irq_save(flags)		((flags) = 0)
#define local_irq_restore(flags)	((void)(flags))
#define cpu_relax()			((void)0)
#define atomic64_inc(a)			((a)->value++)
#define atomic64_set(a, v)		((a)->value = (v))
#define atomic64_read(a)		((a)->value)

static inline bool arch_spin_trylock(arch_spinlock_t *lock)
{
	return *lock ? false : (*lock = 1);
}

static inline void arch_spin_lock(arch_spinlock_t *lock)
{
	if (!arch_spin_trylock(lock))
		abort();
}

#define arch_spin_unlock(lock)		((void)(*(lock) = 0))

#define fallthrough			__attribute__((__fallthrough__))
#define shim_print(...)			printf("# " __VA_ARGS__)
#define pr_info				shim_print
#define pr_warn				shim_print
#define pr_err_ratelimited		shim_print
#define module_param_named(...)		_Static_assert(1, "")
#define MODULE_PARM_DESC(...)		_Static_assert(1, "")

static inline int vscnprintf(char *buf, size_t size, const char *fmt,
			     va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	return len < (int)size ? len : (int)size - 1;
}

#define SHA384_DIGEST_SIZE		48
struct sha384_ctx {
	u64 bytes;
};

static inline void sha384_init(struct sha384_ctx *ctx)
{
	ctx->bytes = 0;
}

static inline void sha384_update(struct sha384_ctx *ctx, const u8 *data,
				 size_t len)
{
	ctx->bytes += len;
}

static inline void sha384_final(struct sha384_ctx *ctx, u8 *out)
{
	memset(out, 0, SHA384_DIGEST_SIZE);
}

#endif
