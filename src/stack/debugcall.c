/* SPDX-License-Identifier: MIT */
#include "stack/debugcall.h"

#include <dwarf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* PyMutex_Lock and its kin, whose fast paths CPython's headers inline into their callers. */
static bool is_inlined_mutex(Dwarf_Die *die)
{
	const char *name;

	if (dwarf_tag(die) != DW_TAG_inlined_subroutine)
		return false;
	name = dwarf_diename(die);
	return name && (strncmp(name, "PyMutex_", 8) == 0 || strncmp(name, "_PyMutex_", 9) == 0);
}

static bool read_number(Dwarf_Die *die, unsigned int name, Dwarf_Word *out)
{
	Dwarf_Attribute attribute;

	return dwarf_formudata(dwarf_attr(die, name, &attribute), out) == 0;
}

static bool read_call(Dwarf_Die *unit, Dwarf_Die *call, struct symbol *out)
{
	Dwarf_Word file, line;
	Dwarf_Files *files;
	const char *name;

	if (!read_number(call, DW_AT_call_file, &file) ||
	    !read_number(call, DW_AT_call_line, &line) ||
	    dwarf_getsrcfiles(unit, &files, NULL) != 0)
		return false;
	name = dwarf_filesrc(files, file, NULL, NULL);
	if (!name || line == 0 || line > INT_MAX)
		return false;
	out->file = name;
	out->line = (unsigned int)line;
	return true;
}

bool debugcall_of_mutex(Dwarf_Die *unit, Dwarf_Addr address, struct symbol *out)
{
	Dwarf_Die *scopes = NULL;
	int count = dwarf_getscopes(unit, address, &scopes);
	bool found = false;

	for (int i = 0; i < count && !found; i++)
		found = is_inlined_mutex(&scopes[i]) && read_call(unit, &scopes[i], out);
	free(scopes);
	return found;
}
