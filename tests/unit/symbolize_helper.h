/* SPDX-License-Identifier: MIT */
/* A library that says where its own code and data are. */
#ifndef PYTHREAD_TRACE_SYMBOLIZE_HELPER_H
#define PYTHREAD_TRACE_SYMBOLIZE_HELPER_H

#define HELPER_FILE "./.libs/symbolize_helper.so"

struct helper_facts {
	const void *code; /* return address into helper_local, a static function */
	unsigned int line;
	const void *variable;  /* helper_counter, a static array */
	const void *cplusplus; /* return address into demo::shown(int) */
};

/* Its name is "helper_facts". */
typedef void helper_facts_fn(struct helper_facts *facts);

#endif
