// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "field.h"
#include "report_stress.h"

static const char *const directions[REPORT_DIRECTIONS] = {
	[REPORT_OFFLINE] = "offline",
	[REPORT_ONLINE] = "online",
};

struct count {
	const char *name;
	uint64_t *value;
};

static int load_counts(const struct field *parent, const struct count *count,
		       size_t counts)
{
	int err = 0;

	for (size_t i = 0; !err && i < counts; i++)
		err = field_count(parent, count[i].name, count[i].value);
	return err;
}

#define LOAD_COUNTS(parent, count) \
	load_counts(parent, count, sizeof(count) / sizeof((count)[0]))

static int load_step(const struct field *field, struct report_step *step)
{
	int err = field_string(field, "name", &step->name);

	for (int i = 0; !err && i < REPORT_DIRECTIONS; i++) {
		struct field brief;

		if (!field_has(field, directions[i]))
			continue;
		err = field_object(field, directions[i], &brief);
		if (!err)
			err = field_count(&brief, "count",
					  &step->direction[i].count);
		if (!err)
			err = field_number(&brief, "mean_ns",
					   &step->direction[i].mean_ns);
	}
	return err;
}

static int load_steps(const struct field *parent,
		      struct report_hotplug *hotplug)
{
	struct field array, element;
	int err = field_array(parent, "states", &array);
	size_t count;

	if (err)
		return err;
	count = json_array_size(array.value);
	hotplug->step = calloc(count + 1, sizeof(*hotplug->step));
	if (!hotplug->step)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	hotplug->steps = count;
	for (size_t i = 0; !err && i < count; i++) {
		err = field_element(&array, i, JSON_OBJECT, &element);
		if (!err)
			err = load_step(&element, &hotplug->step[i]);
	}
	return err;
}

static int load_hotplug(const struct field *point,
			struct report_hotplug *hotplug)
{
	const struct count counts[] = {
		{ "cycles", &hotplug->cycles },
		{ "failed_offline", &hotplug->failed[REPORT_OFFLINE] },
		{ "failed_online", &hotplug->failed[REPORT_ONLINE] },
		{ "repinned", &hotplug->repinned },
		{ "reaimed", &hotplug->reaimed },
		{ "strayed", &hotplug->strayed },
		{ "trace_lost", &hotplug->trace_lost },
	};
	struct field field, not_back;
	int err;

	hotplug->choice = hotplug->trace_why = "";
	if (!field_has(point, "hotplug"))
		return 0;
	err = field_object(point, "hotplug", &field);
	if (!err)
		err = field_string(&field, "choice", &hotplug->choice);
	if (!err)
		err = LOAD_COUNTS(&field, counts);
	if (!err && field_has(&field, "cycles_asked"))
		err = field_count(&field, "cycles_asked",
				  &hotplug->cycles_asked);
	hotplug->asserted_known = !err && field_has(&field, "offline_asserted");
	if (hotplug->asserted_known)
		err = field_count(&field, "offline_asserted",
				  &hotplug->asserted);
	if (!err && field_has(&field, "trace_why"))
		err = field_string(&field, "trace_why", &hotplug->trace_why);
	if (!err)
		err = field_array(&field, "not_back", &not_back);
	if (!err)
		hotplug->not_back = json_array_size(not_back.value);
	for (int i = 0; !err && i < REPORT_DIRECTIONS; i++)
		err = report_metric_load(&field, directions[i],
					 &hotplug->metric[i]);
	return err ? err : load_steps(&field, hotplug);
}

static int load_pressure(const struct field *point,
			 struct report_pressure *pressure)
{
	const struct count counts[] = {
		{ "high", &pressure->high },
		{ "max", &pressure->max },
		{ "oom_kill", &pressure->oom_kill },
	};
	const struct count psi[] = {
		{ "some_us", &pressure->some_us },
		{ "full_us", &pressure->full_us },
	};
	struct field field, events;
	bool counted;
	int err;

