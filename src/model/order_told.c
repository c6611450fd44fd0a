/* SPDX-License-Identifier: MIT */
/* Each set of mutexes is reported once, in whatever order it makes a ring. */
#include "model/order.h"

#include <string.h>

struct told {
	struct told *next;
	const struct mutex_record *record[RING_MAX]; /* by address; NULL where there are fewer */
};

static struct told *told; /* under the order lock */

static void sort(const struct mutex_record **record, unsigned int count)
{
	for (unsigned int i = 1; i < count; i++) {
		for (unsigned int j = i; j && record[j - 1] > record[j]; j--) {
			const struct mutex_record *higher = record[j - 1];

			record[j - 1] = record[j];
			record[j] = higher;
		}
	}
}

bool order_is_news(const struct mutex_record *set[RING_MAX], unsigned int count)
{
	struct told *new;

	sort(set, count);
	for (const struct told *old = told; old; old = old->next) {
		if (memcmp(old->record, set, sizeof(old->record)) == 0)
			return false;
	}
	new = order_alloc(sizeof(*new));
	if (!new)
		return false;
	memcpy(new->record, set, sizeof(new->record));
	new->next = told;
	told = new;
	return true;
}
