/* SPDX-License-Identifier: MIT */
/*
 * A sandbox that refuses process_vm_readv(), as container runtimes and service managers set up; or
 * one that kills for it.
 */
#include "ext.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static void enter(unsigned int action)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		PyErr_SetString(PyExc_OSError, "no sandbox can be entered");
}

static PyObject *enter_with(unsigned int action)
{
	enter(action);
	if (PyErr_Occurred())
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *python_enter(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	return enter_with(SECCOMP_RET_ERRNO | EPERM);
}

static PyObject *python_enter_deadly(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	return enter_with(SECCOMP_RET_KILL_PROCESS);
}

MODULE({"enter", python_enter, METH_NOARGS, NULL},
       {"enter_deadly", python_enter_deadly, METH_NOARGS, NULL})
