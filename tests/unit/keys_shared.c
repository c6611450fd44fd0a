/* SPDX-License-Identifier: MIT */
/*
 * A few keys for all threads: each has its own value in each of them, and anyone creates, deletes
 * and frees them. Threads come and go, too, and leave their values behind. The reference is a value
 * for each key and thread, and who made and deleted the key last; it is right while the key's lock
 * is held: by readers for what threads may do at once, by one writer for what changes the key.
 */
#include "chance.h"
#include "keys_random.h"

#include <pthread.h>
#include <string.h>

#define THREADS 4
#define LIVES 25 /* of threads, one after the other */
#define TSS 4
#define KEYS 8 /* the rest are legacy keys */

enum state { NEW, LIVE, DELETED, FAILED, FREED };

struct shared {
	pthread_rwlock_t lock;
	struct tss tss;
	int number; /* as long as it is live */
	bool legacy, from_alloc;
	enum state state;
	const char *name;
	struct site created, deleted, freed;
	void *value[THREADS]; /* each but for a writer's its own thread's */
};

static struct shared keys[KEYS];
static const char *const names[] = {"cache", "index", "a key that all threads know"};

struct user {
	struct chance chance;
	unsigned int index; /* of the values */
	uint64_t left;
	pid_t tid;
	uint32_t stacks;
	struct site site; /* of the latest operation */
};

static const struct site *site_of(struct user *user)
{
	user->site = (struct site){.caller = EXTENSION, .native = ++user->stacks, .tid = user->tid};
	return &user->site;
}

static bool same_site(const struct site *one, const struct site *other)
{
	return one->native == other->native && one->tid == other->tid;
}

/* The story of the last finding: by whom and where this was done. */
static bool was_told(enum site_role role, const struct site *site)
{
	const struct finding *finding = &keys_random_found;

	for (unsigned int i = 0; i < finding->stories; i++) {
		if (finding->story[i].role == role)
			return same_site(&finding->story[i].site, site);
	}
	return false;
}

static bool is_live(const struct shared *key)
{
	return key->legacy ? keys_legacy_live(key->number) : keys_tss_live(&key->tss);
}

static void begin_life(struct shared *key, int number, const struct site *site)
{
	key->state = LIVE;
	key->number = number;
	key->name = key->legacy ? NULL : key->name; /* a Py_tss_t keeps it */
	key->created = *site;
	memset(key->value, 0, sizeof(key->value)); /* in all threads */
}

/* With the writer's lock. */

static void create_tss(struct user *user, struct shared *key)
{
	const struct site *site = site_of(user);
	enum tss_creation creation;

	keys_judge_tss_use(&key->tss, KEY_CREATE, site);
	keys_random_refuse = chance_one_in(&user->chance, 16);
	creation = core_tss_create(&key->tss, NULL, NULL);
	if (keys_random_refuse) {
		REQUIRE(user, creation == TSS_FAILED && was_found(NOTHING));
		keys_tss_create_failed(&key->tss, site);
		REQUIRE(user, was_found(FINDING_KEYS_EXHAUSTED));
		key->state = FAILED;
	} else {
		REQUIRE(user, creation == TSS_CREATED);
		keys_tss_created(&key->tss, site);
		begin_life(key, (int)key->tss.key, site);
	}
	keys_random_refuse = false;
}

static void create(struct user *user, struct shared *key)
{
	int number;

	if (key->state == LIVE)
		return;
	if (!key->legacy) {
		create_tss(user, key);
		return;
	}
	number = core_key_create();
	REQUIRE(user, number >= 0);
	keys_legacy_created(number, site_of(user));
	begin_life(key, number, &user->site);
}

static void delete_it(struct user *user, struct shared *key)
{
	const struct site *site = site_of(user);

	if (key->state != LIVE)
		return;
	REQUIRE(user, is_live(key));
	if (key->legacy) {
		keys_legacy_deleting(key->number, site);
		core_key_delete(key->number);
	} else {
		keys_tss_deleting(&key->tss, site);
		core_tss_delete(&key->tss);
	}
	REQUIRE(user, was_found(NOTHING));
	key->state = DELETED;
	key->deleted = *site;
}

