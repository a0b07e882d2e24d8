// SPDX-License-Identifier: GPL-2.0-only
/* lib/host/touch.c: past the end of a file: -EFAULT; other memory works. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/touch.h"
#include "unit.h"

#define PAGE	4096

static char *map;	/* a page, and one past the end */

static void there(void)
{
	uint64_t value = 1;

	CHECK_EQ(touch_read(map, &value), 0);
	CHECK_EQ(value, 0);
	CHECK_EQ(touch_write(map + 8, 7), 0);
	CHECK_EQ(touch_read(map + 8, &value), 0);
	CHECK_EQ(value, 7);
}

static void beyond(void)
{
	uint64_t value;
	int i;

	for (i = 0; i < 3; i++) {
		CHECK_EQ(touch_read(map + PAGE, &value), -EFAULT);
		CHECK_EQ(touch_write(map + PAGE, 7), -EFAULT);
		CHECK_EQ(touch_read(map, &value), 0);
	}
}

static void *many(void *arg)
{
	uint64_t value;
	long bad = 0;
	int i;

	for (i = 0; i < 1000; i++)
		bad += touch_read(map + PAGE, &value) != -EFAULT ||
		       touch_read(map, &value) != 0;
	return (void *)bad;
}

static void on_threads(void)
{
	pthread_t thread[4];
	void *bad;
	int i;

	for (i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, many, NULL), 0);
	for (i = 0; i < 4; i++) {
		pthread_join(thread[i], &bad);
		CHECK(!bad);
	}
}

/* Any other bad access ends the process, as without the handler. */
static void others_end(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		*(volatile char *)(map + PAGE);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "there", there },
		{ "beyond", beyond },
		{ "on_threads", on_threads },
		{ "others_end", others_end },
	};
	int fd = memfd_create("touch", 0);

	if (fd < 0 || ftruncate(fd, PAGE))
		return 1;
	map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return 1;
	return unit_run(cases, sizeof(cases) / sizeof(cases[0]));
}
