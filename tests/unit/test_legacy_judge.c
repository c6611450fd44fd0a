/* SPDX-License-Identifier: MIT */
/* Each kind of misuse of a legacy key. */
#include "keys_host.h"

static void correct_use(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) {
		int key = do_key_create(AT(EXTENSION));

		do_key_use(key, KEY_SET, AT(EXTENSION));
		do_key_use(key, KEY_GET, AT(EXTENSION));
		do_key_use(key, KEY_DELETE_VALUE, AT(EXTENSION));
		do_key_delete(key, AT(EXTENSION));
	}
	assert_nothing_found();
}

static void before_create(void **state)
{
	static const int strange[] = {900, -1, PTHREAD_KEYS_MAX, 0x7fffffff};

	(void)state;
	for (size_t i = 0; i < countof(strange); i++) {
		do_key_use(strange[i], KEY_SET, AT(EXTENSION));
		assert_int_equal(assert_found(FINDING_KEY_SET_BEFORE_CREATE)->object.slot,
				 strange[i]);
		do_key_use(strange[i], KEY_GET, AT(EXTENSION));
		assert_found(FINDING_KEY_GET_BEFORE_CREATE);
		do_key_use(strange[i], KEY_DELETE_VALUE, AT(EXTENSION));
		assert_found(FINDING_KEY_SET_BEFORE_CREATE);
		do_key_delete(strange[i], AT(EXTENSION));
		assert_found(FINDING_KEY_DELETE_BEFORE_CREATE);
	}
}

static void after_delete(void **state)
{
	int key = do_key_create(AT(EXTENSION));
	const struct finding *finding;

	(void)state;
	do_key_delete(key, AT(OTHER_EXTENSION));
	do_key_use(key, KEY_GET, AT(EXTENSION));
	finding = assert_found(FINDING_KEY_USE_AFTER_DELETE);
	assert_ptr_equal(story_of(finding, ROLE_DELETED)->caller, OTHER_EXTENSION);
	assert_ptr_equal(story_of(finding, ROLE_CREATED)->caller, EXTENSION);
	do_key_delete(key, AT(EXTENSION));
	assert_found(FINDING_KEY_DOUBLE_DELETE);
}

static void foreign(void **state)
{
	struct tss tss = {0};
	pthread_key_t raw, unseen;
	const struct finding *finding;

	(void)state;
	do_create(&tss, AT(OTHER_EXTENSION));
	do_key_use((int)tss.key, KEY_SET, AT(EXTENSION));
	finding = assert_found(FINDING_KEY_FOREIGN);
	assert_ptr_equal(story_of(finding, ROLE_CREATED)->caller, OTHER_EXTENSION);
	assert_ptr_equal(finding->object.victim, OTHER_EXTENSION);
	do_delete(&tss, AT(OTHER_EXTENSION));

	pthread_key_create(&raw, NULL);
	keys_raw_created(raw, AT(OTHER_EXTENSION), false);
	do_key_use((int)raw, KEY_GET, AT(EXTENSION));
	assert_found(FINDING_KEY_FOREIGN);

	pthread_key_create(&unseen, NULL);
	do_key_use((int)unseen, KEY_GET, AT(EXTENSION));
	assert_found(FINDING_KEY_FOREIGN);
	keys_host.complete = false;
	do_key_use((int)unseen, KEY_GET, AT(EXTENSION));
	assert_nothing_found();
	pthread_key_delete(unseen);
	keys_raw_deleting(raw, AT(OTHER_EXTENSION));
	pthread_key_delete(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(correct_use, keys_host_set_up),
		cmocka_unit_test_setup(before_create, keys_host_set_up),
		cmocka_unit_test_setup(after_delete, keys_host_set_up),
		cmocka_unit_test_setup(foreign, keys_host_set_up),
	};

	return cmocka_run_group_tests_name("judging legacy keys", tests, NULL, NULL);
}
