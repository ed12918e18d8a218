/* SPDX-License-Identifier: Apache-2.0 */
/* A growing list of placed messages, printed in order of place. */
#include "config/diagnostic.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Above any number of included files. */
#define INCLUDED_LAST 1000000

void diagnostic_init(diagnostic_t *d)
{
    memset(d, 0, sizeof *d);
}

static void forget_included(diagnostic_t *d)
{
    for (size_t i = 0; i < d->n_included; i++)
        free(d->included[i]);
    free(d->included);
    d->included = NULL;
    d->n_included = 0;
}

void diagnostic_free(diagnostic_t *d)
{
    forget_included(d);
    free(d->file);
    free(d->item);
    diagnostic_init(d);
}

static char *copy_of(diagnostic_t *d, const char *name)
{
    size_t size = strlen(name) + 1;
    char *copy = malloc(size);
    if (copy != NULL)
        memcpy(copy, name, size);
    d->out_of_memory |= copy == NULL;
    return copy;
}

void diagnostic_file(diagnostic_t *d, const char *name)
{
    free(d->file);
    d->file = copy_of(d, name);
    forget_included(d);
}

void diagnostic_include(diagnostic_t *d, const char *name)
{
    char **included = realloc(d->included, (d->n_included + 1) * sizeof *included);
    if (included == NULL) {
        d->out_of_memory = 1;
        return;
    }
    d->included = included;
    included[d->n_included++] = copy_of(d, name);
}

static const char *name_of(const diagnostic_t *d, int source)
{
    const char *name = d->file;
    if (source < 0)
        name = (size_t)-source <= d->n_included ? d->included[-source - 1] : NULL;
    return name != NULL ? name : "config";
}

