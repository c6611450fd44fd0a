/* SPDX-License-Identifier: MIT */
#include "babeltrace/shortage.h"
#include "babeltrace/world_internal.h"

#include <stdlib.h>

struct machine_entry {
	struct machine machine;
	struct machine_entry *next;
};

static const struct machine *machine_of(struct world *world, const char *host)
{
	struct machine_entry *entry;

	host = texts_keep(&world->texts, host);
	for (entry = world->machines; entry; entry = entry->next)
		if (entry->machine.name == host)
			return &entry->machine;
	entry = shortage_note(calloc(1, sizeof(*entry)));
	if (!entry)
		return NULL;
	entry->machine.name = host;
	entry->machine.number = ++world->machine_count;
	entry->next = world->machines;
	world->machines = entry;
	return &entry->machine;
}

struct origin *world_origin(struct world *world, const char *host, int32_t vpid)
{
	struct origin *origin = shortage_note(calloc(1, sizeof(*origin)));

	if (!origin)
		return NULL;
	origin->machine = machine_of(world, host);
	origin->vpid = vpid;
	if (!origin->machine) {
		free(origin);
		return NULL;
	}
	origin->number = ++world->origin_count;
	origin->next = world->origins;
	world->origins = origin;
	return origin;
}

void world_free_origins(struct world *world)
{
	for (struct origin *origin = world->origins, *next; origin; origin = next) {
		next = origin->next;
		free(origin);
	}
	for (struct machine_entry *machine = world->machines, *next; machine; machine = next) {
		next = machine->next;
		free(machine);
	}
}
