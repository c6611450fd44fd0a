/* SPDX-License-Identifier: MIT */
/* The model without a host, as before the library wakes up: it keeps books and says nothing. */
#include "model/keys.h"
#include "model/mutexes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define HERE (&(struct site){.caller = "somebody", .native = __LINE__, .tid = 1})

static void keys_without_a_host(void **state)
{
	static struct tss tss, zero;
	static struct keys_count before, count;

	(void)state;
	keys_judge_tss_use(&zero, KEY_SET, HERE); /* never created: nobody is told */
	keys_count(&before);
	assert_int_equal(core_tss_create(&tss, NULL, NULL), TSS_CREATED);
	keys_tss_created(&tss, HERE);
	assert_true(keys_tss_live(&tss));
	keys_count(&count);
	assert_int_equal(count.live, before.live + 1);
	/* Nobody knows whose it is. */
	assert_int_equal(count.by_module[0].live, before.by_module[0].live + 1);
	keys_report_live();
	keys_tss_deleting(&tss, HERE);
	assert_false(keys_tss_live(&tss));
	core_tss_delete(&tss);
}

static void mutexes_without_a_host(void **state)
{
	static struct mutex_thread thread;
	static char mutex;
	struct mutex_record *record = mutexes_get(&mutex, HERE);
	struct mutex_request request = {
		.record = record, .thread = &thread, .site = HERE, .sure = true};

	(void)state;
	assert_false(record->runtime);
	assert_false(record->forward);
	assert_int_equal(record->module, 0);
	mutexes_thread_begin(&thread, 1);
	mutexes_requested(&request);
	mutexes_acquired(&request, 1, false, 0);
	mutexes_wait_begin(&request, 2); /* for itself: nobody is told */
	mutexes_wait_end(&thread);
	mutexes_releasing(record, &thread, HERE, 3);
	assert_int_equal(record->acquired, 1);
	assert_null(record->owner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_without_a_host),
		cmocka_unit_test(mutexes_without_a_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
