/* SPDX-License-Identifier: MIT */
/*
 * libfaults.so, preloaded behind the tool's library, stands in for the functions of libc that may
 * fail (calls.def), and fails chosen calls of them: only those that the tool makes, or that
 * libraries make in its service, never the program's own.
 *
 * Where a call comes from, function by function up to the program's frame, is its place, told by
 * a number that is the same in each run. Variables of the environment:
 *
 *   FAULTS_LOG      a file that gets a line for each place when a call comes from it first, and
 *                   for the 2nd, 4th, 8th and so on: its number, which call, the function, and the
 *                   frames; and for each call that is failed
 *   FAULTS_FAIL     which to fail: see forms[] in decide.c
 *   FAULTS_COMMAND  one of the tool's programs, such as "record": then the calls are its own, in
 *                   processes of that name alone
 */
#ifndef PYTHREAD_TRACE_TESTS_FAULTS_H
#define PYTHREAD_TRACE_TESTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The call of a function of that name, by whoever returns to `caller`. */
bool fault_is_due(const char *function, const void *caller);

#define FRAMES_MAX 48

/* From the newest to the last before the program's. */
struct trail {
	unsigned int count;
	const void *frame[FRAMES_MAX];
	bool by_tool;
};

enum owner { OWNER_SELF, OWNER_NEUTRAL, OWNER_HELPER, OWNER_TOOL, OWNER_PROGRAM };

/* Whose code an address is in; its file's name and the offset there, where they are asked for. */
enum owner owner_of(const void *code, const char **file, size_t *offset);

void trail_of_caller(struct trail *trail);

/* FAULTS_COMMAND, or NULL. */
const char *command_tested(void);

#endif
