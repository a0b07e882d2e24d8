// SPDX-License-Identifier: GPL-2.0-only
/* Touch memory that may be missing: SIGBUS is a result, for each thread. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

#include "host/touch.h"

static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t touching;

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	/* No access of ours: a page has failed somewhere. */
	if (info->si_code == BUS_MCEERR_AO)
		return;
	if (touching)
		siglongjmp(back, info->si_code == BUS_MCEERR_AR ? EHWPOISON :
								  EFAULT);
	/* Not ours: the access is repeated, and ends the process. */
	signal(sig, SIG_DFL);
}

static void take_sigbus(void)
{
	struct sigaction act = {
		.sa_sigaction = on_sigbus,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	sigaction(SIGBUS, &act, NULL);
}

static void touch_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, take_sigbus);
}

static int touch(volatile uint64_t *word, uint64_t *value, bool write)
{
	int error;

	touch_init();
	error = sigsetjmp(back, 0);
	if (!error) {
		touching = 1;
		if (write)
			*word = *value;
		else
			*value = *word;
	}
	touching = 0;
	return -error;
}

int touch_read(const void *addr, uint64_t *value)
{
	return touch((volatile uint64_t *)addr, value, false);
}

int touch_write(void *addr, uint64_t value)
{
	return touch(addr, &value, true);
}

int touch_poison(void *addr, size_t len)
{
	int ret = 0;

	touch_init();
	if (!sigsetjmp(back, 0)) {
		touching = 1;
		/* EBUSY: it is poisoned, but still mapped. */
		if (madvise(addr, len, MADV_HWPOISON) && errno != EBUSY)
			ret = -errno;
	}
	touching = 0;
	return ret;
}
