/* SPDX-License-Identifier: MIT */
/*
 * Random operations on thread keys by several threads, right ones and wrong ones, done by the core
 * and told to the model as the hooks do, against a reference that says what state each key is in.
 * Each thread has keys of its own, so what is found is known beforehand; numbers go from one
 * thread to another all the time. The keys that threads share are in keys_shared.c.
 */
#include "chance.h"
#include "keys_random.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define THREADS 4
#define OBJECTS 24
#define NUMBERS 12 /* legacy keys, and as many raw ones */
#define NO_KEY PTHREAD_KEYS_MAX
#define PATIENCE_SECONDS 300
#define OPERATIONS 2000000

enum state { NEW, LIVE, DELETED, FAILED, FREED };

/* A Py_tss_t and what is so of it. */
struct object {
	struct tss tss;
	enum state state;
	bool from_alloc;
	unsigned int number; /* of its latest key since it was allocated, else NO_KEY; 0 at first */
	void *value;
	uint32_t created; /* the stack's number */
	const char *name;
};

struct actor {
	pthread_t thread;
	struct chance chance;
	uint64_t left;
	struct object object[OBJECTS];
	void *value[NUMBERS]; /* of the legacy keys */
	int legacy[NUMBERS], raw[NUMBERS];
	int dead; /* a legacy number that was deleted */
	pid_t tid;
	uint32_t stacks;
	bool alone;
};

static struct actor actors[THREADS];

static const struct site *site_of(struct actor *actor)
{
	static __thread struct site site;

	site = (struct site){.caller = EXTENSION, .native = ++actor->stacks, .tid = actor->tid};
	return &site;
}

static struct object *any_object(struct actor *actor)
{
	return &actor->object[chance_below(&actor->chance, OBJECTS)];
}

/* All of it as keys_view() shows it. */
static void check_view(struct actor *actor, struct object *object)
{
	struct key_view view;

	REQUIRE(actor, keys_tss_live(&object->tss) == (object->state == LIVE));
	REQUIRE(actor, core_tss_is_created(&object->tss) == (object->state == LIVE));
	if (object->state != LIVE)
		return;
	REQUIRE(actor, keys_view(object->number, &view));
	REQUIRE(actor, view.owner == KEY_OWNER_TSS && view.address == &object->tss);
	REQUIRE(actor, view.created.native == object->created && view.created.tid == actor->tid);
	REQUIRE(actor, !view.name == !object->name);
	REQUIRE(actor, !view.name || strcmp(view.name, object->name) == 0);
}

static void create(struct actor *actor, struct object *object)
{
	const struct site *site = site_of(actor);
	enum tss_creation creation;

	keys_judge_tss_use(&object->tss, KEY_CREATE, site);
	keys_random_refuse = chance_one_in(&actor->chance, 16);
	creation = core_tss_create(&object->tss, NULL, NULL);
	if (object->state == LIVE) {
		REQUIRE(actor, creation == TSS_EXISTS && was_found(NOTHING));
	} else if (keys_random_refuse) {
		REQUIRE(actor, creation == TSS_FAILED && was_found(NOTHING));
		keys_tss_create_failed(&object->tss, site);
		REQUIRE(actor, was_found(FINDING_KEYS_EXHAUSTED));
		object->state = FAILED;
	} else {
		REQUIRE(actor, creation == TSS_CREATED && was_found(NOTHING));
		keys_tss_created(&object->tss, site);
		keys_check_supply(site);
		REQUIRE(actor, was_found(NOTHING));
		object->state = LIVE;
		object->number = object->tss.key;
		object->value = NULL;
		object->created = site->native;
	}
	keys_random_refuse = false;
}

static void delete_it(struct actor *actor, struct object *object)
{
	if (!keys_tss_live(&object->tss))
		keys_judge_tss_use(&object->tss, KEY_DELETE, site_of(actor));
	keys_tss_deleting(&object->tss, site_of(actor));
	core_tss_delete(&object->tss);
	REQUIRE(actor, was_found(NOTHING));
	if (object->state == LIVE)
		object->state = DELETED;
}

/* What a value's being written or read finds. */
static enum finding_kind access_finds(enum state state, enum key_use use)
{
	bool set = use == KEY_SET;

