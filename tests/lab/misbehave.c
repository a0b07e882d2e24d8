// SPDX-License-Identifier: GPL-2.0-only
/*
 * misbehave: run a program while softtdx misbehaves in a chosen way
 * (lab/softtdx/misbehave/misbehave.c lists them), and print how often it did.
 * The exit code is the program's.
 *
 *	misbehave "KIND [gpa X] ..." PROGRAM ARGS...
 *
 * The program inherits the open file: softtdx behaves again when both have
 * closed it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run_program.h"

#define MISBEHAVE	"/sys/kernel/debug/softtdx/misbehave"

static int complain(const char *object)
{
	fprintf(stderr, "misbehave: %s: %s\n", object, strerror(errno));
	return 2;
}

/* The lines of the file, after "misbehave: ": what softtdx did, how often. */
static int show(int fd)
{
	char text[1024];
	ssize_t size;

	size = pread(fd, text, sizeof(text) - 1, 0);
	if (size < 0)
		return complain(MISBEHAVE);
	text[size] = '\0';
	printf("misbehave: %s", size ? text : "nothing was asked for\n");
	return fflush(stdout);
}

int main(int argc, char **argv)
{
	int fd, code;

	if (argc < 3) {
		fputs("usage: misbehave MISBEHAVE PROGRAM ARGS...\n", stderr);
		return 2;
	}
	fd = open(MISBEHAVE, O_RDWR);
	if (fd < 0)
		return complain(MISBEHAVE);
	if (write(fd, argv[1], strlen(argv[1])) < 0)
		return complain(argv[1]);
	code = run_program(argv + 2);
	return show(fd) ? 2 : code;
}
