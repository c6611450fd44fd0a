/* SPDX-License-Identifier: MIT */
/* What doctor prints. */
#include "cli/answer.h"
#include "cli/library.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 27

static struct json_object *get(struct json_object *object, const char *name)
{
	return object ? json_object_object_get(object, name) : NULL;
}

static const char *get_text(struct json_object *object, const char *name, const char *otherwise)
{
	struct json_object *field = get(object, name);

	return field ? json_object_get_string(field) : otherwise;
}

static bool get_bool(struct json_object *object, const char *name)
{
	return json_object_get_boolean(get(object, name));
}

static const char *threading(struct json_object *probe)
{
	if (!get_bool(probe, "free_threaded"))
		return "with a GIL";
	return get_bool(probe, "gil") ? "free-threaded, with its GIL switched on" : "free-threaded";
}

static void show_interpreter(struct json_object *probe)
{
	printf("interpreter  %s\n", get_text(probe, "executable", "unknown"));
	printf("version      CPython %s, %s\n", get_text(probe, "version", "unknown"),
	       threading(probe));
	printf("built as     %s\n",
	       get_text(probe, "libpython", "an executable that contains libpython"));
}

/* The file that the interpreter's name for this function leads to; NULL when nobody looked. */
static const char *place(const struct answer *answer, const char *function)
{
	return get_text(get(answer->probe, "places"), function, NULL);
}

static bool is_ours(const char *file)
{
	const char *slash = strrchr(file, '/');

	return strncmp(slash ? slash + 1 : file, LIBRARY_FILE, strlen(LIBRARY_FILE)) == 0;
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
	size_t count = json_object_array_length(hooks), hooked = 0;

	printf("functions\n");
	for (size_t i = 0; i < count; i++) {
		struct json_object *hook = json_object_array_get_idx(hooks, i);
		const char *name = get_text(hook, "function", "?");

		hooked += show_function(name, get_bool(hook, "hooked"),
					get_text(hook, "how", "for an unknown reason"),
					place(answer, name));
	}
	printf("  %zu of %zu hooked\n", hooked, count);
	return count > 0 && hooked == count;
}

/* The library left no report, so all that is known is what the interpreter says. */
static bool show_unreported(const struct answer *answer)
{
	struct json_object *places = get(answer->probe, "places");
	struct json_object_iterator at, end;

	printf("functions: the library wrote no report, it is not at work in this "
	       "interpreter%s%s\n",
	       *answer->last_error ? ": " : "", answer->last_error);
	if (!places)
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
	const char *absent = get_text(probe, "unverified", NULL);

	if (absent)
		printf("  could not be verified from Python, which has no ctypes: %s\n", absent);
}

static void show_stack(const char *kind, struct json_object *support, const char *name)
{
	const char *refusal = get_text(support, name, NULL);

	printf("  %-7s %s%s\n", kind, refusal ? "no: " : "yes", refusal ? refusal : "");
}

static void show_stacks(struct json_object *report)
{
	struct json_object *support = get(report, "stack_support");

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
	bool called = get_bool(answer->probe, "called");
	struct json_object *places = get(answer->probe, "places");
	int64_t more = 0;

	for (size_t i = 0; hooks && i < json_object_array_length(hooks); i++) {
		struct json_object *hook = json_object_array_get_idx(hooks, i);
		const char *name = get_text(hook, "function", "?");
		int64_t calls = json_object_get_int64(get(hook, "calls"));

		if (get(places, name))
			more += calls - (called && calls > 0);
	}
	return more;
}

static bool has_pymutex(struct json_object *probe)
{
	int major = 0, minor = 0;

	return sscanf(get_text(probe, "version", ""), "%d.%d", &major, &minor) == 2 &&
	       (major > 3 || minor >= 13);
}

static void show_invisible(const struct answer *answer, struct json_object *hooks)
{
	int64_t calls = interpreter_calls(answer, hooks);
	const char *home = get_text(answer->probe, "libpython", "the executable");

	printf("cannot be seen\n");
	printf("  the interpreter's own calls that are bound inside %s\n", home);
	if (calls > 0)
		printf("  (others go through the dynamic linker: %" PRId64 " were seen)\n", calls);
	if (has_pymutex(answer->probe))
		printf("  PyMutex: not in this version of pythread-trace\n");
	printf("  values in raw pthread keys: only their creation and deletion are watched\n");
}

bool answer_show(const struct answer *answer)
{
	struct json_object *hooks = get(answer->report, "hooks");
	bool hooked;

	if (!json_object_is_type(hooks, json_type_array))
		hooks = NULL;
	show_interpreter(answer->probe);
	hooked = hooks ? show_hooks(answer, hooks) : show_unreported(answer);
	show_verification(answer->probe);
	show_stacks(answer->report);
	show_invisible(answer, hooks);
	return hooked;
}
