/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copy fields of lines into a report's fixed memory. If one does not fit, it is
 * dropped and the report is marked as damaged.
 */
#ifndef LIB_LOCKDEP_REPORT_STORE_H
#define LIB_LOCKDEP_REPORT_STORE_H

#include "lockdep/report/report.h"

const char *store_text(struct report_builder *b, struct str s);
const char *store_class(struct report_builder *b, struct class_name c);
void store_lock(struct report_builder *b, const struct token *tok,
		struct report_lock *lock);
void store_holding(struct report_builder *b, const struct token *tok);

/* A line of the list of held locks. */
void store_held(struct report_builder *b, const struct token *tok);

/* Add an entry to the chain, and frames to its last entry. */
void store_entry(struct report_builder *b, struct str name);
void store_frame(struct report_builder *b, const struct frame *f);

/* Set comm and pid, unless they are known. */
void store_task(struct report_builder *b, const struct token *tok);

/* Is @printed the lock @name, maybe with the class's own text after it? */
bool lock_names(const char *printed, const char *name);

#endif
