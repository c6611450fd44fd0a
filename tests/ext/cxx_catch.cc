/* SPDX-License-Identifier: MIT */
/* Throws through an imported C++ library, with a key in use. Returns what was caught. */
#include "cxxthrow.h"
#include "ext.h"

#include <string>

namespace
{

void throws_back()
{
	throw cxx_trouble("thrown by the extension");
}

std::string caught(void (*callback)(), int *unwound)
{
	try {
		cxx_call(callback, unwound);
	} catch (const cxx_trouble &trouble) {
		return trouble.what();
	}
	return "nothing";
}

PyObject *python_run(PyObject *, PyObject *)
{
	Py_tss_t key = Py_tss_NEEDS_INIT;
	int unwound = 0;

	PyThread_tss_create(&key);
	std::string seen = caught(nullptr, &unwound) + ", " + caught(throws_back, &unwound);
	PyThread_tss_delete(&key);
	return PyUnicode_FromFormat("%s, %d unwound", seen.c_str(), unwound);
}

} // namespace

MODULE(METHOD(run))
