/* SPDX-License-Identifier: GPL-2.0-only */
/* Convert DOT to SVG with graphviz. */
#ifndef SPLAT_RENDER_H
#define SPLAT_RENDER_H

#include "splat.h"

/* Write @dot as SVG to @path. 0, or EXIT_USAGE after a message. */
int render_svg(const struct args *a, const struct text *dot, const char *path);

#endif
