/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a report keeps of its lines: copies, within the room that it has. What
 * does not fit is not kept, and marks the report as damaged.
 */
#ifndef LOCKDEP_STORE_H
#define LOCKDEP_STORE_H

#include "lockdep/report/report.h"

const char *store_text(struct report_builder *b, struct str s);
const char *store_class(struct report_builder *b, struct class_name c);
void store_lock(struct report_builder *b, const struct token *tok,
		struct report_lock *lock);
void store_holding(struct report_builder *b, const struct token *tok);

/* A line of the list of held locks. */
void store_held(struct report_builder *b, const struct token *tok);

/* An entry of the chain, then each of its frames. */
void store_entry(struct report_builder *b, struct str name);
void store_frame(struct report_builder *b, const struct frame *f);

/* comm and pid, unless they are known. */
void store_task(struct report_builder *b, const struct token *tok);

/* Is @printed the lock @name, maybe with text of the class's own behind it? */
bool lock_names(const char *printed, const char *name);

#endif
