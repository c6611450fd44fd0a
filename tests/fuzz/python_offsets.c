/* SPDX-License-Identifier: MIT */
/* What an interpreter says of its own structures: no field that is read lies outside of them. */
#include "fuzz.h"
#include "stack/python_frames.h"

#include <stdlib.h>
#include <string.h>

#define WORDS 96
#define STRUCTURE_MAX (1U << 20)

static char *runtime;
static bool tagged;

static void *look_up(const char *symbol)
{
	static char type;

	if (strcmp(symbol, "_PyRuntime") == 0)
		return runtime;
	if (strcmp(symbol, "PyCode_Type") == 0)
		return &type;
	return tagged ? &type : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	unsigned int minor = 13 + input_byte(&input) % 4;

	tagged = input_byte(&input) == 1;
	runtime = input_block(&input, WORDS * sizeof(uint64_t));
	if (python_offsets_init(look_up, minor) == PYTHON_PRESENT) {
		const struct python_frame_layout *frame = &python_frame_layout;
		const struct python_layout *layout = &python_layout;
		const uint32_t places[] = {frame->newest,
					   frame->previous,
					   frame->executable,
					   frame->instruction,
					   frame->owner,
					   frame->tlbc_index,
					   frame->bytecode,
					   frame->thread_bytecode,
					   layout->object_type,
					   layout->code_name,
					   layout->code_filename,
					   layout->code_first_line,
					   layout->code_line_table,
					   layout->code_version,
					   layout->bytes_size,
					   layout->bytes_data,
					   layout->text.length,
					   layout->text.hash,
					   layout->text.state,
					   layout->text.ascii_data,
					   layout->text.compact_data};

		REQUIRE(memcmp(runtime, "xdebugpy", 8) == 0 && minor < 16 && !tagged);
		for (size_t i = 0; i < countof(places); i++)
			REQUIRE(places[i] <= STRUCTURE_MAX);
	}
	free(runtime);
	return 0;
}
