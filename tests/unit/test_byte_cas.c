/* SPDX-License-Identifier: MIT */
/* Machine code with and without a compare-and-swap of one byte, and ELF notes, hostile ones too. */
#include "base/byte_cas.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define PAGE 4096

/* A page with these bytes at its very end, behind which nothing can be read. */
static char *at_the_edge(const void *bytes, size_t size)
{
	char *pages =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(mprotect(pages + PAGE, PAGE, PROT_NONE), 0);
	return memcpy(pages + PAGE - size, bytes, size);
}

static void forget(char *bytes, size_t size)
{
	assert_int_equal(munmap(bytes + size - PAGE, 2 * PAGE), 0);
}

struct code {
	const char *what;
	uint16_t machine;
	bool wanted;
	uint8_t size, bytes[16];
};

static const struct code codes[] = {
	{"lock cmpxchg %dl,(%rdi)", EM_X86_64, true, 4, {0xf0, 0x0f, 0xb0, 0x17}},
	{"with REX", EM_X86_64, true, 5, {0xf0, 0x44, 0x0f, 0xb0, 0x07}},
	{"with XACQUIRE behind", EM_X86_64, true, 5, {0xf0, 0xf2, 0x0f, 0xb0, 0x17}},
	{"with XACQUIRE in front", EM_X86_64, true, 5, {0xf2, 0xf0, 0x0f, 0xb0, 0x17}},
	{"in %fs", EM_X86_64, true, 6, {0xf0, 0x64, 0x40, 0x0f, 0xb0, 0x17}},
	{"LOCK twice", EM_X86_64, true, 5, {0xf0, 0xf0, 0x0f, 0xb0, 0x17}},
	{"REX2", EM_X86_64, true, 5, {0xf0, 0xd5, 0x80, 0xb0, 0x17}},
	{"after others", EM_X86_64, true, 7, {0xf0, 0x90, 0xf0, 0x0f, 0xf0, 0x0f, 0xb0}},
	{"lock cmpxchg %edx,(%rdi)", EM_X86_64, false, 4, {0xf0, 0x0f, 0xb1, 0x17}},
	{"lock xadd %dl,(%rdi)", EM_X86_64, false, 4, {0xf0, 0x0f, 0xc0, 0x17}},
	{"not locked", EM_X86_64, false, 3, {0x0f, 0xb0, 0x17}},
	{"cut off after LOCK", EM_X86_64, false, 1, {0xf0}},
	{"cut off after the prefixes", EM_X86_64, false, 3, {0xf0, 0x66, 0x41}},
	{"cut off in the opcode", EM_X86_64, false, 2, {0xf0, 0x0f}},
	{"cut off in REX2", EM_X86_64, false, 3, {0xf0, 0xd5, 0x80}},
	{"nothing", EM_X86_64, false, 0, {0}},
	{"casalb w0, w1, [x2]", EM_AARCH64, true, 4, {0x41, 0xfc, 0xe0, 0x08}},
	{"casb w0, w1, [x2]", EM_AARCH64, true, 4, {0x41, 0x7c, 0xa0, 0x08}},
	{"stxrb w3, w1, [x2]", EM_AARCH64, true, 4, {0x41, 0x7c, 0x03, 0x08}},
	{"nop; stlxrb", EM_AARCH64, true, 8, {0x1f, 0x20, 0x03, 0xd5, 0x41, 0xfc, 0x03, 0x08}},
	{"cas w0, w1, [x2]", EM_AARCH64, false, 4, {0x41, 0x7c, 0xa0, 0x88}},
	{"casah w0, w1, [x2]", EM_AARCH64, false, 4, {0x41, 0x7c, 0xe0, 0x48}},
	{"stxr w3, w1, [x2]", EM_AARCH64, false, 4, {0x41, 0x7c, 0x03, 0x88}},
	{"swpalb w0, w1, [x2]", EM_AARCH64, false, 4, {0x41, 0x80, 0xe0, 0x38}},
	{"cut off", EM_AARCH64, false, 3, {0x41, 0xfc, 0xe0}},
	{"of a machine that nobody knows", EM_RISCV, true, 4, {0x13, 0, 0, 0}},
};

static void test_machine_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(codes); i++) {
		const struct code *code = &codes[i];
		char *bytes = at_the_edge(code->bytes, code->size);

		if (byte_cas_in(code->machine, bytes, code->size) != code->wanted)
			fail_msg("%s: %s", code->what, code->wanted ? "not found" : "found");
		forget(bytes, code->size);
	}
}

