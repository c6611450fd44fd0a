/* SPDX-License-Identifier: MIT */
#include "stack/python_internal.h"
#include "stack/python_trail.h"

#include <stdatomic.h>
#include <stdlib.h>

/* From this minor version on an attached thread is told by a thread-local pointer. */
#define OWN_POINTER_MINOR 12

/* From this one on the interpreter says where its structures have what. */
#define OFFSETS_MINOR 13

typedef void thread_state;

static struct {
	char version[32];
	unsigned int minor;
	bool free_threaded;
	bool tells_offsets;
	int (*is_initialized)(void);
	int (*is_finalizing)(void);
	thread_state *(*current)(void);	       /* up to 3.11: whoever holds the GIL */
	thread_state *(*of_this_thread)(void); /* the first one the thread got */
} interpreter;

static atomic_int refusal = PYTHON_NO_INTERPRETER;
static atomic_bool confirmed; /* the layout, on a live object */

static const char *const text[] = {
	[PYTHON_NO_INTERPRETER] = "there is no Python interpreter in the process",
	[PYTHON_OFF] = "Python stacks are switched off",
	[PYTHON_UNKNOWN_VERSION] = "the frames of this Python version are not known",
	[PYTHON_UNKNOWN_LAYOUT] = "this build of Python keeps its frames in an unknown way",
	[PYTHON_LACKS_FUNCTION] = "the interpreter lacks a function that is needed for it",
	[PYTHON_NOT_RUNNING] = "the interpreter is not initialized",
	[PYTHON_FINALIZING] = "the interpreter is finalizing",
	[PYTHON_NO_THREAD_STATE] = "the thread has no Python thread state",
	[PYTHON_DETACHED] = "the thread does not hold the GIL",
	[PYTHON_OTHER_THREAD_STATE] =
		"the thread does not hold the GIL, or is in a subinterpreter of Python before 3.12",
	[PYTHON_NO_FRAMES] = "the thread runs no Python code",
	[PYTHON_NO_MEMORY] = "memory ran out",
	[PYTHON_IN_SIGNAL_HANDLER] = "the thread is in a signal handler",
	[PYTHON_OF_INTERPRETER] = "the interpreter itself made the call",
};

const char *python_absent_text(uint32_t id)
{
	if (id >= PYTHON_FIRST_STACK)
		return NULL;
	if (id == PYTHON_DETACHED && interpreter.free_threaded)
		return "the thread is not attached to the interpreter";
	return id < countof(text) && text[id] ? text[id] : "none was taken";
}

/* The version is the first word; "free-threading build" follows it, in some form, where it is. */
static void read_version(const char *full)
{
	size_t length = strcspn(full, " ");
	const char *minor;

	if (length >= sizeof(interpreter.version))
		length = sizeof(interpreter.version) - 1;
	memcpy(interpreter.version, full, length);
	interpreter.version[length] = '\0';
	interpreter.free_threaded = strstr(full, "free-threading build") != NULL;
	minor = strncmp(full, "3.", 2) == 0 ? full + 2 : "0";
	interpreter.minor = (unsigned int)strtoul(minor, NULL, 10);
}

static enum python_absence find_functions(python_lookup *lookup)
{
	bool renamed = interpreter.tells_offsets;

	if (!python_find(lookup, "Py_IsInitialized", &interpreter.is_initialized) ||
	    !python_find(lookup, renamed ? "Py_IsFinalizing" : "_Py_IsFinalizing",
			 &interpreter.is_finalizing) ||
	    !python_find(lookup,
			 renamed ? "PyThreadState_GetUnchecked" : "_PyThreadState_UncheckedGet",
			 &interpreter.current) ||
	    !python_find(lookup, "PyGILState_GetThisThreadState", &interpreter.of_this_thread))
		return PYTHON_LACKS_FUNCTION;
	return PYTHON_PRESENT;
}

static enum python_absence set_up_frames(python_lookup *lookup)
{
	enum python_absence absence;

