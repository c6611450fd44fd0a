/* SPDX-License-Identifier: MIT */
/* Loads a library that makes a key, and unloads it; the clean one deletes the key first. */
#include "ext.h"

#include <dlfcn.h>

static PyObject *python_run(PyObject *self, PyObject *path)
{
	PyObject *bytes = PyUnicode_AsUTF8String(path);
	void *library = bytes ? dlopen(PyBytes_AsString(bytes), RTLD_NOW) : NULL;

	(void)self;
	Py_XDECREF(bytes);
	if (!library)
		return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_OSError, "%s", dlerror());
	((void (*)(void))dlsym(library, "plugin_start"))();
#ifdef CLEAN
	((void (*)(void))dlsym(library, "plugin_end"))();
#endif
	dlclose(library);
	Py_RETURN_NONE;
}

MODULE({"run", python_run, METH_O, NULL})
