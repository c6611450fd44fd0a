/* SPDX-License-Identifier: MIT */
#include "hook/mutex_caller.h"

#include <pthread.h>

#include "base/byte_cas.h"
#include "hook/elf.h"
#include "hook/runtime.h"
#include "hook/tool.h"

#define OBJECTS_MAX 256

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#else
#define OWN_MACHINE EM_NONE
#endif

uintptr_t mutex_callers[1U << CALLERS_BITS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct object {
	uintptr_t start, end;
	bool seen;
} objects[OBJECTS_MAX];
static unsigned int object_count;

struct search {
	const void *code;
	struct object found;
};

static void look_through(const struct elf_object *object, void *context)
{
	struct search *search = context;

	if (!elf_contains(object, search->code))
		return;
	search->found.start = object->start;
	search->found.end = object->end;
	search->found.seen = pymutex_use_of_caller(&(struct pymutex_object){
				     .machine = OWN_MACHINE,
				     .base = object->bias,
				     .segments = object->segments,
				     .segment_count = object->segment_count,
			     }) == PYMUTEX_OUT_OF_LINE;
}

static const struct object *find_known(const void *code)
{
	for (unsigned int i = 0; i < object_count; i++) {
		if ((uintptr_t)code - objects[i].start < objects[i].end - objects[i].start)
			return &objects[i];
	}
	return NULL;
}

static bool is_known(struct object *found, const void *code)
{
	const struct object *known;

	pthread_mutex_lock(&lock);
	known = find_known(code);
	if (known)
		*found = *known;
	pthread_mutex_unlock(&lock);
	return known;
}

static void remember(const struct object *found)
{
	pthread_mutex_lock(&lock);
	if (found->end && object_count < OBJECTS_MAX) {
		objects[object_count] = *found;
		object_count++;
	}
	pthread_mutex_unlock(&lock);
}

static bool is_seen(const void *code)
{
	struct search search = {.code = code};

	if (!is_known(&search.found, code)) {
		/* Not under the lock: whoever holds the dynamic linker's may come here. */
		elf_for_each(look_through, &search);
		remember(&search.found);
	}
	return search.found.seen;
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
