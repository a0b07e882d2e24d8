// SPDX-License-Identifier: GPL-2.0-only
/* What the subtests of conversion need, probed by calls. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "convert_needs.h"
#include "host/pagemap.h"
#include "host/pin.h"
#include "kvm/convert.h"
#include "softtdx/stats.h"

#define POISON_ENV	"KVM_GMEM_POISON"

bool need_convert(char *why, size_t size)
{
	return convert_api_probe(why, size);
}

bool need_in_place(char *why, size_t size)
{
	const struct convert_api *api = convert_api_probe(why, size);

	/* Per VM: @why says what the guest_memfd answered. */
	return api && api->in_place;
}

bool need_gup_test(char *why, size_t size)
{
	if (!access(PIN_GUP_TEST, R_OK | W_OK))
		return true;

	snprintf(why, size, PIN_GUP_TEST ": %s (CONFIG_GUP_TEST ?)",
		 strerror(errno));
	return false;
}

/* The machine loses each poisoned page: only with the user's consent. */
bool need_lose_pages(char *why, size_t size)
{
	void *page;
	bool ok;

	if (access(SOFTTDX_DIR, R_OK) && !getenv(POISON_ENV)) {
		snprintf(why, size,
			 "each poisoned page is lost until reboot, set " POISON_ENV "=1 to allow it");
		return false;
	}
	/*
	 * Refused for an empty range, too, if not compiled in or not allowed.
	 */
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ok = page != MAP_FAILED && !madvise(page, 0, MADV_HWPOISON);
	if (!ok)
		snprintf(why, size, "MADV_HWPOISON: %s", strerror(errno));
	if (page != MAP_FAILED)
		munmap(page, 4096);
	return ok;
}

bool need_pagemap(char *why, size_t size)
{
	static char page[4096] __attribute__((aligned(4096)));
	uint64_t pfn;
	int ret;

	*(volatile char *)page = 1;
	ret = pagemap_pfn(page, &pfn);
	if (ret)
		snprintf(why, size, "/proc/self/pagemap: %s", strerror(-ret));
	else if (!pfn)
		snprintf(why, size, "/proc/self/pagemap hides frame numbers");
	return !ret && pfn;
}
