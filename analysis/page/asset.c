/* SPDX-License-Identifier: Apache-2.0 */
/* What a page carries with it. The assembler takes each file in whole: C11 has no #embed. */
#include "page/asset.h"

#include <string.h>

#define ASSET(symbol, file)                                                                        \
    __asm__(".section .rodata\n"                                                                   \
            "asset_from_" #symbol ":\n.incbin \"" file "\"\n"                                      \
            "asset_to_" #symbol ":\n.byte 0\n"                                                     \
            ".previous\n");                                                                        \
    extern const char asset_from_##symbol[] __attribute__((visibility("hidden")));                 \
    extern const char asset_to_##symbol[] __attribute__((visibility("hidden")));
#include "page/asset.def"
#undef ASSET

static const struct {
    const char *from;
    const char *to;
} assets[ASSET_COUNT] = {
#define ASSET(symbol, file) {asset_from_##symbol, asset_to_##symbol},
#include "page/asset.def"
#undef ASSET
};

#define MAP "# sourceMappingURL="

/* Where the comment begins that names a file beside the script: a browser's inspector would ask for it, and it is not there. */
static size_t before_map(const char *bytes, size_t size)
{
    const size_t length = strlen(MAP);
    for (size_t at = size; at > length + 2; at--) {
        if (bytes[at] == '\n' && at + 1 < size) {
            break;
        }
        if (memcmp(bytes + at - length, MAP, length) == 0) {
            return at - length - 2;
        }
    }
    return size;
}

const char *asset_bytes(enum asset_id id, size_t *size)
{
    *size = before_map(assets[id].from, (size_t)(assets[id].to - assets[id].from));
    return assets[id].from;
}

void asset_put(enum asset_id id, FILE *out)
{
    size_t size;
    const char *bytes = asset_bytes(id, &size);
    (void)fwrite(bytes, 1, size, out);
}
