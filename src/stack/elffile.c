/* SPDX-License-Identifier: MIT */
#include "stack/elffile.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#else
#error "the machine is not known to this file"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BYTE_ORDER_MARK ELFDATA2LSB
#else
#define BYTE_ORDER_MARK ELFDATA2MSB
#endif

/* A file and its debug file, and the one that both share. */
#define OPEN_MAX 3

static int descriptors[OPEN_MAX] = {-1, -1, -1};
static uint64_t lost;

static void note(int fd)
{
	for (size_t i = 0; i < OPEN_MAX; i++) {
		if (descriptors[i] < 0) {
			descriptors[i] = fd;
			return;
		}
	}
}

/* Not an answer, as that there is no such file: whatever it has to say is missing. */
static void note_loss(int error)
{
	lost += error == EMFILE || error == ENFILE || error == ENOMEM || error == EIO;
}

static bool is_native(int fd)
{
	ElfW(Ehdr) header;
	struct stat status;
	ssize_t length;

	if (fstat(fd, &status) != 0) {
		note_loss(errno);
		return false;
	}
	if (!S_ISREG(status.st_mode))
		return false;
	length = pread(fd, &header, sizeof(header), 0);
	if (length < 0)
		note_loss(errno);
	if (length != (ssize_t)sizeof(header))
		return false;
	return !memcmp(header.e_ident, ELFMAG, SELFMAG) && header.e_ident[EI_CLASS] == ELFCLASS64 &&
	       header.e_ident[EI_DATA] == BYTE_ORDER_MARK && header.e_machine == MACHINE &&
	       (header.e_type == ET_DYN || header.e_type == ET_EXEC);
}

bool elffile_open(struct elffile *file, const char *path)
{
	elf_version(EV_CURRENT);
	/* O_NONBLOCK: a pipe of that name must not stop the program. */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0) {
		note_loss(errno);
		return false;
	}
	note(file->fd);
	file->elf = is_native(file->fd) ? elf_begin(file->fd, ELF_C_READ_MMAP, NULL) : NULL;
	if (!file->elf)
		elffile_close_descriptor(file->fd);
	return file->elf != NULL;
}

void elffile_close_descriptor(int fd)
{
	for (size_t i = 0; i < OPEN_MAX; i++) {
		if (descriptors[i] == fd)
			descriptors[i] = -1;
	}
	close(fd);
}

void elffile_close(struct elffile *file)
{
	elf_end(file->elf);
	elffile_close_descriptor(file->fd);
}

void elffile_detach(Elf *elf, int fd)
{
	elf_cntl(elf, ELF_C_FDREAD);
	elffile_close_descriptor(fd);
}

void elffile_abandon(void)
{
	for (size_t i = 0; i < OPEN_MAX; i++) {
		if (descriptors[i] >= 0)
			elffile_close_descriptor(descriptors[i]);
	}
}

uint64_t elffile_lost(void)
{
	return lost;
}
