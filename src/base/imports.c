/* SPDX-License-Identifier: MIT */
#include "base/imports.h"

#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
#define IS_IMPORT(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_IMPORT(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#endif

static ElfW(Addr) page_size(void)
{
	return (ElfW(Addr))sysconf(_SC_PAGESIZE);
}

/* The dynamic linker has turned these link-time addresses into real ones, on most machines. */
static const void *pointer(const struct imports *imports, ElfW(Addr) address)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): tables hold addresses as numbers. */
	return (const void *)(address < imports->bias ? address + imports->bias : address);
}

static void read_dynamic(struct imports *imports, const ElfW(Dyn) * entry)
{
	for (; entry->d_tag != DT_NULL; entry++) {
		ElfW(Addr) value = entry->d_un.d_ptr;

		if (entry->d_tag == DT_SYMTAB)
			imports->symbols = pointer(imports, value);
		else if (entry->d_tag == DT_STRTAB)
			imports->strings = pointer(imports, value);
		else if (entry->d_tag == DT_JMPREL)
			imports->relocations[0] = pointer(imports, value);
		else if (entry->d_tag == DT_PLTRELSZ)
			imports->sizes[0] = value;
		else if (entry->d_tag == DT_RELA)
			imports->relocations[1] = pointer(imports, value);
		else if (entry->d_tag == DT_RELASZ)
			imports->sizes[1] = value;
	}
}

/* The dynamic linker protects whole pages only: the rest of the last one stays writable. */
static void read_protected(struct imports *imports, ElfW(Addr) start, ElfW(Addr) end)
{
	imports->protected_start = start & ~(page_size() - 1);
	imports->protected_end = end & ~(page_size() - 1);
}

bool imports_read(struct imports *imports, const struct dl_phdr_info *library)
{
	*imports = (struct imports){.bias = library->dlpi_addr};
	for (int i = 0; i < library->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &library->dlpi_phdr[i];
		ElfW(Addr) start = library->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_DYNAMIC)
			/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
			read_dynamic(imports, (const ElfW(Dyn) *)start);
		else if (segment->p_type == PT_GNU_RELRO)
			read_protected(imports, start, start + segment->p_memsz);
	}
	return imports->symbols && imports->strings;
}

static void visit_table(const struct imports *imports, unsigned int number, imports_visit_fn *visit,
			void *context)
{
	const ElfW(Rela) *relocation = imports->relocations[number];
	size_t count = relocation ? imports->sizes[number] / sizeof(*relocation) : 0;

	for (const ElfW(Rela) *end = relocation + count; relocation < end; relocation++) {
		const ElfW(Sym) *symbol = imports->symbols + ELF64_R_SYM(relocation->r_info);

		if (IS_IMPORT(ELF64_R_TYPE(relocation->r_info)))
			visit((void **)pointer(imports, relocation->r_offset),
			      imports->strings + symbol->st_name, context);
	}
}

void imports_for_each(const struct imports *imports, imports_visit_fn *visit, void *context)
{
	for (unsigned int i = 0; i < countof(imports->relocations); i++)
		visit_table(imports, i, visit, context);
}

bool imports_exchange(const struct imports *imports, void **slot, void *function)
{
	uintptr_t address = (uintptr_t)slot, size = page_size();
	bool is_protected = address >= imports->protected_start && address < imports->protected_end;
	char *page = (char *)slot - address % size;

	if (is_protected && mprotect(page, size, PROT_READ | PROT_WRITE) != 0)
		return false;
	__atomic_store_n(slot, function, __ATOMIC_RELEASE);
	if (is_protected)
		mprotect(page, size, PROT_READ);
	return true;
}
