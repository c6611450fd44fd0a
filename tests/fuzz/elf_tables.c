/* SPDX-License-Identifier: MIT */
/* The dynamic tables of a loaded object: anything in memory, the segments as they really are. */
#include "fuzz.h"
#include "hook/elf.h"

#include <stdlib.h>
#include <string.h>

#define SIZE 2048
#define BIAS_STEP 4096
#define VISITS_MAX 4096

static unsigned int visits;

static void visit(const struct elf_object *object, const ElfW(Rela) * relocation, uintptr_t *slot)
{
	const char *name = elf_relocation_symbol(object, relocation);

	REQUIRE(elf_has(object, slot, sizeof(*slot)));
	REQUIRE(elf_protection(object, (uintptr_t)slot) >= 0);
	if (name)
		visits += strlen(name) > 0;
}

static void look_at(const struct elf_object *object)
{
	static const char *const names[] = {"PyThread_tss_create", "PyMutex_Lock", "a", ""};

	for (size_t i = 0; i < countof(names); i++) {
		const ElfW(Sym) *symbol = elf_find(object, names[i]);

		if (symbol)
			REQUIRE(elf_has(object, symbol, sizeof(*symbol)));
		elf_address(object, names[i]);
	}
	elf_for_each_slot(object, &object->data, 0, UINTPTR_MAX, visit);
	elf_for_each_slot(object, &object->plt, object->start, object->end, visit);
}

/*
 * Numbers that begin with this are addresses in the object: chance would hardly hit on one. Some
 * tables are told by link-time addresses, as in the vdso.
 */
#define MARK 0xadd0

static void relocate(char *image, uint64_t bias)
{
	for (size_t at = 0; at + sizeof(uint64_t) <= SIZE; at += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, image + at, sizeof(word));
		if (word >> 48 != MARK)
			continue;
		word &= 0xffffffff;
		word += word & 1U << 31 ? 0 : bias;
		memcpy(image + at, &word, sizeof(word));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	size_t writable = input_number(&input, 2) % SIZE, dynamic = input_number(&input, 2) % SIZE;
	size_t length = input_number(&input, 2) % SIZE;
	char *image = input_block(&input, SIZE);
	uint64_t bias = (uintptr_t)image - BIAS_STEP;
	/* Two segments one after the other; the linker has looked at where the dynamic one is. */
	ElfW(Phdr) segments[] = {
		{.p_type = PT_LOAD, .p_flags = PF_R, .p_vaddr = BIAS_STEP, .p_memsz = writable},
		{.p_type = PT_LOAD, .p_flags = PF_R | PF_W},
		{.p_type = PT_DYNAMIC, .p_vaddr = BIAS_STEP + dynamic / 8 * 8, .p_memsz = length},
	};
	struct dl_phdr_info info = {.dlpi_addr = bias, .dlpi_phdr = segments, .dlpi_phnum = 3};
	struct elf_object object;

	segments[1].p_vaddr = BIAS_STEP + writable;
	segments[1].p_memsz = SIZE - writable;
	relocate(image, bias);
	if (elf_open(&object, &info)) {
		REQUIRE(object.start == (uintptr_t)image);
		REQUIRE(object.end == (uintptr_t)image + SIZE);
		look_at(&object);
	}
	free(image);
	return 0;
}
