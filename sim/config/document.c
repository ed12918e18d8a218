/* SPDX-License-Identifier: Apache-2.0 */
/* The nodes of a tree: made, found, copied, freed, and the lines that they stand in. */
#include "config/document.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config/encoding.h"
#include "config/tree.h"

static const char *line_of(const document_t *doc, diagnostic_place_t place, size_t *length)
{
    const char *text = doc->source->text, *end = text + doc->source->length;
    if (place.source < 0) {
        text = doc->file[-place.source - 1].text;
        end = text + doc->file[-place.source - 1].length;
    } else if (place.source > 0) {
        const char *set = doc->source->set[place.source - 1].text;
        *length = strlen(set);
        return set;
    }
    for (int line = 1; line < place.line && text < end; line++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        text = newline != NULL ? newline + 1 : end;
    }
    const char *newline = text < end ? memchr(text, '\n', (size_t)(end - text)) : NULL;
    *length = (size_t)((newline != NULL ? newline : end) - text);
    if (*length > 0 && text[*length - 1] == '\r')
        --*length;
    const char *why;
    if (*length > 4 * DIAGNOSTIC_LINE_SIZE)
        *length = 4 * DIAGNOSTIC_LINE_SIZE;
    *length = encoding_check(text, *length, &why);
    return text;
}

void document_report(const document_t *doc, diagnostic_severity_t severity,
                     diagnostic_place_t place, const char *format, ...)
{
    char text[DIAGNOSTIC_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t length = 0;
    /* Past the limit nothing is kept: finding the line each time would cost a square of the file. */
    int full = doc->diagnostics->count == DIAGNOSTIC_STORED_MAX;
    const char *line = full ? NULL : line_of(doc, place, &length);
    diagnostic_add(doc->diagnostics, severity, place, line, length, "%s", text);
}

char *document_copy(document_t *doc, const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        doc->out_of_memory = 1;
        return NULL;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

document_node_t *document_new_node(document_t *doc, document_kind_t kind, diagnostic_place_t place)
{
    document_node_t *node = calloc(1, sizeof *node);
    if (node == NULL) {
        doc->out_of_memory = 1;
        return NULL;
    }
    node->kind = kind;
    node->place = place;
    node->key_place = place;
    node->allocated_before = doc->allocated;
    doc->allocated = node;
    return node;
}

document_node_t *document_entry(const document_node_t *map, const char *key, size_t key_length)
{
    if (map == NULL || map->kind != DOCUMENT_MAP)
        return NULL;
    for (document_node_t *n = map->first; n != NULL; n = n->next)
        if (strlen(n->key) == key_length && memcmp(n->key, key, key_length) == 0)
            return n;
    return NULL;
}

size_t document_step(const char *path, size_t *key_length, long *index)
{
    size_t n = strcspn(path, ".[");
    *key_length = n;
    *index = -1;
    if (n == 0)
        return 0;
    if (path[n] == '[') {
        size_t digits = strspn(path + n + 1, "0123456789");
        if (digits == 0 || digits > 6 || path[n + 1 + digits] != ']')
            return 0;
        *index = strtol(path + n + 1, NULL, 10);
        n += digits + 2;
    }
    if (path[n] == '.')
        return path[n + 1] != '\0' ? n + 1 : 0;
    return path[n] == '\0' ? n : 0;
}

document_node_t *document_item(const document_node_t *list, long index)
{
    document_node_t *n = list != NULL && list->kind == DOCUMENT_LIST ? list->first : NULL;
    while (n != NULL && index-- > 0)
        n = n->next;
    return n;
}

document_node_t *document_clone(document_t *doc, const document_node_t *node)
{
    document_node_t *copy = document_new_node(doc, node->kind, node->place);
    if (copy == NULL)
        return NULL;
    copy->quoted = node->quoted;
    copy->bad = node->bad;
    copy->key_place = node->key_place;
    copy->key = node->key != NULL ? document_copy(doc, node->key, strlen(node->key)) : NULL;
    copy->text = node->text != NULL ? document_copy(doc, node->text, strlen(node->text)) : NULL;
    document_node_t **end = &copy->first;
    for (const document_node_t *n = node->first; n != NULL; n = n->next) {
        *end = document_clone(doc, n);
        if (*end == NULL)
            return NULL;
        end = &(*end)->next;
    }
    return doc->out_of_memory ? NULL : copy;
}

document_node_t *document_find(document_node_t *base, const char *path, document_node_t **deepest)
{
    document_node_t *node = base;
    while (node != NULL && path[0] != '\0') {
        size_t key_length;
        long index;
        if (deepest != NULL)
            *deepest = node;
        size_t n = document_step(path, &key_length, &index);
        node = n > 0 ? document_entry(node, path, key_length) : NULL;
        if (node != NULL && deepest != NULL)
            *deepest = node;
        if (node != NULL && index >= 0)
            node = document_item(node, index);
        path += n;
    }
    return node;
}

/* Byte index to a place, columns in characters. */
static diagnostic_place_t place_at(int source, const char *text, size_t index)
{
    diagnostic_place_t place = {source, 1, 1};
    for (size_t i = 0; i < index; i++) {
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)text[i] & 0xC0u) != 0x80u) {
            place.column++;
        }
    }
    return place;
}

