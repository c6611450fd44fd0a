/* SPDX-License-Identifier: MIT */
#include "babeltrace/view_internal.h"

#include <stdlib.h>
#include <string.h>

struct shown_mutex_id view_mutex_id(struct making *making, const struct lock *lock)
{
	const struct object_note *note =
		notes_find(&making->process->notes, lock->address, "mutex");
	uint64_t time = lock->first_use.time;
	struct image *home = images_at(&making->process->images, lock->address, time);
	struct image *user = images_at(&making->process->images, lock->first_use.caller - 1, time);
	struct symbol symbol = lookup_data(&making->wanted->places, home, lock->address);
	struct shown_mutex_id id = {
		/* NOLINTNEXTLINE(performance-no-int-to-ptr): another process's, never followed. */
		.address = (const void *)(uintptr_t)lock->address,
		.symbol = symbol.function,
		.offset = symbol.offset,
		.is_home = home != NULL,
		.module = home	 ? home->path
			  : user ? user->path
			  : note ? note->module
				 : NULL,
		.first_use = view_stack(making, &lock->first_use, ROLE_OTHER, NULL),
	};

	if (note)
		view_name(making, &id.name, &id.symbol, note);
	return id;
}

static enum report_coverage coverage_of(const struct lock *lock)
{
	if (lock->gaps)
		return COVERAGE_PART;
	if (!lock->missed)
		return COVERAGE_ALL;
	return lock->sure ? COVERAGE_ARMED : COVERAGE_PART;
}

static void fill_facts(const struct making *making, struct report_mutex *out,
		       const struct lock *lock)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): another process's, never followed. */
	out->address = (const void *)(uintptr_t)lock->address;
	out->acquired = lock->acquired;
	out->contended = lock->contended;
	out->wait_total_ns = lock->wait_total;
	out->wait_max_ns = lock->wait_max;
	out->hold_total_ns = lock->hold_total;
	out->hold_max_ns = lock->hold_max;
	out->owner_changes = lock->owner_changes;
	out->coverage = coverage_of(lock);
	out->runtime = lock->runtime || view_is_interpreter(making->process, lock->first_use.caller,
							    lock->first_use.time);
}

static int compare_numbers(uint64_t left, uint64_t right)
{
	return left < right ? 1 : left > right ? -1 : 0;
}

/* What costs most comes first, as in the report of a run. */
static int compare(const void *left, const void *right)
{
	const struct lock *a = *(const struct lock *const *)left;
	const struct lock *b = *(const struct lock *const *)right;
	int order = compare_numbers(a->wait_total, b->wait_total);

	if (!order)
		order = compare_numbers(a->contended, b->contended);
	if (!order)
		order = compare_numbers(a->acquired, b->acquired);
	return order ? order : compare_numbers(b->address, a->address);
}

static const struct lock **sorted(struct making *making, unsigned int *count)
{
	const struct locks *locks = &making->process->locks;
	const struct lock **list = pool_take(&making->view->pool, locks->count, sizeof(void *));

	*count = 0;
	if (!list)
		return NULL;
	for (const struct lock *lock = locks->newest; lock; lock = lock->next)
		if (lock->acquired)
			list[(*count)++] = lock;
	qsort(list, *count, sizeof(void *), compare);
	return list;
}

static bool is_shown(const struct making *making, const struct report_mutex *facts)
{
	unsigned int shown = making->view->document.mutex_count;

	if (making->wanted->all)
		return true;
	return facts->contended && !facts->runtime && shown < making->wanted->top;
}

static void show(struct making *making, struct shown_mutex *out, const struct lock *lock,
		 const struct report_mutex *facts)
{
	out->id = view_mutex_id(making, lock);
	out->facts = facts;
	out->waited_for = view_stack(making, &lock->waited_for, ROLE_OTHER, NULL);
}

#define MUTEXES_MAX 10000

bool view_mutexes(struct making *making)
{
	struct pool *pool = &making->view->pool;
	struct document *document = &making->view->document;
	unsigned int count;
	const struct lock **list = sorted(making, &count);
	struct report_mutex *facts = pool_take(pool, count, sizeof(*facts));
	unsigned int room = count < MUTEXES_MAX ? count : MUTEXES_MAX;
	struct shown_mutex *shown = pool_take(pool, room, sizeof(*shown));

	if (!list || !facts || !shown)
		return false;
	for (unsigned int i = 0; i < count; i++) {
		fill_facts(making, &facts[i], list[i]);
		if (document->mutex_count < room && is_shown(making, &facts[i]))
			show(making, &shown[document->mutex_count++], list[i], &facts[i]);
	}
	making->view->facts.mutexes = facts;
	making->view->facts.mutex_count = count;
	document->mutexes = shown;
	return true;
}