	interpreter.tells_offsets = interpreter.minor >= OFFSETS_MINOR;
	python_walk_init(interpreter.tells_offsets);
	if (interpreter.tells_offsets)
		return python_offsets_init(lookup, interpreter.minor);
	absence = python_known_init(lookup, interpreter.minor);
	return absence == PYTHON_PRESENT ? python_api_init(lookup, interpreter.minor) : absence;
}

static enum python_absence set_up(python_lookup *lookup)
{
	enum python_absence absence = set_up_frames(lookup);

	if (absence != PYTHON_PRESENT)
		return absence;
	python_confirm_init(lookup);
	return find_functions(lookup);
}

void python_init(python_lookup *lookup, bool wanted)
{
	const char *(*get_version)(void);
	enum python_absence absence = PYTHON_LACKS_FUNCTION;

	if (python_find(lookup, "Py_GetVersion", &get_version)) {
		read_version(get_version());
		absence = wanted ? set_up(lookup) : PYTHON_OFF;
	}
	atomic_store_explicit(&confirmed, false, memory_order_relaxed);
	atomic_store_explicit(&refusal, (int)absence, memory_order_release);
}

const char *python_version(void)
{
	return interpreter.version[0] ? interpreter.version : NULL;
}

bool python_free_threaded(void)
{
	return interpreter.free_threaded;
}

const char *python_refusal(void)
{
	int absence = atomic_load_explicit(&refusal, memory_order_acquire);

	return absence == PYTHON_PRESENT ? NULL : python_absent_text((uint32_t)absence);
}

/* Only asked for where there is nothing to see. */
static enum python_absence why_not_attached(void)
{
	if (!interpreter.is_initialized())
		return PYTHON_NOT_RUNNING;
	return interpreter.of_this_thread() ? PYTHON_DETACHED : PYTHON_NO_THREAD_STATE;
}

/*
 * May the calling thread look at Python's structures now? Up to 3.11 the current thread state may
 * be another thread's, so it must be this thread's first one; a thread that has switched to a
 * subinterpreter is not told from that, and refused. Nothing is read through a thread state here:
 * while it is another thread's it may be freed at any moment.
 */
static enum python_absence attached_state(thread_state **state)
{
	*state = interpreter.current();
	if (!*state)
		return why_not_attached();
	if (interpreter.minor < OWN_POINTER_MINOR && *state != interpreter.of_this_thread())
		return interpreter.of_this_thread() ? PYTHON_OTHER_THREAD_STATE
						    : why_not_attached();
	return interpreter.is_finalizing() ? PYTHON_FINALIZING : PYTHON_PRESENT;
}

static bool layout_is_confirmed(const char *code)
{
	if (likely(atomic_load_explicit(&confirmed, memory_order_acquire)))
		return true;
	if (!python_confirm(code, !interpreter.tells_offsets)) {
		atomic_store_explicit(&refusal, PYTHON_UNKNOWN_LAYOUT, memory_order_release);
		return false;
	}
	atomic_store_explicit(&confirmed, true, memory_order_release);
	return true;
}

static SLOW_PATH uint32_t capture(thread_state *state)
{
	struct python_raw_frame raw[PYTHON_DEPTH];
	unsigned int count = python_walk(state, raw);
	uint64_t digest;
	uint32_t id;

	if (count == 0)
		return PYTHON_NO_FRAMES;
	if (!layout_is_confirmed(raw[0].code))
		return PYTHON_UNKNOWN_LAYOUT;
	digest = python_identify(raw, count);
	id = python_recall(digest);
	if (likely(id)) {
		if (python_walks_memory())
			python_trail_sighted(state, id);
		return id;
	}
	id = python_intern(raw, count);
	if (!id)
		return PYTHON_NO_MEMORY;
	python_remember(digest, id);
	return id;
}

uint32_t python_capture(void)
{
	int absence = atomic_load_explicit(&refusal, memory_order_acquire);
	thread_state *state;
	uint32_t id;

	if (unlikely(absence != PYTHON_PRESENT))
		return (uint32_t)absence;
	absence = (int)attached_state(&state);
	if (unlikely(absence != PYTHON_PRESENT))
		return (uint32_t)absence;
	id = python_walks_memory() ? python_trail_follow(state) : 0;
	return likely(id) ? id : capture(state);
}
