/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "report/guard.h"
#include "report/kept.h"
#include "report/load.h"
#include "report/output.h"
#include "report/publish.h"
#include "report/suppress.h"
#include "report/symbols.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TROUBLE_SIZE 256

/* Held while anything is looked up or written. Taken before the lock in kept.c. */
static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool busy; /* it is held: told to a forked child */

static const struct options *options;
static atomic_flag obeyed = ATOMIC_FLAG_INIT; /* --on-error is about the first error */
static bool forked, silent;

bool report_init(const struct options *given, report_facts_fn *facts, const char *plugin_path,
		 struct options_error *error)
{
	if (!suppress_read(&given->suppressions, error))
		return false;
	output_init(given->output, given->root);
	load_init(plugin_path);
	publish_init(given, facts);
	options = given;
	return true;
}

static void lock_output(void)
{
	pthread_mutex_lock(&output_lock);
	atomic_store(&busy, true);
}

static void unlock_output(void)
{
	atomic_store(&busy, false);
	pthread_mutex_unlock(&output_lock);
}

/* Equal hangs may be of different mutexes, and the next one may be the last thing that happens. */
static bool is_told_each_time(enum finding_kind kind)
{
	return kind == FINDING_HANG;
}

static bool is_news(struct record *record, const struct finding *finding)
{
	return !record || is_told_each_time(finding->kind) || !kept_told(record);
}

static bool tell_now(struct record *record, const struct finding *finding)
{
	bool counts = false;

	lock_output();
	if (!record)
		counts = publish_bare(finding);
	else if (is_news(record, finding))
		counts = publish_record(record, finding);
	unlock_output();
	return counts;
}

static void obey_on_error(void)
{
	if (options->on_error == ON_ERROR_REPORT || atomic_flag_test_and_set(&obeyed))
		return;
	if (options->on_error == ON_ERROR_ABORT)
		abort();
	raise(SIGSTOP);
}

void report_finding(const struct finding *finding, bool now)
{
	struct record *record;
	enum severity severity;
	bool counts = false;
	struct guard guard;

	if (!options || silent || !guard_enter(&guard))
		return;
	severity = finding_severity(finding->kind, options->leak_check == LEAK_CHECK_STRICT);
	record = kept_add(finding);
	/* Seen by another thread that is still writing it? Then wait: what follows may crash. */
	if (now && severity <= SEVERITY_WARNING && is_news(record, finding))
		counts = tell_now(record, finding);
	guard_leave(&guard);
	if (counts && severity == SEVERITY_ERROR)
		obey_on_error();
}

void report_forget_leaks(void)
{
	struct guard guard;

	if (!guard_enter(&guard))
		return;
	kept_forget_state();
	guard_leave(&guard);
}

bool report_any_finding(void)
{
	struct guard guard;
	bool any;

	if (!guard_enter(&guard))
		return true;
	any = kept_any();
	guard_leave(&guard);
	return any;
}

int report_write(int exit_status, bool anything_seen)
{
	struct guard guard;
	int status;

	if (!options || silent || !guard_enter(&guard))
		return -1;
	lock_output();
	status = publish_all(exit_status, !forked || anything_seen);
	unlock_output();
	guard_leave(&guard);
	return status;
}

void report_trouble(const char *what, const char *why)
{
	char line[TROUBLE_SIZE];
	struct buffer text = {.data = line};
	struct guard guard;

	if (!options || silent || !guard_enter(&guard))
		return;
	snprintf(line, sizeof(line), "pythread-trace: %s: %s\n", what, why);
	text.length = strlen(line);
	lock_output();
	output_stderr(&text);
	unlock_output();
	guard_leave(&guard);
}

void report_after_fork(bool follow)
{
	bool torn = atomic_load(&busy);

	forked = true;
	silent = silent || !follow;
	output_lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	atomic_store(&busy, false);
	atomic_flag_clear(&obeyed);
	kept_after_fork();
	symbols_after_fork();
	suppress_after_fork();
	load_after_fork(torn);
	output_after_fork();
	publish_after_fork();
}
