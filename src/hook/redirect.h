/* SPDX-License-Identifier: MIT */
/*
 * Makes the dynamic linker give our functions to everybody, in three ways: the library exports
 * them; where an object in front of us defines them too (an executable that contains libpython),
 * its in-memory symbol table is made to point at ours; and slots that were bound before are
 * rewritten. Code that is already running the originals is not disturbed.
 */
#ifndef PYTHREAD_TRACE_REDIRECT_H
#define PYTHREAD_TRACE_REDIRECT_H

#include "base/common.h"

/* Does all of it. One thread at a time; may be called again when objects were loaded since. */
void redirect_all(void);

/*
 * How a function (by its number) is reached: "export", "redirected", ... or why it is not; *hooked
 * says which of the two. One thread at a time; the text is good until the next call for this
 * function.
 */
const char *redirect_how(unsigned int function, bool *hooked);

#endif
