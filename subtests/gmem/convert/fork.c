// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion unmaps a page from every process that maps it. A child that was
 * forked with the mapping touches it on request, and answers.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/touch.h"
#include "kvm/convert.h"
#include "subtests/gmem/tests.h"

struct child {
	pid_t pid;
	int to, from;
};

struct answer {
	s64 ret;
	u64 value;
};

/* For each word of the request: read, then write the word. */
static void child_main(struct convert_vm *cv, int from, int to)
{
	struct answer a;
	u64 value;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(from, &value, sizeof(value)) == sizeof(value)) {
		a.ret = touch_read(cv->mem, &a.value);
		if (!a.ret)
			a.ret = touch_write(cv->mem, value);
		if (write(to, &a, sizeof(a)) != sizeof(a))
			break;
	}
	_exit(0);
}

static void child_start(struct child *c, struct convert_vm *cv)
{
	int to[2], from[2];

	TEST_ASSERT(!pipe(to) && !pipe(from), "pipe: %s", strerror(errno));
	c->pid = fork();
	TEST_ASSERT(c->pid >= 0, "fork: %s", strerror(errno));
	if (!c->pid) {
		close(to[1]);
		child_main(cv, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	c->to = to[1];
	c->from = from[0];
}

/* The child finds @want and writes @value, or gets SIGBUS. */
static void child_touch(struct child *c, int want_ret, u64 want, u64 value)
{
	struct answer a;

	TEST_ASSERT(write(c->to, &value, sizeof(value)) == sizeof(value) &&
		    read(c->from, &a, sizeof(a)) == sizeof(a),
		    "the child is gone");
	TEST_ASSERT(a.ret == want_ret, "the child's touch: %s",
		    a.ret ? strerror(-a.ret) : "no SIGBUS");
	TEST_ASSERT(a.ret || a.value == want,
		    "the child finds 0x%lx, not 0x%lx", a.value, want);
}

static void child_end(struct child *c)
{
	int status;

	close(c->to);
	TEST_ASSERT_EQ(waitpid(c->pid, &status, 0), c->pid);
	TEST_ASSERT(!status, "the child ended with status %#x", status);
	close(c->from);
}

void convert_forked_accesses(const struct subtest_args *args)
{
	struct convert_vm cv;
	struct child c;

	convert_vm_create(&cv, 1, false);
	child_start(&c, &cv);
	convert_host_write(&cv, 0, 0x11);
	child_touch(&c, 0, 0x11, 0x22);
	cv.page[0].value[0] = 0x22;
	convert_check(&cv);

	convert_set(&cv, 0, 1, true);
	convert_check(&cv);
	child_touch(&c, -EFAULT, 0, 0x33);
	convert_guest_write(&cv, 0, 0x44);

	convert_set(&cv, 0, 1, false);
	child_touch(&c, 0, 0x44, 0x55);
	cv.page[0].value[0] = 0x55;
	convert_check(&cv);

	child_end(&c);
	convert_vm_free(&cv);
}
