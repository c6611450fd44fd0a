/* SPDX-License-Identifier: MIT */
#include "stack/modules.h"

#include "base/path.h"
#include "stack/store.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* glibc has it from 2.35 on: it takes no lock. Elsewhere dl_iterate_phdr has to do. */
#pragma weak _dl_find_object

#define EXECUTABLE "/proc/self/exe"

/* A module as the dynamic linker shows it at the moment. */
struct mapping {
	uintptr_t address;
	uintptr_t bias, start, end;
	const char *name; /* "" for the executable */
	char copy[PATH_MAX];
};

struct record {
	struct module module;
	const char *linker_name;
};

static struct numbers known;

struct modules_unloads modules_unloads;

static int visit(struct dl_phdr_info *info, size_t size, void *data)
{
	struct mapping *mapping = data;
	uintptr_t start = UINTPTR_MAX, end = 0;
	int i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type != PT_LOAD)
			continue;
		if (info->dlpi_addr + segment->p_vaddr < start)
			start = info->dlpi_addr + segment->p_vaddr;
		if (info->dlpi_addr + segment->p_vaddr + segment->p_memsz > end)
			end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;
	}
	if (mapping->address < start || mapping->address >= end)
		return 0;
	mapping->bias = info->dlpi_addr;
	mapping->start = start;
	mapping->end = end;
	/* The linker's own text may go as soon as its lock is released. */
	snprintf(mapping->copy, sizeof(mapping->copy), "%s", info->dlpi_name);
	mapping->name = mapping->copy;
	return 1;
}

/*
 * The linker's text is read in place: whoever asks about an address in a library keeps that
 * library loaded meanwhile (it is on the calling thread's stack, or holds its object).
 */
static bool find(struct mapping *mapping, const void *address)
{
	struct dl_find_object found;

	mapping->address = (uintptr_t)address;
	if (!_dl_find_object)
		return dl_iterate_phdr(visit, mapping) != 0;
	if (_dl_find_object((void *)address, &found) != 0)
		return false;
	mapping->bias = found.dlfo_link_map->l_addr;
	mapping->start = (uintptr_t)found.dlfo_map_start;
	mapping->end = (uintptr_t)found.dlfo_map_end;
	mapping->name = found.dlfo_link_map->l_name;
	return true;
}

static bool same(const struct record *record, const struct mapping *mapping)
{
	return record->module.bias == mapping->bias && record->module.start == mapping->start &&
	       record->module.end == mapping->end && !strcmp(record->linker_name, mapping->name);
}

/* Under the lock: the number of a module seen before, or 0. */
static uint32_t recall(const struct mapping *mapping)
{
	uint32_t id;

	/* Newest first: an older one at the same place has been unloaded. */
	for (id = known.last; id > 0; id--)
		if (same(numbers_get(&known, id), mapping))
			return id;
	return 0;
}

/* Under the lock. */
static const char *path_of(const struct mapping *mapping)
{
	static char path[PATH_MAX];
	int saved = errno;
	ssize_t length;

	if (mapping->name[0])
		return store_copy(mapping->name);
	length = readlink(EXECUTABLE, path, sizeof(path) - 1);
	errno = saved;
	if (length <= 0)
		return EXECUTABLE;
	path[length] = '\0';
	return store_copy(path);
}

/* Under the lock. */
static uint32_t remember(const struct mapping *mapping)
{
	struct record *record = store_alloc(sizeof(*record));

	if (!record)
		return 0;
	record->module.path = path_of(mapping);
	record->linker_name = mapping->name[0] ? record->module.path : "";
	if (!record->module.path)
		return 0;
	record->module.name = path_last(record->module.path);
	record->module.bias = mapping->bias;
	record->module.start = mapping->start;
	record->module.end = mapping->end;
	return numbers_add(&known, record);
}

uint32_t module_at(const void *address)
{
	struct mapping mapping;
	uint32_t id;

	if (!find(&mapping, address))
		return 0;
	store_lock();
	id = recall(&mapping);
	if (id == 0)
		id = remember(&mapping);
	store_unlock();
	return id;
}

bool module_still_at(uint32_t id, const void *address)
{
	const struct record *record = numbers_get(&known, id);
	struct mapping mapping;

	if (!_dl_find_object)
		return true;
	if (!find(&mapping, address))
		return !record;
	return record && same(record, &mapping);
}

void modules_unload_begins(void)
{
	__atomic_add_fetch(&modules_unloads.begun, 1, __ATOMIC_SEQ_CST);
}

void modules_unload_ends(void)
{
	__atomic_add_fetch(&modules_unloads.ended, 1, __ATOMIC_SEQ_CST);
}

const struct module *module_get(uint32_t id)
{
	const struct record *record = numbers_get(&known, id);

	return record ? &record->module : NULL;
}
