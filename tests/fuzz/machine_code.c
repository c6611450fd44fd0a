/* SPDX-License-Identifier: MIT */
/* Machine code and notes of whoever calls PyMutex functions. */
#include "base/byte_cas.h"
#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t machines[] = {EM_X86_64, EM_AARCH64, EM_RISCV};
	struct input input = {data, size};
	uint16_t machine = machines[input_byte(&input) % countof(machines)];
	size_t notes = input_number(&input, 2), left;
	uint8_t *block;

	left = input.left;
	notes = notes < left ? notes : left;
	block = input_block(&input, left);
	ElfW(Phdr) segments[] = {
		{.p_type = PT_LOAD, .p_flags = PF_R, .p_filesz = notes},
		{.p_type = PT_LOAD, .p_flags = PF_R | PF_X},
		{.p_type = PT_NOTE, .p_filesz = notes},
	};
	struct pymutex_object object = {machine, (uintptr_t)block, segments, countof(segments)};
	bool noted, found;

	segments[1].p_vaddr = notes;
	segments[1].p_filesz = left - notes;
	noted = pymutex_note_in(block, notes);
	found = byte_cas_in(machine, block + notes, left - notes);
	REQUIRE((pymutex_use_of_caller(&object) == PYMUTEX_OUT_OF_LINE) == (noted || !found));
	pymutex_use_of(&object, (const char *)block, left);
	free(block);
	return 0;
}
