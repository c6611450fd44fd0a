/* SPDX-License-Identifier: MIT */
/* Which calls fail: places are told apart, counted and written down. */
#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PLACES_MAX (1 << 14)
#define LINE_SIZE 4096

static enum { NOTHING, PLACE, PLACES, CALLER, MEMORY } what;
static bool ready;
static uint64_t wanted, wanted_turn = 1;
static const char *log_path;
/* A hash table: where no number is, it is free. */
static struct {
	uint64_t number, turns;
} seen[PLACES_MAX];
static uint64_t calls;

/* What is called below may itself come here again. */
static __thread bool busy __attribute__((tls_model("initial-exec")));

static const struct {
	const char *name;
	int value, base;
} forms[] = {
	{"place=", PLACE,
	 16}, /* the first call from the place of that number, or, with ":N", N-th */
	{"places=", PLACES, 16}, /* all calls from there */
	{"memory=", MEMORY,
	 10}, /* what allocates: the N-th call of the process, and all after it */
	{"caller=", CALLER,
	 16}, /* all calls from there in libpythread-trace.so, whoever called that */
};

static const char *const allocators[] = {"malloc",   "calloc",	      "realloc",
					 "memalign", "aligned_alloc", "posix_memalign",
					 "mmap",     "mmap64",	      "mremap"};

static void read_environment(void)
{
	const char *text = getenv("FAULTS_FAIL");
	char *end;

	log_path = getenv("FAULTS_LOG");
	what = NOTHING;
	for (size_t i = 0; text && i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t length = strlen(forms[i].name);

		if (strncmp(text, forms[i].name, length) == 0) {
			wanted = strtoull(text + length, &end, forms[i].base);
			if (*end == ':')
				wanted_turn = strtoull(end + 1, NULL, 10);
			what = forms[i].value;
		}
	}
	ready = true;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
	for (const unsigned char *at = bytes; size; size--)
		hash = (hash ^ *at++) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t number_of(const char *function, const struct trail *trail)
{
	uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), function, strlen(function));

	for (unsigned int i = 0; i < trail->count; i++) {
		const char *file = "";
		size_t offset = 0;

		owner_of(trail->frame[i], &file, &offset);
		hash = mix(mix(hash, file, strlen(file)), &offset, sizeof(offset));
	}
	return hash ? hash : 1;
}

/* How many calls have come from the place, this one among them. */
static uint64_t note_call(uint64_t number)
{
	for (uint64_t at = number;; at++) {
		uint64_t *entry = &seen[at % PLACES_MAX].number, before = 0;

		if (__atomic_compare_exchange_n(entry, &before, number, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED) ||
		    before == number)
			return __atomic_add_fetch(&seen[at % PLACES_MAX].turns, 1,
						  __ATOMIC_RELAXED);
	}
}

/* Nothing of libc's that is stood in for here. */
static void write_line(const char *word, uint64_t number, uint64_t turn, const char *function,
		       const struct trail *trail)
{
	char line[LINE_SIZE];
	long log = log_path ? syscall(SYS_openat, AT_FDCWD, log_path,
				      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
			    : -1;
	int length;

	if (log < 0)
		return;
	length = snprintf(line, sizeof(line), "%s %016llx %llu %s", word,
			  (unsigned long long)number, (unsigned long long)turn, function);
	for (unsigned int i = 0; i < trail->count && length < LINE_SIZE - 128; i++) {
		const char *file = "?";
		size_t offset = 0;

		owner_of(trail->frame[i], &file, &offset);
		length += snprintf(line + length, (size_t)(LINE_SIZE - length), " %.64s+0x%zx",
				   file, offset);
	}
	line[length++] = '\n';
	syscall(SYS_write, log, line, (size_t)length);
	syscall(SYS_close, log);
}

static bool allocates(const char *function)
{
	for (size_t i = 0; i < sizeof(allocators) / sizeof(allocators[0]); i++) {
		if (strcmp(function, allocators[i]) == 0)
			return true;
	}
	return false;
}

static bool is_wanted_caller(const void *code)
{
	const char *file = "";
	size_t offset = 0;

	owner_of(code, &file, &offset);
	return offset == wanted && strcmp(file, "libpythread-trace.so") == 0;
}

static bool is_chosen(const char *function, uint64_t number, uint64_t turn, uint64_t call,
		      const struct trail *trail)
{
	switch (what) {
	case CALLER:
		return trail->count && is_wanted_caller(trail->frame[0]);
	case MEMORY:
		return call >= wanted && allocates(function);
	case PLACE:
		return number == wanted && turn == wanted_turn;
	case PLACES:
		return number == wanted;
	default:
		return false;
	}
}

/* How often a place is called from is told from time to time: at each power of two. */
static bool is_told(uint64_t turn)
{
	return (turn & (turn - 1)) == 0;
}

static bool decide(const char *function, const void *caller)
{
	struct trail trail;
	uint64_t number, turn, call;
	bool chosen;

	if (!ready)
		read_environment();
	if (owner_of(caller, NULL, NULL) == OWNER_PROGRAM)
		return false;
	trail_of_caller(&trail);
	if (!trail.by_tool)
		return false;
	number = number_of(function, &trail);
	turn = note_call(number);
	call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
	chosen = is_chosen(function, number, turn, call, &trail);
	if (chosen || is_told(turn))
		write_line(chosen ? "failed" : "place", number, turn, function, &trail);
	return chosen;
}

bool fault_is_due(const char *function, const void *caller)
{
	int saved = errno;
	bool due;

	if (busy)
		return false;
	busy = true;
	due = decide(function, caller);
	busy = false;
	errno = saved;
	return due;
}
