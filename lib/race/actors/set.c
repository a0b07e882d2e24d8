// SPDX-License-Identifier: GPL-2.0-only
/* Sets of actors: by name, by fixture, and as text. */
#include <stdio.h>
#include <string.h>

#include "race/actors/actors.h"

#define ONLY_BY_NAME	(ACTOR_HURTS | ACTOR_CONTROL)

int actor_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_actors; i++) {
		if (!strcmp(actors[i].name, name))
			return i;
	}
	return -1;
}

bool actors_parse(const char *list, uint64_t *set, char *why, size_t size)
{
	char name[64];
	size_t len;
	int i;

	for (*set = 0;; list += len + 1) {
		len = strcspn(list, ",");
		snprintf(name, sizeof(name), "%.*s", (int)len, list);
		i = actor_find(name);
		if (i < 0) {
			snprintf(why, size, "'%s': no such actor, see --list-actors",
				 name);
			return false;
		}
		*set |= 1ull << i;
		if (!list[len])
			return true;
	}
}

void actors_names(uint64_t set, char *text, size_t size)
{
	size_t used = 0;
	unsigned int i;

	if (size)
		text[0] = '\0';
	for (i = 0; i < nr_actors && used < size; i++) {
		if (set & 1ull << i)
			used += snprintf(text + used, size - used, "%s%s",
					 used ? "," : "", actors[i].name);
	}
}

uint64_t actors_of_fixture(unsigned int fixture, bool any)
{
	uint64_t set = 0;
	unsigned int i;

	for (i = 0; i < nr_actors; i++) {
		bool in = any ? actors[i].fixture & fixture :
				!(actors[i].fixture & ~fixture);

		if (in && !(actors[i].flags & ONLY_BY_NAME))
			set |= 1ull << i;
	}
	return set;
}

uint64_t actors_that_hurt(void)
{
	uint64_t set = 0;
	unsigned int i;

	for (i = 0; i < nr_actors; i++)
		set |= actors[i].flags & ACTOR_HURTS ? 1ull << i : 0;
	return set;
}

uint64_t actors_needs(uint64_t set)
{
	uint64_t needs = 0;
	unsigned int i;

	for (i = 0; i < nr_actors; i++)
		needs |= set & 1ull << i ? actors[i].needs : 0;
	return needs;
}

unsigned int actors_fixture(uint64_t set)
{
	unsigned int fixture = 0, i;

	for (i = 0; i < nr_actors; i++)
		fixture |= set & 1ull << i ? actors[i].fixture : 0;
	return fixture;
}
