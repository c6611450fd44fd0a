/* SPDX-License-Identifier: MIT */
/* What is left at the end: live, growing and lost keys, and values of ended threads. */
#include "keys_host.h"

#include <string.h>

static void nothing_left(void **state)
{
	struct tss tss = {0}, runtime = {0};

	(void)state;
	do_create(&tss, AT(EXTENSION));
	do_delete(&tss, AT(EXTENSION));
	do_create(&runtime, AT(RUNTIME));
	keys_report_live();
	assert_nothing_found();
	do_delete(&runtime, AT(RUNTIME));
}

static void live(void **state)
{
	struct tss tss = {0};
	int key;
	const struct finding *finding;

	(void)state;
	do_create(&tss, AT(EXTENSION));
	keys_report_live();
	finding = assert_found(FINDING_TSS_KEY_LIVE);
	assert_ptr_equal(finding->object.address, &tss);
	assert_int_equal(finding->object.slot, tss.key);
	assert_ptr_equal(story_of(finding, ROLE_CREATED)->caller, EXTENSION);
	do_delete(&tss, AT(EXTENSION));
	key = do_key_create(AT(EXTENSION));
	keys_report_live();
	assert_int_equal(assert_found(FINDING_KEY_LIVE)->object.slot, key);
	do_key_delete(key, AT(EXTENSION));
}

static void seven_are_no_growth_eight_are(void **state)
{
	struct tss tss[8] = {{0}};
	const struct site *place = AT(EXTENSION);
	int keys[8];
	const struct finding *finding;

	(void)state;
	for (int i = 0; i < 7; i++)
		do_create(&tss[i], place);
	keys_report_live();
	assert_int_equal(found.count, 7);
	found.count = 0;
	do_create(&tss[7], place);
	keys_report_live();
	finding = assert_found(FINDING_TSS_KEY_GROWTH);
	assert_int_equal(finding->count, 8);
	for (int i = 0; i < 8; i++)
		do_delete(&tss[i], place);

	for (int i = 0; i < 8; i++)
		keys[i] = do_key_create(place);
	keys_report_live();
	assert_int_equal(assert_found(FINDING_KEY_GROWTH)->count, 8);
	for (int i = 0; i < 8; i++)
		do_key_delete(keys[i], place);
}

static void eight_from_eight_places_are_no_growth(void **state)
{
	struct tss tss[8] = {{0}};

	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		do_create(&tss[i],
			  &(struct site){.caller = EXTENSION, .native = 1000 + i, .tid = 1});
	keys_report_live();
	assert_int_equal(found.count, 8);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(found.finding[i].kind, FINDING_TSS_KEY_LIVE);
		do_delete(&tss[i], AT(EXTENSION));
	}
}

static bool read_fails(const void *address, void *out, size_t size)
{
	(void)address, (void)out, (void)size;
	return false;
}

static void lost(void **state)
{
	struct tss tss = {0}, kept;

	(void)state;
	do_create(&tss, AT(EXTENSION));
	kept = tss;
	memset(&tss, 0, sizeof(tss));
	keys_report_live();
	assert_found(FINDING_TSS_KEY_LOST);
	tss = kept;
	keys_host.read = read_fails;
	keys_report_live();
	assert_non_null(strstr(assert_found(FINDING_TSS_KEY_LOST)->message, "unmapped"));
	do_delete(&tss, AT(EXTENSION));
}

static struct tss watched;

static void *end_with_a_value(void *value)
{
	static struct keys_left left;

	core_tss_set(&watched, value);
	keys_find_left(&left);
	keys_report_left(&left, AT(NULL));
	core_tss_set(&watched, NULL);
	return NULL;
}

static void run_thread(void *value)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, end_with_a_value, value), 0);
	pthread_join(thread, NULL);
}

static void value_left(void **state)
{
	struct site place = *AT(EXTENSION);
	int key;

	(void)state;
	do_create(&watched, &place);
	run_thread(NULL);
	assert_nothing_found();
	run_thread(&place);
	story_of(assert_found(FINDING_TSS_VALUE_LEFT), ROLE_CREATED);
	do_delete(&watched, &place);
	key = do_key_create(&place);
	watched.key = (pthread_key_t)key; /* the same number, as a legacy key */
	run_thread(&place);
	assert_found(FINDING_KEY_VALUE_LEFT);
	do_key_delete(key, &place);
}

static void a_child_reports_only_its_own(void **state)
{
	struct tss inherited = {0}, own = {0};

	(void)state;
	do_create(&inherited, AT(EXTENSION));
	keys_before_fork();
	keys_after_fork(true);
	do_create(&own, AT(EXTENSION));
	keys_report_live();
	assert_ptr_equal(assert_found(FINDING_TSS_KEY_LIVE)->object.address, &own);
	do_delete(&inherited, AT(EXTENSION));
	do_delete(&own, AT(EXTENSION));
	assert_nothing_found();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_left, keys_host_set_up),
		cmocka_unit_test_setup(live, keys_host_set_up),
		cmocka_unit_test_setup(seven_are_no_growth_eight_are, keys_host_set_up),
		cmocka_unit_test_setup(eight_from_eight_places_are_no_growth, keys_host_set_up),
		cmocka_unit_test_setup(lost, keys_host_set_up),
		cmocka_unit_test_setup(value_left, keys_host_set_up),
		cmocka_unit_test_setup(a_child_reports_only_its_own, keys_host_set_up),
	};

	return cmocka_run_group_tests_name("keys left behind", tests, NULL, NULL);
}
