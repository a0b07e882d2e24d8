// SPDX-License-Identifier: GPL-2.0-only
/*
 * SHA-384 for kernels without a library for it, see sha384.h.  FIPS 180-4 over
 * sha512_generic_block_fn(); messages stay far below 2^61 bytes, so the upper
 * half of the length is always zero.
 */
#ifdef __KERNEL__
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "sha384.h"
#endif

#ifndef STX_HAVE_SHA384_LIB
static const u64 stx_sha384_iv[] = {
	SHA384_H0, SHA384_H1, SHA384_H2, SHA384_H3,
	SHA384_H4, SHA384_H5, SHA384_H6, SHA384_H7,
};

void sha384_init(struct sha384_ctx *ctx)
{
	memcpy(ctx->state.state, stx_sha384_iv, sizeof(stx_sha384_iv));
	ctx->state.count[0] = 0;
	ctx->state.count[1] = 0;
}

void sha384_update(struct sha384_ctx *ctx, const u8 *data, size_t len)
{
	struct sha512_state *s = &ctx->state;
	size_t fill = s->count[0] % SHA512_BLOCK_SIZE, n;

	for (s->count[0] += len; len; data += n, len -= n) {
		n = min_t(size_t, len, SHA512_BLOCK_SIZE - fill);
		memcpy(s->buf + fill, data, n);
		fill += n;
		if (fill < SHA512_BLOCK_SIZE)
			break;
		sha512_generic_block_fn(s, s->buf, 1);
		fill = 0;
	}
}

void sha384_final(struct sha384_ctx *ctx, u8 *digest)
{
	static const u8 pad[SHA512_BLOCK_SIZE] = { 0x80 };
	struct sha512_state *s = &ctx->state;
	size_t fill = s->count[0] % SHA512_BLOCK_SIZE;
	u8 bits[16] = {};
	int i;

	put_unaligned_be64(s->count[0] * 8, bits + 8);
	if (fill < SHA512_BLOCK_SIZE - sizeof(bits))
		fill = SHA512_BLOCK_SIZE - sizeof(bits) - fill;
	else
		fill = 2 * SHA512_BLOCK_SIZE - sizeof(bits) - fill;
	sha384_update(ctx, pad, fill);
	sha384_update(ctx, bits, sizeof(bits));
	for (i = 0; i < SHA384_DIGEST_SIZE / 8; i++)
		put_unaligned_be64(s->state[i], digest + 8 * i);
}

void sha384(const u8 *data, size_t len, u8 *digest)
{
	struct sha384_ctx ctx;

	sha384_init(&ctx);
	sha384_update(&ctx, data, len);
	sha384_final(&ctx, digest);
}
#endif
