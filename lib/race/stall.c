// SPDX-License-Identifier: GPL-2.0-only
/* What a thread that does not return is doing, by /proc. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "race/engine.h"

/* A file of a thread of this process, without its last newline; "" if none. */
static void read_of(int tid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", tid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
}

/* "[<0>] name+0x1/0x2 [module]" each line; without symbols, as it is. */
void race_stack_names(const char *stack, char *text, size_t size)
{
	size_t used = 0, len;
	const char *name;

	text[0] = '\0';
	for (; *stack; stack += *stack == '\n') {
		name = strncmp(stack, "[<", 2) ? stack : strchr(stack, ']');
		if (!name)
			return;
		name += strspn(name, "] ");
		len = strcspn(name, "+ \n");
		if (len && used + len + 4 < size)
			used += sprintf(text + used, "%s%.*s",
					used ? " < " : "", (int)len, name);
		stack += strcspn(stack, "\n");
	}
}

void race_thread_state(int tid, char *text, size_t size)
{
	char stat[512], call[256], wchan[64], stack[4096], names[1024];
	const char *state;

	read_of(tid, "stat", stat, sizeof(stat));
	read_of(tid, "syscall", call, sizeof(call));
	read_of(tid, "wchan", wchan, sizeof(wchan));
	read_of(tid, "stack", stack, sizeof(stack));
	race_stack_names(stack, names, sizeof(names));
	/* The name before it may hold anything. */
	state = strrchr(stat, ')');
	snprintf(text, size,
		 "tid %d, state %.1s, syscall %.*s, waits in %s, stack: %s",
		 tid, state && state[1] ? state + 2 : "?",
		 (int)strcspn(call, " "), *call ? call : "?",
		 *wchan && strcmp(wchan, "0") ? wchan : "-",
		 *names ? names : "not readable");
}
