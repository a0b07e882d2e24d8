// SPDX-License-Identifier: GPL-2.0-only
/* Print KTAP version 1, one flat level. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runner/ktap.h"

void ktap_begin(struct ktap *k, FILE *out, unsigned int plan)
{
	memset(k, 0, sizeof(*k));
	k->out = out;
	fprintf(out, "KTAP version 1\n1..%u\n", plan);
}

void ktap_diag(struct ktap *k, const char *line)
{
	fprintf(k->out, *line ? "# %s\n" : "#%s\n", line);
}

void ktap_diagf(struct ktap *k, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	ktap_diag(k, line);
}

static void print_one_line(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(*text == '\n' || *text == '\r' ? ' ' : *text, out);
}

void ktap_result(struct ktap *k, enum ktap_outcome outcome, const char *name,
		 const char *note)
{
	const char *directive = "";

	switch (outcome) {
	case KTAP_PASS:
		k->pass++;
		break;
	case KTAP_SKIP:
		k->skip++;
		directive = "SKIP";
		break;
	case KTAP_XFAIL:
		k->xfail++;
		directive = "XFAIL";
		break;
	case KTAP_TIMEOUT:
		k->fail++;
		directive = "TIMEOUT";
		break;
	case KTAP_FAIL:
		k->fail++;
		break;
	}

	fprintf(k->out, "%sok %u %s",
		outcome == KTAP_FAIL || outcome == KTAP_TIMEOUT ? "not " : "",
		++k->results, name);
	if (*directive || note)
		fprintf(k->out, " #%s%s", *directive ? " " : "", directive);
	if (note) {
		fputc(' ', k->out);
		print_one_line(k->out, note);
	}
	fputc('\n', k->out);
}

void ktap_totals(struct ktap *k)
{
	fprintf(k->out, "# Totals: pass:%u fail:%u xfail:%u xpass:0 skip:%u error:0\n",
		k->pass, k->fail, k->xfail, k->skip);
}

int ktap_exit_code(const struct ktap *k)
{
	if (k->fail || !k->results)
		return 1;
	return k->pass || k->xfail ? 0 : 4;
}
