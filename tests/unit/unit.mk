# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests: no root, no module. Included by the top-level Makefile;
# `make unit-tests` builds them, tests/unit/run.t runs them.
#
# Each tests/unit/test_NAME.c is a program. It is linked with what it needs of
# the runner and of the other files here, so that a new test or a new file
# changes nothing in this one.

UNIT_BUILD := tests/unit/build
UNIT_CFLAGS = $(CFLAGS) $(BENCH_CFLAGS) -O1 -g -MMD -MP -Ibench \
	-fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_LIBS = $(BENCH_LIBS) -lcmocka

UNIT_MAINS := $(sort $(wildcard tests/unit/test_*.c))
UNIT_TESTS := $(UNIT_MAINS:tests/unit/%.c=$(UNIT_BUILD)/%)
UNIT_OBJECTS := \
	$(patsubst bench/%.c,$(UNIT_BUILD)/%.o, \
		$(sort $(filter-out bench/main.c, \
			$(wildcard bench/*.c bench/vmm/*.c)))) \
	$(patsubst bench/%.S,$(UNIT_BUILD)/%.o,$(wildcard bench/vmm/*.S)) \
	$(patsubst tests/unit/%.c,$(UNIT_BUILD)/%.o, \
		$(sort $(filter-out $(UNIT_MAINS),$(wildcard tests/unit/*.c))))

.PHONY: unit-tests unit-clean
unit-tests: $(UNIT_TESTS)

unit-clean:
	$(RM) -r $(UNIT_BUILD)

$(UNIT_BUILD) $(UNIT_BUILD)/vmm:
	mkdir -p $@

$(UNIT_BUILD)/%.o: bench/%.c | $(UNIT_BUILD) $(UNIT_BUILD)/vmm
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNIT_BUILD)/%.o: bench/%.S | $(UNIT_BUILD)/vmm
	$(CC) -MMD -MP -c -o $@ $<

$(UNIT_BUILD)/%.o: tests/unit/%.c | $(UNIT_BUILD)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNIT_BUILD)/libunit.a: $(UNIT_OBJECTS)
	$(RM) $@
	$(AR) rcs $@ $^

$(UNIT_BUILD)/test_%: $(UNIT_BUILD)/test_%.o $(UNIT_BUILD)/libunit.a
	$(CC) $(UNIT_CFLAGS) $(UNIT_LDFLAGS) -o $@ $^ $(UNIT_LIBS)

# It says itself whether there is KVM.
$(UNIT_BUILD)/test_guest_choice: private UNIT_LDFLAGS := -Wl,--wrap=guest_kvm_usable

# Objects are no mere intermediates: keep them for the next make.
.SECONDARY: $(UNIT_OBJECTS) $(UNIT_TESTS:%=%.o)

-include $(wildcard $(UNIT_BUILD)/*.d $(UNIT_BUILD)/vmm/*.d)
