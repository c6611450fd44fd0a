/* SPDX-License-Identifier: MIT */
/*
 * Code objects: which one is it, and which of its lines runs. Nothing is called and nothing
 * allocated, so that lines may be looked up under the store's lock.
 */
#include "stack/python_internal.h"

#define LANES 4
#define SPREAD UINT64_C(0xc2b2ae3d27d4eb4f)
#define MIX UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t mixed(uint64_t hash, uint64_t word)
{
	hash += word * SPREAD;
	hash = hash << 31 | hash >> 33;
	return hash * MIX;
}

static inline uint64_t word_at(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Four chains side by side: a multiplication takes three times as long as it takes to start one. */
uint64_t python_hash(const void *data, size_t length)
{
	const char *at = data;
	const char *end = at + length;
	uint64_t lane[LANES] = {length, SPREAD, MIX, SPREAD ^ MIX};
	uint64_t word = 0;
	unsigned int i;

	for (; end - at >= LANES * (ptrdiff_t)sizeof(word); at += LANES * sizeof(word))
		for (i = 0; i < LANES; i++)
			lane[i] = mixed(lane[i], word_at(at + i * sizeof(word)));
	for (i = 0; end - at >= (ptrdiff_t)sizeof(word); i++, at += sizeof(word))
		lane[i] = mixed(lane[i], word_at(at));
	if (length >= sizeof(word))
		word = word_at(end - sizeof(word)); /* some bytes a second time: no harm */
	else if (length)
		memcpy(&word, data, length);
	lane[LANES - 1] = mixed(lane[LANES - 1], word);
	return mixed(mixed(lane[0], lane[1]), mixed(lane[2], lane[3]));
}

/* Six bits a byte, lowest first, bit 6 set in all but the last; bit 0 of the whole is the sign. */
static int64_t signed_number(const unsigned char *at, const unsigned char *end)
{
	uint64_t value = 0;
	unsigned int shift;

	for (shift = 0; at < end && shift < 36; shift += 6, at++) {
		value |= (uint64_t)(*at & 0x3f) << shift;
		if (!(*at & 0x40))
			break;
	}
	return value & 1 ? -(int64_t)(value >> 1) : (int64_t)(value >> 1);
}

/*
 * An entry is a byte with its highest bit set, which holds a kind and how many instructions the
 * entry covers, and then bytes with that bit clear. Lines are told as differences.
 * (CPython's InternalDocs/code_objects.md)
 */
enum { LOCATION_ONE_LINE = 10, LOCATION_NO_COLUMN = 13, LOCATION_LONG = 14, LOCATION_NONE = 15 };

int python_table_line(const unsigned char *table, size_t size, int first_line, uint32_t unit)
{
	const unsigned char *at = table;
	const unsigned char *end = table + size;
	int64_t line = first_line;
	uint64_t covered = 0;

	while (at < end) {
		unsigned int kind = *at >> 3 & 15;

		covered += (*at & 7) + 1;
		at++;
		if (kind == LOCATION_NO_COLUMN || kind == LOCATION_LONG)
			line += signed_number(at, end);
		else if (kind >= LOCATION_ONE_LINE && kind < LOCATION_NO_COLUMN)
			line += kind - LOCATION_ONE_LINE;
		if (unit < covered)
			return kind == LOCATION_NONE || line < 0 || line > INT32_MAX ? 0
										     : (int)line;
		while (at < end && !(*at & 0x80))
			at++;
	}
	return 0;
}

int python_code_line(const char *code, uint32_t unit)
{
	const char *table = python_load(code, python_layout.code_line_table);

	return python_table_line((const unsigned char *)table + python_layout.bytes_data,
				 python_load_size(table, python_layout.bytes_size),
				 (int)python_load_u32(code, python_layout.code_first_line), unit);
}

/*
 * The version is a number that each code object of an interpreter gets when it is made (3.12 and
 * later; 0 after 2^32 of them): with the address it tells a code object from one that was freed
 * before. Without it the whole table does, still many times faster than looking the line up.
 */
static uint64_t table_position(const char *code, uint32_t unit)
{
	uint32_t version = 0;
	const char *table;

	if (python_layout.code_version)
		version = python_load_u32(code, python_layout.code_version);
	if (likely(version))
		return (uint64_t)version << 32 | unit;
	table = python_load(code, python_layout.code_line_table);
	return mixed(python_hash(table + python_layout.bytes_data,
				 python_load_size(table, python_layout.bytes_size)),
		     (uint64_t)python_load_u32(code, python_layout.code_first_line) << 32 | unit);
}

void python_identify(struct python_raw_frame *raw, unsigned int count)
{
	const char *file = NULL;
	unsigned int i;

	for (i = 0; i < count; i++) {
		const char *code = raw[i].code;
		const char *previous = file;

		raw[i].position = raw[i].line == LINE_IN_TABLE ? table_position(code, raw[i].unit)
							       : (uint32_t)raw[i].line;
		raw[i].name_hash = python_text_hash(python_load(code, python_layout.code_name));
		file = python_load(code, python_layout.code_filename);
		raw[i].file_hash = file == previous ? raw[i - 1].file_hash : python_text_hash(file);
	}
}
