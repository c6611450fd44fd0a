/* SPDX-License-Identifier: MIT */
#include "stack/python_trail.h"

#include "stack/python_known_code.h"
#include "stack/store.h"

#include <stdatomic.h>

#define SLOTS 256 /* a power of two; a newer trail takes the place of an older one */
#define TRAILS_MAX 512
#define STEPS_MAX 64
#define MISSES_DUE 4 /* then at each doubling */

struct step {
	const struct known_code *code; /* NULL: a frame that runs no Python code */
	uintptr_t instruction;
};

struct trail {
	uint32_t id;
	unsigned int count;
	struct step step[STEPS_MAX]; /* newest first; no frame comes after the last one */
};

static struct trail *_Atomic slots[SLOTS];
static _Atomic uint8_t misses[SLOTS]; /* captures without a trail, by place; saturating */
static unsigned int trail_count;      /* under the store's lock */

/* As the frame has it: where its array of bytecodes stays where it is, that tells the unit. */
static inline uintptr_t instruction_of(const char *frame)
{
	if (python_frame_layout.form == INSTRUCTION_POINTER)
		return (uintptr_t)python_load(frame, python_frame_layout.instruction);
	return python_load_u32(frame, python_frame_layout.instruction);
}

static inline size_t slot_of(const char *frame)
{
	uint64_t mixed = (uintptr_t)frame ^ instruction_of(frame) << 16;

	return mixed * HASH_MULTIPLIER >> 56;
}

_Static_assert(SLOTS == 1 << (64 - 56), "slot_of() yields an index");

/* *sure: of the frame before. Of a recursion each code object is looked at once. */
static inline bool holds(const struct step *step, const char *frame, const struct known_code **sure)
{
	const char *code = python_frame_code(frame);

	if (!code || !step->code)
		return !code && !step->code;
	if (code != step->code->code || instruction_of(frame) != step->instruction)
		return false;
	if (step->code != *sure && !known_code_is_same(step->code))
		return false;
	*sure = step->code;
	return true;
}

static inline bool leads_on(const struct trail *trail, const char *frame)
{
	const struct known_code *sure = NULL;

	for (unsigned int i = 0; i < trail->count; i++) {
		if (!frame || !holds(&trail->step[i], frame, &sure))
			return false;
		frame = python_load(frame, python_frame_layout.previous);
	}
	return !frame;
}

uint32_t python_trail_follow(const char *thread_state)
{
	const char *frame = python_load(python_newest_place(thread_state), 0);
	const struct trail *trail;

	if (!frame)
		return 0;
	trail = atomic_load_explicit(&slots[slot_of(frame)], memory_order_acquire);
	return trail && leads_on(trail, frame) ? trail->id : 0;
}

/* Under the lock. */
static bool note(struct trail *trail, const char *frame)
{
	for (trail->count = 0; frame; trail->count++) {
		struct step *step = &trail->step[trail->count];
		const char *code = python_frame_code(frame);

		if (trail->count == STEPS_MAX)
			return false;
		step->code = code ? known_code_get(code) : NULL;
		if (code && !step->code)
			return false;
		step->instruction = instruction_of(frame);
		frame = python_load(frame, python_frame_layout.previous);
	}
	return true;
}

/* Under the lock. */
static void lay(const char *frame, uint32_t id)
{
	struct trail laid = {.id = id};
	struct trail *trail;
	size_t size;

	if (trail_count == TRAILS_MAX || !note(&laid, frame))
		return;
	size = offsetof(struct trail, step) + laid.count * sizeof(laid.step[0]);
	trail = store_alloc(size);
	if (!trail)
		return;
	memcpy(trail, &laid, size);
	atomic_store_explicit(&slots[slot_of(frame)], trail, memory_order_release);
	trail_count++;
}

static bool is_due(_Atomic uint8_t *sightings)
{
	uint8_t count = atomic_load_explicit(sightings, memory_order_relaxed);

	if (count == UINT8_MAX)
		return false;
	atomic_store_explicit(sightings, ++count, memory_order_relaxed);
	return count >= MISSES_DUE && (count & (count - 1)) == 0;
}

void python_trail_sighted(const char *thread_state, uint32_t id)
{
	const char *frame = python_load(python_newest_place(thread_state), 0);

	/* Where threads have arrays of bytecodes of their own, these may be replaced. */
	if (!frame || python_frame_layout.thread_bytecode || !is_due(&misses[slot_of(frame)]))
		return;
	store_lock();
	lay(frame, id);
	store_unlock();
}

void python_trail_forget(void)
{
	for (size_t i = 0; i < SLOTS; i++)
		atomic_store_explicit(&slots[i], NULL, memory_order_release);
}