static void free_it(struct user *user, struct shared *key)
{
	const struct site *site = site_of(user);
	bool again = key->state == FREED;

	if (key->legacy || (!again && !key->from_alloc))
		return;
	REQUIRE(user, keys_judge_tss_free(&key->tss, site) == !again);
	REQUIRE(user, was_found(again ? FINDING_TSS_DOUBLE_FREE : NOTHING));
	REQUIRE(user, !again || was_told(ROLE_FREED, &key->freed));
	if (again)
		return;
	keys_tss_freeing(&key->tss, site);
	core_tss_delete(&key->tss);
	key->state = FREED;
	key->from_alloc = false;
	key->freed = *site;
}

static void alloc(struct user *user, struct shared *key)
{
	if (key->legacy || key->state == LIVE)
		return;
	key->tss = (struct tss){.is_initialized = 0, .key = PTHREAD_KEYS_MAX};
	keys_tss_allocated(&key->tss, site_of(user));
	key->state = NEW;
	key->from_alloc = true;
	key->name = NULL;
}

static void name(struct user *user, struct shared *key)
{
	if (key->state != LIVE)
		return;
	key->name = names[chance_below(&user->chance, 3)];
	if (key->legacy)
		keys_name_legacy(key->number, key->name);
	else
		keys_name_tss(&key->tss, key->name);
}

static bool is_name(const char *text)
{
	return strcmp(text, names[0]) == 0 || strcmp(text, names[1]) == 0 ||
	       strcmp(text, names[2]) == 0;
}

/* With a reader's lock, as others. */

static void create_again(struct user *user, struct shared *key)
{
	if (key->legacy || key->state != LIVE)
		return;
	keys_judge_tss_use(&key->tss, KEY_CREATE, site_of(user));
	REQUIRE(user, core_tss_create(&key->tss, NULL, NULL) == TSS_EXISTS && was_found(NOTHING));
}

/* A use of a key that is not live, whoever made it so. */
static void misuse(struct user *user, struct shared *key, enum key_use use)
{
	bool set = use == KEY_SET;

	if (key->legacy) /* its number may be another one's: test_keys_random.c has that */
		return;
	keys_judge_tss_use(&key->tss, use, site_of(user));
	if (key->state == DELETED) {
		REQUIRE(user, was_found(set ? FINDING_TSS_SET_AFTER_DELETE
					    : FINDING_TSS_GET_AFTER_DELETE));
		REQUIRE(user, was_told(ROLE_DELETED, &key->deleted));
		REQUIRE(user, was_told(ROLE_CREATED, &key->created));
	} else if (key->state == FREED) {
		REQUIRE(user, was_found(FINDING_TSS_USE_AFTER_FREE));
		REQUIRE(user, was_told(ROLE_FREED, &key->freed));
	} else {
		REQUIRE(user, was_found(set ? FINDING_TSS_SET_BEFORE_CREATE
					    : FINDING_TSS_GET_BEFORE_CREATE));
	}
}

/* That no other thread has. */
static void *any_value(struct user *user)
{
	static char values[THREADS][1024];

	return &values[user->index][chance_below(&user->chance, 1024)];
}

static void set(struct user *user, struct shared *key)
{
	void **value = &key->value[user->index];

	if (key->state != LIVE) {
		misuse(user, key, KEY_SET);
		return;
	}
	*value = chance_one_in(&user->chance, 4) ? NULL : any_value(user);
	if (key->legacy && !*value)
		core_key_delete_value(key->number);
	else if (key->legacy)
		REQUIRE(user, core_key_set(key->number, *value) == 0);
	else
		REQUIRE(user, core_tss_set(&key->tss, *value) == 0);
}

static void *value_in(const struct shared *key)
{
	return key->legacy ? core_key_get(key->number) : core_tss_get(&key->tss);
}

static void get(struct user *user, struct shared *key)
{
	if (key->state == LIVE)
		REQUIRE(user, value_in(key) == key->value[user->index]);
	else
		misuse(user, key, KEY_GET);
}

static void look(struct user *user, struct shared *key)
{
	struct key_view view;

	REQUIRE(user, key->legacy ? key->state != LIVE || is_live(key)
				  : is_live(key) == (key->state == LIVE));
	if (key->state != LIVE)
		return;
	REQUIRE(user, keys_view((unsigned int)key->number, &view));
	REQUIRE(user, view.owner == (key->legacy ? KEY_OWNER_LEGACY : KEY_OWNER_TSS));
	REQUIRE(user, view.address == (key->legacy ? NULL : &key->tss));
	REQUIRE(user, !view.name == !key->name);
	REQUIRE(user, !view.name || strcmp(view.name, key->name) == 0);
	REQUIRE(user, same_site(&view.created, &key->created));
}