static int compare_places(const diagnostic_place_t *a, const diagnostic_place_t *b)
{
    /* The file, then what it includes, then the command line. */
    int left = a->source <= 0 ? -a->source : INCLUDED_LAST + a->source;
    int right = b->source <= 0 ? -b->source : INCLUDED_LAST + b->source;
    if (left != right)
        return left < right ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static int is_known(const diagnostic_t *d, const diagnostic_place_t *place, const char *text)
{
    for (size_t i = 0; i < d->count; i++)
        if (compare_places(&d->item[i].place, place) == 0 && strcmp(d->item[i].text, text) == 0)
            return 1;
    return 0;
}

static diagnostic_item_t *new_item(diagnostic_t *d)
{
    if (d->count == d->capacity) {
        size_t capacity = d->capacity > 0 ? 2 * d->capacity : 16;
        diagnostic_item_t *item = realloc(d->item, capacity * sizeof *item);
        if (item == NULL) {
            d->out_of_memory = 1;
            return NULL;
        }
        d->item = item;
        d->capacity = capacity;
    }
    return &d->item[d->count++];
}

/* Cuts text[0..length) to whole UTF-8 characters below `limit` bytes. */
static size_t whole_characters(const char *text, size_t length, size_t limit)
{
    if (length < limit)
        return length;
    size_t n = limit - 1;
    while (n > 0 && ((unsigned char)text[n] & 0xC0u) == 0x80u)
        n--;
    return n;
}

void diagnostic_add(diagnostic_t *d, diagnostic_severity_t severity, diagnostic_place_t place,
                    const char *line, size_t length, const char *format, ...)
{
    char text[DIAGNOSTIC_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text[whole_characters(text, strlen(text), sizeof text - 1)] = '\0';
    int full = d->count == DIAGNOSTIC_STORED_MAX;
    if (!full && is_known(d, &place, text))
        return;
    d->errors += severity == DIAGNOSTIC_ERROR;
    d->warnings += severity == DIAGNOSTIC_WARNING;
    diagnostic_item_t *item = full ? NULL : new_item(d);
    if (item == NULL)
        return;
    item->severity = severity;
    item->place = place;
    strcpy(item->text, text);
    size_t kept = line != NULL ? whole_characters(line, length, sizeof item->line) : 0;
    if (kept > 0)
        memcpy(item->line, line, kept);
    item->line[kept] = '\0';
}

void diagnostic_merge(diagnostic_t *d, const diagnostic_t *from, const char *prefix)
{
    for (size_t i = 0; i < from->count; i++) {
        const diagnostic_item_t *item = &from->item[i];
        if (!is_known(d, &item->place, item->text))
            diagnostic_add(d, item->severity, item->place, item->line, strlen(item->line), "%s%s",
                           prefix, item->text);
    }
    d->out_of_memory |= from->out_of_memory;
}

static int compare_items(const void *a, const void *b)
{
    const diagnostic_item_t *const *left = a, *const *right = b;
    if ((*left)->severity != (*right)->severity)
        return (*left)->severity == DIAGNOSTIC_ERROR ? -1 : 1;
    int order = compare_places(&(*left)->place, &(*right)->place);
    return order != 0 ? order : strcmp((*left)->text, (*right)->text);
}

/* The line and, where the column lies in what was kept of it, a caret below. Tabs stay tabs, so that the
 * caret stands under its character at any tab width. */
static void print_line(const diagnostic_item_t *item, FILE *out)
{
    char caret[DIAGNOSTIC_LINE_SIZE + 1];
    size_t n = 0;
    int column = 1;
    const char *c = item->line;
    for (; *c != '\0' && column < item->place.column; column++) {
        caret[n++] = *c == '\t' ? '\t' : ' ';
        c++;
        while (((unsigned char)*c & 0xC0u) == 0x80u)
            c++;
    }
    caret[n] = '\0';
    fprintf(out, "%s\n", item->line);
    if (column == item->place.column)
        fprintf(out, "%s^\n", caret);
}

static void print_item(const diagnostic_t *d, const diagnostic_item_t *item, FILE *out)
{
    const char *severity = item->severity == DIAGNOSTIC_ERROR ? "error" : "warning";
    if (item->place.source > 0) {
        fprintf(out, "--set %s: %s: %s\n", item->line, severity, item->text);
        return;
    }
    fprintf(out, "%s:%d:%d: %s: %s\n", name_of(d, item->place.source), item->place.line,
            item->place.column, severity, item->text);
    if (item->line[0] != '\0')
        print_line(item, out);
}

int diagnostic_print(const diagnostic_t *d, FILE *out)
{
    const diagnostic_item_t *sorted[DIAGNOSTIC_STORED_MAX];
    for (size_t i = 0; i < d->count; i++)
        sorted[i] = &d->item[i];
    qsort(sorted, d->count, sizeof *sorted, compare_items);
    size_t shown = d->count < DIAGNOSTIC_SHOWN ? d->count : DIAGNOSTIC_SHOWN;
    for (size_t i = 0; i < shown; i++)
        print_item(d, sorted[i], out);
    size_t more = d->errors + d->warnings - shown;
    if (more > 0)
        fprintf(out, "and %zu more\n", more);
    return ferror(out) ? -1 : 0;
}

static int compare_texts(const void *a, const void *b)
{
    const diagnostic_item_t *const *left = a, *const *right = b;
    return strcmp((*left)->text, (*right)->text);
}

char *diagnostic_warnings(const diagnostic_t *d)
{
    const diagnostic_item_t *sorted[DIAGNOSTIC_STORED_MAX];
    char *text = NULL;
    size_t size = 0, n = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < d->count; i++)
        if (d->item[i].severity == DIAGNOSTIC_WARNING)
            sorted[n++] = &d->item[i];
    qsort(sorted, n, sizeof *sorted, compare_texts);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(sorted[i - 1]->text, sorted[i]->text) != 0)
            fprintf(out, "%s\n", sorted[i]->text);
    if (d->warnings > n)
        fprintf(out, "and %zu more\n", d->warnings - n);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
