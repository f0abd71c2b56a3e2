// SPDX-License-Identifier: GPL-2.0-or-later
/* The journal with stand-ins for what undoes its entries. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "fake_root.h"
#include "host_undo.h"
#include "journal.h"
#include "unit.h"

/* What was undone, in order: "driver 0000:00:04.0 e1000;". */
static char undone[512];
static const char *failing; /* this subject cannot be undone */

static int note_undone(const char *kind, const char *subject, const char *value)
{
	size_t used = strlen(undone);

	if (failing && !strcmp(failing, subject))
		return error_set(EXIT_MACHINE, EIO, "%s fails", subject);
	snprintf(undone + used, sizeof(undone) - used, "%s %s %s;", kind,
		 subject, value);
	return 0;
}

int host_undo_command(const char *address, const char *value)
{
	return note_undone("command", address, value);
}

int host_undo_enable(const char *address, const char *value)
{
	return note_undone("enable", address, value);
}

int host_undo_driver(const char *address, const char *driver)
{
	return note_undone("driver", address, driver);
}

int host_undo_driver_override(const char *address, const char *override)
{
	return note_undone("override", address, override);
}

int host_undo_module(const char *module, const char *value)
{
	return note_undone("module", module, value);
}

int host_undo_module_options(const char *module, const char *options)
{
	return note_undone("options", module, options);
}

int host_undo_parameter(const char *subject, const char *value)
{
	return note_undone("parameter", subject, value);
}

int host_undo_irq_affinity(const char *irq, const char *cpus)
{
	return note_undone("affinity", irq, cpus);
}

int host_undo_cpu(const char *cpu, const char *value)
{
	return note_undone("cpu", cpu, value);
}

int host_undo_trace(const char *instance, const char *value)
{
	return note_undone("trace", instance, value);
}

static const char *directory(void)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/journal.d", fake_root());
	return path;
}

static bool journal_is_there(void)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/journal", directory());
	return !access(path, F_OK);
}

static void open_journal(size_t expected)
{
	size_t recovered = 999;

	assert_int_equal(journal_open_at(directory(), &recovered), 0);
	assert_int_equal(recovered, expected);
}

static int make(void **state)
{
	(void)state;
	fake_root_make();
	undone[0] = '\0';
	failing = NULL;
	error_clear();
	return 0;
}

static int clean(void **state)
{
	(void)state;
	journal_close();
	fake_root_remove();
	return 0;
}

static void test_undo(void **state)
{
	(void)state;
	open_journal(0);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "0000:00:04.0", "e1000"),
			 0);
	assert_int_equal(
		journal_add(JOURNAL_DRIVER_OVERRIDE, "0000:00:04.0", ""), 0);
	assert_int_equal(journal_add(JOURNAL_IRQ_AFFINITY, "20", "0-3"), 0);
	assert_string_equal(fake_read("/journal.d/journal"),
			    "intxbench-journal 1\n"
			    "+ driver 0000:00:04.0 e1000\n"
			    "+ driver-override 0000:00:04.0 \n"
			    "+ irq-affinity 20 0-3");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(undone, "affinity 20 0-3;"
				    "override 0000:00:04.0 ;"
				    "driver 0000:00:04.0 e1000;");
	assert_false(journal_is_there());
	assert_int_equal(journal_undo(), 0);
}

/* The first is what the thing was like before anything was changed. */
static void test_repeats(void **state)
{
	(void)state;
	open_journal(0);
	assert_int_equal(journal_add(JOURNAL_IRQ_AFFINITY, "20", "0-3"), 0);
	assert_int_equal(journal_add(JOURNAL_IRQ_AFFINITY, "20", "1"), 0);
	assert_int_equal(journal_add(JOURNAL_IRQ_AFFINITY, "21", "2"), 0);
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(undone, "affinity 21 2;affinity 20 0-3;");
	assert_int_equal(journal_add(JOURNAL_IRQ_AFFINITY, "20", "1"), 0);
	assert_int_equal(journal_undo(), 0);
	assert_non_null(strstr(undone, ";affinity 20 1;"));
}

static void test_failing_undo_is_kept(void **state)
{
	(void)state;
	open_journal(0);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a", "x"), 0);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "b", "y"), 0);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "c", "z"), 0);
	failing = "b";
	assert_int_equal(journal_undo(), -EIO);
	assert_string_equal(error_message(), "b fails");
	assert_string_equal(undone, "driver c z;driver a x;");
	assert_true(journal_is_there());
	journal_close();

	/* The next run cannot undo it either, and does not take the machine. */
	size_t recovered;

	assert_int_equal(journal_open_at(directory(), &recovered), -EIO);
	assert_int_equal(recovered, 0);
	assert_true(journal_is_there());

	failing = NULL;
	open_journal(1);
	assert_string_equal(undone, "driver c z;driver a x;driver b y;");
	assert_false(journal_is_there());
}

