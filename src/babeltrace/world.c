/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/apply.h"
#include "babeltrace/world_internal.h"

#include <stdlib.h>

struct process_entry {
	uint64_t key;
	UT_hash_handle hh;
	struct process *process;
};

void world_begin(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->last = &world->first;
}

void world_free(struct world *world)
{
	struct process_entry *entry, *following;

	TABLE_FREE(world->table, entry, following);
	for (struct process *process = world->first, *next; process; process = next) {
		next = process->next;
		process_free(process);
	}
	world_free_origins(world);
	texts_free(&world->texts);
	world_begin(world);
}

static struct process *create(struct world *world, const struct origin *origin, int32_t vpid)
{
	struct process *process = process_create(origin->machine, vpid, &world->texts);

	if (!process)
		return NULL;
	*world->last = process;
	world->last = &process->next;
	world->process_count++;
	return process;
}

/* Numbers of processes are those of their namespace, where the trace tells which. */
static uint64_t number_of(const struct origin *origin, int32_t vpid, const struct seen *seen)
{
	uint64_t namespace = seen_number(seen, F_PID_NS);

	return ((uint64_t)origin->machine->number << 32 | (uint32_t)vpid) ^
	       namespace * HASH_MULTIPLIER;
}

/*
 * Where it does not tell, containers of one name have processes of one number at the same time, in
 * a trace each.
 */
static uint64_t key_of(const struct origin *origin, uint64_t number)
{
	return number ^ origin->number * UINT64_C(0xff51afd7ed558ccd);
}

static struct process_entry *find(const struct world *world, uint64_t key)
{
	struct process_entry *entry;

	TABLE_FIND(world->table, key, entry);
	return entry;
}

/* Where the process of that key is, or will be. NULL without memory. */
static struct process **place_of(struct world *world, uint64_t key)
{
	struct process_entry *entry = find(world, key);

	if (entry)
		return &entry->process;
	entry = shortage_note(calloc(1, sizeof(*entry)));
	if (!entry)
		return NULL;
	entry->key = key;
	TABLE_ADD(world->table, entry);
	if (!table_refused)
		return &entry->process;
	free(entry);
	return NULL;
}

/*
 * Another thread of the tracer tells what is loaded, or its library is elsewhere: the process has
 * executed another program, or another process has its number now.
 */
static bool is_another(const struct process *process, const struct seen *seen)
{
	int32_t listener = (int32_t)seen_number(seen, F_VTID);
	uint64_t ip = seen_number(seen, F_IP);

	return seen->kind == SEEN_IMAGES_START && process->listener && listener &&
	       (process->listener != listener ||
		(process->told_at && ip && process->told_at != ip));
}

/* The one that lives, which another trace tells of too, or a new one. */
static bool find_living(struct world *world, const struct origin *origin, int32_t vpid,
			const struct seen *seen, struct process **own)
{
	struct process **living = place_of(world, number_of(origin, vpid, seen)), *process;

	if (!living)
		return false;
	if (*living && *living != *own && !is_another(*living, seen)) {
		*own = *living;
		return true;
	}
	process = create(world, origin, vpid);
	if (process)
		*own = *living = process;
	return *own;
}

static struct process *process_of(struct world *world, const struct origin *origin,
				  const struct seen *seen)
{
	int32_t vpid = seen_has(seen, F_VPID) ? (int32_t)seen_number(seen, F_VPID) : origin->vpid;
	uint64_t key = key_of(origin, number_of(origin, vpid, seen));
	struct process **own;

	if (likely(world->recent && world->recent_key == key && seen->kind != SEEN_IMAGES_START))
		return world->recent;
	own = place_of(world, key);
	if (!own ||
	    ((!*own || is_another(*own, seen)) && !find_living(world, origin, vpid, seen, own)))
		return NULL;
	if (seen->kind == SEEN_IMAGES_START) {
		(*own)->listener = (int32_t)seen_number(seen, F_VTID);
		(*own)->told_at = seen_number(seen, F_IP);
	}
	world->recent = *own;
	world->recent_key = key;
	return world->recent;
}

void world_pass(struct world *world, struct origin *origin, uint64_t time)
{
	if (origin && time > origin->end)
		origin->end = time;
	if (!world->begin)
		world->begin = time;
	if (time > world->end)
		world->end = time;
}

/* Numbers are given again, and a damaged trace may hold any: nobody is their own ancestor. */
static bool descends_from(const struct process *process, const struct process *ancestor)
{
	while (process && process != ancestor)
		process = process->parent;
	return process;
}

/* The parent of a process, when it is known: the one of that number that lives now. */
static void adopt(struct world *world, const struct origin *origin, struct process *process,
		  const struct seen *seen)
{
	uint64_t number = number_of(origin, process->ppid, seen);
	const struct process_entry *entry = find(world, key_of(origin, number));

	if (!entry)
		entry = find(world, number);
	if (entry && !process->parent && !descends_from(entry->process, process))
		process->parent = entry->process;
}

void world_see(struct world *world, struct origin *origin, const struct seen *seen)
{
	struct process *process = process_of(world, origin, seen);

	world->events++;
	world_pass(world, origin, seen->time);
	if (!seen_is_tracers(seen->kind)) {
		world->own++;
		origin->no_vpid |= !seen_has(seen, F_VPID) && !origin->vpid;
		origin->no_vtid |= seen->kind != SEEN_COUNTED && !seen_has(seen, F_VTID);
	}
	if (!process)
		return;
	process->doubt = &origin->doubt;
	process->recorded = &origin->end;
	apply(process, seen);
	if (seen->kind == SEEN_DUMP_PROCESS && process->ppid)
		adopt(world, origin, process, seen);
}

void world_lose_events(struct world *world, struct origin *origin, uint64_t count)
{
	if (origin)
		origin->doubt++;
	world->lost_events += count;
	world->lost_uncounted |= count == 0;
}

void world_lose_packets(struct world *world, struct origin *origin, uint64_t count)
{
	if (origin)
		origin->doubt++;
	world->lost_packets += count;
	world->lost_uncounted |= count == 0;
}
