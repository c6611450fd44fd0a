/* SPDX-License-Identifier: MIT */
#include "report/utf8.h"

/* What lead bytes start, by how many bytes follow: the smallest and largest character. */
static const struct {
	unsigned char lead, mask;
	uint32_t least, most;
} forms[] = {
	{0x00, 0x80, 0x0, 0x7f},
	{0xc0, 0xe0, 0x80, 0x7ff},
	{0xe0, 0xf0, 0x800, 0xffff},
	{0xf0, 0xf8, 0x10000, 0x10ffff},
};

static bool continues(const unsigned char *byte, unsigned int count, uint32_t *character)
{
	for (unsigned int i = 1; i <= count; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return false;
		*character = *character << 6 | (byte[i] & 0x3f);
	}
	return true;
}

unsigned int utf8_length(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	for (unsigned int follow = 0; follow < countof(forms); follow++) {
		uint32_t character = byte[0] & (unsigned char)~forms[follow].mask;

		if ((byte[0] & forms[follow].mask) != forms[follow].lead)
			continue;
		if (!continues(byte, follow, &character))
			return 0;
		if (character < forms[follow].least || character > forms[follow].most)
			return 0;
		return character >= 0xd800 && character <= 0xdfff ? 0 : follow + 1;
	}
	return 0;
}

static bool is_control(const char *text, unsigned int length)
{
	const unsigned char *byte = (const unsigned char *)text;

	if (length == 1)
		return byte[0] < 0x20 || byte[0] == 0x7f;
	return byte[0] == 0xc2 && byte[1] < 0xa0; /* U+0080 to U+009F */
}

void utf8_add_printable(struct buffer *out, const char *text)
{
	while (*text) {
		unsigned int length = utf8_length(text);

		if (length > 0 && !is_control(text, length)) {
			buffer_add(out, text, length);
			text += length;
			continue;
		}
		for (unsigned int i = 0; i < (length ? length : 1); i++)
			buffer_printf(out, "\\x%02x", (unsigned char)text[i]);
		text += length ? length : 1;
	}
}

void utf8_add_wellformed(struct buffer *out, const char *text)
{
	while (*text) {
		unsigned int length = utf8_length(text);

		if (length > 0)
			buffer_add(out, text, length);
		else
			buffer_add(out, "\xef\xbf\xbd", 3);
		text += length ? length : 1;
	}
}
