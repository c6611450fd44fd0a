/* SPDX-License-Identifier: MIT */
#include "hook/withdraw.h"

#include "hook/elf.h"
#include "hook/functions.h"
#include "hook/patch.h"
#include "hook/runtime.h"

static bool absent[FUNCTION_COUNT];

/*
 * The dynamic linker passes over a symbol without a value. All of them or none: an extension that
 * finds one of a family takes the others for granted.
 */
static int visit(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct patch patches[FUNCTION_COUNT];
	struct elf_object object;
	unsigned int count = 0;

	(void)size, (void)unused;
	if (!elf_open(&object, info) || !elf_contains(&object, absent))
		return 0;
	for (unsigned int i = 0; i < FUNCTION_COUNT; i++) {
		const ElfW(Sym) *symbol = absent[i] ? elf_find(&object, functions[i].name) : NULL;

		if (symbol)
			patches[count++] = (struct patch){(uintptr_t *)&symbol->st_value, 0};
	}
	patch_words(patches, count, elf_protection(&object, (uintptr_t)object.symbols));
	return 1;
}

void withdraw_absent(void)
{
	bool any = false;

	for (unsigned int i = 0; i < FUNCTION_COUNT; i++) {
		absent[i] = !runtime_symbol(functions[i].name);
		any |= absent[i];
	}
	if (any)
		dl_iterate_phdr(visit, NULL);
}

bool withdraw_is_absent(unsigned int function)
{
	return absent[function];
}
