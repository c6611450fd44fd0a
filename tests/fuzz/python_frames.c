/* SPDX-License-Identifier: MIT */
/*
 * Frames of an interpreter whose build is not the expected one (3.9 to 3.12): before its memory is
 * relied on, it is looked at, whatever is there, and nothing is read that cannot be.
 */
#include "stack/python_frames.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 5 /* the second and the last cannot be read */
#define FRAMES_MAX 8

static char *memory;
static _Alignas(8) char code_type[256]; /* it may be taken for a frame, too */
static struct input *frames;		/* what the interpreter's own functions say */
static unsigned int frame_count;

/*
 * Memory of AddressSanitizer's own, from the first on, and what is between its blocks: it can be
 * read, but not by what it has compiled. An address is one below, where nothing is.
 */
#define SHADOW UINT64_C(0x7fff8000)
#define ADDRESSES_END (UINT64_C(1) << 47)

/* Numbers that begin with this are addresses in the memory. */
#define MARK 0xadd0

static void prepare(struct input *input)
{
	if (!memory) {
		memory = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		REQUIRE(memory != MAP_FAILED);
		REQUIRE(mprotect(memory + PAGE, PAGE, PROT_NONE) == 0);
		REQUIRE(mprotect(memory + (size_t)(PAGES - 1) * PAGE, PAGE, PROT_NONE) == 0);
	}
	for (size_t at = 0; at < (size_t)(PAGES - 1) * PAGE; at += sizeof(uint64_t)) {
		uint64_t word;

		if (at / PAGE == 1)
			continue;
		/* The middle of it all stays empty: an input is small. */
		word = at % PAGE < 256 || at % PAGE >= PAGE - 256 ? input_number(input, 8) : 0;
		if (word < ADDRESSES_END)
			word %= SHADOW;
		if (word >> 48 == MARK)
			word = (uintptr_t)memory + word % (PAGES * PAGE - PAGE / 2);
		if (word >> 48 == MARK + 1)
			word = (uintptr_t)code_type;
		memcpy(memory + at, &word, sizeof(word));
	}
}

static void *next_frame(void *unused)
{
	(void)unused;
	return frame_count++ < FRAMES_MAX && input_byte(frames) & 1 ? memory : NULL;
}

static void *code_of(void *unused)
{
	(void)unused;
	return memory + input_number(frames, 2) % PAGE / 8 * 8;
}

static int instruction_of(void *unused)
{
	(void)unused;
	return (int16_t)input_number(frames, 2);
}

static void *number_of(void *object, const char *name)
{
	(void)name;
	return input_byte(frames) == 0xff ? NULL : object;
}

static long long_of(void *unused)
{
	return instruction_of(unused);
}

static void drop(void *unused)
{
	(void)unused;
}

static void fetch(void **type, void **value, void **traceback)
{
	*type = *value = *traceback = NULL;
}

static void restore(void *type, void *value, void *traceback)
{
	(void)type, (void)value, (void)traceback;
}

static int switch_collector(void)
{
	return 1;
}

static void *look_up(const char *symbol)
{
	static const struct {
		const char *name;
		void *function;
	} symbols[] = {
		{"PyCode_Type", code_type},
		{"PyThreadState_GetFrame", (void *)next_frame},
		{"PyFrame_GetBack", (void *)next_frame},
		{"PyFrame_GetCode", (void *)code_of},
		{"PyFrame_GetLasti", (void *)instruction_of},
		{"PyObject_GetAttrString", (void *)number_of},
		{"PyLong_AsLong", (void *)long_of},
		{"Py_DecRef", (void *)drop},
		{"PyErr_Fetch", (void *)fetch},
		{"PyErr_Restore", (void *)restore},
		{"PyGC_Disable", (void *)switch_collector},
		{"PyGC_Enable", (void *)switch_collector},
	};

	for (size_t i = 0; i < countof(symbols); i++)
		if (strcmp(symbols[i].name, symbol) == 0)
			return symbols[i].function;
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	unsigned int minor = 8 + input_byte(&input) % 6;
	struct input said = {NULL, 0};
	struct python_raw_frame raw[PYTHON_DEPTH];
	unsigned int count;

	said.left = input_byte(&input) % 64;
	said.left = said.left < input.left ? said.left : input.left;
	said.at = input.at;
	input.at += said.left;
	input.left -= said.left;
	frames = &said;
	frame_count = 0;
	prepare(&input);
	if (python_known_init(look_up, minor) != PYTHON_PRESENT)
		return 0;
	REQUIRE(python_api_init(look_up, minor) == PYTHON_PRESENT);
	python_walk_init(false);
	/* The thread state itself can be read: it is the calling thread's. */
	count = python_walk(memory, raw);
	REQUIRE(count <= FRAMES_MAX);
	if (python_walks_memory())
		REQUIRE(python_walk(memory, raw) == count);
	return 0;
}
