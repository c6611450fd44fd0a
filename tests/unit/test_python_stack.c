/* SPDX-License-Identifier: MIT */
/*
 * Python stacks of a made-up interpreter: what is refused and with which words, and reading frames
 * by offsets, free-threaded bytecode included. Real interpreters are the last test's.
 */
#include "stack/python_internal.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

struct object {
	uint64_t references;
	const void *type;
};

struct text {
	struct object object;
	size_t length;
	int64_t hash;
	uint32_t state;
	char ascii[36];
	void *far;
};

struct bytes {
	struct object object;
	size_t size;
	char data[16];
};

struct code {
	struct object object;
	uint32_t first_line;
	uint32_t not_read[5];
	uint32_t version;
	void *names_of_locals;
	const struct text *file;
	const struct text *name;
	const struct bytes *table;
	struct {
		size_t size;
		const uint16_t *entry[2];
	} * threads;
	uint16_t bytecode[8];
};

struct frame {
	const struct frame *previous;
	uintptr_t code;
	const uint16_t *instruction;
	int32_t thread_index;
	char owner;
};

static struct {
	uint64_t words[96];
	char version[64];
	const char *lacks;
	bool stackref_debug;
	int initialized, finalizing;
	struct {
		int not_read;
		const struct frame *frame;
	} thread, *current, *first;
} fake;

static const char code_type[1], text_type[1];

static int fake_initialized(void)
{
	return fake.initialized;
}

static int fake_finalizing(void)
{
	return fake.finalizing;
}

static void *fake_current(void)
{
	return fake.current;
}

static void *fake_first(void)
{
	return fake.first;
}

static const char *fake_version(void)
{
	return fake.version;
}

static ssize_t fake_length(const struct text *text)
{
	return (ssize_t)text->length;
}

static const char *fake_utf8(const struct text *text, ssize_t *size)
{
	(void)size;
	return text->ascii;
}

static ssize_t fake_bytes_size(const struct bytes *bytes)
{
	return (ssize_t)bytes->size;
}

static const char *fake_bytes_data(const struct bytes *bytes)
{
	return bytes->data;
}

static intptr_t fake_hash(struct text *text)
{
	text->hash = (unsigned char)text->ascii[0];
	return text->hash;
}

static void fake_fetch(void **type, void **value, void **traceback)
{
	*type = *value = *traceback = NULL;
}

static void fake_nothing(void)
{
}

static const struct {
	const char *name;
	const void *value;
} symbols[] = {
	{"_PyRuntime", fake.words},
	{"PyCode_Type", code_type},
	{"PyUnicode_Type", text_type},
	{"Py_GetVersion", fake_version},
	{"Py_IsInitialized", fake_initialized},
	{"Py_IsFinalizing", fake_finalizing},
	{"_Py_IsFinalizing", fake_finalizing},
	{"PyThreadState_GetUnchecked", fake_current},
	{"_PyThreadState_UncheckedGet", fake_current},
	{"PyGILState_GetThisThreadState", fake_first},
	{"PyErr_Fetch", fake_fetch},
	{"PyUnicode_GetLength", fake_length},
	{"PyUnicode_AsUTF8AndSize", fake_utf8},
	{"PyObject_Hash", fake_hash},
	{"PyBytes_Size", fake_bytes_size},
	{"PyBytes_AsString", fake_bytes_data},
};

static void *look_up(const char *symbol)
{
	size_t i;

	if (fake.lacks && strcmp(symbol, fake.lacks) == 0)
		return NULL;
	if (strcmp(symbol, "_Py_stackref_get_object") == 0 && !fake.stackref_debug)
		return NULL;
	for (i = 0; i < countof(symbols); i++)
		if (strcmp(symbols[i].name, symbol) == 0)
			return (void *)symbols[i].value;
	return (void *)fake_nothing;
}

/* Sections of 3.14, with places of our own: nothing else may be relied on. */
static void set_section(unsigned int start, const uint64_t *places, unsigned int count)
{
	memcpy(&fake.words[start], places, count * sizeof(*places));
}

#define SECTION(start, ...)                                                                        \
	set_section(start, (const uint64_t[]){__VA_ARGS__},                                        \
		    sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))
#define AT(type, member) offsetof(struct type, member)

static void set_version(const char *version)
{
	snprintf(fake.version, sizeof(fake.version), "%s", version);
}

