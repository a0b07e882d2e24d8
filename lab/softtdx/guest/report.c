// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDREPORT and the measurements that a guest extends itself.  No CPU signs it:
 * the MAC is zero, and so is the module's own measurement.  So it cannot be
 * taken for a report of TDX hardware.
 */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "guest.h"

#define REPORT_SIZE		1024
#define REPORT_TYPE_TDX		0x81
#define REPORT_TCB_HASH		32
#define REPORT_TD_HASH		80
#define REPORT_DATA		128
#define REPORT_DATA_SIZE	64
#define REPORT_TCB		256
#define REPORT_TCB_SIZE		239
#define REPORT_TD		512
#define REPORT_TD_SIZE		512

#define TD_ATTRIBUTES		0
#define TD_XFAM			8
#define TD_MRTD			16
#define TD_MRCONFIGID		64
#define TD_MROWNER		112
#define TD_MROWNERCONFIG	160
#define TD_RTMR			208

void stx_rtmr_extend(struct stx_tdcs *tdcs, unsigned int i, const u8 *data)
{
	struct sha384_ctx ctx;

	sha384_init(&ctx);
	sha384_update(&ctx, tdcs->rtmr[i], SHA384_DIGEST_SIZE);
	sha384_update(&ctx, data, SHA384_DIGEST_SIZE);
	sha384_final(&ctx, tdcs->rtmr[i]);
}

static void stx_td_info(const struct stx_tdcs *tdcs, u8 *td)
{
	put_unaligned_le64(tdcs->attributes, td + TD_ATTRIBUTES);
	put_unaligned_le64(tdcs->xfam, td + TD_XFAM);
	memcpy(td + TD_MRTD, tdcs->mrtd, SHA384_DIGEST_SIZE);
	memcpy(td + TD_MRCONFIGID, tdcs->mrconfigid, SHA384_DIGEST_SIZE);
	memcpy(td + TD_MROWNER, tdcs->mrowner, SHA384_DIGEST_SIZE);
	memcpy(td + TD_MROWNERCONFIG, tdcs->mrownerconfig,
	       SHA384_DIGEST_SIZE);
	memcpy(td + TD_RTMR, tdcs->rtmr, sizeof(tdcs->rtmr));
}

void stx_tdreport(const struct stx_tdcs *tdcs, const u8 *data, u8 *report)
{
	memset(report, 0, REPORT_SIZE);
	report[0] = REPORT_TYPE_TDX;
	memcpy(report + REPORT_DATA, data, REPORT_DATA_SIZE);
	stx_td_info(tdcs, report + REPORT_TD);
	sha384(report + REPORT_TCB, REPORT_TCB_SIZE, report + REPORT_TCB_HASH);
	sha384(report + REPORT_TD, REPORT_TD_SIZE, report + REPORT_TD_HASH);
}
