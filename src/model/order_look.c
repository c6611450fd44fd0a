/* SPDX-License-Identifier: MIT */
/* The search backwards through the orders that are known. */
#include "model/order_rank.h"

/* Work under the lock: for one search, and for all before they have to become short. */
#define STEPS_MAX 50000
#define STEPS_SHORT (STEPS_MAX / 32)
#define STEPS_ALL (UINT64_C(1) << 24)

static uint32_t last_stamp;
static uint64_t steps_done;

uint32_t order_new_stamp(void)
{
	return ++last_stamp;
}

unsigned int order_steps(void)
{
	return steps_done < STEPS_ALL ? STEPS_MAX : STEPS_SHORT;
}

void order_count_steps(unsigned int steps)
{
	steps_done += steps;
}

static void follow(struct order_look *look, struct mutex_record *record, uint32_t stamp,
		   struct mutex_record **tail)
{
	record->alone->stamp = stamp;
	record->alone->todo = NULL;
	if (*tail)
		(*tail)->alone->todo = record;
	*tail = record;
	look->count++;
}

static void meet(struct order_look *look, struct mutex_record *before, uint32_t stamp,
		 struct mutex_record **tail)
{
	int64_t rank = order_rank_of(before);

	if (before == look->first || order_in_one_knot(before, look->first)) {
		look->contradiction = true;
		return;
	}
	if (rank >= order_rank_of(look->first))
		follow(look, before, stamp, tail);
	else if (rank > look->below)
		look->below = rank;
}

bool order_look_before(struct order_look *look)
{
	uint32_t stamp = order_new_stamp();
	unsigned int steps = 0, allowed = order_steps();
	struct mutex_record *tail = NULL;

	look->count = 0;
	look->below = INT64_MIN;
	look->contradiction = false;
	follow(look, look->last, stamp, &tail);
	look->list = look->last;
	for (struct mutex_record *record = look->list; record; record = record->alone->todo) {
		for (struct order_node *node = record->alone; node; node = node->same) {
			if (++steps > allowed)
				break;
			if (node->parent && node->parent->record->alone->stamp != stamp)
				meet(look, node->parent->record, stamp, &tail);
		}
	}
	order_count_steps(steps);
	return steps <= allowed;
}
