// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/* Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014. */
uint64_t plan_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static size_t count_points(const struct job *job)
{
	const struct job_points *section;
	size_t count = 0;

	for (size_t i = 0; i < job->sections; i++) {
		section = &job->points[i];
		count += section->arms * section->rates * section->services *
			 section->mask_orders * stress_count(&section->stress);
	}
	return count;
}

static struct plan_point *add_stresses(const struct plan_point *common,
				       struct plan_point *point)
{
	const struct stress_lists *lists = &common->section->stress;

	for (size_t i = 0; i < stress_count(lists); i++) {
		*point = *common;
		point->stress = stress_at(lists, i);
		point++;
	}
	return point;
}

/* The inner half of the product. */
static struct plan_point *add_orders(const struct plan_point *common,
				     struct plan_point *point)
{
	const struct job_points *section = common->section;

	for (size_t s = 0; s < section->services; s++)
		for (size_t o = 0; o < section->mask_orders; o++) {
			struct plan_point next = *common;

			next.service_ns = section->service_ns[s];
			next.mask_hz = section->mask_hz;
			next.mask_order = section->mask_order[o];
			point = add_stresses(&next, point);
		}
	return point;
}

/* The product of one section's lists; returns where the next one goes. */
static struct plan_point *add_section(const struct job_points *section,
				      struct plan_point *point)
{
	for (size_t a = 0; a < section->arms; a++)
		for (size_t r = 0; r < section->rates; r++)
			point = add_orders(
				&(struct plan_point){
					.section = section,
					.arm = section->arm[a],
					.rate_hz = section->rate_hz[r],
				},
				point);
	return point;
}

/*
 * Fisher-Yates. The remainder's bias is below points / 2^64, far under what
 * any number of blocks could show.
 */
static void shuffle(struct plan_step *step, size_t count, uint64_t *state)
{
	struct plan_step other;
	size_t j;

	for (size_t i = count; i > 1; i--) {
		j = plan_random(state) % i;
		other = step[j];
		step[j] = step[i - 1];
		step[i - 1] = other;
	}
}

static void order_steps(struct plan *plan, uint32_t blocks)
{
	struct plan_step *step = plan->step;
	uint64_t state = plan->seed;

	for (uint32_t block = 0; block < blocks; block++) {
		for (uint32_t point = 0; point < plan->points; point++)
			step[point] = (struct plan_step){ block, point };
		shuffle(step, plan->points, &state);
		step += plan->points;
	}
}

int plan_build(const struct job *job, uint64_t seed, struct plan *plan)
{
	struct plan_point *end;

	memset(plan, 0, sizeof(*plan));
	plan->seed = seed;
	plan->points = count_points(job);
	plan->steps = plan->points * job->blocks;
	plan->point = calloc(plan->points, sizeof(*plan->point));
	plan->step = calloc(plan->steps, sizeof(*plan->step));
	if (!plan->point || !plan->step) {
		plan_free(plan);
		return -ENOMEM;
	}
	end = plan->point;
	for (size_t i = 0; i < job->sections; i++)
		end = add_section(&job->points[i], end);
	order_steps(plan, job->blocks);
	return 0;
}

void plan_free(struct plan *plan)
{
	free(plan->point);
	free(plan->step);
	memset(plan, 0, sizeof(*plan));
}
