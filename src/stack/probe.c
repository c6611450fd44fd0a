/* SPDX-License-Identifier: MIT */
/*
 * libunwind (1.6 to 1.8) opens a pipe with pipe2(), empties it with read(), and takes an address
 * for readable when syscall(SYS_write), or write(), can write a byte from there. These are
 * exchanged, in libunwind's own table of imports and nowhere else. The pipe's two ends become -1, a
 * number that libunwind never closes, and by which its calls about the pipe are told from others.
 *
 * Its cache for each thread hangs on a thread key and on thread-local variables: unwind_cache.h.
 */
#define _GNU_SOURCE
#include "stack/probe.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "stack/unwind_cache.h"

#define NO_PIPE (-1)

#if defined(__x86_64__)
#define IS_IMPORT(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_IMPORT(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#endif

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
	ElfW(Addr) protected_start, protected_end; /* read-only after relocation */
	bool variables_fit;			   /* its thread-local ones, in our room */
	const ElfW(Sym) * symbols;
	const char *strings;
	const ElfW(Rela) * relocations[2];
	size_t sizes[2];
	void **slot[EXCHANGES];
};

/* The dynamic linker has turned these link-time addresses into real ones, on most machines. */
static const void *pointer(const struct library *library, ElfW(Addr) address)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): tables hold addresses as numbers. */
	return (const void *)(address < library->bias ? address + library->bias : address);
}

static void read_dynamic(struct library *library, const ElfW(Dyn) * entry)
{
	for (; entry->d_tag != DT_NULL; entry++) {
		ElfW(Addr) value = entry->d_un.d_ptr;

		if (entry->d_tag == DT_SYMTAB)
			library->symbols = pointer(library, value);
		else if (entry->d_tag == DT_STRTAB)
			library->strings = pointer(library, value);
		else if (entry->d_tag == DT_JMPREL)
			library->relocations[0] = pointer(library, value);
		else if (entry->d_tag == DT_PLTRELSZ)
			library->sizes[0] = value;
		else if (entry->d_tag == DT_RELA)
			library->relocations[1] = pointer(library, value);
		else if (entry->d_tag == DT_RELASZ)
			library->sizes[1] = value;
	}
}

static int read_headers(struct dl_phdr_info *info, size_t size, void *data)
{
	struct library *library = data;
	int i;

	(void)size;
	if (info->dlpi_addr != library->bias)
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type == PT_TLS)
			library->variables_fit =
				header->p_filesz == 0 && header->p_memsz <= UNWIND_CACHE_VARIABLES;
		if (header->p_type != PT_GNU_RELRO)
			continue;
		library->protected_start = library->bias + header->p_vaddr;
		library->protected_end = library->protected_start + header->p_memsz;
	}
	return 1;
}

static void find_slots(struct library *library, const ElfW(Rela) * relocation, size_t size)
{
	const ElfW(Rela) *end = relocation + size / sizeof(*relocation);
	const char *name;
	unsigned int i;

	for (; relocation && relocation < end; relocation++) {
		if (!IS_IMPORT(ELF64_R_TYPE(relocation->r_info)))
			continue;
		name = library->strings + library->symbols[ELF64_R_SYM(relocation->r_info)].st_name;
		for (i = 0; i < EXCHANGES; i++)
			if (!strcmp(name, exchanges[i].name))
				library->slot[i] = (void **)pointer(library, relocation->r_offset);
	}
}

static bool exchange(const struct library *library, void **slot, void *replacement)
{
	uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t address = (uintptr_t)slot;
	char *page = (char *)slot - (address & (page_size - 1));
	bool is_protected = address >= library->protected_start && address < library->protected_end;

	if (is_protected && mprotect(page, page_size, PROT_READ | PROT_WRITE) != 0)
		return false;
	__atomic_store_n(slot, replacement, __ATOMIC_RELEASE);
	if (is_protected)
		mprotect(page, page_size, PROT_READ);
	return true;
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
			done = exchange(library, library->slot[i - 1],
					exchanges[i - 1].replacement);
	return done;
}

bool probe_install(void *libunwind)
{
	struct library library = {0};
	struct link_map *map;
	unsigned int i;

	if (dlinfo(libunwind, RTLD_DI_LINKMAP, &map) != 0)
		return false;
	library.bias = map->l_addr;
	read_dynamic(&library, map->l_ld);
	if (!library.symbols || !library.strings || !dl_iterate_phdr(read_headers, &library))
		return false;
	for (i = 0; i < countof(library.relocations); i++)
		find_slots(&library, library.relocations[i], library.sizes[i]);
	exchange_group(&library, CACHE_KEY);
	if (library.variables_fit)
		exchange_group(&library, CACHE_VARIABLES);
	return exchange_group(&library, PROBE);
}
