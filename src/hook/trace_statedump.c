/* SPDX-License-Identifier: MIT */
#include "hook/trace_statedump.h"

#include "base/clock.h"
#include "config.h"
#include "core/mutex.h"
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/tool.h"
#include "hook/trace_name.h"
#include "hook/trace_site.h"
#include "hook/trace_threads.h"
#include "model/atomic.h"
#include "stack/python.h"

#include <limits.h>
#include <unistd.h>

static const char *read_program(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);

	path[length > 0 ? length : 0] = '\0';
	return path;
}

static void dump_process(void)
{
	char path[PATH_MAX];
	const struct trace_process told = {
		.version = PACKAGE_VERSION,
		.program = read_program(path),
		.python_version = python_version(),
		.python_build = runtime_is_executable() ? "executable" : "shared",
		.free_threaded = python_free_threaded(),
		.ppid = getppid(),
		.keys_limit = KEY_SLOTS,
	};

	trace_get()->statedump_process(&told);
}

static enum trace_type type_of(const struct key_view *view)
{
	switch (view->owner) {
	case KEY_OWNER_TSS:
		return TRACE_TYPE_TSS;
	case KEY_OWNER_LEGACY:
		return TRACE_TYPE_KEY;
	default:
		return TRACE_TYPE_RAW;
	}
}

static void dump_key(unsigned int number)
{
	struct key_view view;
	struct trace_label label;
	struct trace_place place;
	struct trace_object object;

	if (!keys_view(number, &view) || (view.owner == KEY_OWNER_TSS && !view.address))
		return;
	object = (struct trace_object){
		.type = type_of(&view),
		.address = view.owner == KEY_OWNER_TSS ? view.address
						       : (const void *)(uintptr_t)number,
		.name = view.name,
		.code = view.creator,
	};
	if (!trace_label(&object, &label))
		return;
	trace_get()->statedump_key(
		&(struct trace_key){
			.key = object.address,
			.slot = (int32_t)number,
			.type = trace_type_name(object.type),
			.name = label.name,
			.module = trace_module_of(view.creator),
		},
		trace_site(&place, &view.created));
}

/* Its memory may be gone, or something else by now. */
static bool is_locked(const struct mutex_record *record, const struct mutex_thread *owner)
{
	uint8_t bits;

	if (owner || peek(record->waiters))
		return true;
	return keys_host.read(record->address, &bits, sizeof(bits)) &&
	       !(bits & ~(MUTEX_LOCKED | MUTEX_PARKED)) && bits & MUTEX_LOCKED;
}

static void dump_mutex(const struct mutex_record *record, void *unused)
{
	const struct mutex_thread *owner = __atomic_load_n(&record->owner, __ATOMIC_ACQUIRE);
	bool locked = is_locked(record, owner);
	struct site site = locked ? peek_site(&record->locked) : (struct site){0};
	struct trace_label label;
	struct trace_place place;
	const struct trace_object object = {
		.type = TRACE_TYPE_MUTEX,
		.address = record->address,
		.name = __atomic_load_n(&record->name, __ATOMIC_ACQUIRE),
		.code = record->first_use.caller,
		.module = record->module,
	};

	(void)unused;
	if (!trace_label(&object, &label))
		return;
	trace_get()->statedump_mutex(
		&(struct trace_mutex){
			.mutex = record->address,
			.name = label.name,
			.module = label.module,
			.owner = owner ? peek(owner->tid) : 0,
			.locked = locked,
			.waiters = peek(record->waiters),
			.held_ns =
				owner ? clock_ns_between(peek(record->taken_at), clock_ticks()) : 0,
			.acquired = peek(record->acquired),
			.contended = peek(record->contended),
			.runtime = record->runtime,
		},
		trace_site(&place, &site));
}

/* Its number is 0, without a question to an interpreter that may be about to end. */
static void dump_interpreter(void)
{
	const void *(*get_main)(void);
	const void *interpreter;

	*(void **)&get_main = runtime_symbol("PyInterpreterState_Main");
	interpreter = get_main ? get_main() : NULL;
	if (interpreter)
		trace_get()->statedump_interpreter(interpreter, 0);
}

static void dump(void)
{
	trace_get()->statedump_start();
	dump_process();
	for (unsigned int i = 0; i < KEY_SLOTS; i++)
		dump_key(i);
	mutexes_for_each(dump_mutex, NULL);
	trace_dump_threads();
	dump_interpreter();
	trace_get()->statedump_end();
}

void trace_statedump(void)
{
	bool was_inside = tool_is_inside();

	if (process.muted)
		return;
	tool_set_inside(true);
	trace_begin_era();
	dump();
	tool_set_inside(was_inside);
}