__attribute__((noinline)) static bool swap(uint8_t *byte)
{
	uint8_t expected = 0;

	return __atomic_compare_exchange_n(byte, &expected, 1, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/* From this function to the end of the program's code, which the linker calls etext. */
static void test_what_the_compiler_makes(void **state)
{
	extern const char etext[];
	const char *start = (const char *)swap;
	uint8_t byte = 0;

	(void)state;
	assert_true(swap(&byte));
	assert_true(byte_cas_in(OWN_MACHINE, start, (size_t)(etext - start)));
}

/* Notes, as the linker puts them together. */
struct notes {
	size_t size;
	char bytes[256];
};

static void add_note(struct notes *notes, const char *name, uint32_t type, uint32_t description)
{
	ElfW(Nhdr) header = {(uint32_t)strlen(name) + 1, description, type};

	memcpy(notes->bytes + notes->size, &header, sizeof(header));
	memcpy(notes->bytes + notes->size + sizeof(header), name, header.n_namesz);
	notes->size += sizeof(header) + (header.n_namesz + 3) / 4 * 4 + (description + 3) / 4 * 4;
}

static bool is_found(const struct notes *notes, size_t size)
{
	char *bytes = at_the_edge(notes->bytes, size);
	bool found = pymutex_note_in(bytes, size);

	forget(bytes, size);
	return found;
}

static void test_notes(void **state)
{
	struct notes only = {0}, last = {0}, others = {0};

	(void)state;
	add_note(&only, "pythread-trace", 1, 0);
	add_note(&last, "GNU", NT_GNU_BUILD_ID, 20);
	add_note(&last, "", 1, 5);
	add_note(&last, "pythread-trace", 1, 4);
	add_note(&others, "pythread-trace", 2, 0);
	add_note(&others, "pythread-tracer", 1, 0);
	add_note(&others, "pythread", 1, 0);
	assert_true(is_found(&only, only.size));
	assert_true(is_found(&last, last.size));
	assert_false(is_found(&others, others.size));
	for (size_t size = 0; size < only.size - 1; size++)
		assert_false(is_found(&only, size));
}

/* Sizes that lead out of the segment, also by going round the 32 bits. */
static void test_hostile_notes(void **state)
{
	static const uint32_t sizes[] = {1, 15, 16, 64, 0x7ffffffd, 0xfffffffd, 0xffffffff};

	(void)state;
	for (size_t name = 0; name < countof(sizes); name++) {
		for (size_t description = 0; description < countof(sizes); description++) {
			ElfW(Nhdr) header = {sizes[name], sizes[description], 1};
			struct notes notes = {sizeof(header), ""};

			memcpy(notes.bytes, &header, sizeof(header));
			for (size_t size = 0; size <= sizeof(header) + 8; size++)
				assert_false(is_found(&notes, size));
		}
	}
}

/* An object with one segment of code and one of notes, both at address 0 plus `base`. */
struct object {
	struct pymutex_object object;
	ElfW(Phdr) segments[2];
};

static void make_object(struct object *made, const void *bytes, size_t size)
{
	*made = (struct object){
		.object = {.machine = EM_X86_64, .base = (uintptr_t)bytes, .segment_count = 2},
		.segments = {{.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_filesz = size},
			     {.p_type = PT_NOTE, .p_flags = PF_R, .p_filesz = size}}};
	made->object.segments = made->segments;
}

static const char names[] = "\0Py_Initialize\0PyMutex_Unlock\0_PyMutex_Locked";

static void test_use(void **state)
{
	static const uint8_t cas[] = {0xf0, 0x0f, 0xb0, 0x17}, none[] = {0x90, 0x90, 0x90, 0xc3};
	struct notes notes = {0};
	struct object object;

	(void)state;
	make_object(&object, cas, sizeof(cas));
	assert_int_equal(pymutex_use_of(&object.object, names, 15), PYMUTEX_UNUSED);
	assert_int_equal(pymutex_use_of(&object.object, names, 29), PYMUTEX_UNUSED);
	assert_int_equal(pymutex_use_of(&object.object, names, sizeof(names)),
			 PYMUTEX_MAY_BE_INLINED);
	assert_int_equal(pymutex_use_of_caller(&object.object), PYMUTEX_MAY_BE_INLINED);
	make_object(&object, none, sizeof(none));
	assert_int_equal(pymutex_use_of(&object.object, names, sizeof(names)), PYMUTEX_OUT_OF_LINE);
	object.segments[0].p_flags = PF_X;
	assert_int_equal(pymutex_use_of_caller(&object.object), PYMUTEX_MAY_BE_INLINED);
	/* The note says more than the code: a swap may be of something else. */
	add_note(&notes, "pythread-trace", 1, sizeof(cas));
	memcpy(notes.bytes + notes.size - sizeof(cas), cas, sizeof(cas));
	make_object(&object, notes.bytes, notes.size);
	assert_int_equal(pymutex_use_of_caller(&object.object), PYMUTEX_OUT_OF_LINE);
	object.segments[1].p_type = PT_NULL;
	assert_int_equal(pymutex_use_of_caller(&object.object), PYMUTEX_MAY_BE_INLINED);
}

/* Notes that are not in what is loaded are not read. */
static void test_notes_outside(void **state)
{
	struct notes notes = {0};
	struct object object;
	char *bytes;

	(void)state;
	add_note(&notes, "pythread-trace", 1, 0);
	bytes = at_the_edge(notes.bytes, notes.size);
	make_object(&object, bytes, notes.size);
	object.segments[0].p_flags = PF_R;
	object.segments[1].p_vaddr = PAGE;
	assert_int_equal(pymutex_use_of_caller(&object.object), PYMUTEX_OUT_OF_LINE);
	object.segments[1].p_vaddr = (uintptr_t)-8;
	object.segments[1].p_filesz = (size_t)-1;
	assert_int_equal(pymutex_use_of_caller(&object.object), PYMUTEX_OUT_OF_LINE);
	forget(bytes, notes.size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machine_code), cmocka_unit_test(test_what_the_compiler_makes),
		cmocka_unit_test(test_notes),	     cmocka_unit_test(test_hostile_notes),
		cmocka_unit_test(test_use),	     cmocka_unit_test(test_notes_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
