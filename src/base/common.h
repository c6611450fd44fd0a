/* SPDX-License-Identifier: MIT */
/* Words that every file uses. */
#ifndef PYTHREAD_TRACE_COMMON_H
#define PYTHREAD_TRACE_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define countof(array) (sizeof(array) / sizeof((array)[0]))

/*
 * 2^64 divided by the golden ratio. The upper bits of a product with it depend on all bits of the
 * number (Knuth's multiplicative hashing): those are the ones to take.
 */
#define HASH_MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)

/* What is rarely done: a function of its own, so that the fast path saves no registers. */
#define SLOW_PATH __attribute__((noinline, cold))

/* Seen by other objects; everything else in the library is hidden. */
#define EXPORT __attribute__((visibility("default")))

/* For a variable of a hot path where it is declared: without, it is looked up before it is read. */
#define NOT_EXPORTED __attribute__((visibility("hidden")))

#endif
