// SPDX-License-Identifier: GPL-2.0-only
/* References to pages from outside: io_uring, vmsplice, gup_test. */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "host/pin.h"

#define PAGE	4096

int pin_start(struct pin *p, const struct pin_api *api, void *addr, size_t len)
{
	*p = (struct pin){
		.api = api, .addr = addr, .len = len, .fd = { -1, -1 },
	};
	return api->start(p, addr, len);
}

static void close_both(struct pin *p)
{
	if (p->fd[0] >= 0)
		close(p->fd[0]);
	if (p->fd[1] >= 0)
		close(p->fd[1]);
}

void pin_stop(struct pin *p)
{
	p->api->stop(p);
	close_both(p);
}

/* ---- io_uring ------------------------------------------------------------ */

/* Fixed buffers are read from the file and written to it. */
static int io_uring_start(struct pin *p, void *addr, size_t len)
{
	struct iovec iov = { addr, len };
	int ret;

	p->ring = calloc(1, sizeof(struct io_uring));
	p->fd[0] = memfd_create("pin", MFD_CLOEXEC);
	if (!p->ring || p->fd[0] < 0 || ftruncate(p->fd[0], PAGE)) {
		ret = -errno;
		goto free_ring;
	}
	ret = io_uring_queue_init(4, p->ring, 0);
	if (ret)
		goto free_ring;
	ret = io_uring_register_buffers(p->ring, &iov, 1);
	if (!ret)
		return 0;
	io_uring_queue_exit(p->ring);
free_ring:
	free(p->ring);
	close_both(p);
	return ret;
}

/* One byte between the file and the fixed buffer; 0 or -errno. */
static int io_uring_byte(struct pin *p, size_t page, bool to_file)
{
	char *at = (char *)p->addr + page * PAGE;
	struct io_uring_sqe *sqe = io_uring_get_sqe(p->ring);
	struct io_uring_cqe *cqe;
	int ret;

	if (to_file)
		io_uring_prep_write_fixed(sqe, p->fd[0], at, 1, 0, 0);
	else
		io_uring_prep_read_fixed(sqe, p->fd[0], at, 1, 0, 0);
	ret = io_uring_submit_and_wait(p->ring, 1);
	if (ret < 0)
		return ret;
	ret = io_uring_wait_cqe(p->ring, &cqe);
	if (ret)
		return ret;
	ret = cqe->res;
	io_uring_cqe_seen(p->ring, cqe);
	return ret < 0 ? ret : ret == 1 ? 0 : -EIO;
}

static int io_uring_write(struct pin *p, size_t page, unsigned char byte)
{
	if (pwrite(p->fd[0], &byte, 1, 0) != 1)
		return -errno;
	return io_uring_byte(p, page, false);
}

static int io_uring_read(struct pin *p, size_t page, unsigned char *byte)
{
	int ret = io_uring_byte(p, page, true);

	if (!ret && pread(p->fd[0], byte, 1, 0) != 1)
		ret = -errno;
	return ret;
}

static void io_uring_stop(struct pin *p)
{
	io_uring_unregister_buffers(p->ring);
	io_uring_queue_exit(p->ring);
	free(p->ring);
}

const struct pin_api pin_io_uring = {
	.name = "io_uring", .start = io_uring_start, .stop = io_uring_stop,
	.write = io_uring_write, .read = io_uring_read,
};

/* ---- vmsplice ------------------------------------------------------------ */

static int vmsplice_start(struct pin *p, void *addr, size_t len)
{
	struct iovec iov = { addr, len };
	ssize_t n;
	int ret;

	if (pipe2(p->fd, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	if (fcntl(p->fd[1], F_SETPIPE_SZ, (int)len + PAGE) < 0)
		goto fail;
	n = vmsplice(p->fd[1], &iov, 1, 0);
	if (n == (ssize_t)len)
		return 0;
	if (n >= 0)
		errno = ENOBUFS;
fail:
	ret = -errno;
	close_both(p);
	return ret;
}

/* Once, and only of the first page: reading takes it out of the pipe. */
static int vmsplice_read(struct pin *p, size_t page, unsigned char *byte)
{
	if (page)
		return -ESPIPE;
	return read(p->fd[0], byte, 1) == 1 ? 0 : -errno;
}

static void vmsplice_stop(struct pin *p)
{
}

const struct pin_api pin_vmsplice = {
	.name = "vmsplice", .start = vmsplice_start, .stop = vmsplice_stop,
	.read = vmsplice_read,
};

/* ---- gup_test ------------------------------------------------------------ */

/* From mm/gup_test.h, which is no uAPI header. */
struct longterm_pin {
	uint64_t addr;
	uint64_t size;
	uint32_t flags;
};

#define LONGTERM_START	_IOW('g', 7, struct longterm_pin)
#define LONGTERM_STOP	_IO('g', 8)
#define LONGTERM_WRITE	1

static int gup_test_start(struct pin *p, void *addr, size_t len)
{
	struct longterm_pin arg = {
		.addr = (uintptr_t)addr, .size = len, .flags = LONGTERM_WRITE,
	};
	int ret;

	p->fd[0] = open(PIN_GUP_TEST, O_RDWR | O_CLOEXEC);
	if (p->fd[0] < 0)
		return -errno;
	if (!ioctl(p->fd[0], LONGTERM_START, &arg))
		return 0;
	ret = -errno;
	close_both(p);
	return ret;
}

static void gup_test_stop(struct pin *p)
{
	ioctl(p->fd[0], LONGTERM_STOP);
}

const struct pin_api pin_gup_test = {
	.name = "gup_test", .start = gup_test_start, .stop = gup_test_stop,
};