static void free_threaded_314(void)
{
	memset(&fake, 0, sizeof(fake));
	set_version("3.14.2 free-threading build (main, today) [GCC]");
	memcpy(fake.words, "xdebugpy", 8);
	fake.words[1] = 0x030e02f0;
	fake.words[2] = 1;
	SECTION(22, sizeof(fake.thread), 0, 0, 0,
		(uintptr_t)&fake.thread.frame - (uintptr_t)&fake.thread);
	SECTION(31, sizeof(struct frame), AT(frame, previous), AT(frame, code),
		AT(frame, instruction), 0, AT(frame, owner), 0, AT(frame, thread_index));
	SECTION(39, sizeof(struct code), AT(code, file), AT(code, name), 0, AT(code, table),
		AT(code, first_line), 0, AT(code, names_of_locals), 0, AT(code, bytecode),
		AT(code, threads));
	SECTION(50, sizeof(struct object), AT(object, type));
	SECTION(74, sizeof(struct bytes), AT(bytes, size), AT(bytes, data));
	SECTION(77, sizeof(struct text), AT(text, state), AT(text, length), AT(text, ascii));
	fake.initialized = 1;
	fake.current = fake.first = &fake.thread;
}

#define COMPACT_ASCII (1u << 8 | 1u << 11 | 1u << 12)

#define TEXT(content)                                                                              \
	{                                                                                          \
		{1, text_type}, sizeof(content) - 1, -1, COMPACT_ASCII, content, NULL              \
	}

static struct text file_text = TEXT("app.py");
static struct text main_text = TEXT("main");
static struct text work_text = TEXT("work");

/* Two instructions at the first line, two three lines on, two without a line. */
static const struct bytes table = {{0}, 4, "\xe9\x00\xe9\x06\xf9"};

static struct code code_of(const struct text *name, uint32_t version)
{
	return (struct code){
		.object.type = code_type,
		.first_line = 10,
		.version = version,
		.file = &file_text,
		.name = name,
		.table = &table,
	};
}

static const struct python_stack *stack_of(uint32_t id)
{
	if (python_absent_text(id))
		fail_msg("no stack: %s", python_absent_text(id));
	return python_stack_get(id);
}

static void check_frame(const struct python_stack *stack, unsigned int index, const char *function,
			int line)
{
	assert_true(index < stack->count);
	assert_string_equal(stack->frame[index].function, function);
	assert_string_equal(stack->frame[index].file, "app.py");
	assert_int_equal(stack->frame[index].line, line);
}

static void frames_by_offsets(void **state)
{
	static uint16_t own_bytecode[8];
	struct code outer = code_of(&main_text, 1);
	struct code inner = code_of(&work_text, 2);
	__typeof__(*inner.threads) copies = {2, {inner.bytecode, own_bytecode}};
	__typeof__(*outer.threads) original = {1, {outer.bytecode}};
	struct object no_code = {1, text_type};
	struct frame bottom = {NULL, (uintptr_t)&no_code, NULL, 0, 3};
	struct frame first = {&bottom, (uintptr_t)&outer | 1, outer.bytecode + 1, 0, 0};
	struct frame other = {&first, (uintptr_t)&no_code, NULL, 0, 0};
	struct frame newest = {&other, (uintptr_t)&inner, own_bytecode + 2, 1, 1};
	const struct python_stack *stack;
	uint32_t id;

	(void)state;
	outer.threads = (void *)&original;
	inner.threads = (void *)&copies;
	free_threaded_314();
	fake.thread.frame = &newest;
	python_init(look_up, true);
	assert_null(python_refusal());
	assert_true(python_free_threaded());
	assert_string_equal(python_version(), "3.14.2");
	id = python_capture();
	stack = stack_of(id);
	assert_int_equal(stack->count, 2);
	check_frame(stack, 0, "work", 13);
	check_frame(stack, 1, "main", 10);
	assert_int_equal(python_capture(), id);

	newest.instruction = own_bytecode + 4;
	check_frame(stack_of(python_capture()), 0, "work", 0);
	newest.thread_index = 7;
	check_frame(stack_of(python_capture()), 0, "work", 0);
	newest.thread_index = 0;
	newest.instruction = inner.bytecode;
	check_frame(stack_of(python_capture()), 0, "work", 10);

	/* Another code object where one was; then versions have run out. */
	inner.version = 3;
	inner.first_line = 20;
	check_frame(stack_of(python_capture()), 0, "work", 20);
	inner.version = 0;
	inner.first_line = 30;
	check_frame(stack_of(python_capture()), 0, "work", 30);
	inner.first_line = 40;
	check_frame(stack_of(python_capture()), 0, "work", 40);
	inner.name = &main_text;
	check_frame(stack_of(python_capture()), 0, "main", 40);
	assert_int_equal(stack_of(id)->frame[0].line, 13);
}

