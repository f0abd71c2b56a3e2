// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "results.h"
#include "unit.h"

#define NOON 1767268800 /* 2026-01-01T12:00:00Z */

static char root[] = "/tmp/intxbench-results-XXXXXX";
static char folder[PATH_MAX]; /* not there yet, in root */
static struct results results, second;

static int make_root(void **state)
{
	(void)state;
	strcpy(root + sizeof(root) - 7, "XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(folder, sizeof(folder), "%s/results", root);
	error_clear();
	return 0;
}

static int remove_root(void **state)
{
	char command[PATH_MAX + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static size_t entries(const char *path)
{
	DIR *directory = opendir(path);
	size_t count = 0;

	if (!directory)
		return 0;
	while (readdir(directory))
		count++;
	closedir(directory);
	return count - 2;
}

static int create(struct results *into)
{
	return results_create(folder, "quick", "a host", NOON, 1, into);
}

static void test_names(void **state)
{
	char name[16];

	(void)state;
	results_safe_name("a b/../c_d-e.f", name, sizeof(name));
	assert_string_equal(name, "a_b_.._c_d-e.f");
	results_safe_name("abcdef", name, 4);
	assert_string_equal(name, "abc");
}

static void test_life(void **state)
{
	char hist[PATH_MAX + 8], partial[PATH_MAX];

	(void)state;
	assert_int_equal(create(&results), 0);
	assert_string_equal(results.run_id, "20260101T120000Z-quick-a_host");
	snprintf(hist, sizeof(hist), "%s/hist", results.partial);
	assert_int_equal(access(hist, W_OK), 0);
	assert_non_null(strstr(results.partial, "/.20260101T120000Z-"));
	strcpy(partial, results.partial);
	assert_int_equal(results_finish(&results), 0);
	assert_int_equal(access(partial, F_OK), -1);
	assert_int_equal(access(results.path, F_OK), 0);
	results_discard(&results);
	assert_int_equal(access(results.path, F_OK), 0);
}

static void test_same_second(void **state)
{
	(void)state;
	assert_int_equal(create(&results), 0);
	assert_int_equal(create(&second), 0);
	assert_string_equal(second.run_id, "20260101T120000Z-quick-a_host-2");
	assert_int_equal(results_finish(&results), 0);
	assert_int_equal(results_finish(&second), 0);
	assert_int_equal(create(&results), 0);
	assert_string_equal(results.run_id, "20260101T120000Z-quick-a_host-3");
	results_discard(&results);
}

static void test_discard_leaves_nothing(void **state)
{
	char path[PATH_MAX + 16];
	FILE *file;

	(void)state;
	assert_int_equal(create(&results), 0);
	snprintf(path, sizeof(path), "%s/hist/p0.hgrm", results.partial);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	results_discard(&results);
	assert_int_equal(entries(root), 0);
}

static void test_no_space(void **state)
{
	(void)state;
	assert_int_equal(results_create(folder, "quick", "h", NOON,
					UINT64_C(1) << 60, &results),
			 -ENOSPC);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "no space left in"));
	assert_int_equal(entries(root), 0);
}

/* A file where the folder should be; root may write anywhere else. */
static void test_unwritable(void **state)
{
	FILE *file = fopen(folder, "w");

	(void)state;
	assert_non_null(file);
	fclose(file);
	assert_true(create(&results) < 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), folder));
	assert_int_equal(entries(root), 1);
}

static void test_no_parent(void **state)
{
	(void)state;
	strcat(folder, "/not/there");
	assert_true(create(&results) < 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_int_equal(entries(root), 0);
}

/* Only those whose run is dead; ours is locked as long as it lives. */
static void test_stale(void **state)
{
	char path[PATH_MAX + 64], name[NAME_MAX + 1];

	(void)state;
	assert_int_equal(create(&results), 0);
	assert_int_equal(results_count_stale(folder, name), 0);
	assert_string_equal(name, "");
	snprintf(path, sizeof(path), "%s/.20250101T000000Z-a-b.partial",
		 folder);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(results_count_stale(folder, name), 1);
	assert_string_equal(name, ".20250101T000000Z-a-b.partial");
	results_discard(&results);
	assert_int_equal(access(path, F_OK), 0);
}

static void test_sudo(void **state)
{
	struct stat status;
	char hist[PATH_MAX + 8];

	(void)state;
	setenv("SUDO_UID", "4711", 1);
	setenv("SUDO_GID", "4712", 1);
	assert_int_equal(create(&results), 0);
	assert_int_equal(results_finish(&results), 0);
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	snprintf(hist, sizeof(hist), "%s/hist", results.path);
	assert_int_equal(lstat(hist, &status), 0);
	/* Only root can give files away, and only root is asked to. */
	assert_int_equal(status.st_uid, geteuid() ? geteuid() : 4711);
	assert_int_equal(status.st_gid, geteuid() ? getegid() : 4712);
	assert_int_equal(lstat(folder, &status), 0);
	assert_int_equal(status.st_uid, geteuid() ? geteuid() : 4711);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		CASE(test_life),
		CASE(test_same_second),
		CASE(test_discard_leaves_nothing),
		CASE(test_no_space),
		CASE(test_unwritable),
		CASE(test_no_parent),
		CASE(test_stale),
		CASE(test_sudo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
