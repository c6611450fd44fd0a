/* SPDX-License-Identifier: MIT */
#include "hook/withdraw.h"

#include "hook/elf.h"
#include "hook/functions.h"
#include "hook/patch.h"
#include "hook/runtime.h"

static bool absent[FUNCTION_COUNT];

/* The dynamic linker passes over a symbol without a value. */
static void withdraw(const struct elf_object *own, unsigned int function)
{
	const ElfW(Sym) *symbol = elf_find(own, functions[function].name);

	if (symbol)
		patch_word((uintptr_t *)&symbol->st_value, 0,
			   elf_protection(own, (uintptr_t)symbol));
}

static int visit(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct elf_object object;

	(void)size, (void)unused;
	if (!elf_open(&object, info) || !elf_contains(&object, absent))
		return 0;
	for (unsigned int i = 0; i < FUNCTION_COUNT; i++) {
		if (absent[i])
			withdraw(&object, i);
	}
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
