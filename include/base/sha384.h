/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-384, what a TD is measured with and what softtdx hashes a page with.
 * Nettle does the hashing; no other file uses its header.
 */
#ifndef BASE_SHA384_H
#define BASE_SHA384_H

#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

#define SHA384_SIZE	48
#define SHA384_HEX	(2 * SHA384_SIZE + 1)	/* with the final zero */

struct sha384 {
	struct sha512_ctx nettle;
};

void sha384_start(struct sha384 *s);
void sha384_add(struct sha384 *s, const void *data, size_t size);

/* The digest of what was added so far; more may be added afterwards. */
void sha384_now(const struct sha384 *s, uint8_t *digest);

void sha384_of(const void *data, size_t size, uint8_t *digest);

/* @hex has room for SHA384_HEX. */
void sha384_hex(const uint8_t *digest, char *hex);

#endif
