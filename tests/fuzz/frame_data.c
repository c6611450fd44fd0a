/* SPDX-License-Identifier: MIT */
/*
 * What the tables of frames (.eh_frame, .debug_frame) say, which whoever wrote a library may have
 * got wrong. It is libunwind that reads them, and whatever a reader of that is open to, so are its
 * other users: t440 tries it. Ours is what is made of its answers, which are any here: a frame may
 * seem to lie anywhere.
 */
#include "fuzz.h"

#if defined(__x86_64__)

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void *find_made(void *handle, const char *name);

#define dlsym find_made
#include "stack/trail_walk.c"
#undef dlsym

#define WORDS 64
#define ROOM 4096 /* a page, or more */
#define FRAMES_MAX 80
#define STEPS_MAX 200
#define CODE 0x400000UL /* return addresses: this, or one more */
#define NOT_SAVED 0x40
#define UNUSUAL 0x80 /* a return address that is elsewhere: in a register, or anywhere */

static struct input *frames;
static unsigned int steps;
static uintptr_t *stack;
static struct {
	uintptr_t ip, sp, fp, fp_place;
	bool is_signal;
} now; /* the frame that the walk is at */

/* The stack is the end of a page that a page follows which cannot be read. */
static void prepare(void)
{
	char *pages;

	if (stack)
		return;
	pages = mmap(NULL, 2 * ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(pages != MAP_FAILED && mprotect(pages + ROOM, ROOM, PROT_NONE) == 0);
	stack = (uintptr_t *)(void *)(pages + ROOM) - WORDS;
}

/* Mostly in the stack, and aligned. */
static uintptr_t make_place(void)
{
	uint8_t choice = input_byte(frames);

	if (choice < 240)
		return (uintptr_t)(stack + choice % WORDS + 1);
	switch (choice % 4) {
	case 0:
		return (uintptr_t)(stack + WORDS + input_byte(frames));
	case 1:
		return (uintptr_t)stack + input_byte(frames);
	case 2:
		return ~(uintptr_t)input_byte(frames);
	default:
		return input_byte(frames) * sizeof(*stack);
	}
}

/* libunwind looks whether a place can be read before it reads there, and else tells no value. */
static uintptr_t read_saved(uintptr_t place)
{
	uintptr_t word;

	return peek(place, &word) ? word : 0;
}

static int made_getcontext(unw_context_t *context)
{
	(void)context;
	return 0;
}

static int made_init(unw_cursor_t *cursor, unw_context_t *context)
{
	(void)cursor, (void)context;
	return 0;
}

static int made_step(unw_cursor_t *cursor)
{
	uint8_t what = input_byte(frames);

	(void)cursor;
	if (!frames->left || ++steps > STEPS_MAX)
		return 0;
	now.is_signal = (what & 0x38) == 0x38;
	now.sp = make_place();
	now.ip = what & UNUSUAL ? CODE + (what & 1) : read_saved(now.sp - sizeof(*stack));
	now.fp_place = what & NOT_SAVED ? 0 : make_place();
	now.fp = now.fp_place ? read_saved(now.fp_place) : make_place();
	return 1;
}

static int made_get_reg(unw_cursor_t *cursor, int number, unw_word_t *value)
{
	(void)cursor;
	*value = number == UNW_X86_64_RIP ? now.ip : number == UNW_X86_64_RSP ? now.sp : now.fp;
	return 0;
}

static int made_get_save_loc(unw_cursor_t *cursor, int number, unw_save_loc_t *location)
{
	(void)cursor;
	REQUIRE(number == UNW_X86_64_RBP);
	location->type = now.fp_place ? UNW_SLT_MEMORY : UNW_SLT_NONE;
	location->u.addr = now.fp_place;
	return 0;
}

static int made_is_signal_frame(unw_cursor_t *cursor)
{
	(void)cursor;
	return now.is_signal;
}

static void *find_made(void *handle, const char *name)
{
	(void)handle;
	if (strcmp(name, GETCONTEXT) == 0)
		return (void *)made_getcontext;
	if (strstr(name, "init_local"))
		return (void *)made_init;
	if (strstr(name, "step"))
		return (void *)made_step;
	if (strstr(name, "get_reg"))
		return (void *)made_get_reg;
	if (strstr(name, "get_save_loc"))
		return (void *)made_get_save_loc;
	return strstr(name, "is_signal_frame") ? (void *)made_is_signal_frame : NULL;
}

/* What was walked can be followed now: each step is there, and says what it said. */
static void follow(const struct trail_walk *walk)
{
	REQUIRE(walk->count <= TRAIL_STEPS_MAX && walk->count % TRAIL_STRIDE == 0);
	for (unsigned int i = 0; i < walk->count; i++)
		REQUIRE(*walk->step[i].place == walk->step[i].value);
}

static void fill_stack(struct input *input)
{
	for (unsigned int i = 0; i < WORDS; i++) {
		uint8_t what = input_byte(input);

		stack[i] = what & 0x80 ? CODE + (what & 1) : (uintptr_t)(stack + what % WORDS);
	}
}

static struct native_stack *make_known(struct input *input)
{
	unsigned int count = input_byte(input) % FRAMES_MAX;
	struct native_stack *known = calloc(1, sizeof(*known) + count * sizeof(known->frame[0]));

	REQUIRE(known);
	known->count = count;
	for (unsigned int i = 0; i < count; i++)
		known->frame[i].ip = CODE + (input_byte(input) & 1);
	return known;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct native_stack *known = make_known(&input);
	struct trail_walk walk;

	prepare();
	fill_stack(&input);
	frames = &input;
	steps = 0;
	trail_init(NULL);
	if (trail_walk(&walk, (void *const *)stack, (const void *)CODE, known))
		follow(&walk);
	free(known);
	return 0;
}

#else

#include "stack/trail_walk.h"

/* There are no trails here. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trail_walk walk;

	(void)data, (void)size;
	REQUIRE(!trail_walk(&walk, NULL, NULL, NULL));
	return 0;
}

#endif
