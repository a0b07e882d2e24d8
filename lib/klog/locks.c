// SPDX-License-Identifier: GPL-2.0-only
/* Reports of the kernel about its own locking, see locks.h. */
#include <stdio.h>
#include <string.h>

#include "klog/kind.h"
#include "klog/kmsg.h"
#include "klog/locks.h"

#define SLEEPING	"BUG: sleeping function called from invalid context"

static struct kmsg kmsg;
static bool watching;

int kmsg_locks_begin(const char *path)
{
	int ret = kmsg_open(&kmsg, path, false);

	watching = !ret;
	return ret;
}

static bool is_report(struct str line)
{
	return kind_is_splat(kind_of_title(line)) ||
	       (line.n >= strlen(SLEEPING) &&
		!memcmp(line.p, SLEEPING, strlen(SLEEPING)));
}

/* A record can have many lines. */
static bool find_report(struct str text, char *title, size_t size)
{
	struct str line;

	while (str_take_line(&text, &line)) {
		if (is_report(line)) {
			snprintf(title, size, "%.*s", (int)line.n, line.p);
			return true;
		}
	}
	return false;
}

bool kmsg_locks_end(char *title, size_t size)
{
	static char text[KMSG_RECORD];
	struct kmsg_rec rec;
	bool found = false;

	if (!watching)
		return false;
	while (!found && kmsg_read(&kmsg, &rec) > 0) {
		struct str s = { text, 0 };

		if (kmsg_from_user(&rec))
			continue;
		s.n = kmsg_unescape(rec.text, text, sizeof(text));
		found = find_report(s, title, size);
	}
	kmsg_close(&kmsg);
	watching = false;
	return found;
}
