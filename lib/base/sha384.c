// SPDX-License-Identifier: GPL-2.0-only
/* SHA-384 by nettle, with a digest that can be read at any time. */
#include <stdio.h>

#include "base/sha384.h"

void sha384_start(struct sha384 *s)
{
	sha384_init(&s->nettle);
}

void sha384_add(struct sha384 *s, const void *data, size_t size)
{
	sha384_update(&s->nettle, size, data);
}

void sha384_now(const struct sha384 *s, uint8_t *digest)
{
	/* Nettle starts the next digest in the context that gave one. */
	struct sha512_ctx copy = s->nettle;

	sha384_digest(&copy, SHA384_SIZE, digest);
}

void sha384_of(const void *data, size_t size, uint8_t *digest)
{
	struct sha384 s;

	sha384_start(&s);
	sha384_add(&s, data, size);
	sha384_now(&s, digest);
}

void sha384_hex(const uint8_t *digest, char *hex)
{
	int i;

	for (i = 0; i < SHA384_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}
