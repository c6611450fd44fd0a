/* SPDX-License-Identifier: MIT */
/*
 * Object files, their separate debug files and what these share, as somebody built or damaged them:
 * which is believed, and what is read there.
 */
#include <elfutils/libdwfl.h>

static Dwfl *begin_and_remember(const Dwfl_Callbacks *callbacks);
static void end_and_forget(Dwfl *dwfl);
static Dwarf *begin_supplement(Elf *elf, Dwarf_Cmd command, Elf_Scn *group);

#define dwfl_begin begin_and_remember
#define dwfl_end end_and_forget
#include "stack/debugview.c"
#undef dwfl_begin
#undef dwfl_end

#include "candidates.h"

#define elffile_open open_candidate
#define dwarf_begin_elf begin_supplement
#include "stack/debugfile.c"
#undef elffile_open
#undef dwarf_begin_elf

#include <fcntl.h>
#include <unistd.h>

#define ADDRESSES 8
#define BEGUN_MAX 4
#define SUPPLEMENTS_MAX 2
#define DEBUG_IS_KNOWN 0x80

/* What is kept as long as the process lives, to be ended after each input. */
static Dwfl *begun[BEGUN_MAX];
static unsigned int begun_count;
static struct {
	Elf *elf;
	Dwarf *dwarf;
} supplements[SUPPLEMENTS_MAX];
static unsigned int supplement_count;

/* dwarf_getscopes() keeps what it had found so far when it comes upon what is damaged. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libdw";
}

static Dwfl *begin_and_remember(const Dwfl_Callbacks *wanted)
{
	REQUIRE(begun_count < BEGUN_MAX);
	return begun[begun_count++] = dwfl_begin(wanted);
}

/* One that knows nothing is ended at once, before another is begun. */
static void end_and_forget(Dwfl *dwfl)
{
	REQUIRE(begun_count && begun[begun_count - 1] == dwfl);
	begun_count--;
	dwfl_end(dwfl);
}

static Dwarf *begin_supplement(Elf *elf, Dwarf_Cmd command, Elf_Scn *group)
{
	Dwarf *dwarf = dwarf_begin_elf(elf, command, group);

	REQUIRE(supplement_count < SUPPLEMENTS_MAX);
	supplements[supplement_count].elf = elf;
	supplements[supplement_count++].dwarf = dwarf;
	return dwarf;
}

/* No descriptor of the tool's may stay open in the program. */
static int next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

static void forget(void)
{
	while (begun_count)
		end_and_forget(begun[begun_count - 1]);
	while (supplement_count) {
		dwarf_end(supplements[--supplement_count].dwarf);
		elf_end(supplements[supplement_count].elf);
	}
	free(views);
	views = NULL;
}

static void ask(const struct debugview *view, uintptr_t address, size_t longest)
{
	struct symbol symbol = {0};
	const char *function = debugview_function(view, address);
	const char *variable = debugview_variable(view, address, &symbol.into);

	debugview_line(view, address, &symbol);
	REQUIRE(!function || strlen(function) > 0);
	REQUIRE(!variable || strlen(variable) > 0);
	REQUIRE(!symbol.file || (strlen(symbol.file) < longest && symbol.line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	uintptr_t address[ADDRESSES];
	struct module_files files = {0};
	struct module module = {.path = "/nowhere/lib.so", .name = "lib.so", .end = 1 << 20};
	const struct debugview *view;
	size_t length;
	int descriptor;

	for (unsigned int i = 0; i < ADDRESSES; i++)
		address[i] = input_number(&input, 2);
	length = input_number(&input, 2);
	length = length < input.left ? length : input.left;
	files.loaded = fuzz_file(input.at, length);
	input.at += length;
	input.left -= length;
	candidates_make(&input);
	/* As where a trace is read. */
	files.debug = candidates.choice & DEBUG_IS_KNOWN ? candidates.path[0] : NULL;
	module.files = &files;
	descriptor = next_descriptor();
	view = debugview_of(&module);
	for (unsigned int i = 0; i < ADDRESSES; i++)
		ask(view, address[i], 2 * size);
	REQUIRE(next_descriptor() == descriptor);
	forget();
	return 0;
}
