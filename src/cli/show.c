/* SPDX-License-Identifier: MIT */
/* What doctor prints. */
#include "base/path.h"
#include "cli/answer.h"
#include "cli/field.h"
#include "cli/library.h"
#include "cli/show_mutex.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 27

static const char *threading(struct json_object *probe)
{
	if (!field_bool(probe, "free_threaded"))
		return "with a GIL";
	return field_bool(probe, "gil") ? "free-threaded, with its GIL switched on"
					: "free-threaded";
}

static void show_interpreter(struct json_object *probe)
{
	printf("interpreter  %s\n", field_text(probe, "executable", "unknown"));
	printf("version      CPython %s, %s\n", field_text(probe, "version", "unknown"),
	       threading(probe));
	printf("built as     %s\n",
	       field_text(probe, "libpython", "an executable that contains libpython"));
}

/* The file that the interpreter's name for this function leads to; NULL when nobody looked. */
static const char *place(const struct answer *answer, const char *function)
{
	return field_text(field_get(answer->probe, "places"), function, NULL);
}

/* Looked for, and this version of CPython has none: not all of them have all of PyMutex. */
static bool is_absent(const struct answer *answer, const char *function)
{
	return strstr(function, "PyMutex") && field_get(answer->probe, "places") &&
	       !place(answer, function);
}

static bool is_ours(const char *file)
{
	return strncmp(path_last(file), LIBRARY_FILE, strlen(LIBRARY_FILE)) == 0;
}

/* One line. Whether the function is hooked: said by the library, and not found otherwise. */
static bool show_function(const char *name, bool hooked, const char *how, const char *file)
{
	bool wrong = file && !is_ours(file);

	printf("  %-*s ", NAME_WIDTH, name);
	if (hooked && wrong)
		printf("NOT hooked  extensions get the one in %s\n", *file ? file : "no file");
	else if (!hooked)
		printf("NOT hooked  %s\n", how);
	else
		printf("hooked      %s%s\n", how, file ? ", verified" : "");
	return hooked && !wrong;
}

static bool show_hooks(const struct answer *answer, struct json_object *hooks)
{
	size_t count = json_object_array_length(hooks), hooked = 0, absent = 0;

	printf("functions\n");
	for (size_t i = 0; i < count; i++) {
		struct json_object *hook = json_object_array_get_idx(hooks, i);
		const char *name = field_text(hook, "function", "?");

		if (is_absent(answer, name) && !field_bool(hook, "hooked")) {
			absent++;
			continue;
		}
		hooked += show_function(name, field_bool(hook, "hooked"),
					field_text(hook, "how", "for an unknown reason"),
					place(answer, name));
	}
	count -= absent;
	printf("  %zu of %zu hooked\n", hooked, count);
	return count > 0 && hooked == count;
}

/* The library left no report, so all that is known is what the interpreter says. */
static bool show_unreported(const struct answer *answer)
{
	struct json_object *places = field_get(answer->probe, "places");
	struct json_object_iterator at, end;

	printf("functions: the library wrote no report, it is not at work in this "
	       "interpreter%s%s\n",
	       *answer->last_error ? ": " : "", answer->last_error);
	if (!json_object_is_type(places, json_type_object)) /* whatever answered */
		return false;
	at = json_object_iter_begin(places);
	end = json_object_iter_end(places);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		struct json_object *file = json_object_iter_peek_value(&at);

		printf("  %-*s NOT hooked  %s\n", NAME_WIDTH, json_object_iter_peek_name(&at),
		       file ? json_object_get_string(file)
			    : "this interpreter has no such function");
	}
	return false;
}

static void show_verification(struct json_object *probe)
{
	const char *absent = field_text(probe, "unverified", NULL);

	if (absent)
		printf("  could not be verified from Python, which has no ctypes: %s\n", absent);
}

static void show_stack(const char *kind, struct json_object *support, const char *name)
{
	const char *refusal = field_text(support, name, NULL);

	printf("  %-7s %s%s\n", kind, refusal ? "no: " : "yes", refusal ? refusal : "");
}

static void show_stacks(struct json_object *report)
{
	struct json_object *support = field_get(report, "stack_support");

	printf("stacks\n");
	if (!support) {
		printf("  not known without a report\n");
		return;
	}
	show_stack("native", support, "native");
	show_stack("Python", support, "python");
}

/*
 * Calls that the probe did not make. It calls each of these functions once, so what is more comes
 * from the interpreter.
 */
static int64_t interpreter_calls(const struct answer *answer, struct json_object *hooks)
{
	bool called = field_bool(answer->probe, "called");
	struct json_object *places = field_get(answer->probe, "places");
	int64_t more = 0;

	for (size_t i = 0; hooks && i < json_object_array_length(hooks); i++) {
		struct json_object *hook = json_object_array_get_idx(hooks, i);
		const char *name = field_text(hook, "function", "?");
		int64_t calls = json_object_get_int64(field_get(hook, "calls"));

		if (field_get(places, name))
			more += calls - (called && calls > 0);
	}
	return more;
}

static void show_invisible(const struct answer *answer, struct json_object *hooks)
{
	int64_t calls = interpreter_calls(answer, hooks);
	const char *home = field_text(answer->probe, "libpython", "the executable");

	printf("cannot be seen\n");
	printf("  the interpreter's own calls that are bound inside %s\n", home);
	if (calls > 0)
		printf("  (others go through the dynamic linker: %" PRId64 " were seen)\n", calls);
	printf("  values in raw pthread keys: only their creation and deletion are watched\n");
}

bool answer_show(const struct answer *answer)
{
	struct json_object *hooks = field_get(answer->report, "hooks");
	bool hooked;

	if (!json_object_is_type(hooks, json_type_array))
		hooks = NULL;
	show_interpreter(answer->probe);
	hooked = hooks ? show_hooks(answer, hooks) : show_unreported(answer);
	show_verification(answer->probe);
	mutex_show(answer->probe);
	show_stacks(answer->report);
	show_invisible(answer, hooks);
	return hooked;
}
