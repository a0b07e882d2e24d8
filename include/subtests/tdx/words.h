/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contents of memory that name their place: each quadword is made of its GPA
 * and of a salt, one for each writer and step. A word in a wrong place, or a
 * stale one, shows where it comes from. For guest code and for the host.
 */
#ifndef SUBTESTS_TDX_WORDS_H
#define SUBTESTS_TDX_WORDS_H

#include "kvm_util.h"

/* Salt 0 is for memory that is zero. */
u64 word_of(gpa_t gpa, u16 salt);

/* GPA and salt of @word; meaningless if it is not such a word. */
gpa_t word_gpa(u64 word);
u16 word_salt(u64 word);

/* @mem is the memory at @gpa, whole pages. */
void words_write(void *mem, gpa_t gpa, u64 pages, u16 salt);

/* One line about a wrong word, the same in a guest and on the host. */
#define WORD_TEXT	160
void word_text(char *text, gpa_t gpa, u64 got, u64 want);

/* False at the first wrong word, with @text about it. */
bool words_check(const void *mem, gpa_t gpa, u64 pages, u16 salt, char *text);

/* Asserts, in guest code: @view is td_private() or td_shared(). */
void guest_words_write(void *view, u64 pages, u16 salt);
void guest_words_check(const void *view, u64 pages, u16 salt);

/*
 * One quadword, read once: of @salt, or of @other if the host may be changing
 * it. @when is for the message.
 */
void guest_word_check(const void *view, u16 salt, u16 other, const char *when);

#endif
