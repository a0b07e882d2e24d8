#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the results that LKFT's parse-output.py reads from a kselftest log:
# python3-tap reads the lines; lines after "# " before a result are parsed again
# as the level below it; one line "NAME pass|fail|skip" for each, names joined
# by ".". That script is in no package; these few lines do the same. stdin must
# be UTF-8.

import sys

import tap.parser


def show(text, above):
    below = []
    for line in tap.parser.Parser().parse_text(text):
        if line.category == "diagnostic":
            below.append(line.text[2:])
        if line.category != "test":
            continue
        name = above + (line.description or "?").lstrip("- ")
        show("\n".join(below), name + ".")
        below = []
        print(name, "skip" if line.skip else "pass" if line.ok else "fail")


show(sys.stdin.buffer.read().decode("utf-8"), "")