static int check_bytes(const document_t *doc, int source, const char *text, size_t length)
{
    const char *why;
    if (length > ENCODING_FILE_MAX) {
        diagnostic_add(doc->diagnostics, DIAGNOSTIC_ERROR, (diagnostic_place_t){source, 1, 1}, NULL,
                       0, "the file has more than the %zu bytes that a study may have",
                       ENCODING_FILE_MAX);
        return 0;
    }
    size_t bad = encoding_check(text, length, &why);
    if (bad < length)
        document_report(doc, DIAGNOSTIC_ERROR, place_at(source, text, bad), "byte 0x%02x %s",
                        (unsigned)(unsigned char)text[bad], why);
    return bad == length;
}

/* The root of one file: checked, without its byte order mark, a mapping. */
static document_node_t *parse_file(document_t *doc, int source, const char *text, size_t length)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (!check_bytes(doc, source, text, length))
        return NULL;
    size_t errors = doc->diagnostics->errors;
    document_node_t *root = tree_build(doc, text, length, source);
    if (doc->out_of_memory || (root == NULL && doc->diagnostics->errors > errors))
        return NULL;
    if (root != NULL && root->kind == DOCUMENT_MAP)
        return root;
    document_report(doc, DIAGNOSTIC_ERROR, (diagnostic_place_t){source, 1, 1}, "%s",
                    source == 0
                        ? "a study is a mapping that begins with a key, for example \"study:\""
                        : "an included file holds the keys of a section, each with its value");
    return NULL;
}

int document_parse(document_t *doc, const study_source_t *source, diagnostic_t *diagnostics)
{
    memset(doc, 0, sizeof *doc);
    doc->source = source;
    doc->diagnostics = diagnostics;
    doc->root = parse_file(doc, 0, source->text, source->length);
    return doc->root != NULL && !doc->out_of_memory;
}

document_node_t *document_add_file(document_t *doc, const char *name, char *text, size_t length)
{
    if (doc->n_files == DOCUMENT_FILES_MAX) {
        free(text);
        return NULL;
    }
    doc->file[doc->n_files++] = (document_file_t){text, length};
    diagnostic_include(doc->diagnostics, name);
    return parse_file(doc, -(int)doc->n_files, text, length);
}

void document_free(document_t *doc)
{
    while (doc->allocated != NULL) {
        document_node_t *node = doc->allocated;
        doc->allocated = node->allocated_before;
        free(node->key);
        free(node->text);
        free(node);
    }
    for (size_t i = 0; i < doc->n_files; i++)
        free(doc->file[i].text);
    doc->n_files = 0;
    doc->root = NULL;
}
