/* SPDX-License-Identifier: MIT */
#include "hook/trace_entry.h"

#include "base/arena.h"
#include "stack/modules.h"

#include <string.h>

static void *table_memory(size_t size);

/* The hash table's own memory comes from the arena as well, and may run out. */
#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) table_memory(size)
#define uthash_free(block, size) ((void)(block))
#include <uthash.h>

#define STRANGERS_MAX 1024
#define TYPE_SHIFT 60

struct kept {
	uint64_t id; /* type and address */
	struct trace_entry entry;
	UT_hash_handle hh;
};

/* What has to be found out without the lock: it takes others, reads files and allocates. */
struct origin {
	uint32_t module;
	bool has_symbol;
	char symbol[TRACE_NAME_SIZE];
};

static struct arena arena;
static struct kept *objects;
static unsigned int strangers;
static uint32_t keys_of[KEY_MODULES], mutexes_of[KEY_MODULES];

static void *table_memory(size_t size)
{
	return arena_alloc(&arena, size);
}

static bool is_number(const struct trace_object *object)
{
	return object->type == TRACE_TYPE_KEY || object->type == TRACE_TYPE_RAW;
}

static uint64_t id_of(const struct trace_object *object)
{
	return (uintptr_t)object->address ^ (uint64_t)object->type << TYPE_SHIFT;
}

static void find_origin(const struct trace_object *object, struct origin *origin)
{
	uint32_t module = object->module;
	const struct module *file;

	if (!module && !is_number(object))
		module = module_at(object->address);
	file = module_get(module);
	origin->module = module ? module : module_at(object->code);
	origin->has_symbol =
		file && trace_get()->symbol(file->path, (uintptr_t)object->address - file->bias,
					    origin->symbol, sizeof(origin->symbol));
}

struct trace_entry *trace_entry_find(const struct trace_object *object)
{
	struct kept *kept;
	uint64_t id = id_of(object);

	HASH_FIND(hh, objects, &id, sizeof(id), kept);
	return kept ? &kept->entry : NULL;
}

static void identify(struct trace_entry *entry, const struct trace_object *object,
		     const struct origin *origin)
{
	uint32_t *counts = object->type == TRACE_TYPE_MUTEX ? mutexes_of : keys_of;

	entry->told = 0;
	entry->provisional = false;
	entry->module = origin->module;
	entry->symbol = origin->has_symbol
				? arena_strndup(&arena, origin->symbol, strlen(origin->symbol))
				: NULL;
	if (!entry->symbol)
		entry->ordinal = ++counts[origin->module < KEY_MODULES ? origin->module : 0];
}

static struct trace_entry *make(const struct trace_object *object)
{
	struct kept *kept = NULL, *added = NULL;

	if (!object->stranger || strangers < STRANGERS_MAX)
		kept = arena_alloc(&arena, sizeof(*kept));
	if (!kept)
		return NULL;
	strangers += object->stranger;
	kept->entry.provisional = true;
	kept->id = id_of(object);
	HASH_ADD(hh, objects, id, sizeof(kept->id), kept);
	HASH_FIND(hh, objects, &kept->id, sizeof(kept->id), added); /* NULL: no memory */
	return added ? &added->entry : NULL;
}

static bool is_known(const struct trace_entry *entry, const struct trace_object *object)
{
	return entry && !entry->provisional && !object->anew;
}

struct trace_entry *trace_entry_lock(const struct trace_object *object)
{
	struct origin origin;
	struct trace_entry *entry;
	bool known;

	trace_lock();
	entry = trace_entry_find(object);
	if (is_known(entry, object))
		return entry;
	if (object->in_handler) {
		if (!entry)
			entry = make(object);
		return entry;
	}
	trace_unlock();
	find_origin(object, &origin);
	trace_lock();
	entry = trace_entry_find(object);
	known = is_known(entry, object);
	if (!entry)
		entry = make(object);
	if (entry && !known)
		identify(entry, object, &origin);
	return entry;
}
