// SPDX-License-Identifier: GPL-2.0-only
/* Free pages, from /proc/zoneinfo. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/free_pages.h"

/* 1: the page cache, 2: reclaimable slab objects. */
#define CACHES_ALL	"3"

#define SETTLE_ROUNDS	10
#define SETTLE_US	50000

/* "  pages free     3840" of a zone, "      count: 12" of a CPU's list. */
static int is_count(const char *line, uint64_t *value)
{
	unsigned long long n;

	if (sscanf(line, " pages free %llu", &n) != 1 &&
	    sscanf(line, " count: %llu", &n) != 1)
		return 0;
	*value = n;
	return 1;
}

int free_pages_parse(const char *text, uint64_t *pages)
{
	uint64_t value;
	int found = 0;

	*pages = 0;
	while (text && *text) {
		if (is_count(text, &value)) {
			*pages += value;
			found = 1;
		}
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return found ? 0 : -EINVAL;
}

static int put(const char *proc, const char *name, const char *word)
{
	char path[256];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", proc, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, word, strlen(word)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static char *slurp(const char *proc, const char *name)
{
	char path[256], *text = NULL;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", proc, name);
	f = fopen(path, "re");
	if (f && getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	return text;
}

int free_pages_read(const char *proc, uint64_t *pages)
{
	char *text;
	int ret;

	sync();
	ret = put(proc, "sys/vm/drop_caches", CACHES_ALL) ?:
	      put(proc, "sys/vm/stat_refresh", "1");
	if (ret)
		return ret;
	text = slurp(proc, "zoneinfo");
	ret = text ? free_pages_parse(text, pages) : -EIO;
	free(text);
	return ret;
}

int free_pages_settle(const char *proc, uint64_t enough, uint64_t *pages)
{
	int i, ret = 0;

	for (i = 0; i < SETTLE_ROUNDS && !ret; i++) {
		if (i)
			usleep(SETTLE_US);
		ret = free_pages_read(proc, pages);
		if (!ret && *pages >= enough)
			break;
	}
	return ret;
}

/* Few kernels have /proc/config.gz, nearly all have /proc/kallsyms. */
bool free_pages_late(const char *proc)
{
	char path[256], *line = NULL;
	bool found = false;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/kallsyms", proc);
	f = fopen(path, "re");
	while (f && !found && getline(&line, &size, f) > 0)
		found = strstr(line, " kasan_quarantine_put\n");
	free(line);
	if (f)
		fclose(f);
	return found;
}
