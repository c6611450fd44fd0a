/* SPDX-License-Identifier: MIT */
/* Running out of keys: there are so many for the whole process. */
#include "model/atomic.h"
#include "model/registry.h"

/* 90 % of all numbers. */
#define NEARLY_ALL (KEY_SLOTS * 9 / 10 + 1)

bool keys_are_short(void)
{
	return __atomic_load_n(&registry.live, __ATOMIC_RELAXED) >= NEARLY_ALL;
}

void keys_check_supply(const struct site *site)
{
	struct finding finding;
	unsigned int live = 0;

	if (likely(!keys_are_short()))
		return;
	registry_lock();
	if (registry.live >= NEARLY_ALL && !registry.warned) {
		registry.warned = true;
		live = registry.live;
	}
	registry_unlock();
	if (!live)
		return;
	finding_begin(&finding, FINDING_KEYS_NEARLY_EXHAUSTED,
		      "%u of the process's %d thread keys are in use", live, KEY_SLOTS);
	finding_tell(&finding, ROLE_HERE, "here", site);
	finding.object.creator = site->caller;
	keys_host.finding(&finding);
}

static void report_exhausted(const struct tss *tss, const struct site *site)
{
	struct finding finding;

	if (!registry_is_judged(site))
		return;
	finding_begin(&finding, FINDING_KEYS_EXHAUSTED,
		      "no thread key is left: all %d of the process are in use", KEY_SLOTS);
	finding_tell(&finding, ROLE_HERE, "here", site);
	if (tss)
		registry_describe_tss(&finding, tss, NULL);
	finding.object.creator = site->caller;
	keys_host.finding(&finding);
}

void keys_tss_create_failed(const struct tss *tss, const struct site *site)
{
	struct key_record *record;

	registry_lock();
	record = record_get(&registry.records, tss);
	if (record) {
		put_site(&record->created, site);
		record_enter(&registry.records, record, KEY_FAILED);
	}
	registry_unlock();
	report_exhausted(tss, site);
}

void keys_legacy_create_failed(const struct site *site)
{
	report_exhausted(NULL, site);
}

void keys_raw_create_failed(const struct site *site)
{
	report_exhausted(NULL, site);
}
