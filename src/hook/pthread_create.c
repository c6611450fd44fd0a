/* SPDX-License-Identifier: MIT */
/* Threads start: a forked child that traces begins to before it has a second one. */
#include "hook/real.h"
#include "hook/trace.h"

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*function)(void *), void *argument);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *),
		   void *argument)
{
	trace_child_begins();
	return real()->pthread_create(thread, attributes, function, argument);
}
