/* SPDX-License-Identifier: MIT */
/*
 * What is concluded from a trace: events in any order, with any values, some without their fields,
 * as babeltrace2 could have read them. The report of them, in both forms, holds together.
 */
#include "babeltrace/print.h"
#include "fuzz.h"
#include "report/suppress.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 400
#define TEXTS_MAX 64

static struct world world;
static char *texts[TEXTS_MAX];
static unsigned int text_count;

/* Texts that mean something to the reader. A path decides which file is opened: none is there. */
static const char *const words[] = {
	"",
	"tss",
	"key",
	"mutex",
	"here",
	"created",
	"deleted",
	"locked",
	"other",
	"error",
	"leak",
	"tss-set-before-create",
	"tss-key-growth",
	"mutex-lock-order",
	"mutex-deadlock",
	"hang",
	"key-live",
	"cache in a.so",
	"lock of a.so",
	"/lib/a.so",
	"/usr/bin/python3.11",
	"run (app.py:3)\nmain (app.py:12)\n",
	"f (a (b):7)\n\n<module> (x:-1)",
	"g (",
	"3.11.2",
};
static const char *const paths[] = {"/lib/a.so", "/lib/b.so", "[vdso]", "/usr/lib/libpython3.so",
				    ""};

static const char *make_text(struct input *input, enum field field)
{
	uint8_t choice = input_byte(input);

	if (field == F_PATH)
		return paths[choice % countof(paths)];
	if (choice < 192 || text_count == TEXTS_MAX)
		return words[choice % countof(words)];
	texts[text_count] = input_text(input, '\0');
	return texts[text_count++];
}

/* Small numbers meet again; others are at the edges. */
static uint64_t make_number(struct input *input)
{
	uint8_t choice = input_byte(input);

	if (choice < 224)
		return choice % 16 * (choice < 128 ? 1 : 0x1000);
	return choice < 240 ? input_number(input, 8) : (uint64_t)choice - 248;
}

/* What was found out about a library is kept for ever, so there are a few only. */
static uint64_t make_size(struct input *input)
{
	return input_byte(input) % 4 * 0x3000;
}

static bool is_text(enum field field)
{
	return field >= F_MODULE && field <= F_PROCNAME;
}

/* An event has the fields that its kind needs: what has not is not taken by layout.c. */
static void set_fields(struct seen *seen, struct input *input)
{
	static const uint64_t needs[] = {
#define SEEN(identifier, name, needs) [SEEN_##identifier] = needs,
#include "babeltrace/seen.def"
#undef SEEN
	};

	seen->has = needs[seen->kind] | HAS(VPID) | HAS(VTID);
	seen->has ^= input_number(input, 6) & ~needs[seen->kind];
	seen->has &= (UINT64_C(1) << FIELD_COUNT) - 1;
	for (unsigned int field = 0; field < FIELD_COUNT; field++) {
		if (!seen_has(seen, (enum field)field))
			continue;
		if (is_text((enum field)field))
			seen->value[field].text = make_text(input, (enum field)field);
		else if (field == F_MEMSZ)
			seen->value[field].number = make_size(input);
		else
			seen->value[field].number = make_number(input);
	}
	seen->list.count = 0;
	if (seen->has & (HAS(STACK) | HAS(BUILD_ID)))
		seen->list.count = input_byte(input) % (seen->kind >= SEEN_IMAGES_START ? 21 : 257);
	for (unsigned int i = 0; i < seen->list.count; i++)
		seen->list.item[i] = seen->kind >= SEEN_IMAGES_START ? i % 2 : make_number(input);
}

static struct print_wanted wanted = {
	.view = {.places = {.sysroot = "/nowhere"}, .top = 10, .waits = 5},
};

static void print(bool json, bool all)
{
	struct outcome outcome = {.trace = "trace"};
	struct buffer text = {0};

	wanted.json = json;
	wanted.utf8 = wanted.gen_suppressions = wanted.view.all = all;
	print_world(&text, &world, &outcome, &wanted, 0);
	REQUIRE(!text.failed);
	if (json) {
		struct json_object *read = json_tokener_parse(text.data);

		REQUIRE(read);
		json_object_put(read);
	} else if (text.data) {
		REQUIRE(fuzz_is_printable(text.data, "\n"));
	}
	outcome_free(&outcome);
	buffer_free(&text);
}

static void prepare(void)
{
	static const char rules[] = "key-live:*\n*:suppressed\n";
	static bool done;
	struct options_error error;

	if (!done)
		done = suppress_read(&(struct file_list){1, {fuzz_file(rules, strlen(rules))}},
				     &error);
	REQUIRE(done);
}

static void feed(struct input *input)
{
	struct origin *origins[] = {world_origin(&world, "host", 0), world_origin(&world, NULL, 7)};
	uint64_t now = 1000000000;
	struct seen seen = {0};

	for (unsigned int i = 0; input->left && i < EVENTS_MAX; i++) {
		uint8_t what = input_byte(input);
		struct origin *origin = origins[what >> 7];

		now += make_number(input);
		seen.time = now;
		what &= 0x7f;
		if (what > SEEN_OTHER && what < SEEN_KIND_COUNT) {
			seen.kind = (enum seen_kind)what;
			set_fields(&seen, input);
			world_see(&world, origin, &seen);
		} else if (what == 0x7f) {
			world_lose_events(&world, origin, make_number(input));
		} else if (what == 0x7e) {
			world_lose_packets(&world, origin, make_number(input));
		} else if (what == 0x7d) { /* a live report shows what there is so far */
			print(input_byte(input) & 1, false);
		} else {
			world_pass(&world, origin, now);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	uint8_t form = input_byte(&input);

	prepare();
	world_begin(&world);
	feed(&input);
	print(form & 1, form & 2);
	world_free(&world);
	while (text_count)
		free(texts[--text_count]);
	return 0;
}
