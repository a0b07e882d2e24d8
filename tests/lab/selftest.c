// SPDX-License-Identifier: GPL-2.0-only
/*
 * selftest: softtdx' own self-test in the lab's guest, and its controls, as
 * KTAP.  The self-test must pass twice; fail with a rule switched off, for
 * every @STEP-th rule that can be seen after boot; and pass once all are on.
 *
 *	selftest [STEP]		default: 1, every rule; 0: none
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RULES		"/sys/kernel/debug/softtdx/checks"
#define SELFTEST	"/sys/kernel/debug/softtdx/selftest"
#define TEXT_MAX	(128 << 10)
#define LINES_SHOWN	10

static char rules[TEXT_MAX], result[TEXT_MAX];
static int count, bad;

static int complain(const char *object)
{
	fprintf(stderr, "selftest: %s: %s\n", object, strerror(errno));
	return -1;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return complain(path);
	n = write(fd, text, strlen(text));
	if (n < 0)
		complain(path);
	close(fd);
	return n < 0 ? -1 : 0;
}

static int read_file(const char *path, char *text)
{
	size_t len = 0;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain(path);
	while ((n = read(fd, text + len, TEXT_MAX - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	close(fd);
	return n < 0 ? complain(path) : 0;
}

static void verdict(bool ok, const char *what, const char *name)
{
	printf("%sok %d %s%s\n", ok ? "" : "not ", ++count, what, name);
	fflush(stdout);
	bad += !ok;
}

static void show(const char *text)
{
	int lines;

	for (lines = 0; *text && lines < LINES_SHOWN; lines++) {
		printf("# %.*s\n", (int)strcspn(text, "\n"), text);
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
}

/* How many cases failed; -1 if it could not be run, or ran no case at all. */
static int run(const char *how)
{
	unsigned int cases, failed;

	if (write_file(SELFTEST, how) || read_file(SELFTEST, result))
		return -1;
	if (sscanf(result, "selftest cases %u failed %u", &cases, &failed) != 2)
		return -1;
	return cases ? (int)failed : -1;
}

static void passes(const char *name)
{
	int failed = run("all");

	show(result);
	verdict(!failed, name, "");
}

static void control(const char *name)
{
	char order[96];
	int failed;

	snprintf(order, sizeof(order), "off %s", name);
	failed = write_file(RULES, order) ? -1 : run("stop");
	snprintf(order, sizeof(order), "on %s", name);
	if (write_file(RULES, order))
		failed = -1;
	verdict(failed > 0, "notices that it lacks ", name);
}

/* Calls fn, if there is one, for every step-th rule; returns how many. */
static int each_rule(int step, void (*fn)(const char *name))
{
	char name[80], state[8], at[8];
	const char *line;
	int n = 0, nr = 0;

	for (line = rules; step && line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "rule %79s %7s at %7s", name, state,
			   at) != 3 || strcmp(at, "ready") || n++ % step)
			continue;
		nr++;
		if (fn)
			fn(name);
	}
	return nr;
}

int main(int argc, char **argv)
{
	int step = argc > 1 ? atoi(argv[1]) : 1;

	if (read_file(RULES, rules))
		return 2;
	printf("KTAP version 1\n1..%d\n", 3 + each_rule(step, NULL));
	passes("passes");
	passes("passes again");
	each_rule(step, control);
	if (write_file(RULES, "on all"))
		return 2;
	passes("passes with all rules on");
	return !!bad;
}