static void check_refused(const char *why)
{
	python_init(look_up, true);
	assert_non_null(python_refusal());
	assert_string_equal(python_refusal(), why);
	assert_string_equal(python_absent_text(python_capture()), why);
}

#define UNKNOWN_VERSION "the frames of this Python version are not known"
#define UNKNOWN_LAYOUT "this build of Python keeps its frames in an unknown way"
#define LACKS_FUNCTION "the interpreter lacks a function that is needed for it"

static void unknown_versions(void **state)
{
	static const char *const versions[] = {"3.8.18 (x)", "3.16.0 (x)", "3.99", "2.7.18",
					       "4.1.0",	     "3",	   "",	   "nonsense"};
	size_t i;

	(void)state;
	for (i = 0; i < countof(versions); i++) {
		free_threaded_314();
		set_version(versions[i]);
		check_refused(UNKNOWN_VERSION);
	}
	free_threaded_314();
	fake.words[1] = 0x030d02f0;
	check_refused(UNKNOWN_VERSION);
	fake.words[1] = 0x030e00b4; /* a beta */
	check_refused(UNKNOWN_VERSION);
}

static void unknown_layouts(void **state)
{
	static const unsigned int places[] = {26, 32, 33, 34, 36, 38, 40, 41, 43, 44,
					      46, 48, 49, 51, 75, 76, 78, 79, 80};
	size_t i;

	(void)state;
	for (i = 0; i < countof(places); i++) {
		free_threaded_314();
		fake.words[places[i]] = 1 << 16;
		check_refused(UNKNOWN_LAYOUT);
		fake.words[places[i]] = UINT64_MAX;
		check_refused(UNKNOWN_LAYOUT);
	}
	free_threaded_314();
	((char *)fake.words)[0] = 'y';
	check_refused(UNKNOWN_LAYOUT);
	free_threaded_314();
	fake.stackref_debug = true;
	check_refused(UNKNOWN_LAYOUT);
}

static void missing_functions(void **state)
{
	static const char *const needed_by_memory[] = {"_PyRuntime",
						       "PyCode_Type",
						       "Py_GetVersion",
						       "Py_IsInitialized",
						       "Py_IsFinalizing",
						       "PyThreadState_GetUnchecked",
						       "PyGILState_GetThisThreadState"};
	static const char *const needed_by_api[] = {"_Py_IsFinalizing",
						    "_PyThreadState_UncheckedGet",
						    "PyThreadState_GetFrame",
						    "PyFrame_GetBack",
						    "PyFrame_GetCode",
						    "PyObject_GetAttrString",
						    "PyLong_AsLong",
						    "PyFrame_GetLasti",
						    "Py_DecRef",
						    "PyErr_Fetch",
						    "PyErr_Restore",
						    "PyGC_Disable",
						    "PyGC_Enable"};
	size_t i;

	(void)state;
	for (i = 0; i < countof(needed_by_memory); i++) {
		free_threaded_314();
		fake.lacks = needed_by_memory[i];
		check_refused(LACKS_FUNCTION);
	}
	for (i = 0; i < countof(needed_by_api); i++) {
		free_threaded_314();
		set_version("3.11.2 (main)");
		fake.lacks = needed_by_api[i];
		check_refused(LACKS_FUNCTION);
	}
}

static void switched_off(void **state)
{
	(void)state;
	free_threaded_314();
	python_init(look_up, false);
	assert_string_equal(python_refusal(), "Python stacks are switched off");
	assert_string_equal(python_absent_text(python_capture()), "Python stacks are switched off");
	assert_string_equal(python_version(), "3.14.2");
}

static void check_absent(const char *why)
{
	uint32_t id = python_capture();

	assert_null(python_stack_get(id));
	assert_string_equal(python_absent_text(id), why);
}

static void states_of_the_thread(void **state)
{
	(void)state;
	free_threaded_314();
	python_init(look_up, true);
	check_absent("the thread runs no Python code");
	fake.finalizing = 1;
	check_absent("the interpreter is finalizing");
	fake.current = NULL;
	check_absent("the thread is not attached to the interpreter");
	fake.first = NULL;
	check_absent("the thread has no Python thread state");
	fake.initialized = 0;
	check_absent("the interpreter is not initialized");

	free_threaded_314();
	set_version("3.10.1 (main)");
	python_init(look_up, true);
	fake.current = (void *)fake.words;
	check_absent("the thread does not hold the GIL, or is in a subinterpreter of Python before"
		     " 3.12");
	fake.current = NULL;
	check_absent("the thread does not hold the GIL");
	assert_null(python_stack_get(0));
	assert_null(python_stack_get(UINT32_MAX));
	assert_non_null(python_absent_text(0));
	assert_null(python_absent_text(PYTHON_FIRST_STACK));
}

