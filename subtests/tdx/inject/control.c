// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of injected errors that are wrong on purpose, each in one thing: trying
 * the row must detect it.
 */
#include <errno.h>

#include "inject.h"

#define STATUS(_status)	.set = SET_NONE, .status = (_status)
#define LIVES(_status)	STATUS(_status), .fate = FATE_LIVES

static const struct {
	struct fail_row row;
	const char *says;
} wrong[] = {
	{ ROW(INIT_VM, MNG_CREATE, STATUS(ST_BUSY), .ret = EAGAIN),
	  "Input/output error, not Resource temporarily unavailable" },
	{ ROW(INIT_VM, MNG_INIT, LIVES(ST_INVALID), .ret = EINVAL),
	  "hw_error 0xc000010000000001, not 0" },
	{ ROW(INIT_VM, MNG_ADDCX, .nth = 2, STATUS(ST_BUSY), .ret = EIO,
	      .calls = CALLS_GO_ON),
	  "called 2 times, not 6" },
	{ ROW(INIT_VM, MNG_ADDCX, .nth = 60, LIVES(ST_BUSY),
	      .calls = CALLS_REPEAT),
	  "0 calls were made to fail, not 1" },
	{ ROW(INIT_VM, MNG_CREATE, LIVES(ST_BUSY), .ret = EIO),
	  "the VM was killed" },
	{ ROW(INIT_VM, MNG_CREATE, LIVES(ST_BUSY), .ret = EIO),
	  "WARNING: " },
	{ ROW(FINALIZE, MR_FINALIZE, STATUS(ST_BUSY), .ret = EBUSY,
	      .hw_error = true),
	  "the VM lives on" },
	{ ROW(FINALIZE, MR_FINALIZE, STATUS(ST_BUSY), .ret = EBUSY,
	      .hw_error = true, .fate = FATE_LIVES_WARNS),
	  "no WARN" },
	{ ROW(INIT_VCPU, VP_CREATE, STATUS(ST_BUSY), .ret = EIO,
	      .left = { .tdvpr = 1 }),
	  "left of the TD: 0 TDVPR, not 1" },
	{ ROW(ADD, MEM_SEPT_ADD, .nth = 3, STATUS(ST_FATAL), .ret = EIO,
	      .ept = 1),
	  "2 pages of secure EPT, 0 of memory, not 1, 0" },
	{ ROW(ADD, MEM_PAGE_ADD, .nth = 2, STATUS(ST_FATAL), .ret = EIO,
	      .ept = 3, .reg = 1),
	  "1 pages added, not 0" },
	{ ROW(HOLE, MEM_RANGE_BLOCK, STATUS(ST_FATAL), .calls = CALLS_GO_ON),
	  "left of the TD: 1 REG, not 0" },
	{ ROW(DESTROY_EMPTY, MNG_KEY_FREEID, STATUS(ST_FATAL),
	      .calls = CALLS_GO_ON, .fate = FATE_GONE,
	      .left = { .all = true, .assigned = 1 }),
	  "left of the TD: 1 keyids FLUSHED, not 0" },
};

void seamcall_rows_control(const struct subtest_args *args)
{
	unsigned int i;

	fail_begin();
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		fail_noticed(&wrong[i].row, wrong[i].says);
	fail_end();
}
