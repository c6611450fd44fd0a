/* SPDX-License-Identifier: MIT */
/*
 * Lines by the tables of code objects. Nothing is called and nothing allocated, so that lines may
 * be looked up under the store's lock.
 */
#include "stack/python_internal.h"

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

static int signed_byte(unsigned char byte)
{
	return byte < 128 ? byte : byte - 256;
}

/* Pairs of how many bytes of code further how many lines further, the latter signed. */
int python_table_line_39(const unsigned char *table, size_t size, int first_line, uint32_t unit)
{
	uint64_t start = 0;
	int64_t line = first_line;
	size_t i;

	for (i = 0; i + 1 < size; i += 2) {
		start += table[i];
		if (start > (uint64_t)unit * CODE_UNIT_SIZE)
			break;
		line += signed_byte(table[i + 1]);
	}
	return line < 0 || line > INT32_MAX ? 0 : (int)line;
}

#define NO_LINE (-128)

/* Pairs of how many lines further from the last one that had a line, and for how many bytes. */
int python_table_line_310(const unsigned char *table, size_t size, int first_line, uint32_t unit)
{
	uint64_t covered = 0;
	int64_t line = first_line;
	size_t i;

	for (i = 0; i + 1 < size; i += 2) {
		int further = signed_byte(table[i + 1]);

		covered += table[i];
		if (further != NO_LINE)
			line += further;
		if ((uint64_t)unit * CODE_UNIT_SIZE < covered)
			return further == NO_LINE || line < 0 || line > INT32_MAX ? 0 : (int)line;
	}
	return 0;
}

int python_code_line(const char *code, uint32_t unit)
{
	static int (*const line_by[])(const unsigned char *, size_t, int, uint32_t) = {
		[TABLE_OF_LOCATIONS] = python_table_line,
		[TABLE_OF_39] = python_table_line_39,
		[TABLE_OF_310] = python_table_line_310,
	};
	const char *table = python_load(code, python_layout.code_line_table);
	int first_line = (int)python_load_u32(code, python_layout.code_first_line);

	if (unit == UNIT_UNKNOWN)
		return 0;
	if (unit == UNIT_BEFORE_FIRST)
		return first_line;
	return line_by[python_layout.table]((const unsigned char *)table + python_layout.bytes_data,
					    python_load_size(table, python_layout.bytes_size),
					    first_line, unit);
}
