/* SPDX-License-Identifier: MIT */
/*
 * libunwind (1.6 to 1.8) opens a pipe with pipe2(), empties it with read(), and takes an address
 * for readable when syscall(SYS_write), or write(), can write a byte from there. These are
 * exchanged, in libunwind's own table of imports and nowhere else. The pipe's two ends become -1, a
 * number that libunwind never closes, and by which its calls about the pipe are told from others.
 *
 * Its cache for each thread hangs on a thread key and on thread-local variables: unwind_cache.h.
 */
#include "stack/probe.h"

#include "base/imports.h"
#include "stack/unwind_cache.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define NO_PIPE (-1)

static int probe_pipe2(int ends[2], int flags)
{
	(void)flags;
	ends[0] = NO_PIPE;
	ends[1] = NO_PIPE;
	return 0;
}

static ssize_t probe_read(int fd, void *buffer, size_t length)
{
	if (fd != NO_PIPE)
		return read(fd, buffer, length);
	errno = EAGAIN;
	return -1;
}

bool probe_readable(const void *address)
{
	char byte;
	struct iovec here = {.iov_base = &byte, .iov_len = 1};
	struct iovec there = {.iov_base = (void *)address, .iov_len = 1};
	uintptr_t word;

	if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) == 1)
		return true;
	if (errno == EFAULT)
		return false;
	/* Forbidden here, or unknown to an emulator. This reads a word, and wakes and moves nobody,
	 * whatever is in it. */
	word = (uintptr_t)address & ~(uintptr_t)3;
	return syscall(SYS_futex, word, FUTEX_CMP_REQUEUE_PRIVATE, 0, NULL, word, 0) >= 0 ||
	       errno != EFAULT;
}

static ssize_t probe_write(int fd, const void *buffer, size_t length)
{
	if (fd != NO_PIPE)
		return write(fd, buffer, length);
	if (probe_readable(buffer)) {
		errno = 0;
		return 1;
	}
	errno = EFAULT;
	return -1;
}

static long probe_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (number != SYS_write || (int)a != NO_PIPE)
		return syscall(number, a, b, c, d, e, f);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): system calls take numbers. */
	return probe_write(NO_PIPE, (const void *)b, 1);
}

/* Those of one group are exchanged together or not at all. */
enum group { PROBE, CACHE_KEY, CACHE_VARIABLES };

static const struct {
	const char *name;
	void *replacement;
	enum group group;
	bool either; /* one of its group's such is enough: on aarch64 libunwind writes by write() */
} exchanges[] = {
	{"pipe2", (void *)probe_pipe2, PROBE, false},
	{"read", (void *)probe_read, PROBE, false},
	{"syscall", (void *)probe_syscall, PROBE, true},
	{"write", (void *)probe_write, PROBE, true},
	{"pthread_key_create", (void *)unwind_cache_key_create, CACHE_KEY, false},
	{"pthread_setspecific", (void *)unwind_cache_setspecific, CACHE_KEY, false},
	{"__tls_get_addr", (void *)unwind_cache_variable, CACHE_VARIABLES, false},
};

#define EXCHANGES countof(exchanges)

struct library {
	ElfW(Addr) bias;
	bool understood;
	bool variables_fit; /* its thread-local ones, in our room */
	struct imports imports;
	void **slot[EXCHANGES];
};

static bool variables_fit(const struct dl_phdr_info *info)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_TLS)
			return segment->p_filesz == 0 && segment->p_memsz <= UNWIND_CACHE_VARIABLES;
	}
	return false;
}

static int read_library(struct dl_phdr_info *info, size_t size, void *data)
{
	struct library *library = data;

	(void)size;
	if (info->dlpi_addr != library->bias)
		return 0;
	library->variables_fit = variables_fit(info);
	library->understood = imports_read(&library->imports, info);
	return 1;
}

static void find_slot(void **slot, const char *name, void *data)
{
	struct library *library = data;

	for (unsigned int i = 0; i < EXCHANGES; i++) {
		if (!strcmp(name, exchanges[i].name))
			library->slot[i] = slot;
	}
}

static bool has_all_of(const struct library *library, enum group group)
{
	bool choice = false, chosen = false;
	unsigned int i;

	for (i = 0; i < EXCHANGES; i++) {
		if (exchanges[i].group != group)
			continue;
		if (!exchanges[i].either && !library->slot[i])
			return false;
		choice |= exchanges[i].either;
		chosen |= exchanges[i].either && library->slot[i];
	}
	return chosen || !choice;
}

static bool exchange_group(const struct library *library, enum group group)
{
	bool done = has_all_of(library, group);
	unsigned int i;

	/* Backwards: while pipe2 is the real one, so is the pipe. */
	for (i = EXCHANGES; i > 0 && done; i--)
		if (exchanges[i - 1].group == group && library->slot[i - 1])
			done = imports_exchange(&library->imports, library->slot[i - 1],
						exchanges[i - 1].replacement);
	return done;
}

bool probe_install(void *libunwind)
{
	struct library library = {0};
	struct link_map *map;

	if (dlinfo(libunwind, RTLD_DI_LINKMAP, &map) != 0)
		return false;
	library.bias = map->l_addr;
	dl_iterate_phdr(read_library, &library);
	if (!library.understood)
		return false;
	imports_for_each(&library.imports, find_slot, &library);
	exchange_group(&library, CACHE_KEY);
	if (library.variables_fit)
		exchange_group(&library, CACHE_VARIABLES);
	return exchange_group(&library, PROBE);
}
