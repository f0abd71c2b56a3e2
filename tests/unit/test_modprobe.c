// SPDX-License-Identifier: GPL-2.0-or-later
/* How modprobe is called; a script that writes its arguments stands in. */
#include <errno.h>
#include <sys/stat.h>

#include "fake_root.h"
#include "modprobe.h"
#include "unit.h"

static void lay_script(const char *last)
{
	char path[128], text[512];

	snprintf(path, sizeof(path), "%s/modprobe", fake_root());
	fake_file("/proc/sys/kernel/modprobe", path);
	snprintf(
		text, sizeof(text),
		"#!/bin/sh\nfor word; do echo \"<$word>\"; done >%s/called\n%s\n",
		fake_root(), last);
	fake_file("/modprobe", text);
	assert_int_equal(chmod(path, 0755), 0);
}

static int make(void **state)
{
	(void)state;
	fake_root_make();
	return 0;
}

static int clean(void **state)
{
	(void)state;
	fake_root_remove();
	return 0;
}

static void test_arguments(void **state)
{
	(void)state;
	lay_script("exit 0");
	assert_int_equal(modprobe_find("uio"), 0);
	assert_string_equal(fake_read("/called"), "<-n>\n<-q>\n<-->\n<uio>");
	assert_int_equal(modprobe_load("uio", ""), 0);
	assert_string_equal(fake_read("/called"), "<-->\n<uio>");
	assert_int_equal(modprobe_load("vfio_pci", "a=1  b=* c=2 3"), 0);
	assert_string_equal(fake_read("/called"), "<-->\n<vfio_pci>\n<a=1>\n"
						  "<b=*>\n<c=2>\n<3>");
}

static void test_fails(void **state)
{
	(void)state;
	lay_script("exit 1");
	assert_int_equal(modprobe_find("uio"), -ENOENT);
	assert_int_equal(modprobe_load("uio", ""), -EIO);
	lay_script("kill -KILL $$");
	assert_int_equal(modprobe_load("uio", ""), -EIO);
}

static void test_no_program(void **state)
{
	(void)state;
	fake_file("/proc/sys/kernel/modprobe", "/nowhere/modprobe\n");
	assert_int_equal(modprobe_load("uio", ""), -ENOENT);
	assert_int_equal(modprobe_find("uio"), -ENOENT);
}

/* Never a part of what was asked for. */
static void test_too_many(void **state)
{
	char options[256] = "";

	(void)state;
	lay_script("exit 0");
	for (size_t i = 0; i < 60; i++)
		strcat(options, "a=1 ");
	assert_int_equal(modprobe_load("uio", options), -E2BIG);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_arguments),
		CASE(test_fails),
		CASE(test_no_program),
		CASE(test_too_many),
	};

	return cmocka_run_group_tests_name("modprobe", tests, NULL, NULL);
}
