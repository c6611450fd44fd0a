/* SPDX-License-Identifier: MIT */
#include "report_mutex_fakes.h"

#include <stdio.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

static const struct report_mutex mutexes[] = {
	{
		.address = BUGGY_KEY,
		.module = BUGGY,
		.name = "table lock",
		.acquired = 1200345,
		.contended = 5521,
		.wait_total_ns = 1203 * MS + 520001,
		.wait_max_ns = 10 * MS + 250000,
		.hold_total_ns = 80 * MS,
		.hold_max_ns = 1 * MS + 5000,
		.owner_changes = 4100,
		.coverage = COVERAGE_ALL,
		.first_use = {BUGGY_CALLER, 1, 1, 4243},
		.waited_for = {BUGGY_CALLER, 2, 9, 4244},
	},
	{
		.address = RUNTIME_MUTEX,
		.module = PYTHON,
		.acquired = 9,
		.contended = 9,
		.wait_total_ns = 90 * MS,
		.wait_max_ns = 10 * MS,
		.coverage = COVERAGE_PART,
		.runtime = true,
		.first_use = {BUGGY_CALLER, 2, 9, 4244},
		.waited_for = {BUGGY_CALLER, 2, 9, 4244},
	},
	{
		.address = STRIPPED_MUTEX,
		.module = BUGGY,
		.acquired = 877,
		.contended = 12,
		.wait_total_ns = 9 * MS,
		.wait_max_ns = 3 * MS,
		.hold_total_ns = 2 * MS,
		.hold_max_ns = 1 * MS,
		.owner_changes = 8,
		.coverage = COVERAGE_ARMED,
		.first_use = {BUGGY_CALLER, 2, 9, 4244},
		.waited_for = {BUGGY_CALLER, 1, 1, 4243},
	},
	{
		.address = HEAP_KEY,
		.acquired = 31,
		.contended = 31,
		.wait_total_ns = 20000,
		.wait_max_ns = 20000,
		.coverage = COVERAGE_PART,
		.first_use = {BUGGY_CALLER, 0, 0, 4243},
		.waited_for = {BUGGY_CALLER, 2, 9, 4244},
	},
	{
		.address = WITHIN_KEY,
		.module = BUGGY,
		.acquired = 3,
		.hold_total_ns = 3000,
		.hold_max_ns = 2000,
		.coverage = COVERAGE_ALL,
		.first_use = {BUGGY_CALLER, 0, 0, 4243},
	},
};

void fake_mutexes(void)
{
	fake_facts.mutexes = mutexes;
	fake_facts.mutex_count = countof(mutexes);
}

void fake_waits(void)
{
	static struct report_wait waits[2];

	waits[0] = (struct report_wait){
		.mutex = BUGGY_KEY,
		.mutex_name = "table lock",
		.module = BUGGY,
		.first_use = SITE_STORE,
		.tid = getpid(),
		.waiting_ns = 12345 * MS,
		.site = SITE_STORE,
		.holder = 4244,
		.held_ns = 12400 * MS + 1,
		.locked = SITE_CLEANUP,
	};
	waits[1] = (struct report_wait){
		.mutex = HEAP_KEY,
		.first_use = SITE_BARE,
		.tid = 4245,
		.waiting_ns = 2 * MS,
		.site = SITE_CLEANUP,
	};
	fake_facts.waits = waits;
	fake_facts.wait_count = countof(waits);
}

struct finding_object fake_mutex(const void *address, uint32_t module, const char *name)
{
	return (struct finding_object){
		.type = OBJECT_MUTEX,
		.address = address,
		.slot = NO_SLOT,
		.module = module,
		.name = name,
		.creator = BUGGY_CALLER,
	};
}

void fake_mutex_finding(enum finding_kind kind, unsigned int others)
{
	struct finding finding = fake_finding(kind, "something about a mutex");

	finding.object = fake_mutex(STRIPPED_MUTEX, BUGGY, "queue");
	finding.other[0] = fake_mutex(BUGGY_KEY, BUGGY, "index");
	finding.other[1] = fake_mutex(HEAP_KEY, 0, NULL);
	finding.others = others;
	fake_add_story(&finding, ROLE_HERE, "here", SITE_STORE);
	fake_add_story(&finding, ROLE_LOCKED, "mutex locked", SITE_CLEANUP);
	report_finding(&finding, true);
}
