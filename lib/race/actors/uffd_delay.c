// SPDX-License-Identifier: GPL-2.0-only
/* Delayed faults by userfaultfd. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uffd_delay.h"
#include "kvm_util.h"
#include "processor.h"

static u64 page[512] __attribute__((aligned(4096))) = { 1 };

static void resolve_fault(struct uffd_delay *h)
{
	struct uffdio_copy copy = { .src = (u64)page, .len = PAGE_SIZE };
	struct uffd_msg msg;

	if (read(h->uffd, &msg, sizeof(msg)) != sizeof(msg) ||
	    msg.event != UFFD_EVENT_PAGEFAULT)
		return;
	usleep(h->delay_us);
	copy.dst = msg.arg.pagefault.address & PAGE_MASK;
	/* EEXIST: present. EAGAIN: the waiting thread faults again. */
	if (ioctl(h->uffd, UFFDIO_COPY, &copy) && errno != EEXIST &&
	    errno != EAGAIN)
		TEST_FAIL("UFFDIO_COPY: %s", strerror(errno));
}

static void *uffd_delay_main(void *arg)
{
	struct uffd_delay *h = arg;
	struct pollfd fds[2] = {
		{ .fd = h->uffd, .events = POLLIN },
		{ .fd = h->stop[0], .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0 || !fds[1].revents) {
		if (fds[0].revents)
			resolve_fault(h);
	}
	return NULL;
}

int uffd_register(void *mem, size_t bytes, uint64_t features, uint64_t mode)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register range = {
		.range = { (u64)mem, bytes },
		.mode = mode,
	};
	int fd = syscall(__NR_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	TEST_ASSERT(fd >= 0, "userfaultfd: %s", strerror(errno));
	TEST_ASSERT(!ioctl(fd, UFFDIO_API, &api) &&
		    !ioctl(fd, UFFDIO_REGISTER, &range),
		    "UFFDIO_REGISTER: %s", strerror(errno));
	return fd;
}

void uffd_delay_start(struct uffd_delay *h, void *mem, size_t bytes,
		       unsigned int delay_us)
{
	h->delay_us = delay_us;
	h->uffd = uffd_register(mem, bytes, 0, UFFDIO_REGISTER_MODE_MISSING);
	TEST_ASSERT(!pipe(h->stop), "pipe: %s", strerror(errno));
	TEST_ASSERT(!pthread_create(&h->thread, NULL, uffd_delay_main, h),
		    "thread");
}

void uffd_delay_stop(struct uffd_delay *h)
{
	TEST_ASSERT(write(h->stop[1], "", 1) == 1, "pipe: %s",
		    strerror(errno));
	pthread_join(h->thread, NULL);
	close(h->stop[0]);
	close(h->stop[1]);
	close(h->uffd);
}
