/* SPDX-License-Identifier: MIT */
#include "hook/trace_name.h"

#include "hook/tool.h"
#include "hook/trace_entry.h"
#include "model/atomic.h"
#include "stack/modules.h"

#include <pthread.h>
#include <stdio.h>

uint8_t trace_era = 1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void trace_lock(void)
{
	pthread_mutex_lock(&lock);
}

void trace_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

void trace_begin_era(void)
{
	uint8_t next = (uint8_t)(trace_current_era() + 1);

	put(trace_era, next ? next : 1);
}

const char *trace_type_name(enum trace_type type)
{
	static const char *const names[] = {"tss", "key", "pthread", "mutex"};

	return names[type];
}

const char *trace_module(uint32_t module)
{
	const struct module *found = module_get(module);

	return found ? found->path : NULL;
}

const char *trace_module_of(const void *code)
{
	return trace_module(module_at(code));
}

static bool write_label(const struct trace_entry *entry, const struct trace_object *object,
			struct trace_label *label)
{
	const char *what = object->type == TRACE_TYPE_MUTEX ? "mutex" : "key";
	const struct module *module = entry ? module_get(entry->module) : NULL;

	if (!entry)
		return false;
	label->module = module ? module->path : NULL;
	if (object->name)
		snprintf(label->name, sizeof(label->name), "%s", object->name);
	else if (entry->provisional)
		snprintf(label->name, sizeof(label->name), "%s 0x%lx", what,
			 (unsigned long)object->address);
	else if (entry->symbol && module)
		snprintf(label->name, sizeof(label->name), "%s in %s", entry->symbol, module->name);
	else if (module)
		snprintf(label->name, sizeof(label->name), "%s %u of %s", what, entry->ordinal,
			 module->name);
	else
		snprintf(label->name, sizeof(label->name), "%s %u", what, entry->ordinal);
	return true;
}

bool trace_label(const struct trace_object *object, struct trace_label *label)
{
	bool done = write_label(trace_entry_lock(object), object, label);

	trace_unlock();
	return done;
}

/* Under the lock, so that whoever finds it told comes after that. */
static void tell(struct trace_entry *entry, const struct trace_object *object)
{
	struct trace_label label;

	write_label(entry, object, &label);
	trace_get()->object_name(object->address, trace_type_name(object->type), label.name,
				 label.module);
	entry->told = trace_current_era();
}

bool trace_tell_name(const struct trace_object *object)
{
	struct trace_entry *entry;
	bool told;

	if (!trace_wants(TRACE_object_name))
		return false;
	entry = trace_entry_lock(object);
	if (entry && entry->told != trace_current_era())
		tell(entry, object);
	told = entry && !entry->provisional;
	trace_unlock();
	return told;
}

void trace_tell_new_name(enum trace_type type, const void *address, const char *name)
{
	const struct trace_object object = {.type = type, .address = address, .name = name};
	struct trace_entry *entry;

	if (!trace_wants(TRACE_object_name))
		return;
	trace_lock();
	entry = trace_entry_find(&object);
	if (entry && entry->told == trace_current_era())
		tell(entry, &object);
	trace_unlock();
}

void trace_renamed(const void *object, const char *name)
{
	trace_tell_new_name(TRACE_TYPE_TSS, object, name);
	trace_tell_new_name(TRACE_TYPE_MUTEX, object, name);
}

void trace_name_mutex_inside(struct mutex_record *record, bool in_handler)
{
	uint8_t era = trace_current_era();
	const struct trace_object object = {
		.type = TRACE_TYPE_MUTEX,
		.address = record->address,
		.name = __atomic_load_n(&record->name, __ATOMIC_ACQUIRE),
		.code = record->first_use.caller,
		.module = record->module,
		.in_handler = in_handler,
	};

	if (trace_tell_name(&object))
		put(record->named, era);
}

void trace_name_mutex(struct mutex_record *record)
{
	if (!trace_wants(TRACE_object_name) || !tool_enter())
		return;
	trace_name_mutex_inside(record, tool_is_in_signal_handler());
	tool_leave();
}

void trace_name_before_fork(void)
{
	trace_lock();
}

void trace_name_after_fork(void)
{
	trace_unlock();
}
