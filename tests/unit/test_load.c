// SPDX-License-Identifier: GPL-2.0-or-later
/* Workloads of live neighbours, with scripts in place of the tools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "histogram.h"
#include "load_tool.h"

static char directory[] = "/tmp/intxbench-load.XXXXXX";

static void install(const char *name, const char *script)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/bash\nPATH=/usr/bin:/bin\n%s\n", script);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

static int setup(void **state)
{
	(void)state;
	error_clear();
	return 0;
}

static int setup_group(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	return setenv("PATH", directory, 1);
}

static int teardown_group(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "/bin/rm -r %s", directory);
	return system(command);
}

static void test_ping_lines(void **state)
{
	struct load_reading reading = { 0 };
	const struct load_tool *ping = &load_tools[LOAD_PING];

	(void)state;
	assert_false(ping->take_line(&reading,
				     "PING 192.0.2.2 (192.0.2.2) 56(84)\n"));
	assert_true(ping->take_line(
		&reading,
		"64 bytes from 192.0.2.2: icmp_seq=3 ttl=64 time=0.187 ms\n"));
	assert_true(ping->take_line(
		&reading,
		"64 bytes from 192.0.2.2: icmp_seq=6 ttl=64 time=12 ms\n"));
	assert_int_equal(reading.result.unanswered, 2);
	assert_int_equal(reading.result.latency.count, 2);
	assert_int_equal(reading.result.latency.min_ns, 187000);
	assert_int_equal(reading.result.latency.max_ns, 12000000);
	/* One of the two was only late. */
	assert_true(ping->take_line(
		&reading,
		"64 bytes from 192.0.2.2: icmp_seq=4 ttl=64 time=30 ms\n"));
	assert_int_equal(reading.result.unanswered, 1);
	assert_false(ping->take_line(
		&reading, "From 192.0.2.1 icmp_seq=7 Host Unreachable\n"));
}

/* Of SIGUSR1, and of the end. */
#define REPORT(bins) \
	"{\"jobs\": [{\"read\": {\"clat_ns\": {\"bins\": {" bins "}}}}]}"
#define BEFORE REPORT("\"1000\": 3")
#define AFTER REPORT("\"1000\": 4, \"5000\": 2")

static void test_fio_report(void **state)
{
	struct load_reading reading = { 0 };
	const struct load_tool *fio = &load_tools[LOAD_FIO];

	(void)state;
	assert_int_equal(fio->take_all(&reading,
				       BEFORE "\nfio: terminating on signal "
					      "2\n" AFTER "\n"),
			 0);
	assert_int_equal(reading.result.latency.count, 3);
	assert_int_equal(reading.result.latency.sum_ns, 11000);
	assert_int_equal(fio->take_all(&reading, "fio: no such file\n"),
			 -EINVAL);
	assert_int_equal(fio->take_all(&reading, "{\"jobs\": []}"), -EINVAL);
	assert_int_equal(fio->take_all(&reading, BEFORE), -EINVAL);
	assert_int_equal(fio->take_all(&reading, AFTER BEFORE), -EINVAL);
}

static void test_only_the_flood_counts(void **state)
{
	struct load_result result;
	struct load *load;

	(void)state;
	install("ping", "trap 'echo bye; exit' INT\n"
			"for ((i = 1; ; i++)); do\n"
			"echo \"64 bytes: icmp_seq=$i ttl=64 time=1.5 ms\"\n"
			"sleep 0.01\n"
			"done");
	assert_int_equal(load_start(LOAD_PING, "192.0.2.2", &load), 0);
	load_begin(load);
	usleep(200000);
	assert_int_equal(load_stop(load, &result), 0);
	assert_in_range(result.latency.count, 1, 100);
	assert_int_equal(result.latency.max_ns, 1500000);
	assert_int_equal(result.unanswered, 0);
}

/* Has as many threads as the real one, and answers its signals. */
static void install_fio(const char *at_end)
{
	char script[1024];

	snprintf(script, sizeof(script),
		 "exec python3 -c '\n"
		 "import os, signal, threading, time\n"
		 "def end(*_):\n"
		 "    print(\"\"\"%s\"\"\", flush=True)\n"
		 "    os._exit(1)\n"
		 "def begin(*_):\n"
		 "    print(\"\"\"" BEFORE "\"\"\", flush=True)\n"
		 "signal.signal(signal.SIGINT, end)\n"
		 "signal.signal(signal.SIGUSR1, begin)\n"
		 "for _ in range(2):\n"
		 "    threading.Thread(target=time.sleep, args=(60,)).start()\n"
		 "while True: time.sleep(0.01)'\n",
		 at_end);
	install("fio", script);
}

static void test_only_the_flood_counts_of_fio(void **state)
{
	struct load_result result;
	struct load *load;

	(void)state;
	install_fio(AFTER);
	assert_int_equal(load_start(LOAD_FIO, "/dev/null", &load), 0);
	load_begin(load);
	usleep(200000);
	assert_int_equal(load_stop(load, &result), 0);
	assert_int_equal(result.latency.count, 3);
	assert_int_equal(result.latency.sum_ns, 11000);
}

static void test_tool_missing(void **state)
{
	char path[PATH_MAX];
	struct load *load;

	(void)state;
	snprintf(path, sizeof(path), "%s/fio", directory);
	unlink(path);
	assert_int_not_equal(load_start(LOAD_FIO, "/dev/null", &load), 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "fio does not start"));
	assert_non_null(strstr(error_message(), "No such file"));
}

static void test_dies_in_mid_flood(void **state)
{
	struct load_result result;
	struct load *load;

	(void)state;
	install("ping", "echo '64 bytes: icmp_seq=1 ttl=64 time=1 ms'\n"
			"echo 'ping: sendmsg: Network is unreachable'");
	assert_int_equal(load_start(LOAD_PING, "192.0.2.2", &load), 0);
	usleep(100000);
	assert_int_not_equal(load_stop(load, &result), 0);
	assert_non_null(strstr(error_message(), "ended before the flood did"));
	assert_non_null(strstr(error_message(), "Network is unreachable"));
}

static void test_not_understood(void **state)
{
	struct load_result result;
	struct load *load;

	(void)state;
	install_fio("oops");
	assert_int_equal(load_start(LOAD_FIO, "/dev/null", &load), 0);
	load_begin(load);
	usleep(100000);
	assert_int_not_equal(load_stop(load, &result), 0);
	assert_non_null(strstr(error_message(), "not understood: oops"));
}

static void test_names(void **state)
{
	char command[LOAD_COMMAND_MAX];

	(void)state;
	for (int i = 0; i < LOAD_KINDS; i++)
		assert_int_equal(load_by_name(load_name(i)), i);
	assert_int_equal(load_by_name("iperf"), -1);
	load_command(LOAD_PING, "192.0.2.2", command);
	assert_string_equal(command, "ping -n -i 0.01 192.0.2.2");
	load_discard(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ping_lines, setup),
		cmocka_unit_test_setup(test_fio_report, setup),
		cmocka_unit_test_setup(test_only_the_flood_counts, setup),
		cmocka_unit_test_setup(test_only_the_flood_counts_of_fio,
				       setup),
		cmocka_unit_test_setup(test_tool_missing, setup),
		cmocka_unit_test_setup(test_dies_in_mid_flood, setup),
		cmocka_unit_test_setup(test_not_understood, setup),
		cmocka_unit_test_setup(test_names, setup),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
