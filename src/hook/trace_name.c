/* SPDX-License-Identifier: MIT */
#include "hook/trace_name.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "hook/tool.h"
#include "model/mutex_atomic.h"
#include "stack/modules.h"

static void *entry_memory(size_t size);

/* The hash table's own memory comes from the arena as well, and may run out. */
#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) entry_memory(size)
#define uthash_free(block, size) ((void)(block))
#include <uthash.h>

#define STRANGERS_MAX 1024
#define TYPE_SHIFT 60

struct entry {
	uint64_t id; /* type and address */
	const char *symbol;
	uint32_t module, ordinal;
	uint8_t told;	  /* in this era */
	bool provisional; /* no more is known than its address */
	UT_hash_handle hh;
};

/* What has to be found out without the lock: it takes others, reads files and allocates. */
struct origin {
	uint32_t module;
	bool has_symbol;
	char symbol[TRACE_NAME_SIZE];
};

uint8_t trace_era = 1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena; /* the rest is under the lock */
static struct entry *entries;
static unsigned int strangers;
static uint32_t keys_of[KEY_MODULES], mutexes_of[KEY_MODULES];

static void *entry_memory(size_t size)
{
	return arena_alloc(&arena, size);
}

void trace_lock(void)
{
	pthread_mutex_lock(&lock);
}

void trace_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

void trace_begin_era(void)
{
	uint8_t next = (uint8_t)(trace_current_era() + 1);

	put(trace_era, next ? next : 1);
}

const char *trace_type_name(enum trace_type type)
{
	static const char *const names[] = {"tss", "key", "pthread", "mutex"};

	return names[type];
}

const char *trace_module(uint32_t module)
{
	const struct module *found = module_get(module);

	return found ? found->path : NULL;
}

const char *trace_module_of(const void *code)
{
	return trace_module(module_at(code));
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

/* Under the lock. */
static struct entry *find(const struct trace_object *object)
{
	struct entry *entry;
	uint64_t id = id_of(object);

	HASH_FIND(hh, entries, &id, sizeof(id), entry);
	return entry;
}

static void identify(struct entry *entry, const struct trace_object *object,
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

static struct entry *make(const struct trace_object *object)
{
	struct entry *entry = NULL, *added = NULL;

	if (!object->stranger || strangers < STRANGERS_MAX)
		entry = arena_alloc(&arena, sizeof(*entry));
	if (!entry)
		return NULL;
	strangers += object->stranger;
	entry->provisional = true;
	entry->id = id_of(object);
	HASH_ADD(hh, entries, id, sizeof(entry->id), entry);
	HASH_FIND(hh, entries, &entry->id, sizeof(entry->id), added); /* NULL: no memory */
	return added;
}

static bool write_label(const struct entry *entry, const struct trace_object *object,
			struct trace_label *label)
{
	const char *what = object->type == TRACE_TYPE_MUTEX ? "mutex" : "key";
	const struct module *module = entry ? module_get(entry->module) : NULL;

	if (!entry)
		return false;
	label->module = module ? module->path : NULL;
	if (object->name)
		snprintf(label->name, sizeof(label->name), "%s", object->name);
	else if (entry->provisional)
		snprintf(label->name, sizeof(label->name), "%s 0x%lx", what,
			 (unsigned long)object->address);
	else if (entry->symbol && module)
		snprintf(label->name, sizeof(label->name), "%s in %s", entry->symbol, module->name);
	else if (module)
		snprintf(label->name, sizeof(label->name), "%s %u of %s", what, entry->ordinal,
			 module->name);
	else
		snprintf(label->name, sizeof(label->name), "%s %u", what, entry->ordinal);
	return true;
}

static bool is_known(const struct entry *entry, const struct trace_object *object)
{
	return entry && !entry->provisional && !object->anew;
}

/* Takes the lock. NULL where the object can have no name. */
static struct entry *lock_entry(const struct trace_object *object)
{
	struct origin origin;
	struct entry *entry;
	bool known;

	trace_lock();
	entry = find(object);
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
	entry = find(object);
	known = is_known(entry, object);
	if (!entry)
		entry = make(object);
	if (entry && !known)
		identify(entry, object, &origin);
	return entry;
}

bool trace_label(const struct trace_object *object, struct trace_label *label)
{
	bool done = write_label(lock_entry(object), object, label);

	trace_unlock();
	return done;
}

/* Under the lock, so that whoever finds it told comes after that. */
static void tell(struct entry *entry, const struct trace_object *object)
{
	struct trace_label label;

	write_label(entry, object, &label);
	trace_get()->object_name(object->address, trace_type_name(object->type), label.name,
				 label.module);
	entry->told = trace_current_era();
}

bool trace_tell_name(const struct trace_object *object)
{
	struct entry *entry;
	bool told;

	if (!trace_wants(TRACE_object_name))
		return false;
	entry = lock_entry(object);
	if (entry && entry->told != trace_current_era())
		tell(entry, object);
	told = entry && !entry->provisional;
	trace_unlock();
	return told;
}

void trace_tell_new_name(enum trace_type type, const void *address, const char *name)
{
	const struct trace_object object = {.type = type, .address = address, .name = name};
	struct entry *entry;

	if (!trace_wants(TRACE_object_name))
		return;
	trace_lock();
	entry = find(&object);
	if (entry && entry->told == trace_current_era())
		tell(entry, &object);
	trace_unlock();
}

void trace_name_mutex_inside(struct mutex_record *record, bool in_handler)
{
	uint8_t era = trace_current_era();
	const struct trace_object object = {
		.type = TRACE_TYPE_MUTEX,
		.address = record->address,
		.name = __atomic_load_n(&record->name, __ATOMIC_ACQUIRE),
		.code = record->first_use.caller,
		.module = record->module,
		.in_handler = in_handler,
	};

	if (trace_tell_name(&object))
		put(record->named, era);
}

void trace_name_mutex(struct mutex_record *record)
{
	if (!trace_wants(TRACE_object_name) || !tool_enter())
		return;
	trace_name_mutex_inside(record, tool_is_in_signal_handler());
	tool_leave();
}

void trace_name_before_fork(void)
{
	trace_lock();
}

void trace_name_after_fork(void)
{
	trace_unlock();
}
