/* SPDX-License-Identifier: MIT */
#include "report/identity.h"

#include "stack/stack.h"

#include <string.h>

static void add_story(struct identity *identity, unsigned int i, const struct story *story)
{
	const struct native_stack *native = stack_native(&story->site);

	identity->story[i].role = story->role;
	identity->story[i].python = story->site.python;
	if (native && native->count && stack_python(&story->site)) {
		identity->story[i].place = stack_place(&story->site);
		identity->story[i].module = native->frame[0].module;
	} else {
		identity->story[i].native = story->site.native;
		identity->story[i].place = native ? 0 : (uintptr_t)story->site.caller;
	}
}

void identity_of(const struct finding *finding, struct identity *identity)
{
	bool any_stack = false;

	memset(identity, 0, sizeof(*identity));
	identity->kind = finding->kind;
	identity->stories = finding->stories;
	for (unsigned int i = 0; i < finding->stories; i++) {
		add_story(identity, i, &finding->story[i]);
		any_stack = any_stack || finding->story[i].site.native;
	}
	if (any_stack)
		return;
	identity->address = finding->object.address;
	for (unsigned int i = 0; i < finding->others; i++)
		identity->other[i] = finding->other[i].address;
	identity->slot = finding->object.slot;
	if (finding->stories)
		identity->caller = finding->story[0].site.caller;
}
