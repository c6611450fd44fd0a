/* SPDX-License-Identifier: MIT */
/* What happens to keys: the rare events, which have stacks. */
#include "hook/trace_key.h"

#include "hook/process.h"
#include "hook/trace_name.h"
#include "hook/trace_site.h"

uint8_t trace_key_told[KEY_SLOTS];

static void set_told(unsigned int slot, bool is_told)
{
	if (slot < KEY_SLOTS)
		__atomic_store_n(&trace_key_told[slot], is_told ? trace_current_era() : 0,
				 __ATOMIC_RELAXED);
}

/* Of what a vfork child does, the trace of its parent knows nothing. */
static bool wants(enum trace_event event)
{
	return trace_wants(event) && process_is_own();
}

static const char *caller_module(const struct site *site)
{
	return trace_module(stack_module(site));
}

/* The library that made a live key; of another one, that which calls. */
static const char *maker_module(unsigned int slot, const struct site *site)
{
	struct key_view view;

	if (slot < KEY_SLOTS && keys_view(slot, &view))
		return trace_module_of(view.creator);
	return caller_module(site);
}

static bool is_of(const struct key_view *view, const struct trace_key_object *key)
{
	switch (key->type) {
	case TRACE_TYPE_TSS:
		return view->owner == KEY_OWNER_TSS && view->address == key->address;
	case TRACE_TYPE_KEY:
		return view->owner == KEY_OWNER_LEGACY;
	default:
		return view->owner == KEY_OWNER_RAW;
	}
}

void trace_key_tell_name(const struct trace_key_object *key, bool in_handler)
{
	struct key_view view;
	bool live = key->slot < KEY_SLOTS && keys_view(key->slot, &view) && is_of(&view, key);
	const struct trace_object object = {
		.type = key->type,
		.address = key->address,
		.name = live ? view.name : NULL,
		.code = live ? view.creator : key->code,
		.in_handler = in_handler,
		.anew = key->anew,
		.stranger = !live && !key->anew,
	};

	if (trace_tell_name(&object) && live)
		set_told(key->slot, true);
}

#define NUMBER(slot) ((const void *)(uintptr_t)(slot))

static void name_tss(const struct tss *key, const struct site *site, bool anew)
{
	const struct trace_key_object object = {
		.type = TRACE_TYPE_TSS,
		.address = key,
		.slot = key->is_initialized ? key->key : KEY_SLOTS,
		.code = site->caller,
		.anew = anew,
	};

	trace_key_tell_name(&object, stack_in_signal_handler(site));
}

static void name_number(enum trace_type type, unsigned int slot, const struct site *site, bool anew)
{
	const struct trace_key_object object = {
		.type = type,
		.address = NUMBER(slot),
		.slot = slot,
		.code = site->caller,
		.anew = anew,
	};

	trace_key_tell_name(&object, stack_in_signal_handler(site));
}

void trace_tss_allocated(const struct tss *key, const struct site *site)
{
	const struct trace_object object = {.type = TRACE_TYPE_TSS,
					    .address = key,
					    .code = site->caller,
					    .in_handler = stack_in_signal_handler(site),
					    .anew = true};
	struct trace_place place;

	if (!trace_get() || !process_is_own())
		return;
	trace_tell_name(&object);
	if (trace_wants(TRACE_tss_alloc))
		trace_get()->tss_alloc(key, caller_module(site), trace_site(&place, site));
}

void trace_tss_freeing(const struct tss *key, const struct site *site)
{
	struct trace_place place;

	if (!wants(TRACE_tss_free))
		return;
	name_tss(key, site, false);
	trace_get()->tss_free(key, trace_slot_of(key),
			      maker_module((unsigned int)trace_slot_of(key), site),
			      trace_site(&place, site));
	set_told((unsigned int)trace_slot_of(key), false);
}

void trace_tss_created(const struct tss *key, int result, const struct site *site)
{
	struct trace_place place;

	if (!wants(TRACE_tss_create))
		return;
	name_tss(key, site, false);
	trace_get()->tss_create(key, trace_slot_of(key), result, caller_module(site),
				trace_site(&place, site));
}

void trace_tss_deleting(const struct tss *key, const struct site *site)
{
	struct trace_place place;

	if (wants(TRACE_tss_delete)) {
		name_tss(key, site, false);
		trace_get()->tss_delete(key, trace_slot_of(key), maker_module(key->key, site),
					trace_site(&place, site));
	}
	set_told(key->key, false);
}

void trace_key_created(int key, const struct site *site)
{
	struct trace_place place;

	if (!wants(TRACE_key_create))
		return;
	if (key >= 0)
		name_number(TRACE_TYPE_KEY, (unsigned int)key, site, true);
	trace_get()->key_create(key, caller_module(site), trace_site(&place, site));
}

void trace_key_deleting(int key, const struct site *site)
{
	struct trace_place place;

	if (wants(TRACE_key_delete)) {
		name_number(TRACE_TYPE_KEY, (unsigned int)key, site, false);
		trace_get()->key_delete(key, maker_module((unsigned int)key, site),
					trace_site(&place, site));
	}
	set_told((unsigned int)key, false);
}

void trace_raw_created(unsigned int key, int error, const struct site *site)
{
	if (!wants(TRACE_pthread_key_create))
		return;
	if (!error)
		name_number(TRACE_TYPE_RAW, key, site, true);
	trace_get()->pthread_key_create(error ? -1 : (int32_t)key, error,
					trace_module_of(site->caller), site->caller);
}

void trace_raw_deleting(unsigned int key, const struct site *site)
{
	if (wants(TRACE_pthread_key_delete)) {
		name_number(TRACE_TYPE_RAW, key, site, false);
		trace_get()->pthread_key_delete((int32_t)key, maker_module(key, site),
						site->caller);
	}
	set_told(key, false);
}

void trace_renamed_key(int key, const char *name)
{
	trace_tell_new_name(TRACE_TYPE_KEY, NUMBER(key), name);
}
