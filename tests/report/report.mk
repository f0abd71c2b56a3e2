# SPDX-License-Identifier: GPL-2.0-or-later
# The runner's own main() under the sanitizers of the unit tests, for
# tests/report/report.t. Included after tests/unit/unit.mk.

REPORT_PROGRAM := tests/report/build/intxbench

report-tests: $(REPORT_PROGRAM)

$(REPORT_PROGRAM): bench/main.c $(UNIT_BUILD)/libunit.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(UNIT_CFLAGS)) -o $@ $^ $(UNIT_LIBS)
