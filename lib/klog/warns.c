// SPDX-License-Identifier: GPL-2.0-only
/* Count WARNs in the kernel's log, see warns.h. */
#include <errno.h>
#include <stdio.h>

#include "klog/kind.h"
#include "klog/warns.h"

int kmsg_warns_open(struct kmsg_warns *w, const char *path)
{
	w->count = 0;
	w->first[0] = '\0';
	return kmsg_open(&w->kmsg, path, false);
}

void kmsg_warns_close(struct kmsg_warns *w)
{
	kmsg_close(&w->kmsg);
}

static void look_at(struct kmsg_warns *w, const struct kmsg_rec *rec)
{
	if (kmsg_from_user(rec) || !kind_is_warn(rec->text))
		return;
	if (!w->count++)
		snprintf(w->first, sizeof(w->first), "%.*s",
			 (int)rec->text.n, rec->text.p);
}

int kmsg_warns_read(struct kmsg_warns *w)
{
	uint64_t lost = w->kmsg.lost;
	struct kmsg_rec rec;
	int ret;

	w->count = 0;
	w->first[0] = '\0';
	while ((ret = kmsg_read(&w->kmsg, &rec)) > 0)
		look_at(w, &rec);
	if (ret)
		return ret;
	return w->kmsg.lost != lost || w->kmsg.lost_some ? -EPIPE : 0;
}
