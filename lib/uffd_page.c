// SPDX-License-Identifier: GPL-2.0-only
/* Arguments of a system call that change while the kernel reads them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "uffd_page.h"

#define PAGE	4096ul

static int uffd_open(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;

	if (ioctl(fd, UFFDIO_API, &api)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

bool uffd_page_possible(void)
{
	int fd = uffd_open();

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The number is at the start of the second page. */
static void supply(struct uffd_page *p)
{
	struct uffdio_copy copy = {
		.dst = (unsigned long)p->map, .src = (unsigned long)p->front,
		.len = PAGE,
	};
	uint32_t *number = (uint32_t *)(p->map + PAGE);
	struct uffd_msg msg;

	if (read(p->uffd, &msg, sizeof(msg)) != sizeof(msg) ||
	    msg.event != UFFD_EVENT_PAGEFAULT)
		return;

	__atomic_sub_fetch(number, 1, __ATOMIC_SEQ_CST);
	p->changed++;
	ioctl(p->uffd, UFFDIO_COPY, &copy);
}

static void *supply_thread(void *arg)
{
	struct uffd_page *p = arg;
	struct pollfd fds[] = {
		{ .fd = p->uffd, .events = POLLIN },
		{ .fd = p->stop[0], .events = POLLIN },
	};

	while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
		if (fds[1].revents)
			break;
		if (fds[0].revents)
			supply(p);
	}
	return NULL;
}

static int uffd_page_map(struct uffd_page *p, const void *args, size_t size,
			 size_t before)
{
	p->map_size = PAGE + ((size - before + PAGE - 1) & ~(PAGE - 1));
	p->map = mmap(NULL, p->map_size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p->map == MAP_FAILED)
		return -errno;

	p->front = aligned_alloc(PAGE, PAGE);
	if (!p->front) {
		munmap(p->map, p->map_size);
		return -ENOMEM;
	}

	p->data = p->map + PAGE - before;
	memset(p->front, 0, PAGE - before);
	memcpy((char *)p->front + PAGE - before, args, before);
	memcpy(p->map + PAGE, (const char *)args + before, size - before);
	return 0;
}

static void uffd_page_unmap(struct uffd_page *p)
{
	free(p->front);
	munmap(p->map, p->map_size);
}

static int uffd_page_start(struct uffd_page *p)
{
	struct uffdio_register reg = {
		.range = { .start = (unsigned long)p->map, .len = PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int ret;

	p->uffd = uffd_open();
	if (p->uffd < 0)
		return p->uffd;

	ret = ioctl(p->uffd, UFFDIO_REGISTER, &reg) ||
	      pipe2(p->stop, O_CLOEXEC) ? -errno : 0;
	if (ret) {
		close(p->uffd);
		return ret;
	}

	ret = -pthread_create(&p->thread, NULL, supply_thread, p);
	if (ret) {
		close(p->stop[0]);
		close(p->stop[1]);
		close(p->uffd);
	}
	return ret;
}

int uffd_page_create(struct uffd_page *p, const void *args, size_t size,
		     size_t before)
{
	int ret;

	if (!before || before > PAGE || size < before + sizeof(uint32_t))
		return -EINVAL;

	memset(p, 0, sizeof(*p));
	ret = uffd_page_map(p, args, size, before);
	if (ret)
		return ret;

	ret = uffd_page_start(p);
	if (ret)
		uffd_page_unmap(p);
	return ret;
}

unsigned int uffd_page_free(struct uffd_page *p)
{
	close(p->stop[1]);
	pthread_join(p->thread, NULL);
	close(p->stop[0]);
	close(p->uffd);
	uffd_page_unmap(p);
	return p->changed;
}
