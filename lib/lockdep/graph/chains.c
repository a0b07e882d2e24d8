// SPDX-License-Identifier: GPL-2.0-only
/* Orders in /proc/lockdep_chains, see chains.h. Pure. */
#include <stdio.h>

#include "lockdep/graph/chains.h"
#include "lockdep/graph/graph.h"

/* If the chain ends in @last: from which lock on was one of @first held? */
static void look(const struct chain_scan *s, struct chain_order *o,
		 struct str first, struct str last)
{
	unsigned int i, end = s->nr - 1;

	if (o->found || !lock_name_is(str_of(s->held[end]), last))
		return;
	for (i = 0; i < end; i++)
		if (lock_name_is(str_of(s->held[i]), first))
			break;
	if (i == end)
		return;
	o->found = true;
	for (; i <= end; i++)
		lock_path_add(o->path, sizeof(o->path), str_of(s->held[i]));
}

void chain_scan_end(struct chain_scan *s)
{
	if (s->nr > 1) {
		look(s, &s->a_then_b, s->a, s->b);
		look(s, &s->b_then_a, s->b, s->a);
	}
	s->nr = 0;
}

/* "[ffffffff81854710] cpu_hotplug_lock"; any other line ends a chain. */
void chain_scan_line(struct chain_scan *s, struct str line)
{
	const char *end;

	if (!str_take(&line, STR("["))) {
		chain_scan_end(s);
		return;
	}
	end = memchr(line.p, ']', line.n);
	if (!end || s->nr == CHAINS_DEPTH)
		return;
	line = str_skip(line, end - line.p + 1);
	str_take(&line, STR(" "));
	snprintf(s->held[s->nr++], CHAINS_NAME, "%.*s", (int)line.n, line.p);
}
