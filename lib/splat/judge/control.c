// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do the control rows hold, see judge.h.
 */
#include "splat/judge/judge.h"
#include "splat/splat.h"

static const struct {
	const char *name;
	bool ab, ba;
} rows[NR_CONTROLS] = {
	[CONTROL_PRISTINE]	= { "pristine", false, false },
	[CONTROL_AB]		= { "+ab", true, false },
	[CONTROL_BA]		= { "+ba", false, true },
	[CONTROL_BOTH]		= { "+ab+ba", true, true },
};

const char *control_name(unsigned int row)
{
	return rows[row].name;
}

/* AB is a fault and BA is none; both close the cycle, which spends lockdep. */
static void wanted(const struct lab_verdict *pristine, unsigned int row,
		   char *buf, size_t size)
{
	bool ab = rows[row].ab || !strcmp(pristine->ab, "yes");
	bool ba = rows[row].ba || !strcmp(pristine->ba, "yes");

	if (ab && ba)
		snprintf(buf, size, "yes yes spent SPLAT");
	else if (ab)
		snprintf(buf, size, "yes no alive EDGE");
	else
		snprintf(buf, size, "no %s alive CLEAN",
			 ba ? "yes" : pristine->ba);
}

static void judge_row(const struct lab_verdict *pristine,
		      const struct lab_verdict *v, unsigned int row,
		      struct control *c)
{
	wanted(pristine, row, c->row[row].wanted, sizeof(c->row[row].wanted));
	snprintf(c->row[row].got, sizeof(c->row[row].got), "%s %s %s %s",
		 v->ab, v->ba, v->lockdep, verdict_name(v->verdict));
	c->row[row].failed = strcmp(c->row[row].got, c->row[row].wanted);
}

void control_judge(const struct lab_verdict *const verdicts[NR_CONTROLS],
		   struct control *c)
{
	const struct lab_verdict *pristine = verdicts[CONTROL_PRISTINE];
	bool failed = false;
	unsigned int i;

	memset(c, 0, sizeof(*c));
	c->verdict = pristine->verdict;
	c->code = pristine->code;
	memcpy(c->reason, pristine->reason, sizeof(c->reason));
	for (i = CONTROL_PRISTINE + 1; i < NR_CONTROLS; i++) {
		if (!verdicts[i])
			continue;
		judge_row(pristine, verdicts[i], i, c);
		failed |= c->row[i].failed;
		c->rows++;
	}
	/* A fault that was found is one, whatever else would be missed. */
	if (!failed || c->code)
		return;
	c->verdict = VERDICT_UNKNOWN;
	c->code = EXIT_UNKNOWN;
	snprintf(c->reason, sizeof(c->reason), "the control failed");
}
