/* SPDX-License-Identifier: MIT */
/* How many keys there are, and whose. */
#include "model/atomic.h"
#include "model/registry.h"

#include <string.h>

static unsigned int created[KEY_MODULES];

void keys_count_created(uint32_t module)
{
	if (module < KEY_MODULES)
		__atomic_add_fetch(&created[module], 1, __ATOMIC_RELAXED);
}

static uint32_t owner_of(const struct slot *slot)
{
	uint32_t module = keys_host.module(peek(slot->creator));

	return module < KEY_MODULES ? module : 0;
}

void keys_count(struct keys_count *count)
{
	memset(count, 0, sizeof(*count));
	for (unsigned int i = 0; i < KEY_MODULES; i++)
		count->by_module[i].created = __atomic_load_n(&created[i], __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < KEY_SLOTS; i++) {
		const struct slot *slot = &registry.slot[i];

		if (__atomic_load_n(&slot->kind, __ATOMIC_ACQUIRE) != SLOT_FREE) {
			count->live++;
			count->by_module[owner_of(slot)].live++;
		} else if (core_key_in_use(i)) {
			count->live++;
			count->untold++;
		}
	}
	count->peak = peek(registry.peak);
	if (count->peak < count->live)
		count->peak = count->live;
}
