/* SPDX-License-Identifier: MIT */
#include "keys_host.h"

#include <string.h>

static uint32_t module_of(const void *code)
{
	return code == EXTENSION ? 1 : code == OTHER_EXTENSION ? 2 : code == RUNTIME ? 3 : 0;
}

static uint64_t place_of(const struct site *site)
{
	return site->native;
}

static bool read_it(const void *address, void *out, size_t size)
{
	memcpy(out, address, size);
	return true;
}

int keys_host_set_up(void **state)
{
	(void)state;
	found_forget();
	keys_host = (struct keys_host){
		.finding = found_keep,
		.is_runtime = is_runtime,
		.module = module_of,
		.place = place_of,
		.read = read_it,
		.complete = true,
	};
	return 0;
}

void do_create(struct tss *tss, const struct site *site)
{
	enum tss_creation creation;

	keys_judge_tss_use(tss, KEY_CREATE, site);
	creation = core_tss_create(tss, NULL, NULL);
	if (creation == TSS_CREATED) {
		keys_tss_created(tss, site);
		keys_check_supply(site);
	}
	if (creation == TSS_FAILED)
		keys_tss_create_failed(tss, site);
}

void do_delete(struct tss *tss, const struct site *site)
{
	if (!keys_tss_live(tss))
		keys_judge_tss_use(tss, KEY_DELETE, site);
	keys_tss_deleting(tss, site);
	core_tss_delete(tss);
}

struct tss *do_alloc(const struct site *site)
{
	struct tss *tss = core_tss_alloc();

	tss->key = PTHREAD_KEYS_MAX; /* garbage, but defined: memcheck watches */
	keys_tss_allocated(tss, site);
	return tss;
}

/* The memory itself is kept: tests look at it afterwards. */
void do_free(struct tss *tss, const struct site *site)
{
	if (!keys_judge_tss_free(tss, site))
		return;
	keys_tss_freeing(tss, site);
	core_tss_delete(tss);
}

void do_set(struct tss *tss, const struct site *site)
{
	if (!keys_tss_live(tss))
		keys_judge_tss_use(tss, KEY_SET, site);
}

void do_get(struct tss *tss, const struct site *site)
{
	if (!keys_tss_live(tss))
		keys_judge_tss_use(tss, KEY_GET, site);
}

int do_key_create(const struct site *site)
{
	int key = core_key_create();

	if (key < 0)
		keys_legacy_create_failed(site);
	else
		keys_legacy_created(key, site);
	return key;
}

void do_key_delete(int key, const struct site *site)
{
	if (!keys_legacy_live(key))
		keys_judge_legacy_use(key, KEY_DELETE, site);
	keys_legacy_deleting(key, site);
	core_key_delete(key);
}

void do_key_use(int key, enum key_use use, const struct site *site)
{
	if (!keys_legacy_live(key))
		keys_judge_legacy_use(key, use, site);
}
