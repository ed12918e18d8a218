/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a drawing of gnuplot's a part of a page, line by line. */
#include "page/svg.h"

#include <stdbool.h>
#include <string.h>

#include "page/html.h"

#define LINE_SIZE 65536

/* The colours of the light theme, and the names that both themes know them by. */
static const struct {
    unsigned rgb[3];
    const char *name;
} themed[] = {
    {{0x1c, 0x1e, 0x21}, "ink"}, {{0x5a, 0x5e, 0x64}, "soft"}, {{0xe9, 0xe6, 0xdd}, "grid"},
    {{0x00, 0x72, 0xb2}, "c1"},  {{0xc0, 0x50, 0x00}, "c2"},   {{0x00, 0x7d, 0x5a}, "c3"},
    {{0xa2, 0x50, 0x7d}, "c4"},  {{0x8a, 0x64, 0x00}, "c5"},   {{0x3b, 0x7e, 0xa6}, "c6"},
};

/* Writes rgb(...) at *at as a colour of the page and moves *at behind it; false where it is none. */
static bool put_colour(const char **at, FILE *out)
{
    unsigned rgb[3];
    int length = 0;
    if (sscanf(*at, "rgb(%u,%u,%u)%n", &rgb[0], &rgb[1], &rgb[2], &length) != 3 || length == 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof themed / sizeof themed[0]; i++) {
        if (memcmp(rgb, themed[i].rgb, sizeof rgb) == 0) {
            fprintf(out, "var(--%s)", themed[i].name);
            *at += length;
            return true;
        }
    }
    return false;
}

/* Moves *at behind ` id="..."`; false where none begins there. */
static bool skip_id(const char **at)
{
    if (strncmp(*at, " id=", 4) != 0) {
        return false;
    }
    const char *end = (*at)[4] == '\0' ? NULL : strchr(*at + 5, (*at)[4]);
    *at = end != NULL ? end + 1 : *at;
    return end != NULL;
}

static void put_line(const char *at, FILE *out)
{
    while (*at != '\0') {
        if (!put_colour(&at, out) && !skip_id(&at)) {
            fputc(*at++, out);
        }
    }
}

static bool begins(const char *line, const char *with)
{
    return strncmp(line + strspn(line, " \t"), with, strlen(with)) == 0;
}

void svg_put(FILE *drawn, const char *label, FILE *out)
{
    static const char head[] = "<svg";
    char line[LINE_SIZE];
    bool inside = false, skipping = false;
    while (fgets(line, sizeof line, drawn) != NULL) {
        if (!inside) {
            inside = begins(line, head);
            if (inside) {
                fputs("<svg role=\"img\" aria-label=\"", out);
                html_text(label, out);
                fputs("\"", out);
                fputs(line + strlen(head), out);
            }
            continue;
        }
        skipping = skipping || begins(line, "<defs>");
        if (!skipping && !begins(line, "<title>") && !begins(line, "<desc>")) {
            put_line(line, out);
        }
        skipping = skipping && !begins(line, "</defs>");
    }
}
