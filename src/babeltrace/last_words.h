/* SPDX-License-Identifier: MIT */
/*
 * A process that breaks down in a library says first what it knows: in a thread that waited for
 * that, whose memory comes from elsewhere than what was damaged.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_LAST_WORDS_H
#define PYTHREAD_TRACE_BABELTRACE_LAST_WORDS_H

/*
 * From now on a signal of a breakdown calls speak(), with its number; then the process dies of it.
 * All other threads stand still meanwhile. No speak() takes longer than half a minute.
 */
void last_words_begin(void (*speak)(void *context, int signal), void *context);

/* Ends that: a breakdown ends the process at once again. */
void last_words_end(void);

#endif