	switch (state) {
	case LIVE:
		return NOTHING;
	case DELETED:
		return set ? FINDING_TSS_SET_AFTER_DELETE : FINDING_TSS_GET_AFTER_DELETE;
	case FREED:
		return FINDING_TSS_USE_AFTER_FREE;
	default:
		return set ? FINDING_TSS_SET_BEFORE_CREATE : FINDING_TSS_GET_BEFORE_CREATE;
	}
}

static void set(struct actor *actor, struct object *object)
{
	if (object->state != LIVE) {
		keys_judge_tss_use(&object->tss, KEY_SET, site_of(actor));
		REQUIRE(actor, was_found(access_finds(object->state, KEY_SET)));
		return;
	}
	object->value = &actor->object[chance_below(&actor->chance, OBJECTS)];
	REQUIRE(actor, core_tss_set(&object->tss, object->value) == 0);
}

static void get(struct actor *actor, struct object *object)
{
	if (object->state == LIVE) {
		REQUIRE(actor, core_tss_get(&object->tss) == object->value);
		return;
	}
	keys_judge_tss_use(&object->tss, KEY_GET, site_of(actor));
	REQUIRE(actor, was_found(access_finds(object->state, KEY_GET)));
}

static void free_it(struct actor *actor, struct object *object)
{
	enum finding_kind expected = object->state == FREED ? FINDING_TSS_DOUBLE_FREE
				     : object->from_alloc   ? NOTHING
							    : FINDING_TSS_FREE_UNALLOCATED;
	bool go_on = keys_judge_tss_free(&object->tss, site_of(actor));

	REQUIRE(actor, was_found(expected) && go_on == (object->state != FREED));
	if (!go_on)
		return;
	keys_tss_freeing(&object->tss, site_of(actor));
	core_tss_delete(&object->tss); /* the memory stays: others may not have it meanwhile */
	REQUIRE(actor, was_found(NOTHING));
	object->state = FREED;
	object->from_alloc = false;
}

static void alloc(struct actor *actor, struct object *object)
{
	if (object->state == LIVE)
		return;
	object->tss = (struct tss){.is_initialized = 0, .key = PTHREAD_KEYS_MAX};
	keys_tss_allocated(&object->tss, site_of(actor));
	REQUIRE(actor, was_found(NOTHING));
	object->state = NEW;
	object->from_alloc = true;
	object->number = NO_KEY;
	object->name = NULL;
}

static void name(struct actor *actor, struct object *object)
{
	static const char *const names[] = {"", "cache", "a key of a thread, with a longer name"};

	object->name = names[chance_below(&actor->chance, 3)];
	keys_name_tss(&object->tss, object->name);
}

static enum key_use any_use(struct actor *actor)
{
	static const enum key_use uses[] = {KEY_SET, KEY_GET, KEY_IS_CREATED, KEY_DELETE};

	return uses[chance_below(&actor->chance, 4)];
}

static bool is_access(enum key_use use)
{
	return use == KEY_SET || use == KEY_GET;
}

/* One struct's bytes in another one's place. */
static void use_copy(struct actor *actor, struct object *object)
{
	const struct object *from = any_object(actor);
	struct tss saved = object->tss;
	enum key_use use = any_use(actor);
	enum finding_kind expected = FINDING_TSS_COPIED;

	if (from->state != LIVE || object->state == LIVE)
		return;
	/* By chance of the number that it had itself. */
	if (object->state == FREED && object->number == from->number)
		expected = FINDING_TSS_USE_AFTER_FREE;
	else if (object->state == DELETED && object->number == from->number && is_access(use))
		expected = access_finds(DELETED, use);
	object->tss = from->tss;
	keys_judge_tss_use(&object->tss, use, site_of(actor));
	object->tss = saved;
	/* Freed, and not created since it was allocated: its number is 0, or the last one. */
	REQUIRE(actor, was_found(expected) ||
			       (object->state == FREED && was_found(FINDING_TSS_USE_AFTER_FREE)));
}

static void use_garbage(struct actor *actor, struct object *object)
{
	struct tss saved = object->tss;
	enum key_use use = any_use(actor);
	enum finding_kind expected = FINDING_TSS_UNINITIALIZED;

	if (object->state == FREED)
		expected = FINDING_TSS_USE_AFTER_FREE;
	else if (is_access(use))
		expected = access_finds(NEW, use);
	object->tss = (struct tss){.is_initialized = 7, .key = PTHREAD_KEYS_MAX + 1};
	keys_judge_tss_use(&object->tss, use, site_of(actor));
	object->tss = saved;
	REQUIRE(actor, was_found(expected));
}

