// SPDX-License-Identifier: GPL-2.0-only
/*
 * See terminal.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "terminal.h"

static int master = -1;
static struct termios saved;

int terminal_open(const char *dir)
{
	char path[PATH_MAX];
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &saved))
		return -1;
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (master < 0 || grantpt(master) || unlockpt(master))
		return -1;
	snprintf(path, sizeof(path), "%s/tty", dir);
	unlink(path);
	if (symlink(ptsname(master), path))
		return -1;
	raw = saved;
	cfmakeraw(&raw);
	return tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void pass(int from, int to)
{
	struct pollfd pfd = { .fd = from, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	if (poll(&pfd, 1, 0) != 1 || !(pfd.revents & POLLIN))
		return;
	n = read(from, buf, sizeof(buf));
	if (n > 0 && write(to, buf, n) < 0)
		return;
}

void terminal_relay(void)
{
	pass(STDIN_FILENO, master);
	pass(master, STDOUT_FILENO);
}

void terminal_close(void)
{
	if (master < 0)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	close(master);
	master = -1;
}
