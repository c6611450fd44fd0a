/* SPDX-License-Identifier: MIT */
#include "report/identity.h"

#include <string.h>

void identity_of(const struct finding *finding, struct identity *identity)
{
	bool stack = false;

	memset(identity, 0, sizeof(*identity));
	identity->kind = finding->kind;
	identity->stories = finding->stories;
	for (unsigned int i = 0; i < finding->stories; i++) {
		identity->story[i].role = finding->story[i].role;
		identity->story[i].native = finding->story[i].site.native;
		identity->story[i].python = finding->story[i].site.python;
		stack = stack || finding->story[i].site.native;
	}
	if (stack)
		return;
	identity->address = finding->object.address;
	identity->slot = finding->object.slot;
	if (finding->stories)
		identity->caller = finding->story[0].site.caller;
}
