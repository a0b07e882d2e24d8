/* SPDX-License-Identifier: GPL-2.0-only */
/* The subcommands of splat, a file each. They return splat's exit code. */
#ifndef SPLAT_CMD_CMD_H
#define SPLAT_CMD_CMD_H

int cmd_run(int argc, char **argv);
int cmd_parse(int argc, char **argv);
int cmd_edges(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_coverage(int argc, char **argv);
int cmd_judge(int argc, char **argv);

#endif
