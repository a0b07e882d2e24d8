// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab/softtdx/module/sha384.c, what softtdx hashes with on kernels before 6.17:
 * every length around block and padding borders, in pieces of every size, gives
 * what the library gives. The block function, the kernel's there, is nettle's.
 */
#include <string.h>

#include <nettle/sha2.h>

#include "unit.h"

typedef uint8_t u8;
typedef uint64_t u64;

/* What sha384.h and the kernel's headers would declare. */
#undef SHA512_BLOCK_SIZE
#undef SHA384_DIGEST_SIZE
#undef sha384_ctx
#undef sha384_init
#undef sha384_update
#define SHA512_BLOCK_SIZE	128
#define SHA384_DIGEST_SIZE	48
#define SHA384_H0	0xcbbb9d5dc1059ed8ULL
#define SHA384_H1	0x629a292a367cd507ULL
#define SHA384_H2	0x9159015a3070dd17ULL
#define SHA384_H3	0x152fecd8f70e5939ULL
#define SHA384_H4	0x67332667ffc00b31ULL
#define SHA384_H5	0x8eb44a8768581511ULL
#define SHA384_H6	0xdb0c2e0d64f98fa7ULL
#define SHA384_H7	0x47b5481dbefa4fa4ULL
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))

struct sha512_state {
	u64 state[8];
	u64 count[2];
	u8 buf[SHA512_BLOCK_SIZE];
};

struct sha384_ctx {
	struct sha512_state state;
};

static void put_unaligned_be64(u64 value, void *to)
{
	int i;

	for (i = 7; i >= 0; i--, value >>= 8)
		((u8 *)to)[i] = value;
}

static void sha512_generic_block_fn(struct sha512_state *s, const u8 *data,
				    int blocks)
{
	struct sha512_ctx ctx;

	sha512_init(&ctx);
	memcpy(ctx.state, s->state, sizeof(s->state));
	sha512_update(&ctx, blocks * SHA512_BLOCK_SIZE, data);
	memcpy(s->state, ctx.state, sizeof(s->state));
}

void sha384(const u8 *data, size_t len, u8 *digest);
void sha384_init(struct sha384_ctx *ctx);
void sha384_update(struct sha384_ctx *ctx, const u8 *data, size_t len);
void sha384_final(struct sha384_ctx *ctx, u8 *digest);
#include "lab/softtdx/module/sha384.c"

#define BYTES_MAX	600

static u8 message[BYTES_MAX];

/* nettle's SHA-384 under its other names: sha384_init() above is taken. */
static void reference(size_t len, u8 *digest)
{
	struct sha512_ctx ctx;

	nettle_sha384_init(&ctx);
	nettle_sha512_update(&ctx, len, message);
	nettle_sha384_digest(&ctx, SHA384_DIGEST_SIZE, digest);
}

static void fill_message(void)
{
	size_t i;

	for (i = 0; i < BYTES_MAX; i++)
		message[i] = i * 7 + (i >> 8);
}

static void every_length(void)
{
	u8 want[SHA384_DIGEST_SIZE], got[SHA384_DIGEST_SIZE];
	size_t len;

	fill_message();
	for (len = 0; len <= BYTES_MAX; len++) {
		reference(len, want);
		sha384(message, len, got);
		CHECK(!memcmp(want, got, sizeof(got)));
	}
}

static void every_piece(void)
{
	u8 want[SHA384_DIGEST_SIZE], got[SHA384_DIGEST_SIZE];
	struct sha384_ctx ctx;
	size_t piece, at;

	fill_message();
	reference(BYTES_MAX, want);
	for (piece = 1; piece <= 2 * SHA512_BLOCK_SIZE + 1; piece++) {
		sha384_init(&ctx);
		for (at = 0; at < BYTES_MAX; at += piece)
			sha384_update(&ctx, message + at,
				      min_t(size_t, piece, BYTES_MAX - at));
		sha384_final(&ctx, got);
		CHECK(!memcmp(want, got, sizeof(got)));
	}
}

/* Control: one bit of the message makes another digest. */
static void one_bit(void)
{
	u8 before[SHA384_DIGEST_SIZE], after[SHA384_DIGEST_SIZE];

	fill_message();
	sha384(message, BYTES_MAX, before);
	message[300] ^= 1;
	sha384(message, BYTES_MAX, after);
	CHECK(memcmp(before, after, sizeof(after)));
}

UNIT_MAIN(
	{ "every_length", every_length },
	{ "every_piece", every_piece },
	{ "one_bit", one_bit },
)
