/* SPDX-License-Identifier: MIT */
/*
 * Whether a stack goes through a signal handler: one of its return addresses is the kernel's
 * trampoline, told by its instructions, as unwinders do. Only the return from a handler loads
 * rt_sigreturn's number and enters the kernel right at a return address.
 */
#include "stack/stack.h"

#include <string.h>

#if defined(__x86_64__)
/* mov $15, %rax; syscall (glibc's __restore_rt) */
static const unsigned char trampoline[] = {0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05};
#elif defined(__aarch64__)
/* mov x8, #139; svc #0 (the vdso's __kernel_rt_sigreturn) */
static const unsigned char trampoline[] = {0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4};
#endif

bool stack_in_signal_handler(const struct site *site)
{
	const struct native_stack *stack = stack_native(site);

	for (unsigned int i = 0; stack && i < stack->count; i++) {
		if (stack->frame[i].module &&
		    !memcmp((const void *)stack->frame[i].ip, trampoline, sizeof(trampoline)))
			return true;
	}
	return false;
}
