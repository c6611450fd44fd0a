/* SPDX-License-Identifier: MIT */
#include "report/symbols.h"

#include "base/arena.h"

#include <pthread.h>
#include <string.h>

/* What libdw may take of the stack at once, for the lines of one source file, and some more. */
#define STACK_NEEDED ((size_t)256 * 1024)

static struct arena arena;

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) arena_alloc(&arena, size)
#define uthash_free(pointer, size) ((void)(pointer), (void)(size))
#include <uthash.h>

/* No padding: it is hashed as bytes. */
struct place {
	uintptr_t address;
	uint32_t module, is_data;
};

struct entry {
	struct place place;
	struct symbol symbol;
	UT_hash_handle hh;
};

static struct entry *entries;

/* Where memory runs out the answer is not remembered, and looked up again the next time. */
static void remember(const struct place *place, const struct symbol *symbol)
{
	struct entry *entry = arena_alloc(&arena, sizeof(*entry));

	if (!entry)
		return;
	entry->place = *place;
	entry->symbol = *symbol;
	HASH_ADD(hh, entries, place, sizeof(entry->place), entry);
}

static struct symbol ask(const struct report_plugin *plugin, const struct module *module,
			 const struct place *place)
{
	struct symbol symbol = {0};

	if (place->is_data)
		plugin->symbolize_data(module, place->address, &symbol);
	else
		plugin->symbolize_code(module, place->address, &symbol);
	symbol.offset = place->address - module->bias;
	return symbol;
}

/* A coroutine's stack is none that the thread library knows of: taken for a small one. */
static bool stack_has_room(void)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	pthread_attr_t attributes;
	void *start;
	size_t size;
	bool known;

	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return true;
	known = pthread_attr_getstack(&attributes, &start, &size) == 0;
	pthread_attr_destroy(&attributes);
	return !known || (here - (uintptr_t)start < size && here - (uintptr_t)start > STACK_NEEDED);
}

static struct symbol look_up(const struct report_plugin *plugin, uint32_t id, uintptr_t address,
			     bool is_data)
{
	const struct module *module = module_get(id);
	struct symbol symbol = {0};
	struct entry *entry;
	struct place place;

	if (!module)
		return symbol;
	symbol.offset = address - module->bias;
	if (!plugin)
		return symbol;
	memset(&place, 0, sizeof(place));
	place.address = address;
	place.module = id;
	place.is_data = is_data;
	HASH_FIND(hh, entries, &place, sizeof(place), entry);
	if (entry)
		return entry->symbol;
	if (!stack_has_room())
		return symbol;
	symbol = ask(plugin, module, &place);
	remember(&place, &symbol);
	return symbol;
}

struct symbol symbols_code(const struct report_plugin *plugin, uint32_t module, uintptr_t address)
{
	return look_up(plugin, module, address, false);
}

struct symbol symbols_data(const struct report_plugin *plugin, uint32_t module, uintptr_t address)
{
	return look_up(plugin, module, address, true);
}

void symbols_after_fork(void)
{
	arena = (struct arena){0};
	entries = NULL;
}
