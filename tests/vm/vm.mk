# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the VM tests run inside the testbed.

VM_BUILD := tests/vm/build
VM_TESTS := $(VM_BUILD)/kmod_test $(VM_BUILD)/kmod_flood \
	    $(VM_BUILD)/path_test $(VM_BUILD)/vmm_test \
	    $(VM_BUILD)/hotplug_test $(VM_BUILD)/counter_test \
	    $(VM_BUILD)/pressure_test $(VM_BUILD)/failslab_test \
	    $(VM_BUILD)/kmsg_test $(VM_BUILD)/memory_test \
	    $(VM_BUILD)/faults/faults.ko \
	    $(VM_BUILD)/intxbench-abi $(VM_BUILD)/qemu_guest.elf

vm-tests: $(VM_TESTS)

# Those that tests/vm/debug runs.
debug-tests: $(VM_BUILD)/kmod_test $(VM_BUILD)/failslab_test \
	$(VM_BUILD)/kmsg_test bench/intxbench

VM_RIG := tests/vm/rig.c tests/vm/rig.h kmod/uapi/intxbench.h
VM_KMOD_TEST := $(addprefix tests/vm/kmod_,test.c check.c foreign.c guest_mask.c \
	adaptive.c posted.c)

$(VM_BUILD)/kmod_test: $(VM_KMOD_TEST) tests/vm/kmod_test.h $(VM_RIG)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -o $@ $(filter %.c,$^) -lcmocka -lpthread

$(VM_BUILD)/kmod_flood: tests/vm/kmod_flood.c $(VM_RIG)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -o $@ $(filter %.c,$^) -lpthread

$(VM_BUILD)/failslab_test: tests/vm/failslab_test.c tests/vm/kmod_test.h $(VM_RIG) \
		tests/vm/kmod_check.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -o $@ $(filter %.c,$^) -lcmocka -lpthread

VM_VMM_OBJECTS := $(filter bench/vmm/%,$(BENCH_OBJECTS)) \
	$(addprefix bench/,error.o guest_stamps.o sysfs.o worker.o)

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

# The runner's own parts, without the runner.
$(VM_BUILD)/path_test $(VM_BUILD)/hotplug_test $(VM_BUILD)/pressure_test \
		$(VM_BUILD)/memory_test: \
		$(VM_BUILD)/%: tests/vm/%.c $(BENCH_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(BENCH_CFLAGS) -o $@ $< \
		$(filter-out bench/main.o,$(BENCH_OBJECTS)) $(BENCH_LIBS) -lcmocka

# A guest for a QEMU inside the testbed: 32 bits, without a library.
$(VM_BUILD)/qemu_guest.elf: tests/vm/qemu_guest/start.S tests/vm/qemu_guest/guest.c
	@mkdir -p $(@D)
	$(CC) -m32 -std=gnu11 -O2 -Wall -Wextra -ffreestanding -fno-pic -no-pie \
		-fno-stack-protector -fcf-protection=none -mgeneral-regs-only \
		-fno-asynchronous-unwind-tables -nostdlib -static \
		-Wl,-n,--no-warn-rwx-segments -Wl,-Ttext=0x100000 -Wl,--build-id=none \
		-o $@ $^

# The runner's own counter sets, and every call by hand.
$(VM_BUILD)/counter_test: tests/vm/counter_test.c tests/vm/kmod_check.c \
		tests/vm/kmod_test.h $(VM_RIG) $(BENCH_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(BENCH_CFLAGS) -o $@ $(filter tests/vm/%.c,$^) \
		$(filter-out bench/main.o,$(BENCH_OBJECTS)) $(BENCH_LIBS) -lcmocka

# Faults of the kernel, and whether the runner sees them.
$(VM_BUILD)/kmsg_test: tests/vm/kmsg_test.c bench/kmsg.o bench/kmsg_fault.o \
		bench/error.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -o $@ $^ -lcmocka -lpthread

$(VM_BUILD)/faults/faults.ko: tests/vm/faults/faults.c tests/vm/faults/Kbuild
	@mkdir -p $(@D)
	cp $^ $(@D)
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(@D) modules
