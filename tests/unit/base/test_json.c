// SPDX-License-Identifier: GPL-2.0-only
/* lib/base/json.c: commas and escapes; any bytes give valid JSON. */
#include <stdlib.h>

#include "base/json.h"
#include "unit.h"

static char *text;
static size_t size;

static struct json begin(void)
{
	struct json j;

	json_init(&j, open_memstream(&text, &size));
	return j;
}

static void expect(struct json *j, const char *want)
{
	fclose(j->f);
	CHECK_STR(text, want);
	free(text);
}

static void nesting(void)
{
	struct json j = begin();

	json_object(&j, NULL);
	json_string(&j, "a", "x");
	json_array(&j, "b");
	json_number(&j, NULL, 1);
	json_number(&j, NULL, -2);
	json_array(&j, NULL);
	json_array_end(&j);
	json_object(&j, NULL);
	json_bool(&j, "t", true);
	json_bool(&j, "f", false);
	json_object_end(&j);
	json_array_end(&j);
	json_null(&j, "n");
	json_string(&j, "s", NULL);
	json_raw(&j, "r", "[\n1]\n");
	json_object_end(&j);
	expect(&j, "{\n\"a\": \"x\",\n\"b\": [1, -2, [], {\"t\": true, "
	       "\"f\": false}],\n\"n\": null,\n\"s\": null,\n"
	       "\"r\": [\n1]\n}\n");
}

static void empty(void)
{
	struct json j = begin();

	json_array(&j, NULL);
	json_array_end(&j);
	expect(&j, "[]\n");
}

static void quoted_as(const char *s, const char *want)
{
	struct json j = begin();

	json_string(&j, NULL, s);
	expect(&j, want);
}

static void escapes(void)
{
	quoted_as("plain", "\"plain\"");
	quoted_as("", "\"\"");
	quoted_as("\"\\/", "\"\\\"\\\\/\"");
	quoted_as("\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\"");
	quoted_as("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7",
		  "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\"");
}

/* Overlong, surrogate, beyond Unicode, cut off, stray. */
static void invalid_utf8(void)
{
	quoted_as("\xff", "\"\\ufffd\"");
	quoted_as("a\x80z", "\"a\\ufffdz\"");
	quoted_as("\xc0\xaf", "\"\\ufffd\\ufffd\"");
	quoted_as("\xe0\x80\xaf", "\"\\ufffd\\ufffd\\ufffd\"");
	quoted_as("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
	quoted_as("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
	quoted_as("\xe2\x82", "\"\\ufffd\\ufffd\"");
	quoted_as("\xc3", "\"\\ufffd\"");
	quoted_as("\xc3\"", "\"\\ufffd\\\"\"");
}

UNIT_MAIN(
	{ "nesting", nesting },
	{ "empty", empty },
	{ "escapes", escapes },
	{ "invalid_utf8", invalid_utf8 },
)
