/* SPDX-License-Identifier: MIT */
/* Names of variables in object files. Anybody may have cut off or made up what is in a file. */
#include "tracepoints/internal.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct table {
	Elf_Data *symbols;
	size_t count;
	size_t names; /* section */
};

static bool find_table(Elf *elf, GElf_Word type, struct table *table)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != type || !header.sh_entsize)
			continue;
		table->symbols = elf_getdata(section, NULL);
		table->count = header.sh_size / header.sh_entsize;
		table->names = header.sh_link;
		return table->symbols != NULL;
	}
	return false;
}

static bool holds(const GElf_Sym *symbol, uintptr_t offset)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	return (type == STT_OBJECT || type == STT_COMMON) && symbol->st_shndx != SHN_UNDEF &&
	       offset >= symbol->st_value && offset - symbol->st_value < symbol->st_size;
}

/* The variable's name; where the offset is inside of it, with how far. */
static bool write_name(const char *name, uintptr_t inside, char *out, size_t size)
{
	if (!name || !*name)
		return false;
	if (inside)
		snprintf(out, size, "%s+0x%zx", name, (size_t)inside);
	else
		snprintf(out, size, "%s", name);
	return true;
}

static bool look(Elf *elf, GElf_Word type, uintptr_t offset, char *out, size_t size)
{
	struct table table;
	GElf_Sym symbol;
	size_t i;

	if (!find_table(elf, type, &table))
		return false;
	for (i = 0; i < table.count; i++) {
		if (gelf_getsym(table.symbols, (int)i, &symbol) && holds(&symbol, offset) &&
		    write_name(elf_strptr(elf, table.names, symbol.st_name),
			       offset - symbol.st_value, out, size))
			return true;
	}
	return false;
}

/* The dynamic linker's table has only what a library shares, but is never stripped. */
static bool look_in(int fd, uintptr_t offset, char *out, size_t size)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	bool found;

	if (!elf)
		return false;
	found = look(elf, SHT_SYMTAB, offset, out, size) ||
		look(elf, SHT_DYNSYM, offset, out, size);
	elf_end(elf);
	return found;
}

static bool is_regular(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

bool symbol_at(const char *path, uintptr_t offset, char *out, size_t size)
{
	/* Not one that would wait, as a pipe does. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool found;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	found = is_regular(fd) && look_in(fd, offset, out, size);
	close(fd);
	return found;
}
