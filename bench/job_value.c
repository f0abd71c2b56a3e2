// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "job_value.h"

#define ITEM_MAX 32 /* of a list, NUL included */

struct list {
	char item[JOB_LIST_MAX][ITEM_MAX];
	size_t items;
};

static int fail_number(const struct job_setting *setting, const char *text,
		       uint64_t min, uint64_t max)
{
	return job_fail(&setting->origin,
			"%s: \"%s\"; allowed: whole numbers from %" PRIu64
			" to %" PRIu64,
			setting->key, text, min, max);
}

/* strtoull() alone takes signs and white space, and wraps negative numbers. */
static int parse_number(const struct job_setting *setting, const char *text,
			uint64_t min, uint64_t max, uint64_t *result)
{
	uint64_t value;

	if (!*text || text[strspn(text, "0123456789")])
		return fail_number(setting, text, min, max);
	errno = 0;
	value = strtoull(text, NULL, 10);
	if (errno || value < min || value > max)
		return fail_number(setting, text, min, max);
	*result = value;
	return 0;
}

int job_value_u64(const struct job_setting *setting, uint64_t min, uint64_t max,
		  uint64_t *result)
{
	if (!setting->value)
		return 0;
	return parse_number(setting, setting->value, min, max, result);
}

int job_value_u32(const struct job_setting *setting, uint32_t min, uint32_t max,
		  uint32_t *result)
{
	uint64_t value = *result;
	int err;

	err = job_value_u64(setting, min, max, &value);
	*result = value;
	return err;
}

static int add_item(const struct job_setting *setting, const char *text,
		    size_t bytes, struct list *list)
{
	char *item;

	if (list->items == JOB_LIST_MAX)
		return job_fail(&setting->origin,
				"%s: more than %d values in the list",
				setting->key, JOB_LIST_MAX);
	if (bytes >= ITEM_MAX)
		return job_fail(&setting->origin,
				"%s: \"%.*s\" is longer than %d characters",
				setting->key, (int)bytes, text, ITEM_MAX - 1);
	if (!bytes)
		return job_fail(&setting->origin,
				"%s: an empty value in the list", setting->key);
	item = list->item[list->items++];
	memcpy(item, text, bytes);
	item[bytes] = '\0';
	return 0;
}

static int split(const struct job_setting *setting, struct list *list)
{
	const char *text = setting->value;
	size_t bytes, whole;
	int err;

	list->items = 0;
	for (;; text += whole + 1) {
		whole = strcspn(text, ",");
		bytes = whole;
		while (bytes &&
		       (text[bytes - 1] == ' ' || text[bytes - 1] == '\t'))
			bytes--;
		err = add_item(setting, text, bytes, list);
		if (err || !text[whole])
			return err;
		whole += strspn(text + whole + 1, " \t");
	}
}

static int fail_twice(const struct job_setting *setting, const char *item)
{
	return job_fail(&setting->origin, "%s: \"%s\" is in the list twice",
			setting->key, item);
}

int job_value_u64_list(const struct job_setting *setting, uint64_t min,
		       uint64_t max, uint64_t result[JOB_LIST_MAX],
		       size_t *count)
{
	struct list list;
	int err;

	if (!setting->value)
		return 0;
	err = split(setting, &list);
	for (size_t i = 0; i < list.items && !err; i++) {
		err = parse_number(setting, list.item[i], min, max, &result[i]);
		for (size_t j = 0; j < i && !err; j++)
			if (result[j] == result[i])
				err = fail_twice(setting, list.item[i]);
	}
	*count = list.items;
	return err;
}

int job_value_u32_list(const struct job_setting *setting, uint32_t min,
		       uint32_t max, uint32_t result[JOB_LIST_MAX],
		       size_t *count)
{
	uint64_t value[JOB_LIST_MAX];
	int err;

	if (!setting->value)
		return 0;
	err = job_value_u64_list(setting, min, max, value, count);
	for (size_t i = 0; i < *count && !err; i++)
		result[i] = value[i];
	return err;
}

