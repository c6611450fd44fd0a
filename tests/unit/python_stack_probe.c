/* SPDX-License-Identifier: MIT */
/*
 * The Python stacks as a library that python_stack_test.py loads by ctypes into an interpreter:
 * through PyDLL its functions run with the GIL, through CDLL without.
 */
#include "stack/python_frames.h"

#include <dlfcn.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

EXPORT void probe_start(void);
EXPORT unsigned int probe_questions(void);
EXPORT uint32_t probe_field(unsigned int field);
EXPORT void probe_misplace(unsigned int field, uint32_t place);
EXPORT uint32_t probe_capture(void);
EXPORT const char *probe_absent(uint32_t id);
EXPORT unsigned int probe_count(uint32_t id);
EXPORT const char *probe_function(uint32_t id, unsigned int index);
EXPORT const char *probe_file(uint32_t id, unsigned int index);
EXPORT int probe_line(uint32_t id, unsigned int index);
EXPORT const char *probe_version(void);
EXPORT const char *probe_refusal(void);
EXPORT uint32_t probe_with_exception(void);
EXPORT uint32_t probe_foreign_thread(void);
EXPORT uint32_t probe_subinterpreter(void);
EXPORT int probe_at_exit(void);
EXPORT double probe_nanoseconds(unsigned int rounds);

typedef void python_object;

/* What Python.h calls PyMethodDef. */
struct method {
	const char *name;
	python_object *(*call)(python_object *self, python_object *arguments);
	int flags;
	const char *help;
};

#define METHOD_NO_ARGUMENTS 4

static struct {
	python_object **PyExc_KeyError;
	python_object *(*PyUnicode_FromString)(const char *text);
	python_object *(*PyLong_FromLong)(long number);
	void (*PyErr_SetObject)(python_object *kind, python_object *value);
	python_object *(*PyErr_Occurred)(void);
	void (*PyErr_Clear)(void);
	void (*Py_DecRef)(python_object *object);
	python_object *(*PyImport_AddModule)(const char *name);
	python_object *(*PyModule_GetDict)(python_object *module);
	python_object *(*PyCFunction_NewEx)(struct method *, python_object *self, python_object *);
	int (*PyDict_SetItemString)(python_object *dict, const char *key, python_object *value);
	void *(*PyThreadState_Get)(void);
	void *(*PyThreadState_Swap)(void *state);
	void *(*Py_NewInterpreter)(void);
	void (*Py_EndInterpreter)(void *state);
	int (*PyRun_SimpleStringFlags)(const char *source, void *flags);
	int (*Py_AtExit)(void (*function)(void));
} api;

static python_object *(*newest_frame)(void *thread_state);
static unsigned int questions;

static python_object *counted_newest_frame(void *thread_state)
{
	questions++;
	return newest_frame(thread_state);
}

static void *look_up(const char *symbol)
{
	void *found = dlsym(RTLD_DEFAULT, symbol);

	if (!found || strcmp(symbol, "PyThreadState_GetFrame") != 0)
		return found;
	memcpy(&newest_frame, &found, sizeof(found));
	return (void *)counted_newest_frame;
}

static void need(const char *symbol, void *slot)
{
	if (!python_find(look_up, symbol, slot))
		_exit(99);
}

#define NEED(symbol) need(#symbol, &api.symbol)

void probe_start(void)
{
	NEED(PyExc_KeyError);
	NEED(PyUnicode_FromString);
	NEED(PyLong_FromLong);
	NEED(PyErr_SetObject);
	NEED(PyErr_Occurred);
	NEED(PyErr_Clear);
	NEED(Py_DecRef);
	NEED(PyImport_AddModule);
	NEED(PyModule_GetDict);
	NEED(PyCFunction_NewEx);
	NEED(PyDict_SetItemString);
	NEED(PyThreadState_Get);
	NEED(PyThreadState_Swap);
	NEED(Py_NewInterpreter);
	NEED(Py_EndInterpreter);
	NEED(PyRun_SimpleStringFlags);
	NEED(Py_AtExit);
	python_init(look_up, true);
}

