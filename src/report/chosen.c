/* SPDX-License-Identifier: MIT */
#include "report/chosen.h"

#define COSTLIEST 10
#define ALL 10000

static bool is_chosen(const struct chosen *chosen, const struct report_mutex *mutex)
{
	if (chosen->choice == MUTEXES_COSTLIEST)
		return mutex->contended && !mutex->runtime && chosen->given < COSTLIEST;
	return chosen->choice == MUTEXES_ALL && chosen->given < ALL;
}

const struct report_mutex *chosen_next(struct chosen *chosen)
{
	while (chosen->next < chosen->facts->mutex_count) {
		const struct report_mutex *mutex = &chosen->facts->mutexes[chosen->next++];

		if (is_chosen(chosen, mutex)) {
			chosen->given++;
			return mutex;
		}
	}
	return NULL;
}

bool chosen_any(const struct report_facts *facts, enum mutex_choice choice)
{
	struct chosen chosen = {.facts = facts, .choice = choice};

	return chosen_next(&chosen);
}
