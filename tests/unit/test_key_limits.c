/* SPDX-License-Identifier: MIT */
/* Running out of keys, and whose they are. */
#include "keys_host.h"

static struct tss tss[KEY_SLOTS];

static unsigned int fill(unsigned int from, unsigned int to)
{
	while (from < to) {
		struct site site = {.caller = from % 2 ? EXTENSION : OTHER_EXTENSION,
				    .native = 1 + from,
				    .tid = 1};

		do_create(&tss[from], &site);
		if (!tss[from].is_initialized)
			break;
		keys_count_created(keys_host.module(site.caller));
		from++;
	}
	return from;
}

static void nearly_then_all(void **state)
{
	static struct keys_count count;
	unsigned int made = fill(0, 921);

	(void)state;
	assert_int_equal(made, 921);
	assert_nothing_found();
	made = fill(made, 922);
	assert_found(FINDING_KEYS_NEARLY_EXHAUSTED);
	made = fill(made, KEY_SLOTS);
	while (made == KEY_SLOTS && !found.count) /* a whole process of our own: one more fails */
		do_key_create(AT(EXTENSION));
	assert_ptr_equal(story_of(assert_found(FINDING_KEYS_EXHAUSTED), ROLE_HERE)->caller,
			 EXTENSION);
	keys_count(&count);
	assert_int_equal(count.live, KEY_SLOTS);
	assert_int_equal(count.peak, KEY_SLOTS);
	assert_int_equal(count.by_module[1].live + count.by_module[2].live + count.untold,
			 KEY_SLOTS);
	assert_int_equal(count.by_module[1].live, made / 2);
	assert_int_equal(count.by_module[1].created, made / 2);
	for (unsigned int i = 0; i < made; i++)
		do_delete(&tss[i], AT(EXTENSION));
	keys_count(&count);
	assert_int_equal(count.by_module[1].live, 0);
	assert_int_equal(count.by_module[1].created, made / 2);
	assert_nothing_found();
}

static void raw_keys_count(void **state)
{
	static struct keys_count count;
	pthread_key_t key;

	(void)state;
	pthread_key_create(&key, NULL);
	keys_raw_created(key, AT(OTHER_EXTENSION), false);
	keys_count(&count);
	assert_int_equal(count.by_module[2].live, 1);
	keys_raw_deleting(key, AT(OTHER_EXTENSION));
	pthread_key_delete(key);
	keys_count(&count);
	assert_int_equal(count.by_module[2].live, 0);
	keys_raw_create_failed(AT(EXTENSION));
	assert_found(FINDING_KEYS_EXHAUSTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nearly_then_all, keys_host_set_up),
		cmocka_unit_test_setup(raw_keys_count, keys_host_set_up),
	};

	return cmocka_run_group_tests_name("running out of keys", tests, NULL, NULL);
}
