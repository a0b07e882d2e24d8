// SPDX-License-Identifier: GPL-2.0-only
/* Write announcements of provoked warnings to the kernel's log. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "klog/provoked.h"
#include "runner/announce.h"

/* Facility user and a WARN's own level: a console shows both or none. */
#define PRIORITY	"<12>"

static struct {
	const struct announce *by;
	const struct subtest *t;	/* announced now, or NULL */
} announced;

/* Opened for each line: the kernel limits the rate of each open file. */
static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_APPEND);
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	err = n < 0 ? -errno : (size_t)n == strlen(text) ? 0 : -EIO;
	close(fd);
	return err;
}

static int write_line(const char *path, const char *line)
{
	char text[PROVOKED_LINE + 8];

	snprintf(text, sizeof(text), PRIORITY "%s\n", line);
	return write_file(path, text);
}

const char *announce_file(const struct announce *a, const struct subtest *t)
{
	unsigned int i;

	for (i = 0; i < a->nr_warns; i++) {
		if (t->needs & a->warns[i].need)
			return a->warns[i].file;
	}
	return NULL;
}

static int withdraw(void)
{
	const struct announce *a = announced.by;
	char line[PROVOKED_LINE];
	int err;

	if (!announced.t)
		return 0;
	err = provoked_end(line, sizeof(line), getenv(PROVOKED_ENV),
			   announced.t->name);
	announced.t = NULL;
	return err ?: write_line(a->kmsg, line) ?:
	       write_file(a->clear_warn_once, "1");
}

int announce_begin(const struct announce *a, const struct subtest *t,
		   char *why, size_t size)
{
	const char *file = announce_file(a, t);
	char line[PROVOKED_LINE];
	int err;

	if (!file)
		return 0;
	err = provoked_begin(line, sizeof(line), getenv(PROVOKED_ENV), t->name,
			     file);
	if (!err) {
		announced.by = a;
		announced.t = t;
		err = write_line(a->kmsg, line);
	}
	if (err) {
		withdraw();
		snprintf(why, size, "provoked warnings not announced: %s",
			 strerror(-err));
	}
	return err;
}

int announce_end(char *why, size_t size)
{
	int err = withdraw();

	if (err)
		snprintf(why, size, "end of provoked warnings: %s",
			 strerror(-err));
	return err;
}

/* A number of /proc/sys/kernel that must be 0 or missing. */
static bool is_zero(const char *proc, const char *name, char *why, size_t size)
{
	char path[256], text[32] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/sys/kernel/%s", proc, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return true;
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (n > 0 && !strtoul(text, NULL, 10))
		return true;
	text[strcspn(text, "\n")] = '\0';
	snprintf(why, size, "kernel.%s is %s", name, n > 0 ? text : "unknown");
	return false;
}

static bool is_writable(const char *path, char *why, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		snprintf(why, size, "%s: %s", path, strerror(errno));
	else
		close(fd);
	return fd >= 0;
}

bool announce_possible(const char *kmsg, const char *clear_warn_once,
		       const char *proc, char *why, size_t size)
{
	return is_writable(kmsg, why, size) &&
	       is_writable(clear_warn_once, why, size) &&
	       is_zero(proc, "panic_on_warn", why, size) &&
	       is_zero(proc, "warn_limit", why, size);
}
