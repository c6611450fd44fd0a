/* SPDX-License-Identifier: MIT */
/*
 * CPython 3.13 to 3.15: the interpreter says where things are, at the start of _PyRuntime, for
 * debuggers: a cookie, the version, whether it is free-threaded, and then sections of 64-bit
 * numbers, each beginning with its structure's size. Which sections there are, and so where one
 * begins, differs between minor versions and is constant within one from its release candidates on
 * (Include/internal/pycore_runtime.h, later pycore_debug_offsets.h); the first fields of each
 * section have kept their order so far.
 */
#include "stack/python_frames.h"

enum section { THREAD, FRAME, CODE, OBJECT, BYTES, UNICODE, SECTION_COUNT };

#define FIRST_KNOWN 13

static const unsigned char section_start[][SECTION_COUNT] = {
	[13 - FIRST_KNOWN] = {19, 28, 34, 44, 64, 67},
	[14 - FIRST_KNOWN] = {22, 31, 39, 50, 74, 77},
	[15 - FIRST_KNOWN] = {22, 39, 47, 58, 86, 89},
};

/* Positions in a section. */
enum { SIZE = 0 };
enum { THREAD_CURRENT_FRAME = 4 };
enum { FRAME_PREVIOUS = 1, FRAME_EXECUTABLE, FRAME_INSTRUCTION, FRAME_OWNER = 5, FRAME_TLBC = 7 };
enum { CODE_FILENAME = 1, CODE_NAME, CODE_LINE_TABLE = 4, CODE_FIRST_LINE };
enum { CODE_LOCALS_NAMES = 7, CODE_BYTECODE = 9, CODE_TLBC };
enum { OBJECT_TYPE = 1 };
enum { BYTES_SIZE = 1, BYTES_DATA };
enum { UNICODE_STATE = 1, UNICODE_LENGTH, UNICODE_ASCII_SIZE };

struct header {
	char cookie[8];
	uint64_t version;
	uint64_t free_threaded;
};

struct offsets {
	const uint64_t *words;
	const unsigned char *start;
	bool wrong;
};

/* A field's place, checked to lie in its structure. */
static uint32_t field(struct offsets *offsets, enum section section, unsigned int index,
		      size_t width)
{
	uint64_t size = offsets->words[offsets->start[section] + SIZE];
	uint64_t place = offsets->words[offsets->start[section] + index];

	if (size > 1u << 20 || place > size || size - place < width)
		offsets->wrong = true;
	return (uint32_t)place;
}

#define POINTER sizeof(void *)

static void read_frame_layout(struct offsets *offsets, bool tlbc)
{
	python_frame_layout = (struct python_frame_layout){
		.newest = field(offsets, THREAD, THREAD_CURRENT_FRAME, POINTER),
		.previous = field(offsets, FRAME, FRAME_PREVIOUS, POINTER),
		.executable = field(offsets, FRAME, FRAME_EXECUTABLE, POINTER),
		.instruction = field(offsets, FRAME, FRAME_INSTRUCTION, POINTER),
		.owner = field(offsets, FRAME, FRAME_OWNER, 1),
		.tlbc_index = tlbc ? field(offsets, FRAME, FRAME_TLBC, sizeof(int32_t)) : 0,
		.bytecode = field(offsets, CODE, CODE_BYTECODE, CODE_UNIT_SIZE),
		.thread_bytecode = tlbc ? field(offsets, CODE, CODE_TLBC, POINTER) : 0,
	};
}

static void read_code_layout(struct offsets *offsets)
{
	uint32_t locals = field(offsets, CODE, CODE_LOCALS_NAMES, POINTER);

	python_layout.code_name = field(offsets, CODE, CODE_NAME, POINTER);
	python_layout.code_filename = field(offsets, CODE, CODE_FILENAME, POINTER);
	python_layout.code_line_table = field(offsets, CODE, CODE_LINE_TABLE, POINTER);
	python_layout.code_first_line = field(offsets, CODE, CODE_FIRST_LINE, sizeof(int32_t));
	python_layout.table = TABLE_OF_LOCATIONS;
	/*
	 * co_version is not told. It is the last of the seven 32-bit numbers from co_firstlineno
	 * on, right before co_localsplusnames: where these are as far apart as that makes them.
	 */
	python_layout.code_version = locals == python_layout.code_first_line + 28 ? locals - 4 : 0;
}

static void read_object_layouts(struct offsets *offsets, bool wide_state)
{
	uint32_t size = (uint32_t)offsets->words[offsets->start[UNICODE] + SIZE];

	python_layout.object_type = field(offsets, OBJECT, OBJECT_TYPE, POINTER);
	python_layout.bytes_size = field(offsets, BYTES, BYTES_SIZE, POINTER);
	python_layout.bytes_data = field(offsets, BYTES, BYTES_DATA, 1);
	python_layout.text.length = field(offsets, UNICODE, UNICODE_LENGTH, POINTER);
	python_layout.text.state = field(offsets, UNICODE, UNICODE_STATE, sizeof(uint32_t));
	python_layout.text.ascii_data = field(offsets, UNICODE, UNICODE_ASCII_SIZE, POINTER);
	/* The hash is between the length and the state; the pointer to far text comes last. */
	python_layout.text.hash = python_layout.text.length + POINTER;
	python_layout.text.compact_data = size - (uint32_t)POINTER;
	if (python_layout.text.state != python_layout.text.hash + POINTER)
		offsets->wrong = true;
	python_layout.text.kind_shift = wide_state ? 8 : 2;
}

/* Alphas and betas still change: only release candidates and releases are known. */
static bool known_version(uint64_t version, unsigned int minor)
{
	return version >> 24 == 3 && (version >> 16 & 0xff) == minor && (version >> 4 & 0xf) >= 0xc;
}

enum python_absence python_offsets_init(python_lookup *lookup, unsigned int minor)
{
	const struct header *header = lookup("_PyRuntime");
	struct offsets offsets = {0};
	bool tlbc;

	if (minor < FIRST_KNOWN || minor - FIRST_KNOWN >= countof(section_start))
		return PYTHON_UNKNOWN_VERSION;
	python_layout.code_type = lookup("PyCode_Type");
	if (!header || !python_layout.code_type)
		return PYTHON_LACKS_FUNCTION;
	if (memcmp(header->cookie, "xdebugpy", sizeof(header->cookie)) != 0)
		return PYTHON_UNKNOWN_LAYOUT;
	if (!known_version(header->version, minor))
		return PYTHON_UNKNOWN_VERSION;
	/* A build option for CPython's own developers, in which references are no pointers. */
	if (lookup("_Py_stackref_get_object"))
		return PYTHON_UNKNOWN_LAYOUT;
	offsets.words = (const uint64_t *)header;
	offsets.start = section_start[minor - FIRST_KNOWN];
	/* From 3.14 on, threads have bytecode of their own, and a str's state a byte more. */
	tlbc = header->free_threaded && minor >= 14;
	read_frame_layout(&offsets, tlbc);
	read_code_layout(&offsets);
	read_object_layouts(&offsets, tlbc);
	return offsets.wrong ? PYTHON_UNKNOWN_LAYOUT : PYTHON_PRESENT;
}
