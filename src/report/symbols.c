/* SPDX-License-Identifier: MIT */
#include "report/symbols.h"

#include "base/arena.h"

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

static struct symbol look_up(const struct report_plugin *plugin, const struct place *place)
{
	const struct module *module = module_get(place->module);
	struct symbol symbol = {0};
	struct entry *entry;

	if (!module)
		return symbol;
	symbol.offset = place->address - module->bias;
	if (!plugin)
		return symbol;
	HASH_FIND(hh, entries, place, sizeof(*place), entry);
	if (entry)
		return entry->symbol;
	if (place->is_data)
		plugin->symbolize_data(module, place->address, &symbol);
	else
		plugin->symbolize_code(module, place->address, &symbol);
	symbol.offset = place->address - module->bias;
	remember(place, &symbol);
	return symbol;
}

struct symbol symbols_code(const struct report_plugin *plugin, uint32_t module, uintptr_t address)
{
	const struct place place = {.address = address, .module = module, .is_data = 0};

	return look_up(plugin, &place);
}

struct symbol symbols_data(const struct report_plugin *plugin, uint32_t module, uintptr_t address)
{
	const struct place place = {.address = address, .module = module, .is_data = 1};

	return look_up(plugin, &place);
}

void symbols_after_fork(void)
{
	arena = (struct arena){0};
	entries = NULL;
}
