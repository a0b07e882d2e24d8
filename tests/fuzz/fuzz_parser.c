// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat's parsers under libFuzzer: `make fuzz` for any time, a few seconds in
 * `make check`. The seeds are the golden logs, and earlier findings in
 * tests/fuzz/found.
 *
 * FUZZ_CONTROL adds a bug that the fuzzer must find: a buffer for the name of a
 * task has only the size that the kernel needs. All seeds fit: kernels printed
 * them.
 */
#include "parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_CONTROL
#define CONTROL_ROOM	16	/* TASK_COMM_LEN */

static void control_report(const struct report *r, void *arg)
{
	char *comm = malloc(CONTROL_ROOM);

	/* Use it, else the compiler removes all of this. */
	comm[0] = '\0';
	if (r->comm)
		strcpy(comm, r->comm);
	FUZZ_MUST(strlen(comm) < 1000);
	free(comm);
}

static void control(const uint8_t *data, size_t size)
{
	static struct report_parser p;

	report_parser_init(&p, control_report, NULL);
	report_parser_feed(&p, (const char *)data, size);
	report_parser_end(&p);
}
#else
static void control(const uint8_t *data, size_t size)
{
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t step = size ? data[0] % 97 : 0;

	control(data, size);
	fuzz_one((struct str){ (const char *)data, size }, step);
	return 0;
}
