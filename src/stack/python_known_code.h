/* SPDX-License-Identifier: MIT */
/*
 * What a code object held that a stack's frame was in. One that was freed may have made room for
 * another at the same address: they are told apart by content, as in python_code.c.
 */
#ifndef PYTHREAD_TRACE_STACK_PYTHON_KNOWN_CODE_H
#define PYTHREAD_TRACE_STACK_PYTHON_KNOWN_CODE_H

#include "stack/python_frames.h"

struct known_text {
	const char *object;
	uint64_t hash; /* as the object keeps it */
};

/* Never changed, never given back. */
struct known_code {
	const char *code;
	struct known_text name, file;
	uint32_t version; /* 0: the rest is needed */
	uint32_t first_line;
	const char *table;
	size_t table_size;
	struct known_code *next; /* in its bucket */
	char table_copy[];
};

/* Under the store's lock, while a frame of this thread runs it. NULL: there is no room for more. */
const struct known_code *known_code_get(const char *code);

static inline bool known_text_is_same(const struct known_text *known, const char *object)
{
	return object == known->object &&
	       python_load_size(object, python_layout.text.hash) == known->hash;
}

static inline bool known_table_is_same(const struct known_code *known)
{
	const char *code = known->code, *table = python_load(code, python_layout.code_line_table);

	return table == known->table &&
	       python_load_u32(code, python_layout.code_first_line) == known->first_line &&
	       python_load_size(table, python_layout.bytes_size) == known->table_size &&
	       memcmp(table + python_layout.bytes_data, known->table_copy, known->table_size) == 0;
}

/* There is a code object at its address, kept alive by a frame of the calling thread: is it it? */
static inline bool known_code_is_same(const struct known_code *known)
{
	const char *code = known->code;

	if (!known_text_is_same(&known->name, python_load(code, python_layout.code_name)) ||
	    !known_text_is_same(&known->file, python_load(code, python_layout.code_filename)))
		return false;
	if (known->version)
		return python_load_u32(code, python_layout.code_version) == known->version;
	return known_table_is_same(known);
}

#endif
