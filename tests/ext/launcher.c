/* SPDX-License-Identifier: MIT */
/* python3 for the shared libpython: the smallest program that embeds it. */
#include <Python.h>

int main(int argc, char **argv)
{
	return Py_BytesMain(argc, argv);
}
