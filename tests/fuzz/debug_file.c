/* SPDX-License-Identifier: MIT */
/* Object files and their debug data, as somebody built or damaged them. */
#include <elfutils/libdwfl.h>

static Dwfl *begin_and_remember(const Dwfl_Callbacks *callbacks);
static void end_and_forget(Dwfl *dwfl);

#define dwfl_begin begin_and_remember
#define dwfl_end end_and_forget
#include "stack/debugview.c"
#undef dwfl_begin
#undef dwfl_end

#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ADDRESSES 8
#define BEGUN_MAX 4

/* What debugview.c keeps as long as the process lives, to be ended after each input. */
static Dwfl *begun[BEGUN_MAX];
static unsigned int begun_count;

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
	free(views);
	views = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	uintptr_t address[ADDRESSES];
	struct module_files files = {0};
	struct module module = {.path = "/nowhere/lib.so", .name = "lib.so", .end = 1 << 20};
	const struct debugview *view;
	int descriptor;

	debugfile_root = "/nowhere";
	for (unsigned int i = 0; i < ADDRESSES; i++)
		address[i] = input_number(&input, 2);
	files.loaded = fuzz_file(input.at, input.left);
	module.files = &files;
	descriptor = next_descriptor();
	view = debugview_of(&module);
	for (unsigned int i = 0; i < ADDRESSES; i++) {
		struct symbol symbol = {0};
		const char *function = debugview_function(view, address[i]);
		const char *variable = debugview_variable(view, address[i], &symbol.into);

		debugview_line(view, address[i], &symbol);
		REQUIRE(!function || strlen(function) > 0);
		REQUIRE(!variable || strlen(variable) > 0);
		REQUIRE(!symbol.file || (strlen(symbol.file) < input.left + size && symbol.line));
	}
	REQUIRE(next_descriptor() == descriptor);
	forget();
	return 0;
}
