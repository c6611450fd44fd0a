/* SPDX-License-Identifier: MIT */
/*
 * The ranks of mutexes. Inside src/model/ only, and under the order lock.
 *
 * Each mutex ranks higher than all that were ever held while it was taken. Where orders contradict
 * each other, the mutexes concerned make a knot: a list round which `knot` leads, of one rank. Only
 * neighbours in the tree are compared, as what is further up follows from them; mutexes that have
 * nothing to do with each other may have the same rank.
 */
#ifndef PYTHREAD_TRACE_ORDER_RANK_H
#define PYTHREAD_TRACE_ORDER_RANK_H

#include "model/order.h"

/* What is taken before `last`, and ranked no lower than `first`. */
struct order_look {
	struct mutex_record *first, *last;
	struct mutex_record *list; /* by `todo`: `last` and what is before it, so all of its knot */
	unsigned int count;	   /* in the list */
	int64_t below;		   /* the highest rank of what is before all of these */
	bool contradiction;	   /* `first` is before `last` */
};

/* order_look.c. False when it is too much work. */
bool order_look_before(struct order_look *look);

/* order_knot.c */
bool order_in_one_knot(const struct mutex_record *one, const struct mutex_record *other);

/*
 * After a look that found a contradiction: ties all that are between `first` and `last` together,
 * and takes them off the list. They get the rank of `first`; the rest is what must move below.
 */
void order_tie(struct order_look *look);

static inline int64_t order_rank_of(const struct mutex_record *record)
{
	return record->alone->rank;
}

/* For utlist's sorting: below 0, 0 or above 0 as the first one's rank is lower, equal or higher. */
int order_by_rank(const struct mutex_record *one, const struct mutex_record *other);

#endif
