/* SPDX-License-Identifier: Apache-2.0 */
/* A config file as a tree of nodes that remember their places.
 *
 * The YAML accepted is a subset: one document of mappings, lists and scalars. Anchors, aliases, tags,
 * merge keys, directives, keys that are not plain text, duplicate keys, more than DOCUMENT_DEPTH_MAX
 * levels and more than DOCUMENT_KEYS_MAX entries in one mapping are errors, each added to the
 * diagnostics with its place. All scalars stay text here: their meaning is the field table's.
 *
 * A document owns its nodes; the text and the diagnostics are borrowed and must outlive it. One thread
 * at a time.
 */
#ifndef CONFIG_DOCUMENT_H
#define CONFIG_DOCUMENT_H

#include <stddef.h>

#include "config/diagnostic.h"
#include "config/study.h"

#define DOCUMENT_DEPTH_MAX 16
#define DOCUMENT_KEYS_MAX 256
#define DOCUMENT_PATH_SIZE 256
#define DOCUMENT_FILES_MAX 1024 /* included */

typedef enum document_kind_t {
    DOCUMENT_SCALAR = 0,
    DOCUMENT_MAP = 1,
    DOCUMENT_LIST = 2,
} document_kind_t;

typedef struct document_node_t {
    document_kind_t kind;
    int quoted;               /* scalar in quotes or a block: text by the writer's wish */
    int own;                  /* laid over the tree by an arm's `set` or a matrix */
    int bad;                  /* already reported; its value means nothing */
    diagnostic_place_t place; /* of the value */
    char *key;                /* in a mapping; NULL in a list and at the root; owned */
    diagnostic_place_t key_place;
    char *text;                    /* of a scalar; owned */
    struct document_node_t *first; /* first entry of a mapping or list */
    struct document_node_t *next;  /* next entry of the parent */
    struct document_node_t *allocated_before;
} document_node_t;

/* An included file. */
typedef struct document_file_t {
    char *text; /* owned */
    size_t length;
} document_file_t;

typedef struct document_t {
    document_node_t *root; /* a mapping, never NULL after a successful parse */
    const study_source_t *source;
    diagnostic_t *diagnostics;
    document_node_t *allocated;
    document_file_t file[DOCUMENT_FILES_MAX]; /* [n_files]; places name file k by source -(k + 1) */
    size_t n_files;
    int out_of_memory;
} document_t;

/* Parses source->text (source->set is left to override.h, includes to include.h). Returns 1 if there is a tree to read (perhaps with nodes
 * marked bad), 0 if there is none: the diagnostics say why, or out_of_memory is set. document_free is
 * legal either way. */
int document_parse(document_t *doc, const study_source_t *source, diagnostic_t *diagnostics)
    __attribute__((warn_unused_result));

void document_free(document_t *doc);

/* The entry of a mapping under a key; NULL if there is none or `map` is NULL or no mapping. */
document_node_t *document_entry(const document_node_t *map, const char *key, size_t key_length);

/* The node at a dotted path below `base` ("pump.head.ripple", "drugs[0].name"). Where the path ends
 * early, *deepest (may be NULL) is the last node on it; the result is then NULL. */
document_node_t *document_find(document_node_t *base, const char *path, document_node_t **deepest);

/* Entry number `index` (from 0) of a list; NULL if there is none or `list` is NULL or no list. */
document_node_t *document_item(const document_node_t *list, long index);

/* Reads one step of a path: *key_length bytes of key, then *index in brackets or -1. Returns the bytes
 * consumed, the separating point included, or 0 if the path is malformed. */
size_t document_step(const char *path, size_t *key_length, long *index);

/* A copy of a tree whose nodes belong to the same document; NULL without memory. */
document_node_t *document_clone(document_t *doc, const document_node_t *node);

/* Adds a diagnostic with the source line of its place. */
void document_report(const document_t *doc, diagnostic_severity_t severity,
                     diagnostic_place_t place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A text of `length` bytes as the next included file, named `name` in messages; the document comes to own
 * `text`. Returns its root, a mapping; NULL where there is none: the diagnostics say why, out_of_memory is
 * set, or the document holds DOCUMENT_FILES_MAX already. */
document_node_t *document_add_file(document_t *doc, const char *name, char *text, size_t length);

/* A node or text of the document's own; NULL without memory. Texts are freed by the node that comes to own
 * them, nodes by document_free. */
document_node_t *document_new_node(document_t *doc, document_kind_t kind, diagnostic_place_t place);
char *document_copy(document_t *doc, const char *text, size_t length);

#endif
