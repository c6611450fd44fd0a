/* SPDX-License-Identifier: MIT */
/*
 * Once in a process, before offsets are relied on: is a code object that runs right now laid out
 * as expected? Builds with other options (Py_TRACE_REFS, a distributor's patch) are found out here
 * and refused, instead of being misread for ever. The text functions that are asked allocate
 * nothing for ASCII texts, which file and function names are nearly always; others are not asked.
 */
#include "stack/python_internal.h"

typedef void python_object;

static struct {
	python_object *(*PyObject_GetAttrString)(python_object *object, const char *name);
	void (*Py_DecRef)(python_object *object);
	void (*PyErr_Fetch)(python_object **type, python_object **value, python_object **traceback);
	void (*PyErr_Restore)(python_object *type, python_object *value, python_object *traceback);
	ssize_t (*PyUnicode_GetLength)(python_object *text);
	const char *(*PyUnicode_AsUTF8AndSize)(python_object *text, ssize_t *size);
	ssize_t (*PyBytes_Size)(python_object *bytes);
	const char *(*PyBytes_AsString)(python_object *bytes);
	long (*PyLong_AsLong)(python_object *number);
} api;

static bool complete;

#define FIND(symbol) python_find(lookup, #symbol, &api.symbol)

void python_confirm_init(python_lookup *lookup)
{
	python_layout.unicode_type = lookup("PyUnicode_Type");
	complete = python_layout.unicode_type &&
		   python_find(lookup, "PyObject_Hash", &python_layout.hash) &&
		   FIND(PyObject_GetAttrString) && FIND(Py_DecRef) && FIND(PyErr_Fetch) &&
		   FIND(PyErr_Restore) && FIND(PyUnicode_GetLength) &&
		   FIND(PyUnicode_AsUTF8AndSize) && FIND(PyBytes_Size) && FIND(PyBytes_AsString) &&
		   FIND(PyLong_AsLong);
}

/* Texts of a class derived from str have their characters elsewhere: no proof, but no harm. */
static bool text_is_as_expected(const char *text)
{
	uint32_t state = python_load_u32(text, python_layout.text.state);
	unsigned int kind = state >> python_layout.text.kind_shift & 7;
	bool compact_ascii = (state >> (python_layout.text.kind_shift + 3) & 3) == 3;
	size_t length = python_load_size(text, python_layout.text.length);

	if (python_load(text, python_layout.object_type) != python_layout.unicode_type)
		return true;
	if (api.PyUnicode_GetLength((void *)text) != (ssize_t)length)
		return false;
	if (compact_ascii)
		return kind == 1 && api.PyUnicode_AsUTF8AndSize((void *)text, NULL) ==
					    text + python_layout.text.ascii_data;
	return kind == 1 || kind == 2 || kind == 4;
}

static bool table_is_as_expected(const char *code)
{
	const char *table = python_load(code, python_layout.code_line_table);

	return api.PyBytes_Size((void *)table) ==
		       (ssize_t)python_load_size(table, python_layout.bytes_size) &&
	       api.PyBytes_AsString((void *)table) == table + python_layout.bytes_data;
}

/* The code object has references of its own to what is only compared here. */
static bool attribute_is_at(const char *code, const char *name, uint32_t offset)
{
	python_object *value = api.PyObject_GetAttrString((void *)code, name);

	if (!value)
		return false;
	api.Py_DecRef(value);
	return value == python_load(code, offset);
}

static bool first_line_is_at(const char *code, uint32_t offset)
{
	python_object *value = api.PyObject_GetAttrString((void *)code, "co_firstlineno");
	long line;

	if (!value)
		return false;
	line = api.PyLong_AsLong(value);
	api.Py_DecRef(value);
	return line == (int)python_load_u32(code, offset);
}

static bool attributes_are_as_expected(const char *code)
{
	if (!attribute_is_at(code, "co_name", python_layout.code_name) ||
	    !attribute_is_at(code, "co_filename", python_layout.code_filename) ||
	    !first_line_is_at(code, python_layout.code_first_line))
		return false;
	return attribute_is_at(code,
			       python_layout.table == TABLE_OF_39 ? "co_lnotab" : "co_linetable",
			       python_layout.code_line_table);
}

static bool code_is_as_expected(const char *code, bool by_attribute)
{
	if (by_attribute && !attributes_are_as_expected(code))
		return false;
	return text_is_as_expected(python_load(code, python_layout.code_name)) &&
	       text_is_as_expected(python_load(code, python_layout.code_filename)) &&
	       table_is_as_expected(code);
}

bool python_confirm(const char *code, bool by_attribute)
{
	python_object *type, *value, *traceback;
	bool confirmed;

	if (!complete)
		return false;
	api.PyErr_Fetch(&type, &value, &traceback);
	confirmed = code_is_as_expected(code, by_attribute);
	api.PyErr_Restore(type, value, traceback);
	return confirmed;
}