static int fail_arm(const struct job_setting *setting, const char *item)
{
	char allowed[512] = "";
	size_t used = 0;

	for (size_t i = 0; arm_name_at(i); i++)
		used += snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
				 used ? ", " : "", arm_name_at(i));
	return job_fail(&setting->origin, "%s: \"%s\"; allowed: %s",
			setting->key, item, allowed);
}

int job_value_arms(const struct job_setting *setting,
		   uint32_t result[JOB_LIST_MAX], size_t *count)
{
	struct list list;
	int arm, err;

	if (!setting->value)
		return 0;
	err = split(setting, &list);
	for (size_t i = 0; i < list.items && !err; i++) {
		arm = arm_by_name(list.item[i]);
		if (arm < 0)
			return fail_arm(setting, list.item[i]);
		result[i] = arm;
		for (size_t j = 0; j < i && !err; j++)
			if (result[j] == result[i])
				err = fail_twice(setting, list.item[i]);
	}
	*count = list.items;
	return err;
}

int job_value_mask_orders(const struct job_setting *setting,
			  enum mask_order result[MASK_ORDERS], size_t *count)
{
	struct list list;
	int order, err;

	if (!setting->value)
		return 0;
	err = split(setting, &list);
	*count = 0;
	for (size_t i = 0; i < list.items && !err; i++) {
		order = mask_order_by_name(list.item[i]);
		if (order < 0)
			return job_fail(&setting->origin,
					"%s: \"%s\"; allowed: %s, %s",
					setting->key, list.item[i],
					mask_order_name(MASK_CALL_FIRST),
					mask_order_name(MASK_WRITE_FIRST));
		for (size_t j = 0; j < *count && !err; j++)
			if ((int)result[j] == order)
				err = fail_twice(setting, list.item[i]);
		if (!err)
			result[(*count)++] = order;
	}
	return err;
}

static int fail_name(const struct job_setting *setting, const char *item,
		     const char *const *name, size_t names)
{
	char allowed[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < names; i++)
		used += snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
				 used ? ", " : "", name[i]);
	return job_fail(&setting->origin, "%s: \"%s\"; allowed: %s",
			setting->key, item, allowed);
}

int job_value_name_list(const struct job_setting *setting,
			const char *const *name, size_t names,
			unsigned int result[JOB_LIST_MAX], size_t *count)
{
	struct list list;
	int err;

	if (!setting->value)
		return 0;
	err = split(setting, &list);
	for (size_t i = 0; i < list.items && !err; i++) {
		unsigned int found = 0;

		while (found < names && strcmp(name[found], list.item[i]) != 0)
			found++;
		if (found == names)
			return fail_name(setting, list.item[i], name, names);
		result[i] = found;
		for (size_t j = 0; j < i && !err; j++)
			if (result[j] == found)
				err = fail_twice(setting, list.item[i]);
	}
	*count = list.items;
	return err;
}

static int fail_neighbour(const struct job_setting *setting,
			  const struct job *job, const char *item)
{
	char allowed[JOB_NEIGHBOURS_MAX * (JOB_NAME_MAX + 2) + 1] = "";
	size_t used = 0;

	for (size_t i = 0; i < job->neighbours; i++)
		used += snprintf(allowed + used, sizeof(allowed) - used, "%s, ",
				 job->neighbour[i].name);
	return job_fail(&setting->origin, "%s: \"%s\"; allowed: %snone alone",
			setting->key, item, allowed);
}

static int find_neighbour(const struct job *job, const char *name)
{
	for (size_t i = 0; i < job->neighbours; i++)
		if (!strcmp(job->neighbour[i].name, name))
			return i;
	return -1;
}

