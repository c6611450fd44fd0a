/* SPDX-License-Identifier: MIT */
/* Where memory runs out, keys go unrecorded and are counted; no correct use is called wrong. */
#include "keys_host.h"
#include "no_memory.h"

#define MANY 20000

static struct tss structs[MANY];
static unsigned int used;

static struct tss *fresh(void)
{
	assert_true(used < MANY);
	return &structs[used++];
}

/* Until structs go unrecorded, also such as take little. */
static void run_out(void)
{
	uint64_t before = keys_dropped();

	no_memory = true;
	while (keys_dropped() < before + 10)
		keys_tss_allocated(fresh(), AT(EXTENSION));
}

static int set_up(void **state)
{
	no_memory = false;
	return keys_host_set_up(state);
}

static void correct_use_is_no_misuse(void **state)
{
	struct tss *tss;

	(void)state;
	run_out();
	tss = fresh();
	keys_tss_allocated(tss, AT(EXTENSION));
	do_create(tss, AT(EXTENSION));
	assert_true(tss->is_initialized);
	do_set(tss, AT(EXTENSION));
	do_get(tss, AT(EXTENSION));
	do_delete(tss, AT(EXTENSION));
	do_create(tss, AT(EXTENSION));
	do_free(tss, AT(EXTENSION)); /* nobody knows that it was allocated */
	assert_nothing_found();
}

static void legacy_use_is_no_misuse(void **state)
{
	int key;

	(void)state;
	run_out();
	key = do_key_create(AT(EXTENSION));
	assert_true(key >= 0);
	do_key_use(key, KEY_SET, AT(EXTENSION));
	do_key_use(key, KEY_GET, AT(EXTENSION));
	do_key_delete(key, AT(EXTENSION));
	assert_nothing_found();
}

static void numbers_are_counted(void **state)
{
	static struct keys_count before, after;
	struct tss *tss;

	(void)state;
	run_out();
	tss = fresh();
	keys_count(&before);
	do_create(tss, AT(EXTENSION));
	keys_count(&after);
	assert_int_equal(after.live, before.live + 1);
	do_delete(tss, AT(EXTENSION));
	keys_count(&after);
	assert_int_equal(after.live, before.live);
}

static void what_is_recorded_is_judged(void **state)
{
	struct tss *tss = fresh();

	(void)state;
	do_create(tss, AT(EXTENSION));
	run_out();
	do_delete(tss, AT(EXTENSION));
	do_set(tss, AT(EXTENSION));
	assert_found(FINDING_TSS_SET_AFTER_DELETE);
}

static void memory_comes_back(void **state)
{
	struct tss *tss;
	uint64_t dropped;

	(void)state;
	run_out();
	no_memory = false;
	dropped = keys_dropped();
	tss = fresh();
	do_create(tss, AT(EXTENSION));
	do_delete(tss, AT(EXTENSION));
	do_get(tss, AT(EXTENSION));
	assert_found(FINDING_TSS_GET_AFTER_DELETE);
	assert_int_equal(keys_dropped(), dropped);
}

static void names_are_left_out(void **state)
{
	static char name[4096];
	struct tss *tss = fresh();
	const struct finding *finding;

	(void)state;
	do_create(tss, AT(EXTENSION));
	run_out();
	for (size_t i = 0; i + 1 < sizeof(name); i++)
		name[i] = 'n';
	for (unsigned int i = 0; i < 32; i++) /* what is left of the names' memory */
		keys_name_tss(tss, name);
	do_delete(tss, AT(EXTENSION));
	do_set(tss, AT(EXTENSION));
	finding = assert_found(FINDING_TSS_SET_AFTER_DELETE);
	assert_null(finding->object.name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(correct_use_is_no_misuse, set_up),
		cmocka_unit_test_setup(legacy_use_is_no_misuse, set_up),
		cmocka_unit_test_setup(numbers_are_counted, set_up),
		cmocka_unit_test_setup(what_is_recorded_is_judged, set_up),
		cmocka_unit_test_setup(memory_comes_back, set_up),
		cmocka_unit_test_setup(names_are_left_out, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
