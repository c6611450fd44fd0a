/* SPDX-License-Identifier: MIT */
#include "model_host.h"

#include <pthread.h>
#include <string.h>

struct found found;
const char EXTENSION[] = "extension", OTHER_EXTENSION[] = "other", RUNTIME[] = "runtime";

void found_keep(const struct finding *finding)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&lock);
	if (found.count < FINDINGS_MAX)
		found.finding[found.count] = *finding;
	found.count++;
	pthread_mutex_unlock(&lock);
}

void found_forget(void)
{
	memset(&found, 0, sizeof(found));
}

bool is_runtime(const void *code)
{
	return code == RUNTIME;
}

void assert_nothing_found(void)
{
	if (found.count)
		fail_msg("%u findings, the first: %s: %s", found.count,
			 finding_name(found.finding[0].kind), found.finding[0].message);
}

const struct finding *assert_found(enum finding_kind kind)
{
	static struct finding only;

	if (found.count != 1)
		fail_msg("%u findings instead of one %s", found.count, finding_name(kind));
	only = found.finding[0];
	found.count = 0;
	if (only.kind != kind)
		fail_msg("%s (%s) instead of %s", finding_name(only.kind), only.message,
			 finding_name(kind));
	return &only;
}

const struct site *nth_story_of(const struct finding *finding, enum site_role role,
				unsigned int nth)
{
	for (unsigned int i = 0; i < finding->stories; i++) {
		if (finding->story[i].role == role && nth-- == 0)
			return &finding->story[i].site;
	}
	fail_msg("%s has too few places of role '%s'", finding_name(finding->kind),
		 role_name(role));
	return NULL;
}

const struct site *story_of(const struct finding *finding, enum site_role role)
{
	return nth_story_of(finding, role, 0);
}
