/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/piles.h"

#include <stdlib.h>

struct kept_pile {
	uint64_t key; /* a digest, which stands for the content */
	UT_hash_handle hh;
	struct pile pile;
};

static uint64_t digest_of(const struct seen_list *list, uint64_t epoch)
{
	uint64_t digest = epoch + list->count;

	for (unsigned int i = 0; i < list->count; i++) {
		digest = (digest ^ list->item[i]) * UINT64_C(0xff51afd7ed558ccd);
		digest ^= digest >> 32;
	}
	return digest;
}

const struct pile *piles_keep(struct piles *piles, const struct seen_list *list, uint64_t epoch)
{
	uint64_t key = digest_of(list, epoch);
	size_t size = list->count * sizeof(list->item[0]);
	struct kept_pile *kept;

	if (!list->count)
		return NULL;
	TABLE_FIND(piles->all, key, kept);
	if (kept)
		return &kept->pile;
	kept = shortage_note(malloc(sizeof(*kept) + size));
	if (!kept)
		return NULL;
	kept->key = key;
	kept->pile.count = list->count;
	memcpy(kept->pile.ip, list->item, size);
	TABLE_ADD(piles->all, kept);
	if (!table_refused)
		return &kept->pile;
	free(kept);
	return NULL;
}

void piles_free(struct piles *piles)
{
	struct kept_pile *kept, *next;

	TABLE_FREE(piles->all, kept, next);
}
