// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "stress_result.h"

void stress_result_free(struct stress_result *result)
{
	if (result->hotplug.ran)
		hotplug_result_free(&result->hotplug.result);
	if (result->pressure.ran)
		pressure_result_free(&result->pressure.result);
	latency_track_free(&result->track);
	memset(result, 0, sizeof(*result));
}