/* A layout that does not fit what the interpreter says of a live object is refused for good. */
static void unconfirmed_layout(void **state)
{
	struct text odd = TEXT("odd");
	struct code code = code_of(&odd, 1);
	__typeof__(*code.threads) original = {1, {code.bytecode}};
	struct frame only = {NULL, (uintptr_t)&code, code.bytecode, 0, 0};

	(void)state;
	odd.state = 1u << 2 | 1u << 5 | 1u << 6; /* a GIL build's */
	code.threads = (void *)&original;
	free_threaded_314();
	fake.thread.frame = &only;
	python_init(look_up, true);
	check_absent(UNKNOWN_LAYOUT);
	assert_string_equal(python_refusal(), UNKNOWN_LAYOUT);
	only.code = 0;
	check_absent(UNKNOWN_LAYOUT);
}

/* Length in instructions less 1 is added to the kind, which is shifted by 3. */
static void line_tables(void **state)
{
	static const unsigned char long_way[] = {
		0x80 | 14 << 3 | 7, 0x7e, 0x7f, 0x3f, 1, 2, 3, /* +131071 lines */
		0x80 | 0 << 3 | 1,  0x11,		       /* same line */
		0x80 | 13 << 3,	    0x07,		       /* -3 */
		0x80 | 15 << 3,				       /* no line */
		0x80 | 12 << 3,	    1,	  2,		       /* +2 */
	};
	static const unsigned char cut_off[] = {0x80 | 13 << 3, 0x40};

	(void)state;
	assert_int_equal(python_table_line(long_way, sizeof(long_way), 5, 0), 5 + 131071);
	assert_int_equal(python_table_line(long_way, sizeof(long_way), 5, 9), 5 + 131071);
	assert_int_equal(python_table_line(long_way, sizeof(long_way), 5, 10), 5 + 131068);
	assert_int_equal(python_table_line(long_way, sizeof(long_way), 5, 11), 0);
	assert_int_equal(python_table_line(long_way, sizeof(long_way), 5, 12), 5 + 131070);
	assert_int_equal(python_table_line(long_way, sizeof(long_way), 5, 13), 0);
	assert_int_equal(python_table_line(long_way, 0, 5, 0), 0);
	assert_int_equal(python_table_line(cut_off, sizeof(cut_off), 5, 0), 5);
	assert_int_equal(python_table_line(cut_off, 1, 5, 0), 5);
	assert_int_equal(python_table_line((const unsigned char *)"", 1, 5, 0), 5);
}

static void old_line_tables(void **state)
{
	/* Two lines further at byte 4, 3 back at 260, 300 further at 262. */
	static const unsigned char of_39[] = {4, 2, 255, 0, 1, 0xfd, 2, 127, 0, 127, 0, 46};
	/* Line +1 for 4 bytes, none for 2, the same for 4, 2 back for 254 and 10. */
	static const unsigned char of_310[] = {4, 1, 2, 0x80, 4, 0, 254, 0xfe, 10, 0};

	(void)state;
	assert_int_equal(python_table_line_39(of_39, sizeof(of_39), 9, 0), 9);
	assert_int_equal(python_table_line_39(of_39, sizeof(of_39), 9, 1), 9);
	assert_int_equal(python_table_line_39(of_39, sizeof(of_39), 9, 2), 11);
	assert_int_equal(python_table_line_39(of_39, sizeof(of_39), 9, 129), 11);
	assert_int_equal(python_table_line_39(of_39, sizeof(of_39), 9, 130), 8);
	assert_int_equal(python_table_line_39(of_39, sizeof(of_39), 9, 131), 308);
	assert_int_equal(python_table_line_39(of_39, sizeof(of_39), 9, 100000), 308);
	assert_int_equal(python_table_line_39(of_39, 7, 9, 131), 8);
	assert_int_equal(python_table_line_39(of_39, 0, 9, 131), 9);
	assert_int_equal(python_table_line_310(of_310, sizeof(of_310), 9, 0), 10);
	assert_int_equal(python_table_line_310(of_310, sizeof(of_310), 9, 2), 0);
	assert_int_equal(python_table_line_310(of_310, sizeof(of_310), 9, 3), 10);
	assert_int_equal(python_table_line_310(of_310, sizeof(of_310), 9, 5), 8);
	assert_int_equal(python_table_line_310(of_310, sizeof(of_310), 9, 136), 8);
	assert_int_equal(python_table_line_310(of_310, sizeof(of_310), 9, 137), 0);
	assert_int_equal(python_table_line_310(of_310, 5, 9, 3), 0);
}

