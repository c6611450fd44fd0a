/* SPDX-License-Identifier: MIT */
/*
 * Stacks of this program: where they begin and end, which are equal, and what a fork, a signal
 * handler or a lack of memory does to them.
 */
#include "stack/modules.h"
#include "stack/stack.h"
#include "surroundings.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NOINLINE __attribute__((noinline))
#define DEPTH 32

/* Keeps a call from becoming a jump, which would leave no frame. */
#define STAY() __asm__ volatile("" ::: "memory")

/* Plays the hooked function: its caller is who the stack is about. */
static NOINLINE void hooked(struct site *site)
{
	stack_capture(site, __builtin_return_address(0));
	STAY();
}

static NOINLINE void first_caller(struct site *site)
{
	hooked(site);
	STAY();
}

static NOINLINE void second_caller(struct site *site)
{
	hooked(site);
	STAY();
}

static NOINLINE void recurse(struct site *site, unsigned int levels)
{
	if (levels == 0)
		hooked(site);
	else
		recurse(site, levels - 1);
	STAY();
}

static void test_caller_comes_first(void **state)
{
	const struct native_stack *stack;
	struct site site;

	(void)state;
	first_caller(&site);
	assert_null(stack_native_refusal());
	assert_int_equal(site.tid, gettid());
	stack = stack_native(&site);
	assert_non_null(stack);
	assert_true(stack->count >= 3);
	assert_ptr_equal(stack->frame[0].ip, site.caller);
	assert_true(stack->frame[0].ip > (uintptr_t)first_caller);
	assert_true(stack->frame[0].ip <= (uintptr_t)first_caller + 64);
	assert_int_equal(stack->frame[0].module, module_at((const void *)first_caller));
	assert_null(stack_native_absent(&site));
}

static void test_equal_stacks_share_a_number(void **state)
{
	struct site one[3], other;
	volatile unsigned int i; /* unrolled, it would be three calls */

	(void)state;
	for (i = 0; i < 3; i++)
		first_caller(&one[i]);
	second_caller(&other);
	assert_int_not_equal(one[0].native, 0);
	assert_int_equal(one[0].native, one[1].native);
	assert_int_equal(one[0].native, one[2].native);
	assert_int_not_equal(one[0].native, other.native);
	assert_ptr_equal(stack_native(&one[0]), stack_native(&one[2]));
}

static void test_depth_is_a_limit(void **state)
{
	static const unsigned int depths[] = {1, 5, DEPTH, STACK_DEPTH_MAX, 100000};
	struct site site;
	unsigned int i, expected;

	(void)state;
	for (i = 0; i < countof(depths); i++) {
		stack_init(depths[i]);
		recurse(&site, 1000);
		expected = depths[i] < STACK_DEPTH_MAX ? depths[i] : STACK_DEPTH_MAX;
		assert_int_equal(stack_native(&site)->count, expected);
		assert_ptr_equal(stack_native(&site)->frame[0].ip, site.caller);
	}
	stack_init(DEPTH);
}

static void test_depth_nought_takes_none(void **state)
{
	struct site site;

	(void)state;
	stack_init(0);
	first_caller(&site);
	assert_int_equal(site.native, 0);
	assert_null(stack_native(&site));
	assert_non_null(stack_native_absent(&site));
	assert_non_null(stack_native_refusal());
	stack_init(DEPTH);
	assert_null(stack_native_refusal());
}

static void test_deep_recursion(void **state)
{
	struct site site;

	(void)state;
	recurse(&site, 20000);
	assert_int_equal(stack_native(&site)->count, DEPTH);
}

/* Here the whole test program is "the tool". */
static void test_unknown_caller_starts_outside_the_tool(void **state)
{
	const struct native_stack *stack;
	struct site site;

	(void)state;
	stack_capture(&site, "not code");
	stack = stack_native(&site);
	assert_non_null(stack);
	assert_int_not_equal(stack->frame[0].module, module_at((const void *)first_caller));
}

static void test_errno_is_kept(void **state)
{
	struct site site;

	(void)state;
	errno = EXDEV;
	recurse(&site, 17);
	assert_int_equal(errno, EXDEV);
}

static void test_absent(void **state)
{
	struct site never = {0};

	(void)state;
	assert_null(stack_native(&never));
	assert_null(stack_python(&never));
	assert_non_null(stack_native_absent(&never));
	assert_non_null(stack_python_absent(&never));
	never.native = UINT32_MAX;
	assert_null(stack_native(&never));
}

/* This program has no interpreter. */
static void test_no_python(void **state)
{
	struct site site;

	(void)state;
	first_caller(&site);
	assert_null(stack_python(&site));
	assert_non_null(stack_python_absent(&site));
}

static struct site sorted;

static int capture_in_sort(const void *left, const void *right)
{
	(void)left;
	(void)right;
	first_caller(&sorted);
	return 0;
}

static NOINLINE void sort_here(struct site *site)
{
	int two[2] = {2, 1};

	qsort(two, 2, sizeof(two[0]), capture_in_sort);
	*site = sorted;
}

static NOINLINE void sort_there(struct site *site)
{
	int two[2] = {2, 1};

	qsort(two, 2, sizeof(two[0]), capture_in_sort);
	*site = sorted;
	STAY();
}

static void test_place(void **state)
{
	struct site here, there, direct;

	(void)state;
	sort_here(&here);
	sort_there(&there);
	first_caller(&direct);
	assert_int_not_equal(here.native, there.native);
	assert_true(stack_place(&here) == stack_place(&there));
	assert_true(stack_place(&here) != stack_place(&direct));
	direct.native = 0;
	assert_true(stack_place(&direct) != 0);
}

/* Each bit pattern is a path of its own through these two. */
static void left_path(struct site *site, unsigned int bits, unsigned int count);

