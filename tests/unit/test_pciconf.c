// SPDX-License-Identifier: GPL-2.0-or-later
/* The guest's little PCI bus. */
#include "unit.h"
#include "vmm/pciconf.h"

#define COMMAND 0x80000004

static void test_no_address(void **state)
{
	struct pciconf conf = { 0 };

	(void)state;
	assert_int_equal(pciconf_read(&conf, 0xcfc, 4), 0xffffffff);
	assert_int_equal(pciconf_read(&conf, 0xcfd, 1), 0xff);
	pciconf_write(&conf, 0xcfc, 2, 0x400);
	assert_int_equal(conf.command, 0);
}

static void test_ids(void **state)
{
	struct pciconf conf = { 0 };

	(void)state;
	pciconf_write(&conf, 0xcf8, 4, 0x80000000);
	assert_int_equal(pciconf_read(&conf, 0xcf8, 4), 0x80000000);
	assert_int_equal(pciconf_read(&conf, 0xcfc, 2), 0x1234);
	assert_int_equal(pciconf_read(&conf, 0xcfe, 2), 0x11e8);
	assert_int_equal(pciconf_read(&conf, 0xcff, 1), 0x11);
	pciconf_write(&conf, 0xcfc, 4, 0);
	assert_int_equal(pciconf_read(&conf, 0xcfc, 2), 0x1234);
}

static void test_nobody_else(void **state)
{
	static const uint32_t other[] = { 0x80000104, 0x80000804, 0x80010004 };
	struct pciconf conf = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		pciconf_write(&conf, 0xcf8, 4, other[i]);
		pciconf_write(&conf, 0xcfc, 2, 0x400);
		assert_int_equal(conf.command, 0);
		assert_int_equal(pciconf_read(&conf, 0xcfc, 2), 0xffff);
	}
}

static void test_command(void **state)
{
	struct pciconf conf = { 0 };

	(void)state;
	pciconf_write(&conf, 0xcf8, 4, COMMAND);
	pciconf_write(&conf, 0xcfc, 2, PCICONF_INTX_DISABLE);
	assert_int_equal(conf.command, PCICONF_INTX_DISABLE);
	pciconf_write(&conf, 0xcfc, 1, 0x06);
	assert_int_equal(pciconf_read(&conf, 0xcfc, 4), 0x406);
	/* By its upper byte alone, and with the status beside it. */
	pciconf_write(&conf, 0xcfd, 1, 0);
	assert_int_equal(conf.command, 0x006);
	pciconf_write(&conf, 0xcfc, 4, 0xfffffff8);
	assert_int_equal(conf.command, PCICONF_INTX_DISABLE);
	pciconf_write(&conf, 0xcfe, 2, 0);
	assert_int_equal(conf.command, PCICONF_INTX_DISABLE);
}

static void test_other_ports(void **state)
{
	struct pciconf conf = { 0 };

	(void)state;
	pciconf_write(&conf, 0xcf8, 1, 0x80);
	pciconf_write(&conf, 0x80, 1, 0x80);
	assert_int_equal(conf.address, 0);
	pciconf_write(&conf, 0xcf8, 4, COMMAND);
	assert_int_equal(pciconf_read(&conf, 0x60, 1), 0xff);
	/* Across the end of the data port. */
	pciconf_write(&conf, 0xcff, 2, 0x400);
	assert_int_equal(pciconf_read(&conf, 0xcff, 2), 0xffff);
	assert_int_equal(conf.command, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_nobody_else),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_other_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
