/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contents of memory that tell where they belong: each quadword is made of its
 * GPA and of a salt, which stands for who wrote it and when. One that is found
 * elsewhere, or later than it should be, says where it comes from. For guest
 * code and for the host's alike.
 */
#ifndef SUBTESTS_TDX_WORDS_H
#define SUBTESTS_TDX_WORDS_H

#include "kvm_util.h"

/* Salt 0 stands for memory that is zero. */
u64 word_of(gpa_t gpa, u16 salt);

/* What @word would be the word of; nonsense for one that is none. */
gpa_t word_gpa(u64 word);
u16 word_salt(u64 word);

/* @mem is what is at @gpa, whole pages of it. */
void words_write(void *mem, gpa_t gpa, u64 pages, u16 salt);

/* One line, the same in a guest and outside, about a word that is not right. */
#define WORD_TEXT	160
void word_text(char *text, gpa_t gpa, u64 got, u64 want);

/* The first word that is not right: false, with @text about it. */
bool words_check(const void *mem, gpa_t gpa, u64 pages, u16 salt, char *text);

/* Asserting, in guest code: @view is td_private() or td_shared(). */
void guest_words_write(void *view, u64 pages, u16 salt);
void guest_words_check(const void *view, u64 pages, u16 salt);

/*
 * One quadword, read once: of @salt, or of @other while the host may be about
 * to change it. @when for the message.
 */
void guest_word_check(const void *view, u16 salt, u16 other, const char *when);

#endif
