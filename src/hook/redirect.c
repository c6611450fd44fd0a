/* SPDX-License-Identifier: MIT */
#include "hook/redirect.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "hook/elf.h"
#include "hook/functions.h"
#include "hook/patch.h"

#define ORIGINALS_MAX 4

/* What redirection did to one function. */
static struct {
	uintptr_t original[ORIGINALS_MAX]; /* where other objects defined it */
	unsigned int originals;
	unsigned int slots;
	bool in_front; /* the executable defines it: without redirection nobody would see ours */
	int error;     /* of the first symbol that could not be changed */
} outcome[FUNCTION_COUNT];

static void remember_original(unsigned int function, uintptr_t address)
{
	if (outcome[function].originals < ORIGINALS_MAX)
		outcome[function].original[outcome[function].originals++] = address;
}

static void redirect_symbol(const struct elf_object *object, unsigned int function)
{
	const ElfW(Sym) *symbol = elf_find(object, functions[function].name);
	uintptr_t value = functions[function].own - object->bias;
	int error;

	if (!symbol || symbol->st_value == value)
		return;
	remember_original(function, object->bias + symbol->st_value);
	outcome[function].in_front |= object->name[0] == '\0';
	error = patch_word((uintptr_t *)&symbol->st_value, value,
			   elf_protection(object, (uintptr_t)symbol));
	if (error && !outcome[function].error)
		outcome[function].error = error;
}

static void redirect_object(const struct elf_object *object, void *context)
{
	(void)context;
	for (unsigned int i = 0; i < FUNCTION_COUNT; i++)
		redirect_symbol(object, i);
}

static bool is_original(unsigned int function, uintptr_t address)
{
	for (unsigned int i = 0; i < outcome[function].originals; i++) {
		if (outcome[function].original[i] == address)
			return true;
	}
	return false;
}

static void rebind_slot(uintptr_t *slot, const char *name)
{
	for (unsigned int i = 0; i < FUNCTION_COUNT; i++) {
		if (!is_original(i, *slot) || strcmp(name, functions[i].name) != 0)
			continue;
		if (patch_word(slot, functions[i].own, -1) == 0)
			outcome[i].slots++;
	}
}

static void rebind_relocations(const struct elf_object *object,
			       const struct elf_relocations *relocations)
{
	for (size_t i = 0; i < relocations->count; i++) {
		const ElfW(Rela) *relocation = &relocations->table[i];
		uintptr_t *slot = elf_relocation_slot(object, relocation);
		const char *name = slot ? elf_relocation_symbol(object, relocation) : NULL;

		if (name && strncmp(name, "PyThread_", 9) == 0)
			rebind_slot(slot, name);
	}
}

static void rebind_object(const struct elf_object *object, void *context)
{
	(void)context;
	rebind_relocations(object, &object->data);
	rebind_relocations(object, &object->plt);
}

void redirect_all(void)
{
	elf_for_each(redirect_object, NULL);
	elf_for_each(rebind_object, NULL);
}

static void describe_refusal(unsigned int function, char *text, size_t size)
{
	if (outcome[function].error)
		snprintf(text, size, "the symbol table cannot be changed: %s",
			 strerror(outcome[function].error));
	else
		snprintf(text, size, "another library stands before this one");
}

const char *redirect_how(unsigned int function, bool *hooked)
{
	static char text[FUNCTION_COUNT][96];

	*hooked =
		(uintptr_t)dlsym(RTLD_DEFAULT, functions[function].name) == functions[function].own;
	if (!*hooked)
		describe_refusal(function, text[function], sizeof(text[function]));
	else if (outcome[function].slots)
		return "redirected, slots rewritten";
	else
		return outcome[function].in_front ? "redirected" : "export";
	return text[function];
}
