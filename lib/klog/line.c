// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strip the prefixes off a log line, see line.h. printk's timestamp is the most
 * reliable mark: everything before it is a prefix. Only lines without one are
 * searched for the prefixes of syslog and dmesg.
 */
#include "klog/kmsg.h"
#include "klog/line.h"

/* Search for printk's timestamp within so many bytes of a line. */
#define PREFIX_MAX	160

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/*
 * Length of "[   12.345678]", of dmesg's "[ 12.345678 <  0.000012>]",
 * "[<  0.000012>]" and "[  +0.000012]" at the start of @s, else 0.
 */
static size_t timestamp_len(struct str s)
{
	size_t i, digits = 0;
	bool dot = false;

	if (!s.n || s.p[0] != '[')
		return 0;
	for (i = 1; i < s.n && i < 40; i++) {
		if (s.p[i] == ']')
			return dot && digits >= 4 ? i + 1 : 0;
		if (is_digit(s.p[i]))
			digits++;
		else if (s.p[i] == '.')
			dot = true;
		else if (!memchr(" <>+", s.p[i], 4))
			return 0;
	}
	return 0;
}

/* "Mon dd", "Day Mon dd" */
static bool is_day_or_month(struct str s)
{
	return s.n > 4 && is_upper(s.p[0]) && is_lower(s.p[1]) &&
	       is_lower(s.p[2]) && (s.p[3] == ' ' || is_digit(s.p[3]));
}

static bool has_clock(struct str s)
{
	size_t i;

	for (i = 0; i + 4 < s.n; i++)
		if (is_digit(s.p[i]) && is_digit(s.p[i + 1]) &&
		    s.p[i + 2] == ':' && is_digit(s.p[i + 3]) &&
		    is_digit(s.p[i + 4]))
			return true;
	return false;
}

/* dmesg -T: "[Sun Nov 22 11:23:01 2026]"; dmesg -e: "[Nov22 11:23]". */
static size_t date_len(struct str s)
{
	ptrdiff_t end;

	if (!s.n || s.p[0] != '[' || !is_day_or_month(str_skip(s, 1)))
		return 0;
	end = str_find(str_head(s, 40), STR("]"));
	return end > 0 && has_clock(str_head(s, end)) ? end + 1 : 0;
}

/* "2026-11-22T11:23:01.123456+01:00 " */
static size_t iso_date_len(struct str s)
{
	ptrdiff_t end = str_find(str_head(s, 48), STR(" "));

	if (end < 19 || str_digits(s) != 4 || s.p[4] != '-' || s.p[7] != '-' ||
	    s.p[10] != 'T')
		return 0;
	return end + 1;
}

/* "Nov 22 11:23:01 host kernel: " */
static size_t syslog_len(struct str s)
{
	ptrdiff_t at = str_find(str_head(s, PREFIX_MAX), STR(" kernel: "));

	if (at < 0 || !has_clock(str_head(s, at)) ||
	    !(is_day_or_month(s) || iso_date_len(s)))
		return 0;
	return at + strlen(" kernel: ");
}

/* "host kernel: ", after the timestamp of journalctl -o short-monotonic. */
static size_t host_len(struct str s)
{
	ptrdiff_t at = str_find(str_head(s, 80), STR(" kernel: "));

	if (at < 0 || str_find(str_head(s, at), STR(" ")) >= 0)
		return 0;
	return at + strlen(" kernel: ");
}

static size_t find_timestamp(struct str s)
{
	size_t i, n;

	for (i = 0; i < s.n && i < PREFIX_MAX; i++) {
		const char *hit = memchr(s.p + i, '[', s.n - i);

		if (!hit)
			break;
		i = hit - s.p;
		n = timestamp_len(str_skip(s, i));
		if (n)
			return i + n;
	}
	return 0;
}

static struct str strip_quotes(struct str s)
{
	while (s.n && (is_blank(s.p[0]) || s.p[0] == '>'))
		s = str_skip(s, 1);
	return s;
}

/* dmesg -r and consoles: "<4>" */
static struct str strip_level(struct str s)
{
	struct str in = str_skip(s, 1);
	size_t n = str_digits(in);

	if (s.n && s.p[0] == '<' && n && n < 4 && in.n > n && in.p[n] == '>')
		return str_skip(in, n + 1);
	return s;
}

/* dmesg -x: "kern  :warn  : " */
static struct str strip_facility(struct str s)
{
	struct str in = s;

	if (!str_take(&in, STR("kern")))
		return s;
	in = str_ltrim(in);
	if (!str_take(&in, STR(":")))
		return s;
	while (in.n && is_lower(in.p[0]))
		in = str_skip(in, 1);
	in = str_ltrim(in);
	return str_take(&in, STR(":")) ? str_ltrim(in) : s;
}

/* "[ T3469]", "[    C0]" */
static struct str take_caller(struct str s, char *caller, size_t size)
{
	struct str in = s;
	size_t n;

	if (!str_take(&in, STR("[")))
		return s;
	in = str_ltrim(in);
	if (!in.n || (in.p[0] != 'T' && in.p[0] != 'C'))
		return s;
	n = str_digits(str_skip(in, 1));
	if (!n || n + 2 > size || n + 1 >= in.n || in.p[n + 1] != ']')
		return s;
	memcpy(caller, in.p, n + 1);
	caller[n + 1] = '\0';
	return str_skip(in, n + 2);
}

static struct str strip_prefixes(struct str s)
{
	size_t n = find_timestamp(s);

	if (n) {
		s = str_ltrim(str_skip(s, n));
		return str_ltrim(str_skip(s, host_len(s)));
	}
	s = str_ltrim(strip_facility(strip_level(s)));
	n = date_len(s);
	if (!n)
		n = syslog_len(s);
	if (!n)
		n = iso_date_len(s);
	return str_ltrim(str_skip(s, n));
}

/* rsyslog writes the newlines at both ends of a record like this. */
static struct str strip_octal_newlines(struct str s)
{
	while (str_take(&s, STR("#012")))
		;
	while (str_ends(s, STR("#012")))
		s.n -= strlen("#012");
	return s;
}

void log_line_parse(struct str line, struct log_line *out)
{
	struct kmsg_rec rec;
	struct str s = strip_quotes(line);

	out->record = false;
	out->user = false;
	out->bare = false;
	out->caller[0] = '\0';
	if (s.n && is_digit(s.p[0]) && kmsg_parse(s, &rec)) {
		out->record = true;
		out->seq = rec.seq;
		out->user = kmsg_from_user(&rec);
		memcpy(out->caller, rec.caller, sizeof(out->caller));
		out->text = str_trim(rec.text);
		return;
	}
	out->text = strip_prefixes(s);
	out->text = str_trim(take_caller(out->text, out->caller,
					 sizeof(out->caller)));
	out->text = str_trim(strip_octal_newlines(out->text));
	out->bare = out->text.p == s.p;
}
