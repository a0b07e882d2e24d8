// SPDX-License-Identifier: GPL-2.0-only
/* Page frames from /proc: one word a page in each of these files. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/pagemap.h"

#define PM_PRESENT	(1ull << 63)
#define PM_SWAPPED	(1ull << 62)
#define PM_PFN		((1ull << 55) - 1)

static int word_of(const char *path, uint64_t index, uint64_t *word)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int ret = 0;

	if (fd < 0)
		return -errno;
	n = pread(fd, word, sizeof(*word), index * sizeof(*word));
	if (n != (ssize_t)sizeof(*word))
		ret = n < 0 ? -errno : -ENXIO;
	close(fd);
	return ret;
}

int pagemap_pfn(const void *addr, uint64_t *pfn)
{
	uint64_t page = sysconf(_SC_PAGESIZE), word;
	int ret = word_of("/proc/self/pagemap", (uintptr_t)addr / page, &word);

	if (ret)
		return ret;
	if (!(word & PM_PRESENT))
		return word & PM_SWAPPED ? -ENXIO : -ENOENT;
	*pfn = word & PM_PFN;
	return 0;
}

int pagemap_mapcount(uint64_t pfn, uint64_t *count)
{
	return word_of("/proc/kpagecount", pfn, count);
}

int pagemap_flags(uint64_t pfn, uint64_t *flags)
{
	return word_of("/proc/kpageflags", pfn, flags);
}
