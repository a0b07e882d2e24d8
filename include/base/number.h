/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read a decimal number from an argument, strictly: no sign, no blanks, no
 * rest, no overflow. strtoul() alone takes "-1" and "12x".
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

/* 0 and *value, -EINVAL for no number, -ERANGE outside @min..@max. */
int number_parse(const char *text, unsigned long min, unsigned long max,
		 unsigned long *value);

#endif
