/* SPDX-License-Identifier: MIT */
/*
 * The debug file is asked first: it has more symbols. Both files are shown to libdwfl as a module
 * of their own with the load address of the real one, and libdwfl is told to look for nothing by
 * itself: its search may go over the network.
 */
#include "stack/debugview.h"

#include "stack/debugcall.h"
#include "stack/debugfile.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>

enum { DEBUG_FILE, LOADED_FILE, FILES };

struct debugview {
	const struct module *module;
	Dwfl_Module *file[FILES]; /* NULL: none, or nothing usable */
	struct debugview *next;
};

static struct debugview *views;

static int find_no_elf(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
		       char **file_name, Elf **elf)
{
	(void)mod, (void)userdata, (void)name, (void)base, (void)file_name, (void)elf;
	return -1;
}

static int find_no_debuginfo(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
			     const char *file_name, const char *link, GElf_Word checksum,
			     char **debug_name)
{
	(void)mod, (void)userdata, (void)name, (void)base, (void)file_name, (void)link;
	(void)checksum, (void)debug_name;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = find_no_elf,
	.find_debuginfo = find_no_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* Takes the descriptor over. NULL when libdwfl cannot read the file. */
static Dwfl_Module *report_file(int fd, const struct module *module)
{
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *file;
	Dwarf *dwarf;
	GElf_Addr bias;
	Elf *elf;

	if (!dwfl) {
		elffile_close_descriptor(fd);
		return NULL;
	}
	file = dwfl_report_elf(dwfl, module->name, module->path, fd, module->bias, true);
	if (!file) {
		dwfl_end(dwfl);
		elffile_close_descriptor(fd);
		return NULL;
	}
	dwfl_report_end(dwfl, NULL, NULL);
	dwarf = dwfl_module_getdwarf(file, &bias);
	if (dwarf)
		debugfile_add_supplement(dwarf);
	elf = dwfl_module_getelf(file, &bias);
	if (elf)
		elffile_detach(elf, fd);
	return file;
}

static bool open_loaded(struct elffile *loaded, const struct module *module)
{
	const char *path = module->files ? module->files->loaded : module->path;

	if (!path || !elffile_open(loaded, path))
		return false;
	if (module->files || elffile_is_loaded(loaded->elf, module))
		return true;
	elffile_close(loaded);
	return false;
}

static Dwfl_Module *report_debug(struct elffile *debug, const struct module *module)
{
	elf_end(debug->elf);
	return report_file(debug->fd, module);
}

static void open_files(struct debugview *view)
{
	const struct module *module = view->module;
	const char *known = module->files ? module->files->debug : NULL;
	const char *path = module->files ? module->files->loaded : module->path;
	struct elffile loaded, debug;
	bool has_debug = known && elffile_open(&debug, known);

	if (open_loaded(&loaded, module)) {
		if (!has_debug)
			has_debug = debugfile_open(&debug, loaded.elf, path);
		elf_end(loaded.elf);
		view->file[LOADED_FILE] = report_file(loaded.fd, module);
	}
	if (has_debug)
		view->file[DEBUG_FILE] = report_debug(&debug, module);
}

const struct debugview *debugview_of(const struct module *module)
{
	struct debugview *view;

	for (view = views; view; view = view->next)
		if (view->module == module)
			return view;
	view = calloc(1, sizeof(*view));
	if (!view)
		return NULL;
	view->module = module;
	open_files(view);
	view->next = views;
	views = view;
	return view;
}

void debugview_abandon(const struct module *module)
{
	for (struct debugview *view = views; view; view = view->next)
		if (view->module == module)
			view->file[LOADED_FILE] = view->file[DEBUG_FILE] = NULL;
}

static const char *function_at(Dwfl_Module *file, uintptr_t address)
{
	GElf_Off offset;
	GElf_Sym symbol;
	const char *name = dwfl_module_addrinfo(file, address, &offset, &symbol, NULL, NULL, NULL);
	unsigned int type;

	if (!name || !name[0])
		return NULL;
	type = GELF_ST_TYPE(symbol.st_info);
	/* Assembler functions have no type or no size; a linker's mark has neither. */
	if (type == STT_FUNC || type == STT_GNU_IFUNC || (type == STT_NOTYPE && symbol.st_size))
		return name;
	return type == STT_NOTYPE && offset == 0 ? name : NULL;
}

static const char *variable_at(Dwfl_Module *file, uintptr_t address, uintptr_t *into)
{
	GElf_Off offset;
	GElf_Sym symbol;
	const char *name = dwfl_module_addrinfo(file, address, &offset, &symbol, NULL, NULL, NULL);

	if (!name || !name[0] || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT)
		return NULL;
	if (offset >= symbol.st_size)
		return NULL;
	*into = offset;
	return name;
}

/* Where the compiler left out the address table (clang does), each unit has to be asked. */
static Dwarf_Die *unit_at(Dwfl_Module *file, uintptr_t address, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(file, address, bias);

	if (unit)
		return unit;
	while ((unit = dwfl_module_nextcu(file, unit, bias)))
		if (dwarf_haspc(unit, address - *bias) > 0)
			return unit;
	return NULL;
}

static bool line_at(Dwfl_Module *file, uintptr_t address, struct symbol *out)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = unit_at(file, address, &bias);
	Dwarf_Line *line = unit ? dwarf_getsrc_die(unit, address - bias) : NULL;
	const char *source = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number;

	if (unit && debugcall_of_mutex(unit, address - bias, out))
		return true;
	if (!source || dwarf_lineno(line, &number) != 0 || number <= 0)
		return false;
	out->file = source;
	out->line = (unsigned int)number;
	return true;
}

const char *debugview_function(const struct debugview *view, uintptr_t address)
{
	const char *name = NULL;
	unsigned int i;

	for (i = 0; i < FILES && !name; i++)
		if (view->file[i])
			name = function_at(view->file[i], address);
	return name;
}

const char *debugview_variable(const struct debugview *view, uintptr_t address, uintptr_t *into)
{
	const char *name = NULL;
	unsigned int i;

	for (i = 0; i < FILES && !name; i++)
		if (view->file[i])
			name = variable_at(view->file[i], address, into);
	return name;
}

void debugview_line(const struct debugview *view, uintptr_t address, struct symbol *out)
{
	unsigned int i;

	for (i = 0; i < FILES; i++)
		if (view->file[i] && line_at(view->file[i], address, out))
			return;
}
