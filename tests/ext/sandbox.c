/* SPDX-License-Identifier: MIT */
/* A sandbox that refuses process_vm_readv(), as container runtimes and service managers set up. */
#include "ext.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static void enter(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		PyErr_SetString(PyExc_OSError, "no sandbox can be entered");
}

static PyObject *python_enter(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	enter();
	if (PyErr_Occurred())
		return NULL;
	Py_RETURN_NONE;
}

MODULE({"enter", python_enter, METH_NOARGS, NULL})
