/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read JSON from memory, piece by piece: as much as this project writes
 * (json.h). An error sticks, so that a caller may go on and check once at the
 * end.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "str.h"

struct json_in {
	struct str rest;
	unsigned int depth;	/* of what is skipped; bounded */
	bool bad;
};

/* Could @text be an array of objects? A log's first bracket holds a time. */
bool json_looks_like(struct str text);

/* '{', '[', '"', 't', 'f', 'n', '0' for a number; 0 at the end or if bad. */
char json_peek(struct json_in *in);

/* Enter an array or object, @open is '[' or '{'. */
bool json_enter(struct json_in *in, char open);

/*
 * Go on to the next element of what was entered; *first is true before the
 * first one. False after its end, which is taken.
 */
bool json_next(struct json_in *in, char close, bool *first);

/*
 * A string, into @buf, with a NUL after it; cut if it does not fit. The key of
 * a member likewise, with its colon.
 */
bool json_take_string(struct json_in *in, char *buf, size_t size);
bool json_take_key(struct json_in *in, char *buf, size_t size);

/* A number without fraction that is not negative; true or false. */
bool json_take_u64(struct json_in *in, uint64_t *n);
bool json_take_bool(struct json_in *in, bool *b);

/* Any value at all. */
void json_skip(struct json_in *in);

#endif