static void use_null(struct actor *actor, struct object *unused)
{
	(void)unused;
	keys_judge_tss_use(NULL, any_use(actor), site_of(actor));
	REQUIRE(actor, was_found(FINDING_TSS_NULL_KEY));
}

static void legacy_create(struct actor *actor, unsigned int i)
{
	if (actor->legacy[i] != NO_NUMBER)
		return;
	actor->legacy[i] = core_key_create();
	actor->value[i] = NULL;
	REQUIRE(actor, actor->legacy[i] >= 0);
	keys_legacy_created(actor->legacy[i], site_of(actor));
}

static void legacy_delete(struct actor *actor, unsigned int i)
{
	int key = actor->legacy[i];

	if (key == NO_NUMBER)
		return;
	REQUIRE(actor, keys_legacy_live(key));
	keys_legacy_deleting(key, site_of(actor));
	core_key_delete(key);
	actor->legacy[i] = NO_NUMBER;
	actor->dead = key;
}

static void legacy_use(struct actor *actor, unsigned int i)
{
	int key = actor->legacy[i];

	if (key == NO_NUMBER)
		return;
	REQUIRE(actor, keys_legacy_live(key) && core_key_get(key) == actor->value[i]);
	actor->value[i] = chance_one_in(&actor->chance, 3) ? NULL : &actor->value[i];
	if (actor->value[i])
		REQUIRE(actor, core_key_set(key, actor->value[i]) == 0);
	else
		core_key_delete_value(key);
	keys_judge_legacy_use(key, KEY_SET, site_of(actor));
	REQUIRE(actor, was_found(NOTHING));
}

/* Who has a dead number now, where nobody else is about. */
static enum finding_kind dead_finds(const struct actor *actor, enum key_use use)
{
	for (unsigned int i = 0; i < OBJECTS; i++)
		if (actor->object[i].state == LIVE &&
		    actor->object[i].number == (unsigned int)actor->dead)
			return FINDING_KEY_FOREIGN;
	for (unsigned int i = 0; i < NUMBERS; i++) {
		if (actor->raw[i] == actor->dead)
			return FINDING_KEY_FOREIGN;
		if (actor->legacy[i] == actor->dead)
			return NOTHING;
	}
	return use == KEY_DELETE ? FINDING_KEY_DOUBLE_DELETE : FINDING_KEY_USE_AFTER_DELETE;
}

static void legacy_use_dead(struct actor *actor, unsigned int unused)
{
	static const enum key_use uses[] = {KEY_SET, KEY_GET, KEY_DELETE, KEY_DELETE_VALUE};
	enum key_use use = uses[chance_below(&actor->chance, 4)];

	(void)unused;
	if (actor->dead == NO_NUMBER)
		return;
	keys_judge_legacy_use(actor->dead, use, site_of(actor));
	if (actor->alone)
		REQUIRE(actor, was_found(dead_finds(actor, use)));
	else /* another thread may have the number now */
		REQUIRE(actor, was_found(NOTHING) || was_found(FINDING_KEY_FOREIGN) ||
				       was_found(use == KEY_DELETE ? FINDING_KEY_DOUBLE_DELETE
								   : FINDING_KEY_USE_AFTER_DELETE));
}

static void legacy_use_foreign(struct actor *actor, unsigned int i)
{
	const struct object *object = any_object(actor);

	if (object->state == LIVE) {
		keys_judge_legacy_use((int)object->number, KEY_GET, site_of(actor));
		REQUIRE(actor, was_found(FINDING_KEY_FOREIGN));
	}
	if (actor->raw[i] != NO_NUMBER) {
		keys_judge_legacy_use(actor->raw[i], KEY_DELETE, site_of(actor));
		REQUIRE(actor, was_found(FINDING_KEY_FOREIGN));
	}
	keys_judge_legacy_use(-1, KEY_GET, site_of(actor));
	REQUIRE(actor, was_found(FINDING_KEY_GET_BEFORE_CREATE));
	keys_judge_legacy_use(PTHREAD_KEYS_MAX, KEY_DELETE, site_of(actor));
	REQUIRE(actor, was_found(FINDING_KEY_DELETE_BEFORE_CREATE));
}

