/* SPDX-License-Identifier: MIT */
#include "hook/runtime.h"

#include "hook/elf.h"

#include <dlfcn.h>

struct runtimes {
	unsigned int count;
	struct elf_object object[RUNTIMES_MAX];
};

static struct runtimes adopted;

struct runtime_place runtime_places[RUNTIMES_MAX];

/* An extension may define one of the names; only an interpreter has both. */
static bool is_runtime(const struct elf_object *object)
{
	return elf_find(object, "PyThread_tss_create") && elf_find(object, "Py_GetVersion");
}

static void add_runtime(const struct elf_object *object, void *context)
{
	struct runtimes *found = context;

	if (found->count < RUNTIMES_MAX && is_runtime(object))
		found->object[found->count++] = *object;
}

static bool any_contains(const struct runtimes *runtimes, const void *code)
{
	for (unsigned int i = 0; i < runtimes->count; i++) {
		if (elf_contains(&runtimes->object[i], code))
			return true;
	}
	return false;
}

bool runtime_is_there(void)
{
	struct runtimes found = {0};

	elf_for_each(add_runtime, &found);
	return found.count > 0;
}

bool runtime_is_new(const void *code)
{
	struct elf_object object;

	return elf_at(&object, code) && is_runtime(&object) && !any_contains(&adopted, code);
}

/* Its functions are called from now on, after a dlclose() by the program too. */
static void keep_loaded(const struct elf_object *object)
{
	if (object->name[0])
		dlopen(object->name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

bool runtime_adopt(void)
{
	struct runtimes found = {0};

	elf_for_each(add_runtime, &found);
	for (unsigned int i = 0; i < found.count; i++)
		keep_loaded(&found.object[i]);
	for (unsigned int i = 0; i < found.count; i++)
		runtime_places[i] =
			(struct runtime_place){.start = found.object[i].start,
					       .size = found.object[i].end - found.object[i].start};
	adopted = found;
	return found.count > 0;
}

bool runtime_is_known(void)
{
	return adopted.count > 0;
}

void *runtime_symbol(const char *name)
{
	for (unsigned int i = 0; i < adopted.count; i++) {
		uintptr_t address = elf_address(&adopted.object[i], name);

		if (address)
			return (void *)address;
	}
	return NULL;
}

bool runtime_is_executable(void)
{
	return adopted.count > 0 && adopted.object[0].name[0] == '\0';
}

static bool ask(const char *name)
{
	int (*question)(void);

	*(void **)&question = runtime_symbol(name);
	return question && question();
}

bool runtime_is_initialized(void)
{
	return ask("Py_IsInitialized");
}

bool runtime_is_ending(void)
{
	/* Public from 3.13 on, private before. */
	return runtime_is_known() &&
	       (!ask("Py_IsInitialized") || ask("Py_IsFinalizing") || ask("_Py_IsFinalizing"));
}
