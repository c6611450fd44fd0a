/* SPDX-License-Identifier: MIT */
#include "hook/redirect.h"

#include "hook/elf.h"
#include "hook/functions.h"
#include "hook/patch.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define ORIGINALS_MAX 4

/* What redirection did to one function. */
static struct {
	uintptr_t original[ORIGINALS_MAX]; /* where other objects defined it */
	unsigned int originals;
	unsigned int slots;
	bool in_front; /* the executable defines it: without redirection nobody would see ours */
	int error;     /* of the first symbol that could not be changed */
} outcome[FUNCTION_COUNT];

/* All originals lie between these, and few other slots hold such a value: few names are read. */
static uintptr_t lowest_original = UINTPTR_MAX, highest_original;

static void remember_original(unsigned int function, uintptr_t address)
{
	if (address < lowest_original)
		lowest_original = address;
	if (address > highest_original)
		highest_original = address;
	if (outcome[function].originals < ORIGINALS_MAX)
		outcome[function].original[outcome[function].originals++] = address;
}

/* False where there is nothing to redirect. */
static bool plan_redirection(struct patch *patch, const struct elf_object *object,
			     unsigned int function)
{
	const ElfW(Sym) *symbol = elf_find(object, functions[function].name);
	uintptr_t value = functions[function].own - object->bias;

	if (!symbol || symbol->st_value == value)
		return false;
	remember_original(function, object->bias + symbol->st_value);
	outcome[function].in_front |= object->name[0] == '\0';
	*patch = (struct patch){(uintptr_t *)&symbol->st_value, value};
	return true;
}

static void redirect_object(const struct elf_object *object, void *context)
{
	struct patch patches[FUNCTION_COUNT];
	unsigned int planned[FUNCTION_COUNT], count = 0;
	int error;

	(void)context;
	for (unsigned int i = 0; i < FUNCTION_COUNT; i++) {
		if (plan_redirection(&patches[count], object, i))
			planned[count++] = i;
	}
	error = patch_words(patches, count, elf_protection(object, (uintptr_t)object->symbols));
	for (unsigned int i = 0; error && i < count; i++) {
		if (!outcome[planned[i]].error)
			outcome[planned[i]].error = error;
	}
}

static bool is_original(unsigned int function, uintptr_t address)
{
	for (unsigned int i = 0; i < outcome[function].originals; i++) {
		if (outcome[function].original[i] == address)
			return true;
	}
	return false;
}

static void rebind_slot(const struct elf_object *object, const ElfW(Rela) * relocation,
			uintptr_t *slot)
{
	const char *name = elf_relocation_symbol(object, relocation);

	for (unsigned int i = 0; name && i < FUNCTION_COUNT; i++) {
		if (!is_original(i, *slot) || strcmp(name, functions[i].name) != 0)
			continue;
		if (patch_word(slot, functions[i].own, -1) == 0)
			outcome[i].slots++;
	}
}

static void rebind_object(const struct elf_object *object, void *context)
{
	(void)context;
	elf_for_each_slot(object, &object->data, lowest_original, highest_original, rebind_slot);
	elf_for_each_slot(object, &object->plt, lowest_original, highest_original, rebind_slot);
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