int job_value_neighbours(const struct job_setting *setting,
			 const struct job *job,
			 size_t result[JOB_NEIGHBOURS_MAX], size_t *count)
{
	struct list list;
	int err, found;

	if (!setting->value)
		return 0;
	*count = 0;
	if (!strcmp(setting->value, "none"))
		return 0;
	err = split(setting, &list);
	for (size_t i = 0; i < list.items && !err; i++) {
		found = find_neighbour(job, list.item[i]);
		if (found < 0)
			return fail_neighbour(setting, job, list.item[i]);
		for (size_t j = 0; j < *count; j++)
			if (result[j] == (size_t)found)
				return fail_twice(setting, list.item[i]);
		result[(*count)++] = found;
	}
	return err;
}

int job_value_bool(const struct job_setting *setting, bool *result)
{
	if (!setting->value)
		return 0;
	*result = !strcmp(setting->value, "yes");
	if (*result || !strcmp(setting->value, "no"))
		return 0;
	return job_fail(&setting->origin, "%s: \"%s\"; allowed: yes, no",
			setting->key, setting->value);
}

int job_value_guest(const struct job_setting *setting, enum guest_wish *result)
{
	if (!setting->value)
		return 0;
	for (int i = 0; i < GUEST_CHOICES; i++) {
		if (strcmp(setting->value, guest_wish_name(i)) != 0)
			continue;
		*result = i;
		return 0;
	}
	return job_fail(&setting->origin,
			"%s: \"%s\"; allowed: auto, kvm, thread, qemu",
			setting->key, setting->value);
}

int job_value_distribution(const struct job_setting *setting,
			   enum distribution *result)
{
	if (!setting->value)
		return 0;
	for (int i = 0; distribution_name(i); i++) {
		if (strcmp(setting->value, distribution_name(i)) != 0)
			continue;
		*result = i;
		return 0;
	}
	return job_fail(&setting->origin,
			"%s: \"%s\"; allowed: periodic, poisson, burst, "
			"back-to-back",
			setting->key, setting->value);
}

/* min to max hex digits at *text and the separator behind them. */
static bool take_hex(const char **text, size_t min, size_t max, char separator,
		     unsigned int *result)
{
	size_t digits = strspn(*text, "0123456789abcdefABCDEF");

	if (digits < min || digits > max || (*text)[digits] != separator)
		return false;
	*result = strtoul(*text, NULL, 16);
	*text += digits + (separator != '\0');
	return true;
}

int job_value_function(const struct job_setting *setting,
		       char result[JOB_FUNCTION_MAX])
{
	unsigned int domain, bus, slot, function;
	const char *text = setting->value;

	if (!text)
		return 0;
	if (!strcmp(text, "auto")) {
		snprintf(result, JOB_FUNCTION_MAX, "auto");
		return 0;
	}
	if (!take_hex(&text, 4, 7, ':', &domain) ||
	    !take_hex(&text, 2, 2, ':', &bus) ||
	    !take_hex(&text, 2, 2, '.', &slot) ||
	    !take_hex(&text, 1, 1, '\0', &function) || slot > 31 ||
	    function > 7)
		return job_fail(&setting->origin,
				"%s: \"%s\"; allowed: auto, or an address like "
				"0000:00:04.0",
				setting->key, setting->value);
	snprintf(result, JOB_FUNCTION_MAX, "%04x:%02x:%02x.%x", domain, bus,
		 slot, function);
	return 0;
}

int job_value_text(const struct job_setting *setting, char *result,
		   size_t bytes)
{
	if (!setting->value)
		return 0;
	if (snprintf(result, bytes, "%s", setting->value) < (int)bytes)
		return 0;
	return job_fail(&setting->origin, "%s: longer than %zu bytes",
			setting->key, bytes - 1);
}

int job_value_load(const struct job_setting *setting, enum load_kind *result)
{
	int kind;

	if (!setting->value)
		return 0;
	kind = load_by_name(setting->value);
	if (kind < 0)
		return job_fail(&setting->origin,
				"%s: \"%s\"; allowed: none, ping, fio",
				setting->key, setting->value);
	*result = kind;
	return 0;
}
