# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the VM tests run inside the testbed.

VM_BUILD := tests/vm/build
VM_TESTS := $(VM_BUILD)/kmod_test $(VM_BUILD)/kmod_flood \
	    $(VM_BUILD)/path_test $(VM_BUILD)/vmm_test \
	    $(VM_BUILD)/pressure_test $(VM_BUILD)/intxbench-abi

vm-tests: $(VM_TESTS)

VM_RIG := tests/vm/rig.c tests/vm/rig.h kmod/uapi/intxbench.h
VM_KMOD_TEST := $(addprefix tests/vm/kmod_,test.c check.c foreign.c guest_mask.c \
	adaptive.c posted.c)

$(VM_BUILD)/kmod_test: $(VM_KMOD_TEST) tests/vm/kmod_test.h $(VM_RIG)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -o $@ $(filter %.c,$^) -lcmocka -lpthread

$(VM_BUILD)/kmod_flood: tests/vm/kmod_flood.c $(VM_RIG)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -o $@ $(filter %.c,$^) -lpthread

VM_VMM_OBJECTS := $(filter bench/vmm/%,$(BENCH_OBJECTS)) \
	$(addprefix bench/,error.o guest_stamps.o sysfs.o)

$(VM_BUILD)/vmm_test: tests/vm/vmm_test.c $(VM_RIG) $(VM_VMM_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -o $@ $(filter-out %.h,$^) -lcmocka -lpthread

# A runner of another ABI than the module's.
VM_ABI_SOURCES := $(shell grep -l INTXBENCH_ABI bench/*.c)

$(VM_BUILD)/intxbench-abi: $(BENCH_OBJECTS) tests/vm/other_abi.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(BENCH_CFLAGS) -include kmod/uapi/intxbench.h \
		-include tests/vm/other_abi.h -o $@ $(VM_ABI_SOURCES) \
		$(filter-out $(VM_ABI_SOURCES:.c=.o),$(BENCH_OBJECTS)) $(BENCH_LIBS)

# The runner's own paths, and its memory pressure, without the runner.
$(VM_BUILD)/path_test $(VM_BUILD)/pressure_test: $(VM_BUILD)/%: tests/vm/%.c \
		$(BENCH_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(BENCH_CFLAGS) -o $@ $< \
		$(filter-out bench/main.o,$(BENCH_OBJECTS)) $(BENCH_LIBS) -lcmocka
