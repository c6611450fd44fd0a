/* SPDX-License-Identifier: MIT */
#include "babeltrace/told_identity.h"

#include "babeltrace/process.h"

static void mix(uint64_t *digest, uint64_t number)
{
	*digest = (*digest ^ number) * UINT64_C(0xff51afd7ed558ccd);
	*digest ^= *digest >> 32;
}

/* The frames within the library that called, where the Python stack tells the rest. */
static void mix_spot(const struct process *process, uint64_t *digest, enum site_role role,
		     const struct spot *spot)
{
	const struct pile *pile = spot->pile;
	const struct image *home;

	mix(digest, role);
	mix(digest, spot->python);
	if (!pile) {
		mix(digest, spot->caller);
		return;
	}
	home = images_at(&process->images, pile->ip[0] - 1, spot->time);
	for (unsigned int i = 0; i < pile->count; i++) {
		if (home && spot->python &&
		    images_at(&process->images, pile->ip[i] - 1, spot->time) != home)
			break;
		mix(digest, pile->ip[i]);
	}
}

uint64_t told_identity(const struct process *process, const struct told_finding *finding)
{
	uint64_t digest = finding->kind;
	bool any_stack = finding->spot.pile != NULL;

	mix_spot(process, &digest, ROLE_HERE, &finding->spot);
	for (unsigned int i = 0; i < finding->stories; i++) {
		mix_spot(process, &digest, finding->story[i].role, &finding->story[i].spot);
		any_stack = any_stack || finding->story[i].spot.pile;
	}
	if (!any_stack) {
		mix(&digest, finding->object);
		mix(&digest, (uint32_t)finding->slot);
	}
	return digest;
}