/* How often the interpreter was asked for its frames. */
unsigned int probe_questions(void)
{
	return questions;
}

static uint32_t *const fields[] = {
	&python_frame_layout.newest,	  &python_frame_layout.far_newest,
	&python_frame_layout.previous,	  &python_frame_layout.executable,
	&python_frame_layout.instruction, &python_frame_layout.bytecode,
	&python_frame_layout.owner,
};

/* UINT32_MAX after the last one. */
uint32_t probe_field(unsigned int field)
{
	return field < countof(fields) ? *fields[field] : UINT32_MAX;
}

/* As in an interpreter whose frames have this field elsewhere. */
void probe_misplace(unsigned int field, uint32_t place)
{
	python_init(look_up, true);
	*fields[field] = place;
}

uint32_t probe_capture(void)
{
	return python_capture();
}

const char *probe_absent(uint32_t id)
{
	return python_absent_text(id);
}

unsigned int probe_count(uint32_t id)
{
	return python_stack_get(id)->count;
}

const char *probe_function(uint32_t id, unsigned int index)
{
	return python_stack_get(id)->frame[index].function;
}

const char *probe_file(uint32_t id, unsigned int index)
{
	return python_stack_get(id)->frame[index].file;
}

int probe_line(uint32_t id, unsigned int index)
{
	return python_stack_get(id)->frame[index].line;
}

const char *probe_version(void)
{
	return python_version();
}

const char *probe_refusal(void)
{
	return python_refusal();
}

/* Captures while an exception is pending; PYTHON_PRESENT if it is not the same afterwards. */
uint32_t probe_with_exception(void)
{
	python_object *kind = *api.PyExc_KeyError;
	python_object *value;
	uint32_t id;

	value = api.PyUnicode_FromString("kept");
	api.PyErr_SetObject(kind, value);
	id = python_capture();
	if (api.PyErr_Occurred() != kind)
		id = PYTHON_PRESENT;
	api.PyErr_Clear();
	api.Py_DecRef(value);
	return id;
}

static void *capture_there(void *result)
{
	*(uint32_t *)result = python_capture();
	return NULL;
}

uint32_t probe_foreign_thread(void)
{
	uint32_t id = PYTHON_PRESENT;
	pthread_t thread;

	if (pthread_create(&thread, NULL, capture_there, &id) == 0)
		pthread_join(thread, NULL);
	return id;
}

static uint32_t captured;

static python_object *capture_method(python_object *self, python_object *arguments)
{
	(void)self;
	(void)arguments;
	captured = python_capture();
	return api.PyLong_FromLong((long)captured);
}

/* A function `capture` in the current interpreter's __main__. */
static void add_capture(void)
{
	static struct method method = {"capture", capture_method, METHOD_NO_ARGUMENTS, NULL};
	python_object *module, *names, *function;

	module = api.PyImport_AddModule("__main__");
	names = api.PyModule_GetDict(module);
	function = api.PyCFunction_NewEx(&method, NULL, NULL);
	api.PyDict_SetItemString(names, "capture", function);
	api.Py_DecRef(function);
}

/* What is captured in a function of a new subinterpreter. */
uint32_t probe_subinterpreter(void)
{
	void *own = api.PyThreadState_Get();
	void *other = api.Py_NewInterpreter();

	captured = PYTHON_PRESENT;
	add_capture();
	api.PyRun_SimpleStringFlags("def inside():\n    capture()\ninside()\n", NULL);
	api.Py_EndInterpreter(other);
	api.PyThreadState_Swap(own);
	return captured;
}

static void say_at_exit(void)
{
	const char *text = python_absent_text(python_capture());

	text = text ? text : "a stack";
	if (write(1, text, strlen(text)) < 0)
		_exit(98);
}

/* Writes why there is no stack when the interpreter is gone. */
int probe_at_exit(void)
{
	return api.Py_AtExit(say_at_exit);
}

double probe_nanoseconds(unsigned int rounds)
{
	struct timespec start, end;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < rounds; i++)
		python_capture();
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
	       rounds;
}
