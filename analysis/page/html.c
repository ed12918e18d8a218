/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a page of HTML. */
#include "page/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "page/asset.h"

/* ---- text ---- */

static void put_escaped(char c, FILE *out)
{
    switch (c) {
    case '&':
        fputs("&amp;", out);
        break;
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    case '\'':
        fputs("&#39;", out);
        break;
    default:
        fputc(c, out);
    }
}

void html_text_part(const char *text, size_t length, FILE *out)
{
    for (size_t i = 0; i < length; i++) {
        put_escaped(text[i], out);
    }
}

void html_text(const char *text, FILE *out)
{
    if (text != NULL) {
        html_text_part(text, strlen(text), out);
    }
}

void html_words(const char *name, FILE *out)
{
    for (; *name != '\0'; name++) {
        put_escaped((char)(*name == '_' ? ' ' : *name), out);
    }
}

void html_number(double value, FILE *out)
{
    char text[48];
    if (!isfinite(value)) {
        fputs("\xe2\x80\x93", out);
        return;
    }
    const double size = fabs(value);
    if (size >= 9999.5 && size < 1e6) {
        (void)snprintf(text, sizeof text, "%.0f", size);
    } else {
        (void)snprintf(text, sizeof text, size == 0.0 ? "0" : "%#.4g", size);
    }
    const size_t length = strlen(text);
    if (text[length - 1] == '.') {
        text[length - 1] = '\0';
    }
    /* Not "-0": a rounded nothing has no sign. */
    fputs(value < 0.0 && strtod(text, NULL) > 0.0 ? "\xe2\x88\x92" : "", out);
    fputs(text, out);
}

void html_paragraph(const char *class, const char *text, FILE *out)
{
    fputs("<p", out);
    if (class != NULL) {
        fprintf(out, " class=\"%s\"", class);
    }
    fputc('>', out);
    html_text(text, out);
    fputs("</p>\n", out);
}

/* ---- the frame ---- */

static void put_style(enum asset_id id, FILE *out)
{
    fputs("<style>\n", out);
    asset_put(id, out);
    fputs("</style>\n", out);
}

/* The theme is chosen before anything is drawn, so that a dark page never flashes white. */
void html_begin(const html_head_t *head, FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
          "'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          out);
    html_text(head->title, out);
    fputs("</title>\n", out);
    put_style(ASSET_DYGRAPH_STYLE, out);
    put_style(ASSET_STYLE, out);
    fputs("<script>\n", out);
    asset_put(ASSET_THEME, out);
    fputs("</script>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n"
          "<header class=\"banner\">\n<div class=\"strip\"><p class=\"kicker\">",
          out);
    html_text(head->kicker, out);
    fputs("</p>\n<div class=\"theme\" role=\"group\" aria-label=\"Colours\">"
          "<button type=\"button\" data-theme-choice=\"auto\">Auto</button>"
          "<button type=\"button\" data-theme-choice=\"light\">Light</button>"
          "<button type=\"button\" data-theme-choice=\"dark\">Dark</button></div></div>\n<h1>",
          out);
    html_text(head->title, out);
    fputs("</h1>\n", out);
    if (head->lead != NULL && head->lead[0] != '\0') {
        html_paragraph("lead", head->lead, out);
    }
    fputs("<p class=\"note\"><strong class=\"badge\">simulated</strong> ", out);
    html_text(head->note, out);
    fputs("</p>\n</header>\n<main id=\"main\">\n", out);
}

void html_end(FILE *out)
{
    fputs("</main>\n</body>\n</html>\n", out);
}

void html_contents(const html_place_t *place, size_t n, FILE *out)
{
    fputs("<nav class=\"contents\" aria-label=\"Contents\">\n<ol>\n", out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "<li><a href=\"#%s\">", place[i].id);
        html_text(place[i].heading, out);
        fputs("</a></li>\n", out);
    }
    fputs("</ol>\n</nav>\n", out);
}

void html_section(const html_place_t *place, FILE *out)
{
    fprintf(out, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">", place->id,
            place->id, place->id);
    html_text(place->heading, out);
    fputs("</h2>\n", out);
}

void html_section_end(FILE *out)
{
    fputs("</section>\n", out);
}

/* ---- tables ---- */

void html_table(const char *caption, const html_column_t *column, size_t columns, FILE *out)
{
    fputs("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
    html_text(caption, out);
    fputs("\">\n<table>\n<caption>", out);
    html_text(caption, out);
    fputs("</caption>\n<thead><tr>", out);
    for (size_t i = 0; i < columns; i++) {
        fprintf(out, "<th scope=\"col\"%s>", column[i].numbers ? " class=\"n\"" : "");
        html_text(column[i].name, out);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

void html_table_end(FILE *out)
{
    fputs("</tbody>\n</table>\n</div>\n", out);
}

void html_row(FILE *out)
{
    fputs("<tr>", out);
}

void html_row_end(FILE *out)
{
    fputs("</tr>\n", out);
}

void html_cell_head(const char *text, FILE *out)
{
    fputs("<th scope=\"row\">", out);
    /* Of a list within a list, which tables of plain text indent. */
    for (; *text == ' '; text++) {
        fputs("\xe2\x80\x82", out);
    }
    html_text(text, out);
    fputs("</th>", out);
}

void html_cell_text(const char *text, FILE *out)
{
    fputs("<td>", out);
    html_text(text, out);
    fputs("</td>", out);
}

void html_cell_number(double value, const char *from, FILE *out)
{
    fputs("<td class=\"n\"", out);
    if (from != NULL) {
        fputs(" title=\"", out);
        html_text(from, out);
        fputc('"', out);
    }
    fputc('>', out);
    html_number(value, out);
    fputs("</td>", out);
}

void html_cell_interval(double low, double high, FILE *out)
{
    fputs("<td class=\"n i\">", out);
    html_number(low, out);
    if (isfinite(low) || isfinite(high)) {
        fputs(" to ", out);
        html_number(high, out);
    }
    fputs("</td>", out);
}

void html_cell_count(size_t count, FILE *out)
{
    fprintf(out, "<td class=\"n\">%zu</td>", count);
}

void html_cell_unit(const char *unit, FILE *out)
{
    fputs("<td>", out);
    if (strncmp(unit, "ug", 2) == 0) {
        fputs("µg", out);
        html_text(unit + 2, out);
    } else if (strcmp(unit, "d") == 0) {
        fputs("days", out);
    } else if (strcmp(unit, "1") != 0) {
        html_text(unit, out);
    }
    fputs("</td>", out);
}

void html_cell_from(const char *from, FILE *out)
{
    fputs("<td class=\"from\"><code>", out);
    html_text(from, out);
    fputs("</code></td>", out);
}

/* ---- JSON ---- */

void html_json_text(const char *text, FILE *out)
{
    fputc('"', out);
    for (const char *at = text == NULL ? "" : text; *at != '\0'; at++) {
        const unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c == '<' || c == '"' || c == '\\') {
            fprintf(out, "\\u%04x", (unsigned)c);
        } else {
            fputc(*at, out);
        }
    }
    fputc('"', out);
}

void html_json_number(double value, FILE *out)
{
    if (isfinite(value)) {
        fprintf(out, "%.6g", value);
    } else {
        fputs("null", out);
    }
}
