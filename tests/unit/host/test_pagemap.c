// SPDX-License-Identifier: GPL-2.0-only
/* lib/host/pagemap.c: present and absent pages; frames only for root. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/pagemap.h"
#include "unit.h"

#define PAGE	4096

static char *page;

static void absent(void)
{
	uint64_t pfn;

	CHECK_EQ(pagemap_pfn(page, &pfn), -ENOENT);
	CHECK_EQ(pagemap_pfn((void *)-PAGE, &pfn), -ENXIO);
}

static void present(void)
{
	uint64_t pfn, other, count;

	*(volatile char *)page = 1;
	*(volatile char *)(page + PAGE) = 1;
	CHECK_EQ(pagemap_pfn(page, &pfn), 0);
	CHECK_EQ(pagemap_pfn(page + PAGE, &other), 0);
	if (!pfn)
		return; /* not root */
	CHECK(pfn != other);
	CHECK_EQ(pagemap_mapcount(pfn, &count), 0);
	CHECK_EQ(count, 1);
}

/* The same page twice has one frame, mapped twice. */
static void twice(void)
{
	int fd = memfd_create("pagemap", 0);
	uint64_t a, b, count, flags;
	volatile char *m[2];
	int i;

	CHECK_EQ(ftruncate(fd, PAGE), 0);
	for (i = 0; i < 2; i++) {
		m[i] = mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0);
		CHECK(m[i] != MAP_FAILED);
		*m[i] = 1;
	}
	CHECK_EQ(pagemap_pfn((void *)m[0], &a), 0);
	CHECK_EQ(pagemap_pfn((void *)m[1], &b), 0);
	CHECK_EQ(a, b);
	if (a) {
		CHECK_EQ(pagemap_mapcount(a, &count), 0);
		CHECK_EQ(count, 2);
		CHECK_EQ(pagemap_flags(a, &flags), 0);
		CHECK(flags & (1ull << PAGEMAP_KPF_MMAP));
	}
	close(fd);
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "absent", absent },
		{ "present", present },
		{ "twice", twice },
	};

	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return 1;
	return unit_run(cases, sizeof(cases) / sizeof(cases[0]));
}
