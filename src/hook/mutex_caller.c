/* SPDX-License-Identifier: MIT */
#include "hook/mutex_caller.h"

#include "base/byte_cas.h"
#include "hook/elf.h"
#include "hook/runtime.h"
#include "hook/tool.h"

#include <pthread.h>
#include <string.h>

#define OBJECTS_MAX 256

uintptr_t mutex_callers[1U << CALLERS_BITS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct object {
	uintptr_t start, end;
	uint64_t identity; /* an unloaded one may have been in the same place */
	bool seen;
} objects[OBJECTS_MAX];
static unsigned int object_count;

static uint64_t mix(uint64_t all, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++)
		all = (all ^ byte[i]) * UINT64_C(0x100000001b3);
	return all;
}

/* Its name, and how its file is laid out. */
static uint64_t identity_of(const struct elf_object *object)
{
	return mix(mix(0, object->name, strlen(object->name)), object->segments,
		   object->segment_count * sizeof(*object->segments));
}

/* Goes through its machine code, which takes milliseconds where there is much: under no lock. */
static bool look_through(const struct elf_object *object)
{
	return pymutex_use_of_caller(&(struct pymutex_object){
		       .machine = OWN_MACHINE,
		       .base = object->bias,
		       .segments = object->segments,
		       .segment_count = object->segment_count,
	       }) == PYMUTEX_OUT_OF_LINE;
}

/* Under the lock: the one that is, or was, where this one is. */
static struct object *find_place(const struct object *wanted)
{
	for (unsigned int i = 0; i < object_count; i++) {
		if (objects[i].start < wanted->end && wanted->start < objects[i].end)
			return &objects[i];
	}
	return NULL;
}

static bool is_known(struct object *wanted)
{
	const struct object *known;
	bool same;

	pthread_mutex_lock(&lock);
	known = find_place(wanted);
	same = known && known->start == wanted->start && known->end == wanted->end &&
	       known->identity == wanted->identity;
	if (same)
		wanted->seen = known->seen;
	pthread_mutex_unlock(&lock);
	return same;
}

static void remember(const struct object *object)
{
	struct object *place;
	bool replaced;

	pthread_mutex_lock(&lock);
	place = find_place(object);
	replaced = place != NULL;
	if (!place && object_count < OBJECTS_MAX)
		place = &objects[object_count++];
	if (place)
		*place = *object;
	pthread_mutex_unlock(&lock);
	if (replaced)
		mutex_caller_forget();
}

static bool is_seen(const void *code)
{
	struct elf_object object;
	struct object found;

	if (!elf_at(&object, code))
		return false;
	found = (struct object){
		.start = object.start, .end = object.end, .identity = identity_of(&object)};
	if (!is_known(&found)) {
		found.seen = look_through(&object);
		remember(&found);
	}
	return found.seen;
}

unsigned int mutex_caller_look_up(const void *code)
{
	bool was_busy = tool_set_busy(true); /* no signal handler may come here meanwhile */
	unsigned int facts = 0;

	if (is_seen(code))
		facts |= CALLER_SEEN;
	if (runtime_contains(code))
		facts |= CALLER_RUNTIME;
	__atomic_store_n(mutex_caller_place(code), (uintptr_t)code << CALLER_SHIFT | facts,
			 __ATOMIC_RELAXED);
	tool_set_busy(was_busy);
	return facts;
}

void mutex_caller_forget(void)
{
	for (size_t i = 0; i < countof(mutex_callers); i++)
		__atomic_store_n(&mutex_callers[i], 0, __ATOMIC_RELAXED);
}

void mutex_caller_after_fork(void)
{
	pthread_mutex_init(&lock, NULL);
}
