/* SPDX-License-Identifier: MIT */
#include "report/json_mutex.h"

#include "report/json_stack.h"

static const char *const coverages[] = {
	[COVERAGE_ALL] = "all",
	[COVERAGE_ARMED] = "armed",
	[COVERAGE_PART] = "part",
};

static json_object *make_times(uint64_t total, uint64_t max)
{
	json_object *times = json_new_object();

	json_set(times, "total", json_number((int64_t)total));
	json_set(times, "max", json_number((int64_t)max));
	return times;
}

static void set_id(json_object *object, const char *address, const struct shown_mutex_id *id)
{
	json_set(object, address, json_address(true, (uintptr_t)id->address));
	json_set(object, "name", json_text(id->name));
	json_set(object, "module", json_text(id->module));
	json_set(object, "symbol", json_text(id->symbol));
}

static json_object *make_mutex(const struct shown_mutex *shown)
{
	const struct report_mutex *facts = shown->facts;
	json_object *mutex = json_new_object();

	set_id(mutex, "address", &shown->id);
	json_set(mutex, "acquired", json_number((int64_t)facts->acquired));
	json_set(mutex, "contended", json_number((int64_t)facts->contended));
	json_set(mutex, "owner_changes", json_number((int64_t)facts->owner_changes));
	json_set(mutex, "wait_ns", make_times(facts->wait_total_ns, facts->wait_max_ns));
	json_set(mutex, "hold_ns", make_times(facts->hold_total_ns, facts->hold_max_ns));
	json_set(mutex, "hold_sampled", json_flag(facts->hold_sampled));
	json_set(mutex, "complete", json_flag(facts->coverage == COVERAGE_ALL));
	json_set(mutex, "coverage", json_text(coverages[facts->coverage]));
	json_set(mutex, "runtime", json_flag(facts->runtime));
	json_set(mutex, "first_use", json_stack(shown->id.first_use));
	json_set(mutex, "waited_for", json_stack(shown->waited_for));
	return mutex;
}

json_object *json_mutexes(const struct document *document)
{
	json_object *mutexes = json_new_array();

	for (unsigned int i = 0; i < document->mutex_count; i++)
		json_push(mutexes, make_mutex(&document->mutexes[i]));
	return mutexes;
}

static json_object *make_stacks(const struct shown_stack *stack)
{
	json_object *stacks = json_new_array();

	if (stack)
		json_push(stacks, json_stack(stack));
	return stacks;
}

static json_object *make_holder(const struct shown_wait *shown)
{
	json_object *holder;

	if (!shown->facts->holder)
		return NULL;
	holder = json_new_object();
	json_set(holder, "tid", json_number(shown->facts->holder));
	json_set(holder, "name", json_text(shown->holder_name));
	json_set(holder, "held_ns", json_number((int64_t)shown->facts->held_ns));
	json_set(holder, "stacks", make_stacks(shown->locked));
	return holder;
}

static json_object *make_wait(const struct shown_wait *shown)
{
	json_object *wait = json_new_object();

	set_id(wait, "mutex", &shown->id);
	json_set(wait, "tid", json_number(shown->facts->tid));
	json_set(wait, "thread_name", json_text(shown->thread_name));
	json_set(wait, "waiting_ns", json_number((int64_t)shown->facts->waiting_ns));
	json_set(wait, "stacks", make_stacks(shown->waiting));
	json_set(wait, "holder", make_holder(shown));
	return wait;
}

json_object *json_waits(const struct document *document)
{
	json_object *waits = json_new_array();

	for (unsigned int i = 0; i < document->wait_count; i++)
		json_push(waits, make_wait(&document->waits[i]));
	return waits;
}
