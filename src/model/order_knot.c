/* SPDX-License-Identifier: MIT */
#include "model/order_rank.h"

#include <utlist.h>

bool order_in_one_knot(const struct mutex_record *one, const struct mutex_record *other)
{
	return one->alone && one->alone->knot && other->alone && other->alone->knot &&
	       one->alone->tied == other->alone->tied;
}

static bool comes_after(const struct mutex_record *record, uint32_t stamp)
{
	for (const struct order_node *node = record->alone; node; node = node->same) {
		if (node->parent && node->parent->record->alone->stamp == stamp)
			return true;
	}
	return false;
}

/* The record and all of its knot; those have one rank. */
static void mark(struct mutex_record *record, uint32_t stamp, int64_t rank)
{
	while (record && record->alone->stamp != stamp) {
		record->alone->stamp = stamp;
		record->alone->rank = rank;
		record->alone->tied = stamp;
		record = record->alone->knot;
	}
}

/* Makes one ring of two. */
static void join(struct mutex_record *one, struct mutex_record *other)
{
	struct mutex_record **one_next = &one->alone->knot, **other_next = &other->alone->knot;
	struct mutex_record *after_one = *one_next ? *one_next : one;

	*one_next = *other_next ? *other_next : other;
	*other_next = after_one;
}

/*
 * From the lowest rank up, so that whatever comes after `first` is known when it is asked for what
 * comes after that.
 */
void order_tie(struct order_look *look)
{
	uint32_t stamp = order_new_stamp();
	int64_t rank = order_rank_of(look->first);
	struct mutex_record *list = look->list, *rest = NULL, *record, *next;

	LL_SORT2(list, order_by_rank, alone->todo);
	mark(look->first, stamp, rank);
	for (record = list; record; record = record->alone->todo) {
		if (record->alone->stamp == stamp || !comes_after(record, stamp))
			continue;
		mark(record, stamp, rank);
		join(look->first, record);
	}
	look->count = 0;
	for (record = list; record; record = next) {
		next = record->alone->todo;
		if (record->alone->stamp == stamp)
			continue;
		record->alone->todo = rest;
		rest = record;
		look->count++;
	}
	look->list = rest;
}
