// SPDX-License-Identifier: GPL-2.0-only
/* Announcements of provoked WARNs: written, read and checked. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "klog/provoked.h"

#define PREFIX	"kvm-gmem: run "
#define BEGINS	" provokes WARNs in "
#define ENDS	" has ended"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       is_digit(c) || (c && strchr("_./-", c));
}

static bool is_name(struct str s, size_t size)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!is_name_char(s.p[i]))
			return false;
	return s.n && s.n < size;
}

/* Without a folder it would match files all over the kernel. */
static bool is_file(struct str s)
{
	return is_name(s, PROVOKED_NAME) && s.p[0] != '/' &&
	       str_find(s, STR("/")) > 0;
}

__attribute__((format(printf, 4, 5)))
static int format(char *line, size_t size, bool ok, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!ok)
		return -EINVAL;
	va_start(ap, fmt);
	n = vsnprintf(line, size, fmt, ap);
	va_end(ap);
	return n < 0 || (size_t)n >= size ? -EINVAL : 0;
}

static const char *run_or_none(const char *run)
{
	return run && *run ? run : "-";
}

static bool names_ok(const char *run, const char *test)
{
	return is_name(str_of(run_or_none(run)), PROVOKED_RUN) &&
	       is_name(str_of(test), PROVOKED_NAME);
}

int provoked_begin(char *line, size_t size, const char *run, const char *test,
		   const char *file)
{
	return format(line, size, names_ok(run, test) && is_file(str_of(file)),
		      PREFIX "%s: %s" BEGINS "%s", run_or_none(run), test,
		      file);
}

int provoked_end(char *line, size_t size, const char *run, const char *test)
{
	return format(line, size, names_ok(run, test), PREFIX "%s: %s" ENDS,
		      run_or_none(run), test);
}

void provoked_init(struct provoked *p, const char *run)
{
	memset(p, 0, sizeof(*p));
	if (run)
		snprintf(p->run, sizeof(p->run), "%s", run);
}

__attribute__((format(printf, 2, 3)))
static void fault(struct provoked *p, const char *fmt, ...)
{
	va_list ap;

	p->open = false;
	if (p->fault[0])
		return;
	va_start(ap, fmt);
	vsnprintf(p->fault, sizeof(p->fault), fmt, ap);
	va_end(ap);
}

static void copy(char *dst, struct str s)
{
	memcpy(dst, s.p, s.n);
	dst[s.n] = '\0';
}

/* With two open at a time nothing says which of them a WARN belongs to. */
static void begin(struct provoked *p, struct str test, struct str file)
{
	if (p->open) {
		fault(p, "%s and %.*s provoke warnings at the same time",
		      p->test, (int)test.n, test.p);
		return;
	}
	copy(p->test, test);
	copy(p->file, file);
	p->open = !p->fault[0];
}

static void end(struct provoked *p, struct str test)
{
	if (p->open && str_eq(test, str_of(p->test)))
		p->open = false;
	else
		fault(p, "%.*s has ended and was not announced", (int)test.n,
		      test.p);
}

/* Cut @head off the front of @s, up to @mark, and @mark with it. */
static bool take_until(struct str *s, struct str mark, struct str *head)
{
	ptrdiff_t at = str_find(*s, mark);

	if (at < 0)
		return false;
	*head = str_head(*s, at);
	*s = str_skip(*s, at + mark.n);
	return true;
}

static bool accepts(const struct provoked *p, struct str run)
{
	return is_name(run, PROVOKED_RUN) &&
	       (!p->run[0] || str_eq(run, str_of(p->run)));
}

void provoked_line(struct provoked *p, struct str line)
{
	struct str run, test;

	if (!str_take(&line, STR(PREFIX)) ||
	    !take_until(&line, STR(": "), &run) || !accepts(p, run))
		return;
	if (take_until(&line, STR(BEGINS), &test)) {
		if (is_name(test, PROVOKED_NAME) && is_file(line))
			begin(p, test, line);
	} else if (take_until(&line, STR(ENDS), &test)) {
		if (is_name(test, PROVOKED_NAME) && !line.n)
			end(p, test);
	}
}

/* The build's folder comes first: "../arch/x86", "/build/linux/arch/x86". */
static bool is_same_file(struct str printed, struct str announced)
{
	size_t more;

	/* A folder means the files in it, not the folders in it. */
	if (str_ends(announced, STR("/")))
		while (printed.n && printed.p[printed.n - 1] != '/')
			printed.n--;
	more = printed.n - announced.n;
	return str_ends(printed, announced) &&
	       (!more || printed.p[more - 1] == '/');
}

static void note_file(struct provoked *p)
{
	size_t n = strlen(p->files);

	if (!strstr(p->files, p->file))
		snprintf(p->files + n, sizeof(p->files) - n, "%s%s",
			 n ? ", " : "", p->file);
}

bool provoked_warning(struct provoked *p, struct str file)
{
	if (!p->open || !is_same_file(file, str_of(p->file)))
		return false;
	p->warnings++;
	note_file(p);
	return true;
}

void provoked_finish(struct provoked *p)
{
	if (p->open)
		fault(p, "%s provoked warnings, and its end was never "
		      "announced", p->test);
}
