/* SPDX-License-Identifier: MIT */
/* reinit ROUNDS CODE: starts and ends the interpreter that many times and runs CODE in each. */
#include <Python.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	int failures = 0;

	if (argc != 3)
		return 2;
	for (int round = atoi(argv[1]); round > 0; round--) {
		Py_Initialize();
		failures += PyRun_SimpleString(argv[2]) != 0;
		failures += Py_FinalizeEx() != 0;
	}
	printf("%d failures\n", failures);
	return failures != 0;
}
