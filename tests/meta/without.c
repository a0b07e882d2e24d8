// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a command as on a machine that denies some system calls with EPERM, as by
 * sysctls and policies. The machine itself is not changed.
 *
 *	without CALL[,CALL...] COMMAND [ARGS...]
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	int nr;
} calls[] = {
	{ "get_mempolicy", __NR_get_mempolicy },
	{ "io_uring_setup", __NR_io_uring_setup },
	{ "process_vm_readv", __NR_process_vm_readv },
	{ "userfaultfd", __NR_userfaultfd },
};

static int deny(int nr)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ?:
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int deny_by_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (!strcmp(calls[i].name, name))
			return deny(calls[i].nr);
	}
	errno = EINVAL;
	return -1;
}

int main(int argc, char **argv)
{
	char *name;

	if (argc < 3) {
		fprintf(stderr, "usage: without CALL[,CALL...] COMMAND...\n");
		return 2;
	}
	for (name = strtok(argv[1], ","); name; name = strtok(NULL, ",")) {
		if (deny_by_name(name)) {
			fprintf(stderr, "without: %s: %s\n", name,
				strerror(errno));
			return 2;
		}
	}
	execvp(argv[2], argv + 2);
	fprintf(stderr, "without: %s: %s\n", argv[2], strerror(errno));
	return 2;
}
