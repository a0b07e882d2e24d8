// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text that the debugfs files have in common: names of page types, and a line
 * that user space wrote.
 */
#include <linux/array_size.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "softtdx.h"

static const struct {
	enum stx_page_type type;
	const char *name;
} stx_page_names[] = {
	{ PGT_REG, "REG" }, { PGT_TDR, "TDR" }, { PGT_TDCX, "TDCX" },
	{ PGT_TDVPR, "TDVPR" }, { PGT_EPT, "EPT" }, { PGT_NDA, "NDA" },
	{ PGT_RSVD, "RSVD" },
};

const char *stx_page_name(enum stx_page_type type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stx_page_names); i++)
		if (stx_page_names[i].type == type)
			return stx_page_names[i].name;
	return "-";
}

int stx_text_from_user(char *text, size_t room, const char __user *from,
		       size_t size)
{
	if (!size || size >= room)
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (strlen(text) != size)
		return -EINVAL;
	strim(text);
	return 0;
}
