/* SPDX-License-Identifier: MIT */
/*
 * A new order that agrees with the ranks costs one comparison. One that does not makes some move
 * down, and where that is impossible it ties a knot. Where it is too much work, the ranks are given
 * up: all may be one knot then.
 */
#include "model/order_rank.h"

#include <utlist.h>

/* Between new ranks: room for others to move in. */
#define GAP (INT64_C(1) << 32)

/* Ranks that are taken; 0 means none, and is far away from all. */
#define MIDDLE (INT64_C(1) << 62)

static int64_t highest = MIDDLE, lowest = MIDDLE;
static bool given_up;

int order_by_rank(const struct mutex_record *one, const struct mutex_record *other)
{
	if (order_rank_of(one) == order_rank_of(other))
		return 0;
	return order_rank_of(one) < order_rank_of(other) ? -1 : 1;
}

/* In steps of `room`, upwards from `bottom`. Who had one rank has one again. */
static int64_t spread(struct mutex_record *list, int64_t bottom, int64_t room)
{
	int64_t old = 0;

	LL_SORT2(list, order_by_rank, alone->todo);
	for (; list; list = list->alone->todo) {
		if (order_rank_of(list) != old)
			bottom += room;
		old = order_rank_of(list);
		list->alone->rank = bottom;
	}
	return bottom;
}

/* Room between all of them again. */
static void spread_all(void)
{
	struct mutex_record *list = NULL;

	for (unsigned int i = 0; i < mutex_table_count(); i++) {
		struct mutex_record *record = mutex_table_get(i);

		if (!record->alone || !order_rank_of(record))
			continue;
		record->alone->todo = list;
		list = record;
	}
	lowest = MIDDLE;
	highest = spread(list, lowest, GAP);
}

static int64_t room_for(const struct order_look *look)
{
	return (order_rank_of(look->first) - look->below) / (look->count + 1);
}

/* False where it is too much work. There is room for all that it found then. */
static bool look_for_room(struct order_look *look)
{
	for (int tries = 0; tries < 2; tries++) {
		if (!order_look_before(look))
			return false;
		if (look->below == INT64_MIN) {
			look->below = order_rank_of(look->first) - GAP;
			lowest = look->below < lowest ? look->below : lowest;
		}
		if (room_for(look))
			return true;
		spread_all();
	}
	return false;
}

static bool fit(struct mutex_record *before, struct mutex_record *after)
{
	struct order_look look = {.first = after, .last = before};

	if (!look_for_room(&look))
		return false;
	if (look.contradiction)
		order_tie(&look);
	spread(look.list, look.below, room_for(&look));
	return true;
}

void order_rank(const struct order_node *node)
{
	struct mutex_record *before = node->parent->record, *after = node->record;

	if (given_up)
		return;
	if (!before->alone->rank)
		before->alone->rank = lowest -= GAP;
	if (!after->alone->rank)
		after->alone->rank = highest += GAP;
	if (order_rank_of(before) >= order_rank_of(after) && !order_in_one_knot(before, after))
		given_up = !fit(before, after);
}

bool order_may_be_in_ring(const struct mutex_record *one, const struct mutex_record *other)
{
	return given_up || order_in_one_knot(one, other);
}
