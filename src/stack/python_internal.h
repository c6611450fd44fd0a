/* SPDX-License-Identifier: MIT */
/* What stack.c needs of the Python stacks, and what the python_*.c files share. */
#ifndef PYTHREAD_TRACE_STACK_PYTHON_INTERNAL_H
#define PYTHREAD_TRACE_STACK_PYTHON_INTERNAL_H

#include "stack/python.h"
#include "stack/stack.h"

#include <stdatomic.h>
#include <string.h>

/* The newest frames that are kept of a stack. */
#define PYTHON_DEPTH 64

/* Why a thread has no Python stack. These stand where the number of a stack would. */
enum python_absence {
	PYTHON_PRESENT,
	PYTHON_NO_INTERPRETER,
	PYTHON_OFF,
	PYTHON_UNKNOWN_VERSION,
	PYTHON_UNKNOWN_LAYOUT,
	PYTHON_LACKS_FUNCTION,
	PYTHON_NOT_RUNNING,
	PYTHON_FINALIZING,
	PYTHON_NO_THREAD_STATE,
	PYTHON_DETACHED,
	PYTHON_OTHER_THREAD_STATE,
	PYTHON_NO_FRAMES,
	PYTHON_NO_MEMORY,
	PYTHON_IN_SIGNAL_HANDLER,
	PYTHON_OF_INTERPRETER,
	PYTHON_FIRST_STACK = 16
};

/*
 * The calling thread's Python stack: its number, from PYTHON_FIRST_STACK on, or a reason.
 *
 * Any thread, with or without the GIL, at any time but in a signal handler. Runs no Python code,
 * keeps a pending exception. Calls functions that themselves call PyThread_tss_get(), and up to
 * 3.12 the object allocator: hooks of these must do the bare operation then. errno may change.
 */
uint32_t python_capture(void);

/* NULL for a reason. Lives as long as the process. Any thread. */
const struct python_stack *python_stack_get(uint32_t id);

/* The reason as part of a sentence, NULL for a stack. */
const char *python_absent_text(uint32_t id);

/* Stacks that were not kept because memory ran out. */
uint64_t python_dropped(void);

/* Ways to write down the lines of a code object. */
enum python_table { TABLE_OF_LOCATIONS, TABLE_OF_39, TABLE_OF_310 };

/* Where this interpreter's objects have the fields that are read, in bytes from the start. */
struct python_layout {
	const char *code_type;	  /* &PyCode_Type */
	const char *unicode_type; /* &PyUnicode_Type */
	uint32_t object_type;
	uint32_t code_name;
	uint32_t code_filename;
	uint32_t code_first_line;
	uint32_t code_line_table;
	uint32_t code_version; /* 0 when there is none, or its place is not known */
	enum python_table table;
	uint32_t bytes_size;
	uint32_t bytes_data;
	struct {
		uint32_t length;
		uint32_t hash;
		uint32_t state;
		uint32_t kind_shift;   /* of the kind in the state; compact and ascii are next */
		uint32_t ascii_data;   /* text of a compact ASCII object */
		uint32_t compact_data; /* of another compact one; else a pointer to it */
	} text;
	intptr_t (*hash)(const char *text); /* PyObject_Hash() */
};

/* Constant after python_init(). */
extern struct python_layout python_layout;

static inline const char *python_load(const char *base, size_t offset)
{
	const char *pointer;

	memcpy(&pointer, base + offset, sizeof(pointer));
	return pointer;
}

static inline size_t python_load_size(const char *base, size_t offset)
{
	size_t size;

	memcpy(&size, base + offset, sizeof(size));
	return size;
}

static inline uint32_t python_load_u32(const char *base, size_t offset)
{
	uint32_t number;

	memcpy(&number, base + offset, sizeof(number));
	return number;
}

#define CODE_UNIT_SIZE 2

/* These stand where the index of an instruction would. */
#define UNIT_BEFORE_FIRST UINT32_MAX
#define UNIT_UNKNOWN (UINT32_MAX - 1)