/* A child that dies with the journal open. */
static void die_with_entries(void)
{
	size_t recovered;
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (journal_open_at(directory(), &recovered) ||
		    journal_add(JOURNAL_DRIVER, "0000:00:04.0", "e1000") ||
		    journal_add(JOURNAL_IRQ_AFFINITY, "20", "0-3"))
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void test_killed(void **state)
{
	(void)state;
	die_with_entries();
	assert_true(journal_is_there());
	open_journal(2);
	assert_string_equal(undone,
			    "affinity 20 0-3;driver 0000:00:04.0 e1000;");
	assert_false(journal_is_there());
	journal_close();
	open_journal(0);
}

static void append_bytes(const void *bytes, size_t count)
{
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/journal", directory());
	file = fopen(path, "a");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, count, file), count);
	fclose(file);
}

static void append(const char *text)
{
	append_bytes(text, strlen(text));
}

/* Killed while writing: what it would have announced was not done. */
static void test_torn_line(void **state)
{
	(void)state;
	die_with_entries();
	append("+ driver 0000:00:08.0 e10");
	failing = "20";
	assert_int_equal(journal_open_at(directory(), &(size_t){ 0 }), -EIO);
	assert_string_equal(undone, "driver 0000:00:04.0 e1000;");
	assert_string_equal(fake_read("/journal.d/journal"),
			    "intxbench-journal 1\n"
			    "+ driver 0000:00:04.0 e1000\n"
			    "+ irq-affinity 20 0-3\n"
			    "- 1");
	failing = NULL;
	open_journal(1);
}

static void test_torn_header(void **state)
{
	(void)state;
	fake_file("/journal.d/journal", "intxben");
	open_journal(0);
	assert_false(journal_is_there());
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a", "x"), 0);
	assert_int_equal(journal_undo(), 0);
}

static const struct {
	const char *text, *message;
} strange[] = {
	{ "intxbench-journal 2\n+ x\n", "another version" },
	{ "hello\n", "another version" },
	{ "intxbench-journal 1\n+ driver a x\n+ warp b y\n", "journal:3: '" },
	{ "intxbench-journal 1\n+ driver\n", "journal:2: '" },
	{ "intxbench-journal 1\n+ driver a\n", "journal:2: '" },
	{ "intxbench-journal 1\n- 1\n", "journal:2: '" },
	{ "intxbench-journal 1\n+ driver a x\n- 1\n- 1\n", "journal:4: '" },
	{ "intxbench-journal 1\n\n", "journal:2: '" },
};

/* What is not understood is not guessed, and stays. */
static void test_strange(void **state)
{
	size_t recovered;

	(void)state;
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		fake_file("/journal.d/journal", strange[i].text);
		assert_int_equal(journal_open_at(directory(), &recovered),
				 -EINVAL);
		assert_int_equal(error_status(), EXIT_MACHINE);
		assert_non_null(strstr(error_message(), strange[i].message));
		assert_string_equal(undone, "");
		assert_true(journal_is_there());
		error_clear();
	}
}

/* Blocks of zeros are what a crash of the machine may leave. */
static void test_zeros(void **state)
{
	size_t recovered;

	(void)state;
	fake_file("/journal.d/journal", "intxbench-journal 1\n+ driver a x\n");
	append_bytes("\0\0\n- 1\n", 7);
	assert_int_equal(journal_open_at(directory(), &recovered), -EBADMSG);
	assert_string_equal(undone, "");
	assert_true(journal_is_there());
}

static void test_bad_entries(void **state)
{
	char longer[10000];

	(void)state;
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a", "x"), -EBADF);
	open_journal(0);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a b", "x"), -EINVAL);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "", "x"), -EINVAL);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a", "x\ny"), -EINVAL);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a", longer), -EINVAL);
	assert_false(journal_is_there());
}

/* No space: the entry is refused, and nothing of it stays. */
static void test_full(void **state)
{
	struct rlimit before, limit;

	(void)state;
	open_journal(0);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a", "x"), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	limit = before;
	limit.rlim_cur = strlen("intxbench-journal 1\n+ driver a x\n") + 5;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "b", "y"), -ENOSPC);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_string_equal(fake_read("/journal.d/journal"),
			    "intxbench-journal 1\n+ driver a x");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(undone, "driver a x;");
}

static void test_second_run(void **state)
{
	char owner[32];
	size_t recovered;
	int status;
	pid_t pid;

	(void)state;
	open_journal(0);
	assert_int_equal(journal_add(JOURNAL_DRIVER, "a", "x"), 0);
	snprintf(owner, sizeof(owner), "(pid %d)", getpid());
	pid = fork();
	if (!pid) {
		/* Another program has another state, and no lock. */
		journal_close();
		status = journal_open_at(directory(), &recovered) == -EBUSY &&
			 error_status() == EXIT_MACHINE &&
			 strstr(error_message(), owner);
		_exit(status ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(journal_is_there());
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(undone, "driver a x;");
	assert_int_equal(journal_open_at(directory(), &recovered), -EALREADY);
}

static void test_no_place(void **state)
{
	size_t recovered;

	(void)state;
	fake_file("/journal.d", "a file");
	assert_int_equal(journal_open_at(directory(), &recovered), -ENOTDIR);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_int_equal(journal_open_at("/proc/no/such", &recovered), -ENOENT);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_undo),
		CASE(test_repeats),
		CASE(test_failing_undo_is_kept),
		CASE(test_killed),
		CASE(test_torn_line),
		CASE(test_torn_header),
		CASE(test_strange),
		CASE(test_zeros),
		CASE(test_bad_entries),
		CASE(test_full),
		CASE(test_second_run),
		CASE(test_no_place),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
