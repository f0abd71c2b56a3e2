// SPDX-License-Identifier: GPL-2.0-or-later
/* The guest's own INTx mask, INTXBENCH_INTX_MASK. */
#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kmod_test.h"

/* A guest that masks and unmasks, at kHz, and does not serve meanwhile. */
struct toggler {
	struct rig *rig;
	pthread_t thread;
	volatile bool stop;
};

static void *toggle(void *arg)
{
	struct toggler *toggler = arg;

	while (!toggler->stop) {
		rig_guest_mask(toggler->rig, true);
		usleep(300);
		rig_guest_mask(toggler->rig, false);
		usleep(200);
	}
	return NULL;
}

/* Masked, it is told nothing, for as long as it likes. */
static void hold_masked(struct rig *rig)
{
	const struct intxbench_data *data = rig->function[0].data;
	uint64_t injected, asserted;

	rig_guest_mask(rig, true);
	injected = data->injected;
	asserted = data->asserted;
	rig_sleep_ms(100);
	assert_int_equal(data->injected, injected);
	assert_true(data->asserted > asserted);
	rig_guest_mask(rig, false);
}

static void mask_and_check(uint32_t arm, unsigned int functions)
{
	const struct intxbench_data *data;
	struct toggler toggler = { 0 };
	struct rig rig;
	unsigned int i;

	rig_open(&rig, arm, functions);
	data = rig.function[0].data;
	rig_serve(&rig, 0);
	for (i = 0; i < functions; i++)
		rig_schedule(&rig, i, 200000 + 300000 * i, 0);
	/* A slow machine is not a guest that forgot. */
	assert_int_equal(rig_start(&rig, 0, 0, 10000 * MS), 0);
	toggler.rig = &rig;
	assert_int_equal(
		pthread_create(&toggler.thread, NULL, toggle, &toggler), 0);
	for (i = 0; i < 1000 && (i < 50 || data->guest_masks < 100); i++)
		rig_sleep_ms(10);
	toggler.stop = true;
	pthread_join(toggler.thread, NULL);
	hold_masked(&rig);
	rig_sleep_ms(50);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_int_equal(rig.empty, 0);
	assert_balanced(data, rig.served);
	for (i = 1; i < functions; i++)
		assert_balanced(rig.function[i].data,
				rig.function[i].data->served);
	assert_true(data->guest_masks > 100);
	assert_int_equal(data->guest_masks, data->guest_unmasks);
	assert_true(data->withheld + data->acks_withheld > 0);
	assert_int_equal(data->masked_again, 0);
	assert_int_equal(data->starved, 0);
	rig_close(&rig);
	assert_int_equal(rig_handlers(), 0);
}

void test_guest_mask(void **state)
{
	(void)state;
	mask_and_check(INTXBENCH_ARM_PCI23, 1);
	mask_and_check(INTXBENCH_ARM_PCI23, 2);
	mask_and_check(INTXBENCH_ARM_LINE, 1);
	mask_and_check(INTXBENCH_ARM_LINE, 2);
	mask_and_check(INTXBENCH_ARM_LINE_UNLAZY, 2);
	mask_and_check(INTXBENCH_ARM_ONESHOT, 1);
	mask_and_check(INTXBENCH_ARM_ADAPTIVE, 1);
	mask_and_check(INTXBENCH_ARM_ADAPTIVE, 2);
}

/* A guest that masks for longer than the line may be off. */
void test_guest_mask_is_watched(void **state)
{
	const struct intxbench_data *data, *neighbour;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_LINE, 2);
	data = rig.function[0].data;
	neighbour = rig.function[1].data;
	rig_serve(&rig, 0);
	rig_schedule(&rig, 0, 1000000, 0);
	rig_schedule(&rig, 1, 1000000, 0);
	assert_int_equal(rig_start(&rig, 0, 600 * MS, 50 * MS), 0);
	rig_sleep_ms(100);
	rig_guest_mask(&rig, true);
	rig_sleep_ms(300);
	assert_true(data->starved > 0);
	rig_guest_mask(&rig, false);
	rig_sleep_ms(300);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_balanced(data, rig.served);
	assert_balanced(neighbour, neighbour->served);
	rig_close(&rig);
}

/* Nothing to tell: the guest acked before it masked, or had not been told. */
void test_guest_mask_when_idle(void **state)
{
	const struct intxbench_data *data;
	struct rig rig;
	unsigned int ms;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 1);
	data = rig.function[0].data;
	rig_guest_mask(&rig, false);
	assert_int_equal(data->guest_unmasks, 0);
	rig_guest_mask(&rig, true);
	rig_guest_mask(&rig, true);
	assert_int_equal(data->guest_masks, 1);
	rig_guest_mask(&rig, false);
	assert_int_equal(data->guest_unmasks, 1);
	assert_int_equal(data->injected, 0);
	/* And one that closes while it masks. */
	rig_schedule(&rig, 0, 1000000, 0);
	rig_guest_mask(&rig, true);
	assert_int_equal(rig_start(&rig, 0, 0, 0), 0);
	for (ms = 0; ms < 2000 && !data->withheld; ms += 10)
		rig_sleep_ms(10);
	assert_int_equal(data->withheld, 1);
	assert_true(rig_state(&rig, 0).flags & INTXBENCH_STATE_MASKED);
	rig_close(&rig);
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 1000000, 0);
}

void test_bad_guest_mask(void **state)
{
	struct intxbench_intx_mask good = { .size = sizeof(good) }, bad;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 2);
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INTX_MASK, &good), 0);
	bad = good, bad.masked = 2;
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INTX_MASK, &bad), -1);
	assert_int_equal(errno, EINVAL);
	bad = good, bad.flags = 1;
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INTX_MASK, &bad), -1);
	assert_int_equal(errno, EINVAL);
	bad = good, bad.index = 1; /* a neighbour */
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INTX_MASK, &bad), -1);
	assert_int_equal(errno, EINVAL);
	bad = good, bad.index = 2;
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INTX_MASK, &bad), -1);
	assert_int_equal(errno, ENOENT);
	rig_close(&rig);
}
