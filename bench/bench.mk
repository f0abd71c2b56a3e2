# SPDX-License-Identifier: GPL-2.0-or-later
# The runner: all of bench/*.c, and the guest in bench/vmm/.

BENCH_PACKAGES := libpci hwloc jansson inih
BENCH_CFLAGS = -D_GNU_SOURCE $(shell pkg-config --cflags $(BENCH_PACKAGES))
BENCH_LIBS = $(shell pkg-config --libs $(BENCH_PACKAGES)) -lm -lpthread
BENCH_OBJECTS := $(patsubst %.c,%.o,$(wildcard bench/*.c bench/vmm/*.c)) \
	$(patsubst %.S,%.o,$(wildcard bench/vmm/*.S))

bench/%.o: bench/%.c
	$(CC) $(CFLAGS) $(BENCH_CFLAGS) -MMD -c -o $@ $<

bench/%.o: bench/%.S
	$(CC) -MMD -c -o $@ $<

bench/intxbench: $(BENCH_OBJECTS)
	$(CC) $(CFLAGS) -o $@ $^ $(BENCH_LIBS)

-include $(wildcard bench/*.d bench/vmm/*.d)
