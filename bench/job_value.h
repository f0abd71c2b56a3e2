/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a setting's text means. A setting that was not given leaves the result
 * as it is, so that defaults are set first. All return 0, or -EINVAL with
 * job_fail() naming the setting and what is allowed. Pure.
 */
#ifndef BENCH_JOB_VALUE_H
#define BENCH_JOB_VALUE_H

#include "job_section.h"

/* Decimal, min and max included. */
int job_value_u64(const struct job_setting *setting, uint64_t min, uint64_t max,
		  uint64_t *result);
int job_value_u32(const struct job_setting *setting, uint32_t min, uint32_t max,
		  uint32_t *result);

/* Comma separated; *count is how many. No value may be there twice. */
int job_value_u64_list(const struct job_setting *setting, uint64_t min,
		       uint64_t max, uint64_t result[JOB_LIST_MAX],
		       size_t *count);
int job_value_u32_list(const struct job_setting *setting, uint32_t min,
		       uint32_t max, uint32_t result[JOB_LIST_MAX],
		       size_t *count);
int job_value_arms(const struct job_setting *setting,
		   uint32_t result[JOB_LIST_MAX], size_t *count);

/* Without repeats, as all lists. */
int job_value_mask_orders(const struct job_setting *setting,
			  enum mask_order result[MASK_ORDERS], size_t *count);

/* Those of name[0..names) by their indices, without repeats. */
int job_value_name_list(const struct job_setting *setting,
			const char *const *name, size_t names,
			unsigned int result[JOB_LIST_MAX], size_t *count);

/* Names of the job's neighbours as indices, or "none". */
int job_value_neighbours(const struct job_setting *setting,
			 const struct job *job,
			 size_t result[JOB_NEIGHBOURS_MAX], size_t *count);

/* Any text that fits, NUL included. */
int job_value_text(const struct job_setting *setting, char *result,
		   size_t bytes);
int job_value_load(const struct job_setting *setting, enum load_kind *result);

int job_value_guest(const struct job_setting *setting, enum guest_wish *result);
int job_value_bool(const struct job_setting *setting, bool *result);
int job_value_distribution(const struct job_setting *setting,
			   enum distribution *result);

/* "auto" or a function's address, in lower case as sysfs has it. */
int job_value_function(const struct job_setting *setting,
		       char result[JOB_FUNCTION_MAX]);

#endif
