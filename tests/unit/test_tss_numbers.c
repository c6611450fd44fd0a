/* SPDX-License-Identifier: MIT */
/* What a struct says, and what is known of its number: cases that only damage or others bring
 * about. */
#include "keys_host.h"

#include <string.h>

static void assert_message(const struct finding *finding, const char *part)
{
	if (!strstr(finding->message, part))
		fail_msg("\"%s\" does not say \"%s\"", finding->message, part);
}

static void the_number_of_a_legacy_key(void **state)
{
	static struct tss tss;
	int key = do_key_create(AT(OTHER_EXTENSION));

	(void)state;
	tss = (struct tss){1, (pthread_key_t)key};
	do_get(&tss, AT(EXTENSION));
	assert_ptr_equal(assert_found(FINDING_TSS_GET_BEFORE_CREATE)->object.victim,
			 OTHER_EXTENSION);
	do_key_delete(key, AT(OTHER_EXTENSION));
}

static void a_number_that_is_free(void **state)
{
	static struct tss garbage = {1, PTHREAD_KEYS_MAX - 1};

	(void)state;
	do_set(&garbage, AT(EXTENSION));
	assert_found(FINDING_TSS_SET_BEFORE_CREATE);
	keys_judge_tss_use(&garbage, KEY_CREATE, AT(EXTENSION));
	assert_found(FINDING_TSS_UNINITIALIZED);
}

static void overwritten_after_its_creation(void **state)
{
	static struct tss tss;
	struct tss good;

	(void)state;
	do_create(&tss, AT(EXTENSION));
	good = tss;
	tss = (struct tss){0, PTHREAD_KEYS_MAX - 1};
	do_set(&tss, AT(EXTENSION));
	assert_message(assert_found(FINDING_TSS_SET_BEFORE_CREATE),
		       "overwritten after its creation");
	tss = good;
	do_delete(&tss, AT(EXTENSION));
}

/* Asked whether it is created, and torn down: the number is another struct's. */
static void a_copy_is_torn_down(void **state)
{
	static struct tss tss, copy;

	(void)state;
	do_create(&tss, AT(EXTENSION));
	copy = tss;
	keys_judge_tss_use(&copy, KEY_IS_CREATED, AT(EXTENSION));
	assert_message(assert_found(FINDING_TSS_COPIED), "PyThread_tss_is_created on a copy");
	keys_judge_tss_use(&copy, KEY_DELETE, AT(EXTENSION));
	assert_message(assert_found(FINDING_TSS_COPIED), "PyThread_tss_delete on a copy");
	do_delete(&tss, AT(EXTENSION));
	keys_judge_tss_use(&copy, KEY_DELETE, AT(EXTENSION));
	assert_message(assert_found(FINDING_TSS_COPIED), "was deleted through a copy");
}

/* Made before anybody looked: known from the first use on. */
static void created_again_out_of_sight(void **state)
{
	static struct tss tss;

	(void)state;
	assert_int_equal(core_tss_create(&tss, NULL, NULL), TSS_CREATED);
	do_create(&tss, AT(EXTENSION));
	assert_nothing_found();
	assert_true(keys_tss_live(&tss));
	do_delete(&tss, AT(EXTENSION));
	do_get(&tss, AT(EXTENSION));
	assert_found(FINDING_TSS_GET_AFTER_DELETE);
}

/* free() gave a live key's memory back, and PyThread_tss_alloc hands it out again. */
static void allocated_where_a_live_key_was(void **state)
{
	struct tss *tss = do_alloc(AT(EXTENSION));
	pthread_key_t lost;

	(void)state;
	do_create(tss, AT(EXTENSION));
	lost = tss->key;
	tss->is_initialized = 0;
	keys_tss_allocated(tss, AT(EXTENSION));
	assert_nothing_found();
	do_set(tss, AT(EXTENSION));
	assert_found(FINDING_TSS_SET_BEFORE_CREATE);
	do_create(tss, AT(EXTENSION));
	assert_int_not_equal(tss->key, lost);
	do_free(tss, AT(EXTENSION));
	keys_report_live();
	assert_ptr_equal(assert_found(FINDING_TSS_KEY_LOST)->object.address, tss);
	core_host.free(tss);
}

/* A race that the interpreter has with itself is its own affair. */
static void a_race_of_the_runtime(void **state)
{
	static struct tss tss;

	(void)state;
	do_create(&tss, AT(RUNTIME));
	keys_tss_create_raced(&tss, AT(RUNTIME));
	assert_nothing_found();
	keys_tss_create_raced(&tss, AT(EXTENSION));
	assert_found(FINDING_TSS_CREATE_RACE);
	do_delete(&tss, AT(RUNTIME));
}

/* Numbers that are none. */
static void numbers_out_of_range(void **state)
{
	static struct keys_count before, after;

	(void)state;
	keys_count(&before);
	keys_legacy_created(-1, AT(EXTENSION));
	keys_legacy_created(PTHREAD_KEYS_MAX, AT(EXTENSION));
	keys_raw_created(PTHREAD_KEYS_MAX, AT(EXTENSION), false);
	keys_raw_deleting(PTHREAD_KEYS_MAX, AT(EXTENSION));
	keys_count(&after);
	assert_int_equal(after.live, before.live);
	do_key_use(PTHREAD_KEYS_MAX, KEY_GET, AT(EXTENSION));
	assert_found(FINDING_KEY_GET_BEFORE_CREATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_number_of_a_legacy_key, keys_host_set_up),
		cmocka_unit_test_setup(a_number_that_is_free, keys_host_set_up),
		cmocka_unit_test_setup(overwritten_after_its_creation, keys_host_set_up),
		cmocka_unit_test_setup(a_copy_is_torn_down, keys_host_set_up),
		cmocka_unit_test_setup(created_again_out_of_sight, keys_host_set_up),
		cmocka_unit_test_setup(allocated_where_a_live_key_was, keys_host_set_up),
		cmocka_unit_test_setup(a_race_of_the_runtime, keys_host_set_up),
		cmocka_unit_test_setup(numbers_out_of_range, keys_host_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
