/* SPDX-License-Identifier: MIT */
/* Each kind of misuse of a Py_tss_t is told from its neighbours; correct use is not reported. */
#include "keys_host.h"

#include <string.h>

/* Static structs: on the stack, one test's key would have the address of another's. */

static void correct_use(void **state)
{
	struct tss fixed = {0}, *heap;

	(void)state;
	keys_judge_tss_use(&fixed, KEY_IS_CREATED, AT(EXTENSION));
	do_delete(&fixed, AT(EXTENSION));
	for (int round = 0; round < 3; round++) {
		do_create(&fixed, AT(EXTENSION));
		do_create(&fixed, AT(EXTENSION));
		do_set(&fixed, AT(EXTENSION));
		do_get(&fixed, AT(EXTENSION));
		do_delete(&fixed, AT(EXTENSION));
		do_delete(&fixed, AT(EXTENSION));
	}
	heap = do_alloc(AT(EXTENSION));
	do_create(heap, AT(EXTENSION));
	do_set(heap, AT(EXTENSION));
	do_free(heap, AT(EXTENSION));
	assert_nothing_found();
	core_host.free(heap);
}

static void set_and_get_before_create(void **state)
{
	static struct tss tss = {0};
	const struct finding *finding;

	(void)state;
	do_set(&tss, AT(EXTENSION));
	finding = assert_found(FINDING_TSS_SET_BEFORE_CREATE);
	assert_ptr_equal(finding->object.address, &tss);
	assert_int_equal(finding->object.slot, 0);
	assert_null(finding->object.creator); /* nobody saw it made */
	assert_int_equal(story_of(finding, ROLE_HERE)->native, __LINE__ - 5);
	do_get(&tss, AT(EXTENSION));
	assert_found(FINDING_TSS_GET_BEFORE_CREATE);
}

static void the_number_of_a_stranger_is_told(void **state)
{
	static struct tss tss = {0, PTHREAD_KEYS_MAX}, other;

	(void)state;
	do_create(&other, AT(OTHER_EXTENSION));
	tss.key = other.key;
	do_set(&tss, AT(EXTENSION));
	assert_ptr_equal(assert_found(FINDING_TSS_SET_BEFORE_CREATE)->object.victim,
			 OTHER_EXTENSION);
	do_delete(&other, AT(OTHER_EXTENSION));
	do_set(&tss, AT(EXTENSION));
	assert_null(assert_found(FINDING_TSS_SET_BEFORE_CREATE)->object.victim);
}

static void allocated_but_not_created(void **state)
{
	struct tss *tss = do_alloc(AT(EXTENSION));

	(void)state;
	do_get(tss, AT(EXTENSION));
	story_of(assert_found(FINDING_TSS_GET_BEFORE_CREATE), ROLE_OTHER);
	do_free(tss, AT(EXTENSION));
	assert_nothing_found();
	core_host.free(tss);
}

static int no_key(pthread_key_t *key, void (*destructor)(void *))
{
	(void)key, (void)destructor;
	return 11;
}

static void use_after_a_failed_creation_shows_the_failure(void **state)
{
	static struct tss tss = {0};
	const struct core_host saved = core_host;
	const struct finding *finding;

	(void)state;
	core_host.key_create = no_key;
	do_create(&tss, AT(EXTENSION));
	core_host = saved;
	assert_found(FINDING_KEYS_EXHAUSTED);
	do_set(&tss, AT(EXTENSION));
	finding = assert_found(FINDING_TSS_SET_BEFORE_CREATE);
	assert_int_equal(story_of(finding, ROLE_OTHER)->native, __LINE__ - 5);
	assert_non_null(strstr(finding->message, "creation failed"));
	do_create(&tss, AT(EXTENSION));
	do_set(&tss, AT(EXTENSION));
	assert_nothing_found();
	do_delete(&tss, AT(EXTENSION));
}