/* With no lock: there is hardly anything to compare with, but this may be done at any moment. */
static void glance(struct user *user)
{
	static __thread struct keys_count count;
	struct keys_left left;
	struct key_view view;

	keys_view(chance_below(&user->chance, 64), &view);
	REQUIRE(user, !view.name || is_name(view.name));
	keys_count(&count);
	keys_find_left(&left);
	REQUIRE(user, was_found(NOTHING));
}

static void step(struct user *user)
{
	static void (*const change[])(struct user *, struct shared *) = {
		create, create, create, delete_it, delete_it, free_it, alloc, name};
	static void (*const use[])(struct user *, struct shared *) = {set, get, get, look,
								      create_again};
	struct shared *key = &keys[chance_below(&user->chance, KEYS)];

	if (chance_one_in(&user->chance, 8)) {
		pthread_rwlock_wrlock(&key->lock);
		change[chance_below(&user->chance, 8)](user, key);
	} else if (chance_one_in(&user->chance, 64)) {
		glance(user);
		return;
	} else {
		pthread_rwlock_rdlock(&key->lock);
		use[chance_below(&user->chance, 5)](user, key);
	}
	pthread_rwlock_unlock(&key->lock);
}

/* At a thread's end: its values are what is found left, and each is told. */
static void leave(struct user *user)
{
	struct keys_left wanted = {0}, left;
	enum finding_kind expected = NOTHING;

	for (unsigned int i = 0; i < KEYS; i++)
		pthread_rwlock_rdlock(&keys[i].lock);
	for (unsigned int i = 0; i < KEYS; i++) {
		if (keys[i].state == LIVE && keys[i].value[user->index])
			wanted.slots[keys[i].number / 64] |= UINT64_C(1) << keys[i].number % 64;
	}
	keys_find_left(&left);
	REQUIRE(user, memcmp(&left, &wanted, sizeof(left)) == 0);
	for (unsigned int i = 0; i < KEYS; i++) {
		if (keys[i].state == LIVE && keys[i].value[user->index]) {
			struct keys_left one = {0};

			one.slots[keys[i].number / 64] = UINT64_C(1) << keys[i].number % 64;
			expected = keys[i].legacy ? FINDING_KEY_VALUE_LEFT : FINDING_TSS_VALUE_LEFT;
			keys_report_left(&one, site_of(user));
			REQUIRE(user, was_found(expected));
			REQUIRE(user, was_told(ROLE_CREATED, &keys[i].created));
		}
		keys[i].value[user->index] = NULL;
	}
	for (unsigned int i = 0; i < KEYS; i++)
		pthread_rwlock_unlock(&keys[i].lock);
}

static void *live(void *argument)
{
	struct user *user = argument;

	for (user->left = keys_random_operations / 4 / THREADS / LIVES; user->left; user->left--)
		step(user);
	leave(user);
	return NULL;
}

/* Thread after thread, which have the same place in the reference. */
static void *keep(void *argument)
{
	struct user *user = argument;

	for (unsigned int i = 0; i < LIVES; i++, user->tid += THREADS) {
		pthread_t thread;

		REQUIRE(user, pthread_create(&thread, NULL, live, user) == 0);
		pthread_join(thread, NULL);
	}
	return NULL;
}

static void check_nothing_live(unsigned int before)
{
	static struct keys_count count;

	keys_count(&count);
	assert_int_equal(count.live, before);
	assert_int_equal(keys_dropped(), 0);
	assert_false(keys_any_live());
}

void test_shared_keys(void **state)
{
	static struct user users[THREADS], last;
	static struct keys_count before;
	pthread_t keepers[THREADS];

	(void)state;
	keys_count(&before);
	for (unsigned int i = 0; i < KEYS; i++) {
		keys[i] = (struct shared){.lock = PTHREAD_RWLOCK_INITIALIZER, .legacy = i >= TSS};
		alloc(&last, &keys[i]);
	}
	for (unsigned int i = 0; i < THREADS; i++) {
		users[i] = (struct user){.index = i, .tid = (pid_t)i + 1};
		users[i].chance.state = ~keys_random_seed * (THREADS + 1) + i;
		assert_int_equal(pthread_create(&keepers[i], NULL, keep, &users[i]), 0);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(keepers[i], NULL);
	for (unsigned int i = 0; i < KEYS; i++)
		delete_it(&last, &keys[i]);
	check_nothing_live(before.live);
}
