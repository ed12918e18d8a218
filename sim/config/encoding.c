/* SPDX-License-Identifier: Apache-2.0 */
/* Validates UTF-8 byte by byte and refuses control characters. */
#include "config/encoding.h"

#include <stdint.h>

/* Decodes one character of at most `length` bytes; its size in bytes, or 0 if it is not valid UTF-8. */
static size_t decode(const unsigned char *text, size_t length, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned lead = text[0];
    size_t size = lead < 0x80       ? 1
                  : lead >> 5 == 6  ? 2
                  : lead >> 4 == 14 ? 3
                  : lead >> 3 == 30 ? 4
                                    : 0;
    if (size == 0 || size > length)
        return 0;
    uint32_t value = size == 1 ? lead : lead & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xC0u) != 0x80u)
            return 0;
        value = value << 6 | (text[i] & 0x3Fu);
    }
    *character = value;
    int surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value < smallest[size] || value > 0x10FFFF || surrogate ? 0 : size;
}

static int is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

size_t encoding_check(const char *text, size_t length, const char **why)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        uint32_t character = 0;
        size_t size = decode(bytes + i, length - i, &character);
        *why = "is not valid UTF-8; save the file as UTF-8";
        if (size == 0)
            return i;
        int line_end = character == '\r' && i + 1 < length && bytes[i + 1] == '\n';
        *why = "is a control character; remove it";
        if (is_control(character) && character != '\n' && character != '\t' && !line_end)
            return i;
        i += size;
    }
    return length;
}

int encoding_is_one_line(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        uint32_t character = 0;
        size_t size = decode(bytes + i, length - i, &character);
        if (size == 0 || is_control(character))
            return 0;
        i += size;
    }
    return 1;
}
