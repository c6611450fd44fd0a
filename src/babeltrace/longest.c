/* SPDX-License-Identifier: MIT */
#include "babeltrace/longest.h"

void longest_add(struct longest *longest, const struct past_wait *wait)
{
	unsigned int at;

	if (!longest_wants(longest, wait->lasted))
		return;
	if (longest->count < LONGEST_MAX)
		longest->count++;
	at = longest->count - 1;
	for (; at > 0 && longest->wait[at - 1].lasted < wait->lasted; at--)
		longest->wait[at] = longest->wait[at - 1];
	longest->wait[at] = *wait;
}
