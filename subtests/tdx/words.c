// SPDX-License-Identifier: GPL-2.0-only
/* Words that name their GPA and writer. Runs in guests, too. */
#include "subtests/tdx/tests.h"
#include "subtests/tdx/words.h"
#include "tdx/guest.h"

#define WORD		sizeof(u64)
#define PAGE_WORDS	(PAGE_SIZE / WORD)

/* Multiplication by an odd factor has an inverse modulo 2^64. */
#define MIX		0x9e3779b97f4a7c15ul

u64 word_of(gpa_t gpa, u16 salt)
{
	return salt ? (gpa / WORD << 16 | salt) * MIX : 0;
}

static u64 unmix(u64 word)
{
	u64 inverse = MIX;
	int i;

	/* Newton's iteration doubles the number of right bits, 3 at first. */
	for (i = 0; i < 5; i++)
		inverse *= 2 - MIX * inverse;
	return word * inverse;
}

gpa_t word_gpa(u64 word)
{
	return (unmix(word) >> 16) * WORD;
}

u16 word_salt(u64 word)
{
	return unmix(word);
}

void words_write(void *mem, gpa_t gpa, u64 pages, u16 salt)
{
	volatile u64 *word = mem;
	u64 i;

	for (i = 0; i < pages * PAGE_WORDS; i++)
		word[i] = word_of(gpa + i * WORD, salt);
}

/* Tests have all of their memory in the first GiB from TD_GPA. */
static bool is_word(u64 word)
{
	gpa_t gpa = word_gpa(word);

	return gpa >= TD_GPA && gpa < TD_GPA + (1ul << 30);
}

void word_text(char *text, gpa_t gpa, u64 got, u64 want)
{
	const char *wanted = want ? "its word" : "zero";

	if (is_word(got))
		guest_snprintf(text, WORD_TEXT,
			       "gpa %#lx: not %s (salt %u): that of gpa %#lx, salt %u",
			       gpa, wanted, want ? word_salt(want) : 0,
			       word_gpa(got), word_salt(got));
	else
		guest_snprintf(text, WORD_TEXT,
			       "gpa %#lx: not %s (salt %u): %#lx", gpa, wanted,
			       want ? word_salt(want) : 0, got);
}

bool words_check(const void *mem, gpa_t gpa, u64 pages, u16 salt, char *text)
{
	const volatile u64 *word = mem;
	u64 i, got, want;

	for (i = 0; i < pages * PAGE_WORDS; i++, gpa += WORD) {
		got = word[i];
		want = word_of(gpa, salt);
		if (got == want)
			continue;
		word_text(text, gpa, got, want);
		return false;
	}
	return true;
}

void guest_words_write(void *view, u64 pages, u16 salt)
{
	words_write(view, td_gpa(view), pages, salt);
}

void guest_word_check(const void *view, u16 salt, u16 other, const char *when)
{
	u64 got = READ_ONCE(*(const u64 *)view);
	gpa_t gpa = td_gpa(view);
	char text[WORD_TEXT];

	if (got == word_of(gpa, salt) || got == word_of(gpa, other))
		return;

	word_text(text, gpa, got, word_of(gpa, salt));
	GUEST_FAIL("vCPU %u, %s: %s", td_vcpu_index(), when, text);
}

void guest_words_check(const void *view, u64 pages, u16 salt)
{
	char text[WORD_TEXT];

	if (!words_check(view, td_gpa(view), pages, salt, text))
		GUEST_FAIL("%s memory, %s", view == td_private(td_gpa(view)) ?
			   "private" : "shared", text);
}
