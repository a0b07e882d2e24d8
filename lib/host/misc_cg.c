// SPDX-License-Identifier: GPL-2.0-only
/* Read what the misc controller of cgroup v2 counts. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/misc_cg.h"

static int parse_value(const char *text, uint64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;

	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno || (*end && *end != '\n') ? -EINVAL : 0;
}

int misc_cg_parse(const char *text, const char *name, uint64_t *value)
{
	size_t len = strlen(name);

	while (*text) {
		if (!strncmp(text, name, len) && text[len] == ' ')
			return parse_value(text + len + 1, value);
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return -ENOENT;
}

int misc_cg_read(const char *dir, const char *file, const char *name,
		 uint64_t *value)
{
	char path[PATH_MAX], text[4096];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	len = read(fd, text, sizeof(text) - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len < 0)
		return len;

	text[len] = '\0';
	return misc_cg_parse(text, name, value);
}
