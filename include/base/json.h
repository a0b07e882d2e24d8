/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Write JSON. This file does commas, quotes and escapes; the caller closes what
 * it opened. The output is valid UTF-8 for all bytes of a string: others become
 * U+FFFD.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdio.h>

#define JSON_DEPTH	16

struct json {
	FILE *f;
	unsigned int depth;
	bool more[JSON_DEPTH];	/* an element was written at that depth */
};

void json_init(struct json *j, FILE *f);

/* @key is NULL in an array and at the top. */
void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

/* @s NULL writes null. */
void json_string(struct json *j, const char *key, const char *s);
void json_number(struct json *j, const char *key, long long n);
void json_bool(struct json *j, const char *key, bool b);
void json_null(struct json *j, const char *key);

/* @text is JSON already. */
void json_raw(struct json *j, const char *key, const char *text);

/* Bytes of the UTF-8 sequence at @s, which ends with NUL; 0 if it is none. */
unsigned int utf8_len(const unsigned char *s);

#endif
