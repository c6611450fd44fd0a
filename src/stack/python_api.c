/* SPDX-License-Identifier: MIT */
/*
 * CPython 3.9 to 3.12: what the interpreter's functions say of the frames, under the GIL; it takes
 * ten times as long as reading memory. 3.9 and 3.10 make numbers of the instructions, 3.11 and 3.12
 * make frame objects: that takes memory from the object allocator (with tracemalloc on, it calls
 * PyThread_tss_get()), loses a pending exception when there is none left, and in 3.11 may start the
 * cyclic collector, which runs any code there is. So the exception is put aside and the collector
 * switched off meanwhile. The objects belong to their frames and are freed with them.
 *
 * An allocator of an extension may call a hooked function while it allocates: the frames are asked
 * for from within the allocator then. That is as safe as what tracemalloc does there, and the
 * hooks' guard ends the recursion.
 */
#include "stack/python_internal.h"

typedef void python_object;

static struct {
	python_object *(*PyThreadState_GetFrame)(void *thread_state);
	python_object *(*PyFrame_GetBack)(python_object *frame);
	python_object *(*PyFrame_GetCode)(python_object *frame);
	int (*PyFrame_GetLasti)(python_object *frame);
	python_object *(*PyObject_GetAttrString)(python_object *object, const char *name);
	long (*PyLong_AsLong)(python_object *number);
	void (*Py_DecRef)(python_object *object);
	void (*PyErr_Fetch)(python_object **type, python_object **value, python_object **traceback);
	void (*PyErr_Restore)(python_object *type, python_object *value, python_object *traceback);
	int (*PyGC_Disable)(void);
	int (*PyGC_Enable)(void);
} api;

static bool knows_instruction; /* there is a function for it */
static bool collector_may_run;

#define FIND(symbol) python_find(lookup, #symbol, &api.symbol)

enum python_absence python_api_init(python_lookup *lookup, unsigned int minor)
{
	knows_instruction = minor >= 11;
	collector_may_run = minor == 11;
	if (!FIND(PyThreadState_GetFrame) || !FIND(PyFrame_GetBack) || !FIND(PyFrame_GetCode) ||
	    !FIND(PyObject_GetAttrString) || !FIND(PyLong_AsLong) || !FIND(Py_DecRef) ||
	    !FIND(PyErr_Fetch) || !FIND(PyErr_Restore))
		return PYTHON_LACKS_FUNCTION;
	if (knows_instruction && !FIND(PyFrame_GetLasti))
		return PYTHON_LACKS_FUNCTION;
	if (collector_may_run && (!FIND(PyGC_Disable) || !FIND(PyGC_Enable)))
		return PYTHON_LACKS_FUNCTION;
	return PYTHON_PRESENT;
}

/* In bytes, -1 before the first one; another negative number when memory ran out. */
static long instruction_of(python_object *frame)
{
	python_object *number;
	long instruction;

	if (knows_instruction)
		return api.PyFrame_GetLasti(frame);
	number = api.PyObject_GetAttrString(frame, "f_lasti");
	if (!number)
		return -2;
	instruction = api.PyLong_AsLong(number);
	api.Py_DecRef(number);
	return instruction;
}

static void describe(struct python_raw_frame *raw, python_object *frame)
{
	python_object *code = api.PyFrame_GetCode(frame);
	long instruction = instruction_of(frame);

	raw->code = code;
	if (instruction < 0)
		raw->unit = instruction == -1 ? UNIT_BEFORE_FIRST : UNIT_UNKNOWN;
	else
		raw->unit = (uint32_t)instruction / CODE_UNIT_SIZE;
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

	api.PyErr_Fetch(&type, &value, &traceback);
	if (collector_may_run)
		collecting = api.PyGC_Disable();
	count = walk(thread_state, raw);
	if (collecting)
		api.PyGC_Enable();
	api.PyErr_Restore(type, value, traceback);
	return count;
}
