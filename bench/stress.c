// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "stress.h"

static size_t size_of(size_t count)
{
	return count ? count : 1;
}

size_t stress_count(const struct stress_lists *lists)
{
	return size_of(lists->hotplugs) * size_of(lists->pressures) *
	       size_of(lists->counters) * size_of(lists->moves);
}

/* Takes the last digit off *index. */
static size_t digit(size_t *index, size_t count)
{
	size_t value = *index % size_of(count);

	*index /= size_of(count);
	return value;
}

struct stress stress_at(const struct stress_lists *lists, size_t index)
{
	size_t move = digit(&index, lists->moves);
	size_t counter = digit(&index, lists->counters);
	size_t pressure = digit(&index, lists->pressures);
	size_t hotplug = digit(&index, lists->hotplugs);

	return (struct stress){
		.hotplug = lists->hotplug[hotplug],
		.pressure = lists->pressure[pressure],
		.counter = lists->counter[counter],
		.move_irq_hz = lists->move_irq_hz[move],
	};
}

static bool has_any(const unsigned int *value, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any |= value[i] != 0;
	return any;
}

bool stress_has_hotplug(const struct stress_lists *lists)
{
	return has_any(lists->hotplug, lists->hotplugs);
}

bool stress_has_pressure(const struct stress_lists *lists)
{
	return has_any(lists->pressure, lists->pressures);
}

bool stress_has_counter(const struct stress_lists *lists)
{
	return has_any(lists->counter, lists->counters);
}

bool stress_has_move(const struct stress_lists *lists)
{
	return has_any(lists->move_irq_hz, lists->moves);
}

bool stress_any(const struct stress *stress)
{
	return stress->hotplug || stress->pressure || stress->counter ||
	       stress->move_irq_hz;
}

const char *stress_text(const struct stress *stress, char text[STRESS_TEXT_MAX])
{
	size_t used = 0;

	text[0] = '\0';
	if (stress->hotplug)
		used += snprintf(text, STRESS_TEXT_MAX, "hotplug %s",
				 hotplug_choice_name(stress->hotplug));
	if (stress->pressure)
		used += snprintf(text + used, STRESS_TEXT_MAX - used,
				 "%spressure", used ? ", " : "");
	if (stress->counter)
		used += snprintf(text + used, STRESS_TEXT_MAX - used,
				 "%scounter %s", used ? ", " : "",
				 counter_read_name(stress->counter));
	if (stress->move_irq_hz)
		snprintf(text + used, STRESS_TEXT_MAX - used,
			 "%smove %" PRIu32 " Hz", used ? ", " : "",
			 stress->move_irq_hz);
	return text;
}

const char *hotplug_choice_name(enum hotplug_choice choice)
{
	static const char *const names[HOTPLUG_CHOICES] = {
		[HOTPLUG_CHOICE_NONE] = "none",
		[HOTPLUG_CHOICE_OTHERS] = "others",
		[HOTPLUG_CHOICE_IRQ] = "irq",
		[HOTPLUG_CHOICE_GUEST] = "guest",
		[HOTPLUG_CHOICE_ANY] = "any",
	};

	return names[choice];
}
