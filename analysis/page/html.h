/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a page of HTML: its frame, with style and script inside it, and its small parts, with every text escaped.
 *
 * A page is one file that asks the network for nothing: style and scripts stand in it, and its content security policy
 * forbids the browser to load anything else. It is light or dark as the reader's system is, or as the reader says.
 *
 * Errors of writing are the stream's own: who opened it asks ferror at the end.
 *
 * Thread rule: a stream is written by one thread.
 */
#ifndef ANALYSIS_HTML_H
#define ANALYSIS_HTML_H

#include <stddef.h>
#include <stdio.h>

/* The head of the page, its banner and the beginning of its body. `title`: of the page; `kicker`: the small line above it;
 * `note`: what the whole page says of itself, in the banner. html_end closes what this opens. */
typedef struct html_head_t {
    const char *title;
    const char *kicker;
    const char *note;
    const char *lead; /* a paragraph under the title; NULL or "": there is none */
} html_head_t;

void html_begin(const html_head_t *head, FILE *out);
void html_end(FILE *out);

/* One entry of the contents: the id of a section, and its heading. */
typedef struct html_place_t {
    const char *id;
    const char *heading;
} html_place_t;

/* The list of contents, beside the text where there is room. */
void html_contents(const html_place_t *place, size_t n, FILE *out);

/* A section with its heading; html_section_end closes it. */
void html_section(const html_place_t *place, FILE *out);
void html_section_end(FILE *out);

/* Text, with what HTML would read as markup escaped: also within a quoted attribute. NULL is "". */
void html_text(const char *text, FILE *out);

/* The first `length` bytes of it. */
void html_text_part(const char *text, size_t length, FILE *out);

/* The name of a field or an arm with its underscores as spaces. */
void html_words(const char *name, FILE *out);

/* A number as people read it: four significant digits, a true minus sign, no exponent between 1e-4 and 1e6; a dash for NaN. */
void html_number(double value, FILE *out);

/* A paragraph of plain text, of a class or of none (NULL). */
void html_paragraph(const char *class, const char *text, FILE *out);

/* ---- tables: one that is wider than its place scrolls within it ---- */

typedef struct html_column_t {
    const char *name;
    int numbers; /* 1: numbers, set to the right */
} html_column_t;

void html_table(const char *caption, const html_column_t *column, size_t columns, FILE *out);
void html_table_end(FILE *out);
void html_row(FILE *out);
void html_row_end(FILE *out);

/* Cells: the first of a row that names it; a text; a number, and where it is from as its title (NULL: nothing); two ends of an
 * interval; a count. */
void html_cell_head(const char *text, FILE *out);
void html_cell_text(const char *text, FILE *out);
void html_cell_number(double value, const char *from, FILE *out);
void html_cell_interval(double low, double high, FILE *out);
void html_cell_count(size_t count, FILE *out);
/* A unit of a field as people write it: µ, days, nothing for a pure number. */
void html_cell_unit(const char *unit, FILE *out);
/* Where the numbers of a row are from. */
void html_cell_from(const char *from, FILE *out);

/* ---- what scripts read: JSON that may stand within <script> ---- */

/* A string with its quotes, `<` as an escape, so that no text of a dataset closes the script. */
void html_json_text(const char *text, FILE *out);
/* A number to six significant digits; null for NaN. */
void html_json_number(double value, FILE *out);

#endif
