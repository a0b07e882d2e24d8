#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The cases that lockdep_provoke.sh leaves out for the sake of time.
exec "$(dirname "$0")/lockdep_provoke.sh" all
