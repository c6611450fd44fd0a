/* SPDX-License-Identifier: MIT */
#include "stack/trail.h"

#include "stack/intern.h"
#include "stack/store.h"
#include "stack/trail_walk.h"

#include <stdatomic.h>

#define TRAILS_MAX 256
#define SLOTS 1024   /* a power of two, sparse */
#define MISSES_DUE 4 /* then at each doubling: a walk costs as much as 50 captures */

struct trail {
	void *const *frame;
	const void *caller;
	uint32_t number;
	const struct native_stack *stack; /* of that number */
	struct trail_walk walk;
};

static struct trail *_Atomic slots[SLOTS];
static unsigned int trail_count;      /* under the store's lock */
static _Atomic uint8_t misses[SLOTS]; /* captures that had to unwind, by place; saturating */

static size_t slot_of(void *const *frame, const void *caller)
{
	uint64_t mixed = ((uintptr_t)frame ^ ((uintptr_t)caller << 20)) * HASH_MULTIPLIER;

	return mixed >> 54;
}

_Static_assert(SLOTS == 1 << (64 - 54), "slot_of() yields an index");

static inline bool holds(const struct trail_step *step)
{
	return *step->place == step->value;
}

_Static_assert(TRAIL_STRIDE == 4, "leads_on() compares so many");

static inline bool leads_on(const struct trail *trail)
{
	const struct trail_step *step = trail->walk.step, *end = step + trail->walk.count;

	for (; step < end; step += TRAIL_STRIDE) {
		if (!holds(step) || !holds(step + 1) || !holds(step + 2) || !holds(step + 3))
			return false;
	}
	return true;
}

/* From one place there may be several: what lies further out can differ. */
uint32_t trail_follow(void *const *frame, const void *caller)
{
	size_t at = slot_of(frame, caller);
	const struct trail *trail;

	while ((trail = atomic_load_explicit(&slots[at], memory_order_acquire)) != NULL) {
		if (trail->frame == frame && trail->caller == caller && leads_on(trail))
			return intern_is_current(trail->stack) ? trail->number : 0;
		at = (at + 1) % SLOTS;
	}
	return 0;
}

bool trail_is_due(void *const *frame, const void *caller)
{
	_Atomic uint8_t *sightings = &misses[slot_of(frame, caller)];
	uint8_t count = atomic_load_explicit(sightings, memory_order_relaxed);

	if (count == UINT8_MAX)
		return false;
	atomic_store_explicit(sightings, ++count, memory_order_relaxed);
	return count >= MISSES_DUE && (count & (count - 1)) == 0;
}

static bool is_known(const struct trail *laid)
{
	size_t at = slot_of(laid->frame, laid->caller);
	const struct trail *trail;

	while ((trail = atomic_load_explicit(&slots[at], memory_order_relaxed)) != NULL) {
		if (trail->number == laid->number && trail->frame == laid->frame)
			return true;
		at = (at + 1) % SLOTS;
	}
	return false;
}

static void publish(const struct trail *laid)
{
	size_t at = slot_of(laid->frame, laid->caller);
	struct trail *trail;

	if (trail_count == TRAILS_MAX || is_known(laid))
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

	trail.stack = intern_get(number);
	if (!trail.stack || !trail_walk(&trail.walk, frame, caller, trail.stack))
		return;
	store_lock();
	publish(&trail);
	store_unlock();
}
