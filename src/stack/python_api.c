/* SPDX-License-Identifier: MIT */
/*
 * CPython 3.9 to 3.12: frames are walked with the interpreter's functions, under the GIL. In 3.9
 * and 3.10 a frame is an object anyway and nothing is allocated. 3.11 and 3.12 make frame objects
 * when they are asked for: that takes memory from the object allocator (with tracemalloc on, it
 * calls PyThread_tss_get()), loses a pending exception when there is none left, and in 3.11 may
 * start the cyclic collector, which runs any code there is. So the exception is put aside and the
 * collector switched off meanwhile. The objects belong to their frames and are freed with them.
 *
 * An allocator of an extension may call a hooked function while it allocates: the frames are asked
 * for from within the allocator then. That is as safe as what tracemalloc does there, and the
 * hooks' guard ends the recursion.
 *
 * A code object's name and file are read in place (python_text.c), at offsets that are checked
 * against a live one first: asking for attributes at each capture would cost more than the walk.
 */
#include "stack/python_internal.h"

#define POINTER sizeof(void *)
#define CODE_UNIT_SIZE 2

typedef void python_object;

static struct {
	python_object *(*PyThreadState_GetFrame)(void *thread_state);
	python_object *(*PyFrame_GetBack)(python_object *frame);
	python_object *(*PyFrame_GetCode)(python_object *frame);
	int (*PyFrame_GetLineNumber)(python_object *frame);
	int (*PyFrame_GetLasti)(python_object *frame);
	void (*Py_DecRef)(python_object *object);
	void (*PyErr_Fetch)(python_object **type, python_object **value, python_object **traceback);
	void (*PyErr_Restore)(python_object *type, python_object *value, python_object *traceback);
	int (*PyGC_Disable)(void);
	int (*PyGC_Enable)(void);
} api;

static bool frames_are_lazy;
static bool collector_may_run;

/* As the headers of each version lay them out on a 64-bit machine. */
struct known_layout {
	unsigned char name, filename, first_line;
	unsigned char line_table, version; /* 0: not read */
	unsigned char ascii_data, compact_data;
};

#define FIRST_KNOWN 9

static const struct known_layout known[] = {
	[9 - FIRST_KNOWN] = {112, 104, 40, 0, 0, 48, 72},
	[10 - FIRST_KNOWN] = {112, 104, 40, 0, 0, 48, 72},
	[11 - FIRST_KNOWN] = {120, 112, 72, 136, 0, 48, 72},
	[12 - FIRST_KNOWN] = {120, 112, 68, 136, 92, 40, 56},
};

static void set_layout(python_lookup *lookup, const struct known_layout *layout)
{
	python_layout.code_type = lookup("PyCode_Type");
	python_layout.object_type = POINTER;
	python_layout.code_name = layout->name;
	python_layout.code_filename = layout->filename;
	python_layout.code_first_line = layout->first_line;
	python_layout.code_line_table = layout->line_table;
	python_layout.code_version = layout->version;
	python_layout.bytes_size = 2 * POINTER;
	python_layout.bytes_data = 4 * POINTER;
	python_layout.text.length = 2 * POINTER;
	python_layout.text.hash = 3 * POINTER;
	python_layout.text.state = 4 * POINTER;
	python_layout.text.kind_shift = 2;
	python_layout.text.ascii_data = layout->ascii_data;
	python_layout.text.compact_data = layout->compact_data;
}

#define FIND(symbol) python_find(lookup, #symbol, &api.symbol)

enum python_absence python_api_init(python_lookup *lookup, unsigned int minor)
{
	if (minor < FIRST_KNOWN || minor - FIRST_KNOWN >= countof(known))
		return PYTHON_UNKNOWN_VERSION;
	if (POINTER != 8)
		return PYTHON_UNKNOWN_LAYOUT;
	frames_are_lazy = minor >= 11;
	collector_may_run = minor == 11;
	if (!FIND(PyThreadState_GetFrame) || !FIND(PyFrame_GetBack) || !FIND(PyFrame_GetCode) ||
	    !FIND(PyFrame_GetLineNumber) || !FIND(Py_DecRef) || !FIND(PyErr_Fetch) ||
	    !FIND(PyErr_Restore))
		return PYTHON_LACKS_FUNCTION;
	if (frames_are_lazy && !FIND(PyFrame_GetLasti))
		return PYTHON_LACKS_FUNCTION;
	if (collector_may_run && (!FIND(PyGC_Disable) || !FIND(PyGC_Enable)))
		return PYTHON_LACKS_FUNCTION;
	set_layout(lookup, &known[minor - FIRST_KNOWN]);
	return PYTHON_PRESENT;
}

/*
 * From 3.11 on, finding the line takes longer than all the rest: it is put off until the frame
 * turns out to be a new one. Before, there is no function that tells the instruction.
 */
static void describe(struct python_raw_frame *raw, python_object *frame)
{
	python_object *code = api.PyFrame_GetCode(frame);
	int line = LINE_IN_TABLE;
	int instruction = -1;

	if (api.PyFrame_GetLasti)
		instruction = api.PyFrame_GetLasti(frame);
	if (instruction < 0) {
		line = api.PyFrame_GetLineNumber(frame);
		line = line > 0 ? line : 0;
	}
	raw->code = code;
	raw->unit = (uint32_t)instruction / CODE_UNIT_SIZE;
	raw->line = line;
	api.Py_DecRef(code); /* the frame has a reference of its own */
}

static unsigned int walk(void *thread_state, struct python_raw_frame *raw)
{
	python_object *frame = api.PyThreadState_GetFrame(thread_state);
	unsigned int count = 0;

	while (frame) {
		python_object *back = NULL;

		describe(&raw[count++], frame);
		if (count < PYTHON_DEPTH)
			back = api.PyFrame_GetBack(frame);
		api.Py_DecRef(frame); /* never the last reference: the frame is running */
		frame = back;
	}
	return count;
}

unsigned int python_api_walk(void *thread_state, struct python_raw_frame *raw)
{
	python_object *type, *value, *traceback;
	bool collecting = false;
	unsigned int count;

	if (!frames_are_lazy)
		return walk(thread_state, raw);
	api.PyErr_Fetch(&type, &value, &traceback);
	if (collector_may_run)
		collecting = api.PyGC_Disable();
	count = walk(thread_state, raw);
	if (collecting)
		api.PyGC_Enable();
	api.PyErr_Restore(type, value, traceback);
	return count;
}
