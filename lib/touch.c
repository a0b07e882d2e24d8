// SPDX-License-Identifier: GPL-2.0-only
/* Touch memory that may not be there: SIGBUS as a result, for each thread. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "touch.h"

static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t touching;

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
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

static int touch(volatile uint64_t *word, uint64_t *value, bool write)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int error;

	pthread_once(&once, take_sigbus);
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
