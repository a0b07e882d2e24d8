#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The sins that locksins.sh leaves out for the sake of time.
exec "$(dirname "$0")/locksins.sh" all
