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
static uint64_t key_of(const struct origin *origin, int32_t vpid, const struct seen *seen)
{
	uint64_t namespace = seen_number(seen, F_PID_NS);

	return ((uint64_t)origin->machine->number << 32 | (uint32_t)vpid) ^
	       namespace * UINT64_C(0x9e3779b97f4a7c15);
}

static struct process_entry *entry_of(struct world *world, const struct origin *origin,
				      int32_t vpid, uint64_t key)
{
	struct process_entry *entry;

	TABLE_FIND(world->table, key, entry);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->key = key;
	TABLE_ADD(world->table, entry);
	if (!table_refused)
		entry->process = create(world, origin, vpid);
	if (table_refused || !entry->process) {
		if (!table_refused)
			HASH_DEL(world->table, entry);
		free(entry);
		return NULL;
	}
	return entry;
}

/*
 * Another thread of the tracer tells what is loaded: the process has executed another program, or
 * another process has its number now.
 */
static bool is_another(const struct process *process, const struct seen *seen)
{
	int32_t listener = (int32_t)seen_number(seen, F_VTID);

	return seen->kind == SEEN_IMAGES_START && process->listener && listener &&
	       process->listener != listener;
}

static struct process *process_of(struct world *world, const struct origin *origin,
				  const struct seen *seen)
{
	int32_t vpid = seen_has(seen, F_VPID) ? (int32_t)seen_number(seen, F_VPID) : origin->vpid;
	uint64_t key = key_of(origin, vpid, seen);
	struct process_entry *entry;

	if (likely(world->recent && world->recent_key == key && seen->kind != SEEN_IMAGES_START))
		return world->recent;
	entry = entry_of(world, origin, vpid, key);
	if (!entry)
		return NULL;
	if (is_another(entry->process, seen)) {
		struct process *process = create(world, origin, vpid);

		if (process)
			entry->process = process;
	}
	if (seen->kind == SEEN_IMAGES_START)
		entry->process->listener = (int32_t)seen_number(seen, F_VTID);
	world->recent = entry->process;
	world->recent_key = key;
	return world->recent;
}

void world_pass(struct world *world, uint64_t time)
{
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
	uint64_t key = key_of(origin, process->ppid, seen);
	struct process_entry *entry;

	TABLE_FIND(world->table, key, entry);
	if (entry && !process->parent && !descends_from(entry->process, process))
		process->parent = entry->process;
}

void world_see(struct world *world, struct origin *origin, const struct seen *seen)
{
	struct process *process = process_of(world, origin, seen);

	world->events++;
	world_pass(world, seen->time);
	if (!seen_is_tracers(seen->kind)) {
		world->own++;
		origin->no_vpid |= !seen_has(seen, F_VPID) && !origin->vpid;
		origin->no_vtid |= seen->kind != SEEN_COUNTED && !seen_has(seen, F_VTID);
	}
	if (!process)
		return;
	process->doubt = &origin->doubt;
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