static void use_after_delete_shows_both_ends(void **state)
{
	static struct tss tss = {0};
	const struct finding *finding;

	(void)state;
	do_create(&tss, AT(EXTENSION));
	do_delete(&tss, AT(OTHER_EXTENSION));
	do_set(&tss, AT(EXTENSION));
	finding = assert_found(FINDING_TSS_SET_AFTER_DELETE);
	assert_int_equal(story_of(finding, ROLE_CREATED)->native, __LINE__ - 4);
	assert_int_equal(story_of(finding, ROLE_DELETED)->native, __LINE__ - 4);
	assert_int_equal(story_of(finding, ROLE_HERE)->native, __LINE__ - 4);
	do_get(&tss, AT(EXTENSION));
	assert_found(FINDING_TSS_GET_AFTER_DELETE);
	do_delete(&tss, AT(EXTENSION));
	assert_nothing_found();
}

static void stale_number_is_not_a_copy(void **state)
{
	static struct tss first = {0}, second = {0};

	(void)state;
	do_create(&first, AT(EXTENSION));
	do_delete(&first, AT(EXTENSION));
	do_create(&second, AT(EXTENSION));
	assert_int_equal(first.key, second.key);
	do_get(&first, AT(EXTENSION));
	assert_found(FINDING_TSS_GET_AFTER_DELETE);
	do_delete(&second, AT(EXTENSION));
}

static void use_after_free(void **state)
{
	struct tss *tss = do_alloc(AT(EXTENSION));
	const struct finding *finding;

	(void)state;
	do_create(tss, AT(EXTENSION));
	do_free(tss, AT(EXTENSION));
	do_set(tss, AT(EXTENSION));
	finding = assert_found(FINDING_TSS_USE_AFTER_FREE);
	assert_int_equal(story_of(finding, ROLE_FREED)->native, __LINE__ - 3);
	do_get(tss, AT(EXTENSION));
	assert_found(FINDING_TSS_USE_AFTER_FREE);
	tss->is_initialized = 0x5eed; /* what an allocator writes into freed memory */
	keys_judge_tss_use(tss, KEY_IS_CREATED, AT(EXTENSION));
	assert_found(FINDING_TSS_USE_AFTER_FREE);
	do_create(tss, AT(EXTENSION));
	assert_found(FINDING_TSS_USE_AFTER_FREE);
	core_host.free(tss);
}

static void freed_memory_that_is_taken_up_again_is_fine(void **state)
{
	struct tss *tss = do_alloc(AT(EXTENSION));

	(void)state;
	do_free(tss, AT(EXTENSION));
	tss->is_initialized = 0; /* now part of somebody's struct */
	keys_judge_tss_use(tss, KEY_IS_CREATED, AT(OTHER_EXTENSION));
	do_delete(tss, AT(OTHER_EXTENSION));
	do_create(tss, AT(OTHER_EXTENSION));
	do_set(tss, AT(OTHER_EXTENSION));
	do_delete(tss, AT(OTHER_EXTENSION));
	keys_tss_allocated(tss, AT(EXTENSION)); /* and from tss_alloc once more */
	do_create(tss, AT(EXTENSION));
	do_free(tss, AT(EXTENSION));
	assert_nothing_found();
	core_host.free(tss);
}

static void second_free_is_not_carried_out(void **state)
{
	struct tss *tss = do_alloc(AT(EXTENSION));
	const struct finding *finding;

	(void)state;
	do_free(tss, AT(EXTENSION));
	assert_false(keys_judge_tss_free(tss, AT(EXTENSION)));
	finding = assert_found(FINDING_TSS_DOUBLE_FREE);
	assert_int_equal(story_of(finding, ROLE_FREED)->native, __LINE__ - 3);
	core_host.free(tss);
}

static void free_of_what_was_never_allocated(void **state)
{
	static struct tss fixed = {0}, created = {0};

	(void)state;
	assert_true(keys_judge_tss_free(&fixed, AT(EXTENSION)));
	assert_found(FINDING_TSS_FREE_UNALLOCATED);
	do_create(&created, AT(EXTENSION));
	assert_true(keys_judge_tss_free(&created, AT(EXTENSION)));
	story_of(assert_found(FINDING_TSS_FREE_UNALLOCATED), ROLE_CREATED);
	do_delete(&created, AT(EXTENSION));
	keys_host.complete = false; /* somebody may have allocated it before we came */
	assert_true(keys_judge_tss_free(&fixed, AT(EXTENSION)));
	assert_nothing_found();
}