	if (!field_has(point, "pressure"))
		return 0;
	pressure->ran = true;
	err = field_object(point, "pressure", &field);
	if (!err)
		err = field_bool(point, "pressure_reached", &pressure->reached);
	if (!err)
		err = field_count(&field, "length_ns", &pressure->length_ns);
	counted = !err && field_has(&field, "events");
	if (counted)
		err = field_object(&field, "events", &events);
	if (!err && counted)
		err = LOAD_COUNTS(&events, counts);
	pressure->psi = !err && field_has(&field, "some_us");
	if (pressure->psi)
		err = LOAD_COUNTS(&field, psi);
	return err ? err :
		     report_metric_load(&field, "memory_stat_read",
					&pressure->read);
}

static int load_counter(const struct field *point,
			struct report_counter *counter)
{
	const struct count counts[] = {
		{ "added", &counter->added },
		{ "sum", &counter->sum },
		{ "reads", &counter->reads },
		{ "backwards", &counter->backwards },
		{ "blocked", &counter->blocked },
		{ "folds", &counter->folds },
	};
	struct field field;
	int err;

	counter->read = "";
	if (!field_has(point, "counter"))
		return 0;
	err = field_object(point, "counter", &field);
	if (!err)
		err = field_string(&field, "read", &counter->read);
	if (!err)
		err = LOAD_COUNTS(&field, counts);
	if (!err)
		err = report_metric_load(&field, "reading", &counter->reading);
	return err ? err :
		     report_metric_load(&field, "folding", &counter->folding);
}

static int load_move(const struct field *point, struct report_move *move)
{
	const struct count counts[] = {
		{ "rate_hz", &move->rate_hz },
		{ "moves", &move->moves },
		{ "failed", &move->failed },
		{ "missed", &move->missed },
	};
	struct field field;
	int err;

	if (!field_has(point, "move_irq"))
		return 0;
	err = field_object(point, "move_irq", &field);
	if (!err)
		err = LOAD_COUNTS(&field, counts);
	return err ? err : report_metric_load(&field, "moving", &move->moving);
}

/* A record may come from anywhere: only a file beside it is opened. */
static int load_timeline(const struct field *point, const char *record,
			 struct report_stress *stress)
{
	static const char folder[] = "timeline/";
	const char *slash = strrchr(record, '/'), *name;
	int err;

	if (!field_has(point, "timeline"))
		return 0;
	err = field_string(point, "timeline", &name);
	if (err)
		return err;
	if (strncmp(name, folder, strlen(folder)) != 0 ||
	    strchr(name + strlen(folder), '/'))
		return field_fail(point,
				  "timeline \"%s\", where timeline/FILE "
				  "is expected",
				  name);
	if (asprintf(&stress->timeline, "%.*s%s",
		     slash ? (int)(slash + 1 - record) : 0, record, name) < 0) {
		stress->timeline = NULL;
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	}
	if (!access(stress->timeline, R_OK))
		return 0;
	free(stress->timeline);
	stress->timeline = NULL;
	return 0;
}

int report_stress_load(const struct field *point, const char *record,
		       struct report_stress *stress)
{
	int err = 0;

	if (field_has(point, "flooded_ns"))
		err = field_count(point, "flooded_ns", &stress->flooded_ns);
	if (!err)
		err = load_hotplug(point, &stress->hotplug);
	if (!err)
		err = load_pressure(point, &stress->pressure);
	if (!err)
		err = load_counter(point, &stress->counter);
	if (!err)
		err = load_move(point, &stress->move);
	return err ? err : load_timeline(point, record, stress);
}

void report_stress_free(struct report_stress *stress)
{
	free(stress->hotplug.step);
	free(stress->timeline);
}

bool report_stress_same(const struct report_stress *a,
			const struct report_stress *b)
{
	return !strcmp(a->hotplug.choice, b->hotplug.choice) &&
	       a->pressure.ran == b->pressure.ran &&
	       !strcmp(a->counter.read, b->counter.read) &&
	       a->move.rate_hz == b->move.rate_hz;
}
