/* SPDX-License-Identifier: MIT */
/* A library with two imports, of which one is called and one only has its address taken. */
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT pid_t module_call(void);
EXPORT void *module_address(void);

pid_t module_call(void)
{
	return getppid();
}

void *module_address(void)
{
	return (void *)getpgrp;
}
