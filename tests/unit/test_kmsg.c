// SPDX-License-Identifier: GPL-2.0-or-later
#include "error.h"
#include "kmsg.h"
#include "unit.h"

static struct kmsg kmsg;
static struct kmsg_faults faults;
static char log_text[4096];

static int setup(void **state)
{
	(void)state;
	memset(&kmsg, 0, sizeof(kmsg));
	memset(&faults, 0, sizeof(faults));
	kmsg.fd = -1;
	kmsg.log = fmemopen(log_text, sizeof(log_text), "w");
	return !kmsg.log;
}

static int teardown(void **state)
{
	(void)state;
	return fclose(kmsg.log);
}

static void keep(const char *text)
{
	char record[256];

	snprintf(record, sizeof(record), "%s", text);
	kmsg_keep(&kmsg, record);
}

static void test_record(void **state)
{
	char record[] = "4,1234,5678901,-;irq 20: nobody cared; really\n"
			" SUBSYSTEM=pci\n DEVICE=+pci:0000:00:04.0\n";
	struct kmsg_line line;

	(void)state;
	assert_true(kmsg_parse(record, &line));
	assert_string_equal(line.text, "irq 20: nobody cared; really");
	assert_int_equal(line.sequence, 1234);
	assert_int_equal(line.log_us, 5678901);
	assert_true(line.kernels);
}

/* Facility 1 is LOG_USER, 3 is LOG_DAEMON, at whatever level. */
static void test_facility(void **state)
{
	static const struct {
		const char *record;
		bool kernels;
	} records[] = {
		{ "0,1,2,-;x", true },    { "7,1,2,c;x", true },
		{ "8,1,2,-;x", false },   { "12,1,2,-;x", false },
		{ "30,1,2,-;x", false },  { "4,1,2,-,caller=T1;x", true },
		{ "191,1,2,-;x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct kmsg_line line;
		char record[64];

		strcpy(record, records[i].record);
		assert_true(kmsg_parse(record, &line));
		assert_int_equal(line.kernels, records[i].kernels);
	}
}

static void test_not_a_record(void **state)
{
	char no_text[] = "6,1,2,-", no_time[] = "text; more text";
	char no_number[] = "6,1;text";
	struct kmsg_line line;

	(void)state;
	assert_false(kmsg_parse(no_text, &line));
	assert_false(kmsg_parse(no_time, &line));
	assert_false(kmsg_parse(no_number, &line));
}

static void test_faults(void **state)
{
	(void)state;
	keep("6,10,1000001,-;ACPI: GSIE: Enabled at IRQ 20\n");
	keep("4,11,1000002,-;------------[ cut here ]------------\n");
	keep("4,12,1000003,-;Unbalanced enable for IRQ 20\n");
	keep("4,13,1000004,-;WARNING: CPU: 1 PID: 2 at kernel/irq/manage.c:781 __enable_irq+0x37/0x60\n");
	keep("4,14,1000005,-;---[ end trace 0000000000000000 ]---\n");
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.fault[0].kind, "unbalanced-enable");
	assert_string_equal(faults.fault[0].text,
			    "Unbalanced enable for IRQ 20");
	assert_int_equal(faults.fault[0].log_us, 1000003);
	assert_true(faults.fault[0].seen_ns > 0);
	assert_int_equal(faults.lost, 0);

	fflush(kmsg.log);
	assert_non_null(strstr(
		log_text, "[    1.000001] ACPI: GSIE: Enabled at IRQ 20\n"));

	/* Taken once; what comes next is added. */
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(faults.count, 1);
	keep("3,15,2000000,-;BUG: scheduling while atomic: a/1/0x00000002\n");
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(faults.count, 2);
	assert_string_equal(faults.fault[1].kind, "scheduling-while-atomic");
}

/* Nor do they end or begin what the kernel reports. */
static void test_userspace_is_no_kernel(void **state)
{
	(void)state;
	keep("12,1,1,-;WARNING: CPU: 1 PID: 2 at nowhere\n");
	keep("15,2,1,-;intxbench: BUG: a mark\n");
	keep("3,3,1,-;irq 20: nobody cared (try)\n");
	keep("12,4,1,-;------------[ cut here ]------------\n");
	keep("0,5,1,-;Disabling IRQ #20\n");
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.fault[0].kind, "nobody-cared");
}

/* The first are kept, all are counted, and nothing is written behind. */
static void test_many(void **state)
{
	char record[128];

	(void)state;
	for (int i = 0; i < 3 * KMSG_FAULTS_MAX; i++) {
		snprintf(
			record, sizeof(record),
			"4,%d,%d,-;INFO: task a:%d blocked for more than 120 seconds.\n",
			i + 1, i, i);
		kmsg_keep(&kmsg, record);
		if (i == KMSG_FAULTS_MAX + 1)
			kmsg_take_faults(&kmsg, &faults);
	}
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(faults.count, 3 * KMSG_FAULTS_MAX);
	assert_int_equal(kmsg_faults_kept(&faults), KMSG_FAULTS_MAX);
	assert_int_equal(faults.fault[KMSG_FAULTS_MAX - 1].log_us,
			 KMSG_FAULTS_MAX - 1);
}

static void test_long_line(void **state)
{
	char record[1024] = "4,1,1,-;BUG: ";

	(void)state;
	memset(record + strlen(record), 'x', 900);
	kmsg_keep(&kmsg, record);
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(strlen(faults.fault[0].text), KMSG_TEXT_MAX - 1);
}

/* The numbers of the records tell how many went by. */
static void test_lost(void **state)
{
	(void)state;
	keep("6,1000,1,-;the first that is read: nothing is known before\n");
	keep("6,1001,1,-;the next\n");
	keep("6,1102,1,-;and one behind a gap\n");
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(faults.lost, 100);
	kmsg_take_faults(&kmsg, &faults);
	assert_int_equal(faults.lost, 100);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_record),
		CASE(test_facility),
		CASE(test_not_a_record),
		CASE(test_faults),
		CASE(test_userspace_is_no_kernel),
		CASE(test_many),
		CASE(test_long_line),
		CASE(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