/* Every bit of the data counts, and so does their length. */
static void hashes(void **state)
{
	unsigned char data[100] = {0};
	size_t length, i;

	(void)state;
	for (length = 0; length < sizeof(data); length++) {
		uint64_t hash = python_hash(data, length);

		assert_true(hash != python_hash(data, length + 1));
		for (i = 0; i < length * 8; i++) {
			data[i / 8] ^= 1u << i % 8;
			assert_true(hash != python_hash(data, length));
			data[i / 8] ^= 1u << i % 8;
		}
	}
}

#define SAME_SLOT(i) (((uint64_t)(i) << 40) + 12345)

static void *remember_others(void *stop)
{
	uint32_t i;

	for (i = 0; !__atomic_load_n((bool *)stop, __ATOMIC_RELAXED); i = (i + 1) % 4)
		python_remember(SAME_SLOT(i), i + 20);
	return NULL;
}

/* Another's number is never found, whoever writes meanwhile. */
static void recent_stacks(void **state)
{
	bool stop = false;
	pthread_t thread[2];
	uint32_t i, found;

	(void)state;
	assert_int_equal(python_recall(SAME_SLOT(0)), 0);
	python_remember(SAME_SLOT(0), 20);
	assert_int_equal(python_recall(SAME_SLOT(0)), 20);
	assert_int_equal(python_recall(SAME_SLOT(1)), 0);
	for (i = 0; i < countof(thread); i++)
		assert_int_equal(pthread_create(&thread[i], NULL, remember_others, &stop), 0);
	for (i = 0; i < 400000; i++) {
		found = python_recall(SAME_SLOT(i % 4));
		if (found && found != i % 4 + 20)
			break;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread[0], NULL);
	pthread_join(thread[1], NULL);
	assert_int_equal(i, 400000);
}

static void texts(void **state)
{
	static const uint16_t wide[] = {'a', 0x20ac, 0xdc80, 0};
	struct text text = TEXT("plain");
	char copy[32];

	(void)state;
	free_threaded_314();
	python_init(look_up, true);
	python_text_copy((const char *)&text, copy, sizeof(copy));
	assert_string_equal(copy, "plain");
	python_text_copy((const char *)&text, copy, 4);
	assert_string_equal(copy, "pla");
	text.far = (void *)wide;
	text.length = countof(wide);
	text.state = 2u << 8;
	python_text_copy((const char *)&text, copy, sizeof(copy));
	assert_string_equal(copy, "a\xe2\x82\xac\\udc80\\u0000");
	python_text_copy((const char *)&text, copy, 4);
	assert_string_equal(copy, "a"); /* no half a character */
	text.state = 0;
	python_text_copy((const char *)&text, copy, sizeof(copy));
	assert_string_equal(copy, "");
}

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

static void real_interpreters(void **state)
{
	char *const arguments[] = {PYTHON3, SCRIPT, "--all", BUILD, PROBE, NULL};
	int status;
	pid_t pid;

	(void)state;
#ifdef SANITIZED
	print_message("a sanitized library loads into no interpreter\n");
	skip();
#endif
	if (strcmp(PYTHON3, "no") == 0)
		skip();
	assert_int_equal(posix_spawn(&pid, PYTHON3, NULL, NULL, arguments, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_by_offsets),  cmocka_unit_test(unknown_versions),
		cmocka_unit_test(unknown_layouts),    cmocka_unit_test(missing_functions),
		cmocka_unit_test(switched_off),	      cmocka_unit_test(states_of_the_thread),
		cmocka_unit_test(unconfirmed_layout), cmocka_unit_test(line_tables),
		cmocka_unit_test(old_line_tables),    cmocka_unit_test(hashes),
		cmocka_unit_test(recent_stacks),      cmocka_unit_test(texts),
		cmocka_unit_test(real_interpreters),
	};

	assert_string_equal(python_absent_text(python_capture()),
			    "there is no Python interpreter in the process");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
