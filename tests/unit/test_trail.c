/* SPDX-License-Identifier: MIT */
/*
 * Captures that follow a trail must say what unwinding says: over random calls through frames of
 * every shape, again and again at the same depths, on stacks full of what earlier calls left there.
 */
#include "chance.h"
#include "stack/intern.h"
#include "stack/native.h"
#include "stack/stack.h"

#include <alloca.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

#include <cmocka.h>

#define DEPTH 24
#define ROUNDS 60000
#define SHAPES 6
#define SCRIPTS 40 /* sequences of calls, taken in random order: each is seen many times */
#define LENGTH 14

#define NOINLINE __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")

struct script {
	unsigned char shape[LENGTH];
	unsigned char size[LENGTH];
	unsigned int length;
};

static __thread unsigned int mismatches;

static NOINLINE void hooked(void)
{
	const void *caller = __builtin_return_address(0);
	struct native_trace trace;
	struct site site;

	stack_capture(&site, caller);
	if (!native_capture(&trace, DEPTH, caller) ||
	    intern_stack(trace.ip, trace.count) != site.native)
		mismatches++;
	STAY();
}

static void next(const struct script *script, unsigned int at);

static NOINLINE void plain(const struct script *script, unsigned int at)
{
	next(script, at);
	STAY();
}

static NOINLINE void fill(char *array, size_t size, unsigned int value)
{
	memset(array, (int)value, size);
	STAY();
}

static NOINLINE void with_array(const struct script *script, unsigned int at)
{
	char array[200];

	fill(array, sizeof(array), at);
	next(script, at);
	STAY();
}

/* A frame whose size is only known at run time: its caller is found by the frame pointer. */
static NOINLINE void dynamic(const struct script *script, unsigned int at)
{
	char *array = alloca(16U + script->size[at]);

	fill(array, 16, at);
	next(script, at);
	STAY();
}

/* A frame that is aligned more than the stack is. */
static NOINLINE void aligned(const struct script *script, unsigned int at)
{
	char array[64] __attribute__((aligned(64)));

	fill(array, sizeof(array), at);
	next(script, at);
	STAY();
}

static NOINLINE void two_places(const struct script *script, unsigned int at)
{
	/* Two calls in the source, for two return addresses. */
	if (script->size[at] & 1) { /* NOLINT(bugprone-branch-clone) */
		next(script, at);
	} else {
		next(script, at);
	}
	STAY();
}

static int compare(const void *left, const void *right)
{
	(void)right;
	next(left, 0);
	STAY();
	return 0;
}

/* Through libc, compiled by somebody else. */
static NOINLINE void through_libc(const struct script *script, unsigned int at)
{
	struct script pair[2] = {{.length = 0}, {.length = 0}};

	(void)script, (void)at;
	qsort(pair, 2, sizeof(pair[0]), compare);
	STAY();
}

static void next(const struct script *script, unsigned int at)
{
	static void (*const shapes[SHAPES])(const struct script *, unsigned int) = {
		plain, with_array, dynamic, aligned, two_places, through_libc,
	};

	if (at >= script->length) {
		hooked();
		STAY();
	} else {
		shapes[script->shape[at]](script, at + 1 < LENGTH ? at + 1 : at);
	}
}

static unsigned int seed;

static void make_scripts(struct script scripts[SCRIPTS], unsigned int *random)
{
	for (int i = 0; i < SCRIPTS; i++) {
		scripts[i].length = 1 + (unsigned int)rand_r(random) % (LENGTH - 1);
		for (int j = 0; j < LENGTH; j++) {
			scripts[i].shape[j] = (unsigned char)(rand_r(random) % SHAPES);
			scripts[i].size[j] = (unsigned char)rand_r(random);
		}
	}
}

static void run_scripts(unsigned int random)
{
	static __thread struct script scripts[SCRIPTS];

	make_scripts(scripts, &random);
	for (int i = 0; i < ROUNDS; i++)
		next(&scripts[(unsigned int)rand_r(&random) % SCRIPTS], 0);
}

static void random_calls(void **state)
{
	(void)state;
	mismatches = 0;
	run_scripts(seed);
	if (mismatches)
		fail_msg("seed %u: %u of %d stacks differ", seed, mismatches, ROUNDS);
}

static void *thread(void *random)
{
	mismatches = 0;
	run_scripts((unsigned int)(uintptr_t)random);
	return (void *)(uintptr_t)mismatches;
}

/* New threads run on the stacks of old ones. */
static void threads_on_used_stacks(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		pthread_t threads[2];
		void *wrong[2];

		for (unsigned int j = 0; j < 2; j++)
			pthread_create(&threads[j], NULL, thread,
				       (void *)(uintptr_t)(seed + 2 * (i % 2) + j));
		for (unsigned int j = 0; j < 2; j++)
			pthread_join(threads[j], &wrong[j]);
		if (wrong[0] || wrong[1])
			fail_msg("seed %u: stacks differ in round %u", seed, i);
	}
}

static ucontext_t back, coroutine;

static void in_coroutine(void)
{
	static const struct script script = {{0, 1, 2, 3}, {0, 3, 70, 5}, 4};

	next(&script, 0);
	swapcontext(&coroutine, &back);
}

/* Stacks of coroutines come and go at the same addresses, in different sizes. */
static void coroutines(void **state)
{
	(void)state;
	mismatches = 0;
	for (size_t i = 0; i < 200; i++) {
		size_t size = (64 + 16 * (i % 3)) * 1024;
		char *stack = malloc(size);

		getcontext(&coroutine);
		coroutine.uc_stack.ss_sp = stack;
		coroutine.uc_stack.ss_size = size;
		coroutine.uc_link = &back;
		makecontext(&coroutine, in_coroutine, 0);
		swapcontext(&back, &coroutine);
		free(stack);
	}
	assert_int_equal(mismatches, 0);
}

static NOINLINE double fastest_capture(unsigned int deeper)
{
	double best = 1e9;

	if (deeper) {
		best = fastest_capture(deeper - 1);
		STAY();
		return best;
	}
	for (int i = 0; i < 200; i++) {
		struct timespec from, to;
		struct site site;
		double took;

		clock_gettime(CLOCK_MONOTONIC, &from);
		for (int j = 0; j < 100; j++)
			stack_capture(&site, __builtin_return_address(0));
		clock_gettime(CLOCK_MONOTONIC, &to);
		took = (double)(to.tv_sec - from.tv_sec) * 1e9 +
		       (double)(to.tv_nsec - from.tv_nsec);
		best = took < best ? took : best;
	}
	return best;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_calls),
		cmocka_unit_test(threads_on_used_stacks),
		cmocka_unit_test(coroutines),
	};

	seed = (unsigned int)chance_seed();
	stack_init(DEPTH);
	print_message("a capture takes %.0f ns\n", fastest_capture(10) / 100);
	return cmocka_run_group_tests_name("trails", tests, NULL, NULL);
}
