/* SPDX-License-Identifier: MIT */
#include "stack/trail.h"

#include <stdatomic.h>

#include "stack/intern.h"
#include "stack/store.h"
#include "stack/trail_walk.h"

#define TRAILS_MAX 256
#define SLOTS 1024 /* a power of two, sparse */
#define SIGHTINGS_DUE 4

struct trail {
	void *const *frame;
	const void *caller;
	uint32_t number;
	struct trail_walk walk;
};

static struct trail *_Atomic slots[SLOTS];
static unsigned int trail_count; /* under the store's lock */
static _Atomic uint8_t sightings[SLOTS];

static size_t slot_of(void *const *frame, const void *caller)
{
	uint64_t mixed =
		((uintptr_t)frame ^ ((uintptr_t)caller << 20)) * UINT64_C(0x9e3779b97f4a7c15);

	return mixed >> 54;
}

_Static_assert(SLOTS == 1 << (64 - 54), "slot_of() yields an index");

static const struct trail *find(void *const *frame, const void *caller)
{
	for (size_t at = slot_of(frame, caller);; at = (at + 1) % SLOTS) {
		const struct trail *trail = atomic_load_explicit(&slots[at], memory_order_acquire);

		if (!trail || (trail->frame == frame && trail->caller == caller))
			return trail;
	}
}

static bool leads_on(const struct trail *trail)
{
	for (unsigned int i = 0; i < trail->walk.count; i++) {
		const struct trail_step *step = &trail->walk.step[i];

		if (*step->place != step->value)
			return false;
	}
	return true;
}

uint32_t trail_follow(void *const *frame, const void *caller)
{
	const struct trail *trail = find(frame, caller);

	if (!trail || !leads_on(trail) || !intern_is_current(trail->number))
		return 0;
	return trail->number;
}

bool trail_is_due(void *const *frame, const void *caller)
{
	_Atomic uint8_t *count = &sightings[slot_of(frame, caller)];

	return atomic_fetch_add_explicit(count, 1, memory_order_relaxed) == SIGHTINGS_DUE;
}

static void publish(const struct trail *laid)
{
	size_t at = slot_of(laid->frame, laid->caller);
	struct trail *trail;

	if (trail_count == TRAILS_MAX || find(laid->frame, laid->caller))
		return;
	trail = store_alloc(sizeof(*trail));
	if (!trail)
		return;
	*trail = *laid;
	while (atomic_load_explicit(&slots[at], memory_order_relaxed))
		at = (at + 1) % SLOTS;
	atomic_store_explicit(&slots[at], trail, memory_order_release);
	trail_count++;
}

void trail_lay(void *const *frame, const void *caller, uint32_t number)
{
	struct trail trail = {.frame = frame, .caller = caller, .number = number};
	const struct native_stack *stack = intern_get(number);

	if (!stack || !trail_walk(&trail.walk, frame, caller, stack))
		return;
	store_lock();
	publish(&trail);
	store_unlock();
}