/* A frame as it was met: what it takes to know it again, and to describe it at first sight. */
struct python_raw_frame {
	const char *code; /* the code object; kept alive by the thread's own frame */
	uint32_t unit;	  /* index of the instruction, which tells the line */
	uint64_t digest;  /* by python_identify() */
};

/*
 * Fill in the layouts, by what is known of the version and by what the interpreter says. They tell
 * whether this version and build can be read.
 */
enum python_absence python_known_init(python_lookup *lookup, unsigned int minor);
enum python_absence python_offsets_init(python_lookup *lookup, unsigned int minor);

/*
 * Fill in all but the digest of up to PYTHON_DEPTH frames, newest first, and return how many. The
 * thread state is the calling thread's, attached. _api_ does so by the interpreter's functions, up
 * to 3.12; the other one as well, until it has seen that memory can be relied on.
 */
void python_walk_init(bool by_memory);
unsigned int python_walk(void *thread_state, struct python_raw_frame *raw);
enum python_absence python_api_init(python_lookup *lookup, unsigned int minor);
unsigned int python_api_walk(void *thread_state, struct python_raw_frame *raw);

/* How python_walk() finds the frames; python_walk.c chooses. */
enum python_way { UNDECIDED, BY_API, BY_MEMORY };

extern atomic_int python_way;

static inline bool python_walks_memory(void)
{
	return likely(atomic_load_explicit(&python_way, memory_order_acquire) == BY_MEMORY);
}

/*
 * Checks the layout on a live code object against what the interpreter says of it. To be called
 * once, before anything else reads texts; with the GIL, or attached. `by_attribute`: also check
 * where the code object has its texts, which may allocate.
 */
void python_confirm_init(python_lookup *lookup);
bool python_confirm(const char *code, bool by_attribute);

/* Numbers that stand for content: equal ones for equal content, others for all one will meet. */
uint64_t python_hash(const void *data, size_t length);

/*
 * The hash of a str object, from where the interpreter keeps it in the object. There it is from
 * the first time that anybody asked for it: the interpreter did for names and for the files of
 * imported modules.
 */
uint64_t python_text_hash_slowly(const char *text);

static inline uint64_t python_text_hash(const char *text)
{
	uint64_t hash = python_load_size(text, python_layout.text.hash);

	return likely(hash != (size_t)-1) ? hash : python_text_hash_slowly(text);
}

/*
 * Fills in the digests of the frames, and returns one of them all. Only once the layout is
 * confirmed.
 */
uint64_t python_identify(struct python_raw_frame *raw, unsigned int count);

/*
 * A str object's content as UTF-8 with a final NUL. What UTF-8 or a C string cannot hold (lone
 * surrogates, NUL) is written like \udc80. Cut off at a character where size bytes do not do.
 */
void python_text_copy(const char *text, char *out, size_t size);

/* The line of an instruction by the table of 3.11 and later, and before; 0 when it has none. */
int python_table_line(const unsigned char *table, size_t size, int first_line, uint32_t unit);
int python_table_line_39(const unsigned char *table, size_t size, int first_line, uint32_t unit);
int python_table_line_310(const unsigned char *table, size_t size, int first_line, uint32_t unit);
int python_code_line(const char *code, uint32_t unit);

/* The stack's number; 0 when memory ran out, which is counted. */
uint32_t python_intern(const struct python_raw_frame *raw, unsigned int count);

/* A stack's number by the digest of all its frames; 0 when it was not remembered, or forgotten. */
uint32_t python_recall(uint64_t digest);
void python_remember(uint64_t digest, uint32_t number);

/* A function into the pointer to functions at slot. False when the interpreter has none. */
static inline bool python_find(python_lookup *lookup, const char *symbol, void *slot)
{
	void *function = lookup(symbol);

	memcpy(slot, &function, sizeof(function));
	return function != NULL;
}

#endif
