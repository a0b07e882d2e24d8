// SPDX-License-Identifier: GPL-2.0-only
/*
 * splat's parsers under libFuzzer, as long as one likes:
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -std=gnu11 -D_GNU_SOURCE \
 *     -Iinclude -Itests/fuzz -o /tmp/fuzz tests/fuzz/fuzz_parser.c \
 *     lib/lockdep/?*.c lib/kmsg.c
 *   /tmp/fuzz -max_len=65536 /tmp/corpus tests/golden
 */
#include "parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t step = size ? data[0] % 97 : 0;

	fuzz_one((struct str){ (const char *)data, size }, step);
	return 0;
}
