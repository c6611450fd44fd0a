/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's Python frames, on CPython 3.9 to 3.15, without Python.h: every function and
 * structure is looked up in the interpreter that is there. Facts and their sources are with the
 * code of each way (python_walk.c, python_offsets.c, …).
 */
#ifndef PYTHREAD_TRACE_STACK_PYTHON_H
#define PYTHREAD_TRACE_STACK_PYTHON_H

#include "base/common.h"

/* Finds an exported symbol of the interpreter, NULL when it has none of that name. */
typedef void *python_lookup(const char *symbol);

/*
 * Once, when an interpreter is found, which need not be initialised yet. `wanted` is
 * --python-stack. Captures of other threads may go on meanwhile: they see all of it or none.
 */
void python_init(python_lookup *lookup, bool wanted);

/* "3.11.2", or NULL before python_init(). The text lives as long as the process. */
const char *python_version(void);
bool python_free_threaded(void);

/* For doctor: NULL when stacks of this interpreter can be taken at all, else why not. */
const char *python_refusal(void);

#endif
