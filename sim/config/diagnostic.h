/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics: all errors and warnings about one config, each with its place.
 *
 * The reader adds, the caller prints. Nothing here writes to a terminal by itself. A diagnostic_t owns
 * all it holds (texts are copied) and belongs to one thread at a time.
 */
#ifndef CONFIG_DIAGNOSTIC_H
#define CONFIG_DIAGNOSTIC_H

#include <stddef.h>
#include <stdio.h>

#define DIAGNOSTIC_SHOWN 20       /* diagnostics printed; the rest are counted */
#define DIAGNOSTIC_STORED_MAX 512 /* kept; beyond it only counted, so that memory is bounded */
#define DIAGNOSTIC_TEXT_SIZE 400
#define DIAGNOSTIC_LINE_SIZE 160

typedef enum diagnostic_severity_t {
    DIAGNOSTIC_ERROR = 0,
    DIAGNOSTIC_WARNING = 1,
} diagnostic_severity_t;

/* A place: line and column count from 1, columns in characters. */
typedef struct diagnostic_place_t {
    int source; /* 0: the file; k: the k-th `--set`, whose line and column are not printed; -k: the k-th
                   included file */
    int line;
    int column;
} diagnostic_place_t;

typedef struct diagnostic_item_t {
    diagnostic_severity_t severity;
    diagnostic_place_t place;
    char text[DIAGNOSTIC_TEXT_SIZE]; /* "study.patients: 0 is below the limit 1" */
    char line[DIAGNOSTIC_LINE_SIZE]; /* the source line, or the text of the `--set`; may be empty */
} diagnostic_item_t;

typedef struct diagnostic_t {
    char *file;      /* name printed before the place; owned, may be NULL */
    char **included; /* [n_included] names of the included files; owned */
    size_t n_included;
    diagnostic_item_t *item; /* [count], in order of discovery; owned */
    size_t count;
    size_t capacity;
    size_t errors;
    size_t warnings;
    int out_of_memory; /* 1 if an item was lost; the reader then fails with ERROR_MEMORY */
} diagnostic_t;

/* Makes *d empty; it needs no earlier state. */
void diagnostic_init(diagnostic_t *d);

/* Frees what *d owns and makes it empty. Legal on an all-zero diagnostic_t. */
void diagnostic_free(diagnostic_t *d);

/* Name of the file for the places of source 0; copied. */
void diagnostic_file(diagnostic_t *d, const char *name);

/* Name of the next included file, the first that of source -1; copied. */
void diagnostic_include(diagnostic_t *d, const char *name);

/* Adds one item. `line` is the source line (length bytes, no line end; cut to DIAGNOSTIC_LINE_SIZE) and
 * may be NULL. An item equal in place and text to one already there is dropped. */
void diagnostic_add(diagnostic_t *d, diagnostic_severity_t severity, diagnostic_place_t place,
                    const char *line, size_t length, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Adds the items of `from` that *d does not hold yet, each text after `prefix`. */
void diagnostic_merge(diagnostic_t *d, const diagnostic_t *from, const char *prefix);

/* Writes the first DIAGNOSTIC_SHOWN items, errors before warnings and each of them in order of place, as
 *     FILE:LINE:COL: error: PATH: what is wrong; how to mend it
 *     <the source line>
 *          ^
 * or, for a `--set`, as `--set key=value: error: ...`, then "and N more" if there are more. Writes
 * nothing if there are none. Returns 0, or -1 if the stream failed. */
int diagnostic_print(const diagnostic_t *d, FILE *out);

/* The texts of the warnings, "PATH: what is doubtful; how to mend it", a line each, each once, in the order of their
 * bytes: without files and places, so that the same study gives the same text however it was written down. "" if there are none.
 * Freed by the caller; NULL if there is no memory. */
char *diagnostic_warnings(const diagnostic_t *d);

#endif