static void null_keys(void **state)
{
	(void)state;
	keys_judge_tss_use(NULL, KEY_SET, AT(EXTENSION));
	assert_found(FINDING_TSS_NULL_KEY);
	keys_judge_tss_use(NULL, KEY_GET, AT(EXTENSION));
	assert_found(FINDING_TSS_NULL_KEY);
	keys_judge_tss_use(NULL, KEY_DELETE, AT(EXTENSION));
	assert_found(FINDING_TSS_NULL_KEY);
	keys_judge_tss_use(NULL, KEY_CREATE, AT(EXTENSION));
	assert_found(FINDING_TSS_NULL_KEY);
}

static void garbage_is_not_created(void **state)
{
	static struct tss nonsense = {0x7f, 3}, almost = {1, PTHREAD_KEYS_MAX + 5};

	(void)state;
	do_create(&nonsense, AT(EXTENSION));
	assert_found(FINDING_TSS_UNINITIALIZED);
	do_create(&almost, AT(EXTENSION));
	assert_found(FINDING_TSS_UNINITIALIZED);
	do_get(&nonsense, AT(EXTENSION));
	assert_found(FINDING_TSS_GET_BEFORE_CREATE);
}

static void copies(void **state)
{
	static struct tss original = {0}, copy;
	const struct finding *finding;

	(void)state;
	do_create(&original, AT(EXTENSION));
	copy = original;
	do_get(&copy, AT(EXTENSION));
	finding = assert_found(FINDING_TSS_COPIED);
	assert_int_equal(story_of(finding, ROLE_CREATED)->native, __LINE__ - 4);
	do_delete(&copy, AT(EXTENSION));
	assert_found(FINDING_TSS_COPIED);
	do_get(&original, AT(EXTENSION));
	assert_found(FINDING_TSS_GET_AFTER_DELETE);
	original.is_initialized = 0;
}

static void copy_of_a_deleted_key(void **state)
{
	static struct tss original = {0}, copy;

	(void)state;
	do_create(&original, AT(EXTENSION));
	copy = original;
	do_delete(&original, AT(EXTENSION));
	do_get(&copy, AT(EXTENSION));
	story_of(assert_found(FINDING_TSS_GET_AFTER_DELETE), ROLE_DELETED);
}

static void creation_race(void **state)
{
	static struct tss tss = {0};
	const struct finding *finding;

	(void)state;
	do_create(&tss, AT(OTHER_EXTENSION));
	keys_tss_create_raced(&tss, AT(EXTENSION));
	finding = assert_found(FINDING_TSS_CREATE_RACE);
	assert_ptr_equal(story_of(finding, ROLE_CREATED)->caller, OTHER_EXTENSION);
	do_delete(&tss, AT(EXTENSION));
}

static void struct_zeroed_while_live(void **state)
{
	static struct tss tss = {0};
	pthread_key_t lost;
	const struct finding *finding;
	uint32_t creation;

	(void)state;
	do_create(&tss, AT(EXTENSION));
	creation = __LINE__ - 1;
	lost = tss.key;
	tss.is_initialized = 0;
	do_create(&tss, AT(EXTENSION));
	do_get(&tss, AT(EXTENSION));
	do_delete(&tss, AT(EXTENSION));
	assert_nothing_found();
	for (int report = 0; report < 2; report++) { /* each says all that is lost */
		keys_report_live();
		finding = assert_found(FINDING_TSS_KEY_LOST);
		assert_int_equal(story_of(finding, ROLE_CREATED)->native, creation);
		assert_int_equal(story_of(finding, ROLE_OTHER)->native, creation + 4);
	}
	keys_raw_deleting(lost, AT(EXTENSION));
	pthread_key_delete(lost);
}

static void keys_made_out_of_sight_are_adopted(void **state)
{
	static struct tss hidden = {1, 0}, watched = {1, 0};

	(void)state;
	pthread_key_create(&hidden.key, NULL);
	do_get(&hidden, AT(EXTENSION));
	assert_true(keys_tss_live(&hidden));
	pthread_key_create(&watched.key, NULL);
	keys_raw_created(watched.key, AT(RUNTIME), false);
	do_set(&watched, AT(EXTENSION));
	assert_true(keys_tss_live(&watched));
	do_delete(&hidden, AT(EXTENSION));
	do_delete(&watched, AT(EXTENSION));
	assert_nothing_found();
}

