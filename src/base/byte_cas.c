/* SPDX-License-Identifier: MIT */
#include "base/byte_cas.h"

#include <elf.h>
#include <string.h>

/* No instruction is longer than 15 bytes. */
#define X86_PREFIXES_MAX 13

#define NOTE_NAME "pythread-trace"
#define NOTE_TYPE 1

/* LOCK is 0xf0; all others may stand between it and the instruction, in any order. */
static bool is_x86_prefix(uint8_t byte)
{
	switch (byte) {
	case 0x26: /* segments */
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64:
	case 0x65:
	case 0x66: /* operand size, address size */
	case 0x67:
	case 0xf0: /* LOCK, REPNE (XACQUIRE), REP (XRELEASE) */
	case 0xf2:
	case 0xf3:
		return true;
	default:
		return (byte & 0xf0) == 0x40; /* REX */
	}
}

/* CMPXCHG r/m8, r8 is 0f b0, or d5 and a second byte, in front of b0, with 32 registers (REX2). */
static bool is_x86_cas(const uint8_t *at, const uint8_t *end)
{
	for (int i = 0; i < X86_PREFIXES_MAX && at < end && is_x86_prefix(*at); i++)
		at++;
	if (end - at >= 2 && at[0] == 0x0f && at[1] == 0xb0)
		return true;
	return end - at >= 3 && at[0] == 0xd5 && at[2] == 0xb0;
}

static bool byte_cas_in_x86(const uint8_t *code, size_t size)
{
	const uint8_t *end = code + size;

	while (code < end) {
		const uint8_t *lock = memchr(code, 0xf0, (size_t)(end - code));

		if (!lock)
			return false;
		if (is_x86_cas(lock + 1, end))
			return true;
		code = lock + 1;
	}
	return false;
}

/* CASB, CASAB, CASLB, CASALB; STXRB, STLXRB, which end a loop that does the same. */
static bool byte_cas_in_aarch64(const uint8_t *code, size_t size)
{
	for (; size >= sizeof(uint32_t); code += sizeof(uint32_t), size -= sizeof(uint32_t)) {
		uint32_t word = code[0] | (uint32_t)code[1] << 8 | (uint32_t)code[2] << 16 |
				(uint32_t)code[3] << 24;

		if ((word & 0xffa07c00) == 0x08a07c00 || (word & 0xffe00000) == 0x08000000)
			return true;
	}
	return false;
}

bool byte_cas_in(uint16_t machine, const void *code, size_t size)
{
	if (machine == EM_X86_64)
		return byte_cas_in_x86(code, size);
	return machine != EM_AARCH64 || byte_cas_in_aarch64(code, size);
}

/* What a note's name or description takes up; more than 32 bits hold. */
static uint64_t padded(uint32_t size)
{
	return ((uint64_t)size + 3) & ~(uint64_t)3;
}

static bool is_own_note(const ElfW(Nhdr) * header, const char *name)
{
	return header->n_type == NOTE_TYPE && header->n_namesz == sizeof(NOTE_NAME) &&
	       memcmp(name, NOTE_NAME, sizeof(NOTE_NAME)) == 0;
}

bool pymutex_note_in(const void *notes, size_t size)
{
	const char *at = notes;
	ElfW(Nhdr) header;

	while (size >= sizeof(header)) {
		uint64_t rest;

		memcpy(&header, at, sizeof(header));
		at += sizeof(header);
		size -= sizeof(header);
		rest = padded(header.n_namesz) + padded(header.n_descsz);
		if (header.n_namesz <= size && is_own_note(&header, at))
			return true;
		if (rest > size)
			return false;
		at += rest;
		size -= rest;
	}
	return false;
}

/* Whether these bytes of the object can be read. */
static bool is_readable(const struct pymutex_object *object, uintptr_t address, size_t size)
{
	for (size_t i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_R &&
		    address >= segment->p_vaddr && size <= segment->p_filesz &&
		    address - segment->p_vaddr <= segment->p_filesz - size)
			return true;
	}
	return false;
}

static bool has_note(const struct pymutex_object *object)
{
	for (size_t i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];

		if (segment->p_type == PT_NOTE &&
		    is_readable(object, segment->p_vaddr, segment->p_filesz) &&
		    pymutex_note_in((const void *)(object->base + segment->p_vaddr),
				    segment->p_filesz))
			return true;
	}
	return false;
}

/* Code that cannot be read may have anything in it. */
static bool has_byte_cas(const struct pymutex_object *object)
{
	for (size_t i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
			continue;
		if (!(segment->p_flags & PF_R) ||
		    byte_cas_in(object->machine, (const void *)(object->base + segment->p_vaddr),
				segment->p_filesz))
			return true;
	}
	return false;
}

enum pymutex_use pymutex_use_of_caller(const struct pymutex_object *object)
{
	return has_note(object) || !has_byte_cas(object) ? PYMUTEX_OUT_OF_LINE
							 : PYMUTEX_MAY_BE_INLINED;
}

/* The linker lets a name share the end of a longer one. */
static bool is_named(const char *names, size_t size, const char *name)
{
	return memmem(names, size, name, strlen(name) + 1) != NULL;
}

enum pymutex_use pymutex_use_of(const struct pymutex_object *object, const char *names, size_t size)
{
	if (!is_named(names, size, "PyMutex_Lock") && !is_named(names, size, "PyMutex_Unlock"))
		return PYMUTEX_UNUSED;
	return pymutex_use_of_caller(object);
}
