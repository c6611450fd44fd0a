/* SPDX-License-Identifier: MIT */
/* Whether AddressSanitizer is built in, which needs the address space, and is to be heard. */
#ifndef PYTHREAD_TRACE_BABELTRACE_SANITIZED_H
#define PYTHREAD_TRACE_BABELTRACE_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif
