// SPDX-License-Identifier: GPL-2.0-only
/* inplace/stand_in.c: the stand-in is found by its own directory only. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inplace/stand_in.h"
#include "unit.h"

static void by_its_directory(void)
{
	char dir[] = "/tmp/test_stand_in.XXXXXX", own[96];

	CHECK(mkdtemp(dir));
	CHECK(!stand_in_detect(dir));
	CHECK(!stand_in_detect("/nonexistent"));
	snprintf(own, sizeof(own), "%s/kvm_gmem_inplace_stand_in", dir);
	CHECK_EQ(mkdir(own, 0700), 0);
	CHECK_STR(stand_in_detect(dir)->word, "stand-in");
	rmdir(own);
	rmdir(dir);
}

UNIT_MAIN({ "by_its_directory", by_its_directory })
