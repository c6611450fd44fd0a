/* SPDX-License-Identifier: MIT */
/*
 * CPython 3.9 to 3.12 on a 64-bit machine, as the headers of each version lay things out. Builds
 * may differ: nothing here is relied on before it is confirmed (python_confirm.c, python_walk.c).
 */
#include "stack/python_frames.h"

#define POINTER sizeof(void *)
#define FIRST_KNOWN 9

struct known_layout {
	unsigned char name, filename, first_line, line_table;
	unsigned char version; /* 0: there is none */
	unsigned char ascii_data, compact_data;
};

static const struct known_layout known[] = {
	[9 - FIRST_KNOWN] = {112, 104, 40, 120, 0, 48, 72},
	[10 - FIRST_KNOWN] = {112, 104, 40, 120, 0, 48, 72},
	[11 - FIRST_KNOWN] = {120, 112, 72, 136, 0, 48, 72},
	[12 - FIRST_KNOWN] = {120, 112, 68, 136, 92, 40, 56},
};

/* Frames are objects up to 3.10, and then structures that a frame on the C stack points to. */
static const struct python_frame_layout known_frames[] = {
	[9 - FIRST_KNOWN] = {.form = INSTRUCTION_BYTE,
			     .newest = 24,
			     .previous = 24,
			     .executable = 32,
			     .instruction = 104},
	[10 - FIRST_KNOWN] = {.form = INSTRUCTION_UNIT,
			      .newest = 24,
			      .previous = 24,
			      .executable = 32,
			      .instruction = 96},
	[11 - FIRST_KNOWN] = {.newest_is_far = true,
			      .newest = 56,
			      .far_newest = 8,
			      .previous = 48,
			      .executable = 32,
			      .instruction = 56,
			      .bytecode = 184},
	[12 - FIRST_KNOWN] = {.newest_is_far = true,
			      .newest = 56,
			      .far_newest = 0,
			      .previous = 8,
			      .executable = 0,
			      .instruction = 56,
			      .owner = 70,
			      .bytecode = 192},
};

static enum python_table table_of(unsigned int minor)
{
	return minor == 9 ? TABLE_OF_39 : minor == 10 ? TABLE_OF_310 : TABLE_OF_LOCATIONS;
}

enum python_absence python_known_init(python_lookup *lookup, unsigned int minor)
{
	const struct known_layout *layout;

	if (minor < FIRST_KNOWN || minor - FIRST_KNOWN >= countof(known))
		return PYTHON_UNKNOWN_VERSION;
	layout = &known[minor - FIRST_KNOWN];
	python_frame_layout = known_frames[minor - FIRST_KNOWN];
	python_layout = (struct python_layout){
		.code_type = lookup("PyCode_Type"),
		.object_type = POINTER,
		.code_name = layout->name,
		.code_filename = layout->filename,
		.code_first_line = layout->first_line,
		.code_line_table = layout->line_table,
		.code_version = layout->version,
		.table = table_of(minor),
		.bytes_size = 2 * POINTER,
		.bytes_data = 4 * POINTER,
		.text.length = 2 * POINTER,
		.text.hash = 3 * POINTER,
		.text.state = 4 * POINTER,
		.text.kind_shift = 2,
		.text.ascii_data = layout->ascii_data,
		.text.compact_data = layout->compact_data,
	};
	return PYTHON_PRESENT;
}