/* The last one: what was missed is missed for ever. */
static void keys_made_by_handlers_are_not_judged(void **state)
{
	static struct tss fixed, gone;
	struct tss *heap = do_alloc(AT(EXTENSION)), *unseen = core_tss_alloc();
	int key;

	(void)state;
	do_create(&fixed, AT(EXTENSION));
	do_delete(&fixed, AT(EXTENSION));
	do_create(heap, AT(EXTENSION));
	keys_judge_tss_free(heap, AT(EXTENSION));
	keys_tss_freeing(heap, AT(EXTENSION));
	core_tss_delete(heap);
	do_create(&gone, AT(EXTENSION));
	/* Unseen: */
	core_tss_create(&fixed, NULL, NULL);
	core_tss_create(heap, NULL, NULL); /* at the same address again */
	core_tss_delete(&gone);
	key = core_key_create();
	keys_missed();
	do_set(&fixed, AT(EXTENSION));
	do_delete(&fixed, AT(EXTENSION));
	do_set(heap, AT(EXTENSION));
	assert_true(keys_judge_tss_free(heap, AT(EXTENSION)));
	assert_true(keys_judge_tss_free(unseen, AT(EXTENSION)));
	do_key_use(key, KEY_SET, AT(EXTENSION));
	keys_report_live();
	assert_nothing_found();
	core_tss_free(heap);
	core_tss_free(unseen);
	core_key_delete(key);
}

static void the_runtime_is_its_own_judge(void **state)
{
	static struct tss tss = {0};

	(void)state;
	do_set(&tss, AT(RUNTIME));
	assert_nothing_found();
	keys_host.judge_runtime = true;
	do_set(&tss, AT(RUNTIME));
	assert_found(FINDING_TSS_SET_BEFORE_CREATE);
}

static void names_are_told(void **state)
{
	static struct tss tss = {0};

	(void)state;
	keys_name_tss(&tss, "per-thread cache");
	do_create(&tss, AT(EXTENSION));
	do_delete(&tss, AT(EXTENSION));
	do_get(&tss, AT(EXTENSION));
	assert_string_equal(assert_found(FINDING_TSS_GET_AFTER_DELETE)->object.name,
			    "per-thread cache");
}

/* Stories are forgotten, oldest first, but never so that a correct program looks wrong. */
static void many_keys_do_not_pile_up(void **state)
{
	static struct tss many[20000];
	struct tss *heap = do_alloc(AT(EXTENSION));

	(void)state;
	for (size_t i = 0; i < countof(many); i++) {
		do_create(&many[i], AT(EXTENSION));
		do_delete(&many[i], AT(EXTENSION));
	}
	do_free(heap, AT(EXTENSION));
	assert_nothing_found();
	do_get(&many[countof(many) - 1], AT(EXTENSION));
	assert_found(FINDING_TSS_GET_AFTER_DELETE);
	do_get(&many[0], AT(EXTENSION));
	assert_found(FINDING_TSS_GET_BEFORE_CREATE);
	assert_int_equal(keys_dropped(), 0);
	core_host.free(heap);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, keys_host_set_up)
	const struct CMUnitTest tests[] = {
		TEST(correct_use),
		TEST(set_and_get_before_create),
		TEST(the_number_of_a_stranger_is_told),
		TEST(allocated_but_not_created),
		TEST(use_after_a_failed_creation_shows_the_failure),
		TEST(use_after_delete_shows_both_ends),
		TEST(stale_number_is_not_a_copy),
		TEST(use_after_free),
		TEST(freed_memory_that_is_taken_up_again_is_fine),
		TEST(second_free_is_not_carried_out),
		TEST(free_of_what_was_never_allocated),
		TEST(null_keys),
		TEST(garbage_is_not_created),
		TEST(copies),
		TEST(copy_of_a_deleted_key),
		TEST(creation_race),
		TEST(struct_zeroed_while_live),
		TEST(keys_made_out_of_sight_are_adopted),
		TEST(the_runtime_is_its_own_judge),
		TEST(names_are_told),
		TEST(many_keys_do_not_pile_up),
		TEST(keys_made_by_handlers_are_not_judged),
	};

	return cmocka_run_group_tests_name("judging Py_tss_t", tests, NULL, NULL);
}
