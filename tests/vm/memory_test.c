// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The runner's look at the kernel's memory sees what is held and what is given
 * back; on a kernel of its own, where nothing else happens.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../bench/clock.h"
#include "../../bench/memory.h"

#define FILES 8192
#define FILE_BYTES 200 /* struct file, at least */
#define HELD (FILES * (uint64_t)FILE_BYTES)
#define FREED_LATER_NS (20 * NSEC_PER_SEC) /* by RCU */

static int file[FILES];

static uint64_t read_kind(enum memory_kind kind)
{
	struct memory memory;

	memory_read(&memory);
	assert_true(memory.kernel_bytes[kind] > 0);
	return memory.kernel_bytes[kind];
}

static void open_all(void)
{
	for (int i = 0; i < FILES; i++) {
		file[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		assert_true(file[i] >= 0);
	}
}

/* All but each of one in `kept`; 0: all. */
static void close_all_but(int kept)
{
	for (int i = 0; i < FILES; i++)
		if (file[i] >= 0 && (!kept || i % kept)) {
			close(file[i]);
			file[i] = -1;
		}
}

static uint64_t used_when_below(uint64_t limit)
{
	uint64_t start_ns = clock_now_ns(), used;

	do {
		used = read_kind(MEMORY_SLAB_USED);
	} while (used > limit && clock_now_ns() < start_ns + FREED_LATER_NS);
	return used;
}

static void test_all_kinds(void **state)
{
	struct memory memory;

	(void)state;
	memory_read(&memory);
	assert_true(memory.runner_bytes > 1 << 20);
	for (int i = 0; i < MEMORY_KINDS; i++) {
		print_message("# %s %" PRIu64 "\n", memory_kind_name(i),
			      memory.kernel_bytes[i]);
		assert_true(memory.kernel_bytes[i] > 0);
	}
	assert_true(memory.kernel_bytes[MEMORY_SLAB_USED] <
		    memory.kernel_bytes[MEMORY_SLAB]);
}

/* The positive control: a leak is seen for as long as it is there. */
static void test_held(void **state)
{
	uint64_t before = read_kind(MEMORY_SLAB_USED), held, after;

	(void)state;
	open_all();
	held = read_kind(MEMORY_SLAB_USED);
	close_all_but(0);
	after = used_when_below(before + HELD / 8);
	print_message("# %d files: %" PRIu64 ", %" PRIu64 ", %" PRIu64 "\n",
		      FILES, before, held, after);
	assert_true(held > before + HELD);
	assert_true(after < before + HELD / 8);
}

/* Each slab has one file left: the slabs stay, and what is used of them goes. */
static void test_spread(void **state)
{
	uint64_t slab = read_kind(MEMORY_SLAB);
	uint64_t used = read_kind(MEMORY_SLAB_USED), slab_after, used_after;

	(void)state;
	open_all();
	close_all_but(8);
	used_after = used_when_below(used + HELD / 3);
	slab_after = read_kind(MEMORY_SLAB);
	close_all_but(0);
	print_message("# one in 8: used %" PRIu64 ", %" PRIu64
		      "; slabs %" PRIu64 ", %" PRIu64 "\n",
		      used, used_after, slab, slab_after);
	assert_in_range(used_after, used + HELD / 8, used + HELD / 3);
	assert_true(slab_after > slab + HELD * 3 / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_spread),
	};
	const struct rlimit files = { FILES + 64, FILES + 64 };

	if (setrlimit(RLIMIT_NOFILE, &files)) {
		perror("setrlimit");
		return 1;
	}
	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
