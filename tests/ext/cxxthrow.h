/* SPDX-License-Identifier: MIT */
/* A C++ library that an extension imports: exceptions cross the border in both directions. */
#ifndef PYTHREAD_TRACE_TESTS_CXXTHROW_H
#define PYTHREAD_TRACE_TESTS_CXXTHROW_H

#include <stdexcept>

struct cxx_trouble : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/* Calls back; with a null callback throws cxx_trouble itself. Destructors of its own run then. */
void cxx_call(void (*callback)(), int *unwound);

#endif