static void raw_change(struct actor *actor, unsigned int i)
{
	pthread_key_t key;

	if (actor->raw[i] == NO_NUMBER) {
		REQUIRE(actor, core_host.key_create(&key, NULL) == 0);
		keys_raw_created(key, site_of(actor), chance_one_in(&actor->chance, 2));
		actor->raw[i] = (int)key;
	} else {
		keys_raw_deleting((unsigned int)actor->raw[i], site_of(actor));
		core_host.key_delete((pthread_key_t)actor->raw[i]);
		actor->raw[i] = NO_NUMBER;
	}
}

static void step(struct actor *actor)
{
	static void (*const on_object[])(struct actor *, struct object *) = {
		create, create, delete_it, set,		get,	  set,	      get,    free_it,
		alloc,	name,	use_copy,  use_garbage, use_null, check_view, create, delete_it};
	static void (*const on_number[])(struct actor *, unsigned int) = {
		legacy_create, legacy_delete,	   legacy_use,	   legacy_use,
		raw_change,    legacy_use_foreign, legacy_use_dead};

	if (chance_one_in(&actor->chance, 3))
		on_number[chance_below(&actor->chance, 7)](actor,
							   chance_below(&actor->chance, NUMBERS));
	else
		on_object[chance_below(&actor->chance, 16)](actor, any_object(actor));
}

static void *act(void *argument)
{
	struct actor *actor = argument;

	for (; actor->left; actor->left--)
		step(actor);
	for (unsigned int i = 0; i < OBJECTS; i++) {
		check_view(actor, &actor->object[i]);
		delete_it(actor, &actor->object[i]);
	}
	for (unsigned int i = 0; i < NUMBERS; i++) {
		legacy_delete(actor, i);
		if (actor->raw[i] != NO_NUMBER)
			raw_change(actor, i);
	}
	return NULL;
}

static void begin(struct actor *actor, unsigned int number, unsigned int threads)
{
	memset(actor, 0, sizeof(*actor));
	actor->tid = (pid_t)number + 1;
	actor->alone = threads == 1;
	actor->chance.state = keys_random_seed * (THREADS + 1) + number + threads;
	actor->left = keys_random_operations / 2 / threads;
	actor->dead = NO_NUMBER;
	for (unsigned int i = 0; i < NUMBERS; i++)
		actor->legacy[i] = actor->raw[i] = NO_NUMBER;
	for (unsigned int i = 0; i < OBJECTS; i++) { /* they may have been there before */
		keys_tss_allocated(&actor->object[i].tss, site_of(actor));
		actor->object[i].from_alloc = true;
	}
}

static void check_count(unsigned int live)
{
	static struct keys_count count;

	keys_count(&count);
	assert_int_equal(count.live, live);
	assert_int_equal(keys_dropped(), 0);
	assert_false(keys_any_live()); /* counted apart from that */
}

static void run(unsigned int threads)
{
	struct keys_count *before = calloc(1, sizeof(*before));

	assert_non_null(before);
	keys_count(before);
	for (unsigned int i = 0; i < threads; i++)
		begin(&actors[i], i, threads);
	for (unsigned int i = 0; i < threads; i++)
		assert_int_equal(pthread_create(&actors[i].thread, NULL, act, &actors[i]), 0);
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(actors[i].thread, NULL);
	check_count(before->live);
	free(before);
}

static void test_alone(void **state)
{
	(void)state;
	run(1);
}

static void test_together(void **state)
{
	(void)state;
	run(THREADS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_alone, keys_random_set_up,
						keys_random_tear_down),
		cmocka_unit_test_setup_teardown(test_together, keys_random_set_up,
						keys_random_tear_down),
		cmocka_unit_test_setup_teardown(test_shared_keys, keys_random_set_up,
						keys_random_tear_down),
	};

	keys_random_operations = chance_variable("PYTHREAD_TRACE_STRESS", OPERATIONS);
	keys_random_seed = chance_seed();
	alarm(PATIENCE_SECONDS);
	return cmocka_run_group_tests_name("random operations on keys", tests, NULL, NULL);
}
