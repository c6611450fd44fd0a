/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_CAPACITY ((size_t)16 * 1024)

/* Room for `more` bytes and the final NUL. */
static bool reserve(struct buffer *buffer, size_t more)
{
	size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
	void *data;

	if (buffer->failed)
		return false;
	while (capacity - buffer->length <= more)
		capacity *= 2;
	if (capacity == buffer->capacity)
		return true;
	if (buffer->data)
		data = mremap(buffer->data, buffer->capacity, capacity, MREMAP_MAYMOVE);
	else
		data = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			    0);
	if (data == MAP_FAILED) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void buffer_add(struct buffer *buffer, const char *text, size_t length)
{
	if (!reserve(buffer, length))
		return;
	memcpy(buffer->data + buffer->length, text, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list measured, written;
	int length;

	va_start(measured, format);
	length = vsnprintf(NULL, 0, format, measured);
	va_end(measured);
	if (length < 0 || !reserve(buffer, (size_t)length))
		return;
	va_start(written, format);
	vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, written);
	va_end(written);
	buffer->length += (size_t)length;
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
	if (buffer->data)
		buffer->data[0] = '\0';
}

void buffer_free(struct buffer *buffer)
{
	if (buffer->data)
		munmap(buffer->data, buffer->capacity);
	memset(buffer, 0, sizeof(*buffer));
}
