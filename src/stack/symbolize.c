/* SPDX-License-Identifier: MIT */
/* Every answer is remembered, because a report is written again after each finding. */
#include "stack/symbolize.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* Without memory the answer is given all the same, only not remembered. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) (item_was_added = false)
static bool item_was_added;

#include "stack/debugview.h"
#include "stack/elffile.h"

#include <uthash.h>

struct question {
	const struct module *module;
	uintptr_t address;
	uintptr_t data; /* a whole word, so that no byte is padding: the key is compared as bytes */
};

struct answer {
	struct question question;
	struct symbol symbol;
	UT_hash_handle hh;
};

static struct answer *answers;
static uint64_t lost;

/*
 * The C++ runtime's demangler, if the process has one: an extension written in C++ brings it along,
 * usually into a scope of its own. NULL when there is none.
 */
typedef char *demangle_fn(const char *name, char *buffer, size_t *length, int *status);

static demangle_fn *find_demangler(void)
{
	static const char *const runtimes[] = {"libstdc++.so.6", "libc++abi.so.1"};
	demangle_fn *demangle = (demangle_fn *)dlsym(RTLD_DEFAULT, "__cxa_demangle");
	unsigned int i;

	for (i = 0; !demangle && i < countof(runtimes); i++) {
		/* Not closed again: the demangler must not go away while it runs. */
		void *runtime = dlopen(runtimes[i], RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);

		if (runtime)
			demangle = (demangle_fn *)dlsym(runtime, "__cxa_demangle");
	}
	return demangle;
}

static const char *readable(const char *name)
{
	const char *version = strchr(name, '@');
	demangle_fn *demangle;
	char *text = NULL;
	int status = 0;

	if (!strncmp(name, "_Z", 2)) {
		demangle = find_demangler();
		text = demangle ? demangle(name, NULL, NULL, &status) : NULL;
	} else if (version && version != name) {
		text = strndup(name, (size_t)(version - name));
		lost += !text;
	}
	return text ? text : name;
}

static void look_up(const struct question *question, struct symbol *out)
{
	const struct debugview *view = debugview_of(question->module);

	if (!view) {
		lost++;
		return;
	}
	if (question->data) {
		out->function = debugview_variable(view, question->address, &out->into);
	} else {
		out->function = debugview_function(view, question->address);
		debugview_line(view, question->address, out);
	}
	if (out->function)
		out->function = readable(out->function);
}

static void remember(const struct question *question, const struct symbol *symbol)
{
	struct answer *answer = calloc(1, sizeof(*answer));

	if (!answer)
		return;
	answer->question = *question;
	answer->symbol = *symbol;
	item_was_added = true;
	/* NOLINTNEXTLINE(clang-analyzer-core.*): the key has no gaps. */
	HASH_ADD(hh, answers, question, sizeof(answer->question), answer);
	if (!item_was_added)
		free(answer);
}

static void symbolize(const struct question *question, struct symbol *out)
{
	const struct module *module = question->module;
	struct answer *answer;

	/* NOLINTNEXTLINE(clang-analyzer-core.*): the key has no gaps. */
	HASH_FIND(hh, answers, question, sizeof(*question), answer);
	if (answer) {
		*out = answer->symbol;
		return;
	}
	out->offset = question->address - module->bias;
	if (question->address >= module->start && question->address < module->end)
		look_up(question, out);
	remember(question, out);
}

void symbolize_code(const struct module *module, uintptr_t address, struct symbol *out)
{
	const struct question question = {.module = module, .address = address};

	memset(out, 0, sizeof(*out));
	if (module)
		symbolize(&question, out);
}

void symbolize_abandon(const struct module *module)
{
	lost++;
	debugview_abandon(module);
	elffile_abandon();
}

uint64_t symbolize_lost(void)
{
	return lost + elffile_lost();
}

void symbolize_data(const struct module *module, uintptr_t address, struct symbol *out)
{
	const struct question question = {.module = module, .address = address, .data = 1};

	memset(out, 0, sizeof(*out));
	if (module)
		symbolize(&question, out);
}
