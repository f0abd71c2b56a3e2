# SPDX-License-Identifier: GPL-2.0-or-later
# intxbench: dispatch only; each room builds itself.

# The kernel whose headers the module is built against and which the testbed
# boots: the running one where it is Debian's, else the newest installed.
KERNEL ?= $(shell testbed/kernel-version)
KDIR ?= /lib/modules/$(KERNEL)/build
JOB ?= workloads/quick.ini
RESULTS ?= results
CFLAGS ?= -O2 -g
CFLAGS += -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes \
	  -Wmissing-prototypes

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)

#: make bench [JOB=workloads/quick.ini]  run a job in the testbed, draw its plots
bench: deps
	@$(MAKE) --no-print-directory all
	testbed/bench --kernel $(KERNEL) --results $(RESULTS) $(JOB)

#: make test               everything: unit, report, testbed and VM tests
test: deps
	@$(MAKE) --no-print-directory all tests
	prove --timer tests/unit tests/report tests/testbed tests/vm

#: make test-debug         the module on a kernel that catches faults; builds it first
test-debug: deps
	@$(MAKE) --no-print-directory debug-tests
	tests/vm/debug/run

#: make bench-overhead     what watching an interrupt costs, on the exact clock
bench-overhead: deps
	@$(MAKE) --no-print-directory all
	testbed/overhead --kernel $(KERNEL)

#: make bench-paths        what each path's handler costs, on the exact clock
bench-paths: deps
	@$(MAKE) --no-print-directory all
	testbed/paths --kernel $(KERNEL)

#: make bench-start        how long a guest takes to start, ours and QEMU's
bench-start: deps
	@$(MAKE) --no-print-directory all
	testbed/start --kernel $(KERNEL)

#: make all                the runner, and the module for KERNEL
all: bench/intxbench kmod

#: make deps               install what is needed (Debian 12); says what
deps:
	@packaging/deps

#: make style              checkpatch, sparse, clang-format, cppcheck, shellcheck
style: deps
	packaging/style $(KDIR)

#: make clean
clean:
	rm -rf bench/intxbench bench/*.o bench/*.d bench/vmm/*.o bench/vmm/*.d \
		tests/*/build
	$(MAKE) -C kmod KDIR=$(KDIR) clean

kmod:
	$(MAKE) -C kmod KDIR=$(KDIR) W=1

include bench/bench.mk
include tests/unit/unit.mk
include tests/report/report.mk
include tests/vm/vm.mk

tests: unit-tests report-tests vm-tests

.PHONY: help bench test test-debug bench-overhead bench-paths bench-start all \
	deps style clean kmod tests unit-tests report-tests vm-tests debug-tests