static NOINLINE void right_path(struct site *site, unsigned int bits, unsigned int count)
{
	if (count == 0)
		hooked(site);
	else if (bits & 1)
		right_path(site, bits >> 1, count - 1);
	else
		left_path(site, bits >> 1, count - 1);
	STAY();
}

static NOINLINE void left_path(struct site *site, unsigned int bits, unsigned int count)
{
	if (count == 0)
		hooked(site);
	else if (bits & 1)
		right_path(site, bits >> 1, count - 1);
	else
		left_path(site, bits >> 1, count - 1);
	STAY();
}

#define BITS 11
#define PATHS (1u << BITS)
#define THREADS 4

static uint32_t numbers[THREADS][PATHS];

static void *walk(void *argument)
{
	uint32_t *mine = argument;
	struct site site;
	unsigned int i;

	for (i = 0; i < PATHS; i++) {
		left_path(&site, i, BITS);
		mine[i] = site.native;
		if (!stack_native(&site) || site.tid != gettid())
			mine[i] = 0;
	}
	return NULL;
}

static void test_threads_agree(void **state)
{
	pthread_t thread[THREADS];
	unsigned int i, j;

	(void)state;
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, walk, numbers[i]), 0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	for (j = 0; j < PATHS; j++) {
		assert_int_not_equal(numbers[0][j], 0);
		assert_int_not_equal(numbers[0][j], numbers[0][j ? j - 1 : PATHS - 1]);
		for (i = 1; i < THREADS; i++)
			assert_int_equal(numbers[i][j], numbers[0][j]);
	}
	assert_int_equal(stack_dropped(), 0);
}

static atomic_bool stop;

static void *keep_capturing(void *argument)
{
	struct site site;
	unsigned int i;

	for (i = 0; !atomic_load(&stop); i++)
		left_path(&site, i & 0x3fff, 14);
	return argument;
}

/* The child has nobody else's locks and its own thread id. */
static int in_child(void)
{
	struct site site;

	alarm(20);
	left_path(&site, 0x2aaa, 15);
	return site.tid == gettid() && stack_native(&site) ? 0 : 1;
}

static void test_fork_while_threads_capture(void **state)
{
	pthread_t thread[2];
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, keep_capturing, NULL), 0);
	for (i = 0; i < 50; i++) {
		struct site site;
		int status;
		pid_t child;

		stack_before_fork();
		/* Somebody else's atfork handler may be hooked as well. */
		first_caller(&site);
		child = fork();
		stack_after_fork();
		if (child == 0)
			_exit(in_child());
		assert_true(child > 0);
		assert_int_not_equal(site.native, 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	atomic_store(&stop, true);
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
}

static unsigned int descriptors_before;

/* libunwind's own way to test memory keeps two. */
static void test_no_descriptor_stays_open(void **state)
{
	struct site site;

	(void)state;
	recurse(&site, 500);
	assert_int_equal(open_descriptors(), descriptors_before);
}

static struct site in_handler;

/* To capture in a handler is what is tested. */
/* NOLINTBEGIN(bugprone-signal-handler) */
static void capture_in_handler(int number)
{
	(void)number;
	stack_capture(&in_handler, __builtin_return_address(0));
}
/* NOLINTEND(bugprone-signal-handler) */

static void test_signal_handlers_are_told(void **state)
{
	struct site outside = {0};

	(void)state;
	stack_capture(&outside, __builtin_return_address(0));
	assert_false(stack_in_signal_handler(&outside));
	signal(SIGUSR1, capture_in_handler);
	raise(SIGUSR1);
	assert_true(stack_in_signal_handler(&in_handler));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static int exhaust(void)
{
	struct rlimit none = {0, 0};
	struct site site = {0};
	unsigned int i;

	if (setrlimit(RLIMIT_AS, &none) != 0)
		return 1;
	for (i = 0; i < 0x10000 && stack_dropped() == 0; i++)
		left_path(&site, i, 16);
	if (stack_dropped() == 0 || site.native != 0)
		return 2;
	return stack_native_absent(&site) && stack_place(&site) != 0 ? 0 : 3;
}

/* Known stacks are still found, new ones are counted as dropped, nothing else happens. */
static int without_memory(void)
{
	volatile unsigned int round; /* unrolled, it would be two calls */
	struct site site[2];
	int result = 0;

	for (round = 0; round < 2; round++) {
		first_caller(&site[round]);
		if (round == 0)
			result = exhaust();
		if (result)
			return result;
	}
	return site[0].native == site[1].native ? 0 : 4;
}

static void test_memory_out(void **state)
{
	int status;
	pid_t child;

	(void)state;
#ifdef SANITIZED
	print_message("skipped: sanitizers need memory\n");
	skip();
#endif
	if (under_valgrind()) {
		print_message("skipped: valgrind needs memory\n");
		skip();
	}
	if (emulated()) {
		print_message("skipped: the emulator heeds no limit on memory\n");
		skip();
	}
	child = fork();
	if (child == 0)
		_exit(without_memory());
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_caller_comes_first),
		cmocka_unit_test(test_equal_stacks_share_a_number),
		cmocka_unit_test(test_depth_is_a_limit),
		cmocka_unit_test(test_depth_nought_takes_none),
		cmocka_unit_test(test_deep_recursion),
		cmocka_unit_test(test_unknown_caller_starts_outside_the_tool),
		cmocka_unit_test(test_errno_is_kept),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_no_python),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_threads_agree),
		cmocka_unit_test(test_fork_while_threads_capture),
		cmocka_unit_test(test_signal_handlers_are_told),
		cmocka_unit_test(test_no_descriptor_stays_open),
		cmocka_unit_test(test_memory_out),
	};

	descriptors_before = open_descriptors();
	stack_init(DEPTH);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
