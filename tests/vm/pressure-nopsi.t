#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Memory pressure is proved on a kernel without pressure stall information, too.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --append psi=0 -- tests/vm/guest/pressure nopsi
