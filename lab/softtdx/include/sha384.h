/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-384: the kernel's library, or, before 6.17, the same interface over the
 * block function that kernels had then (module/sha384.c).
 */
#ifndef SOFTTDX_SHA384_H
#define SOFTTDX_SHA384_H

#ifdef STX_HAVE_SHA384_LIB
#include <crypto/sha2.h>
#else
#include <crypto/sha512_base.h>

struct sha384_ctx {
	struct sha512_state state;
};

void sha384_init(struct sha384_ctx *ctx);
void sha384_update(struct sha384_ctx *ctx, const u8 *data, size_t len);
void sha384_final(struct sha384_ctx *ctx, u8 *digest);
void sha384(const u8 *data, size_t len, u8 *digest);
#endif

#endif
