/* SPDX-License-Identifier: MIT */
/* A key made and unmade by a static object, before PyInit and after everything else. */
#include "ext.h"

namespace
{

class cache
{
	Py_tss_t key = Py_tss_NEEDS_INIT;

      public:
	cache()
	{
		PyThread_tss_create(&key);
	}
	~cache()
	{
		PyThread_tss_delete(&key);
	}
	bool created()
	{
		return PyThread_tss_is_created(&key) != 0;
	}
};

cache the_cache;

PyObject *python_run(PyObject *, PyObject *)
{
	return PyBool_FromLong(the_cache.created());
}

} // namespace

MODULE(METHOD(run))
