/* SPDX-License-Identifier: Apache-2.0 */
/* Reads observations, line by line. */
#include "statistics/observed.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { PATIENT, DAY, VALUE, LLOQ, COLUMNS };

static const char *const names[COLUMNS] = {"patient", "day", "value", "lloq"};

#define FIELDS_MAX 32
#define ABSENT SIZE_MAX

/* A file on its way in. */
typedef struct reading_t {
    observed_t *to;
    const char *path;
    size_t line;
    size_t at[COLUMNS]; /* which field of a line each column is; ABSENT: none */
    size_t fields;      /* of the first line */
    char **known;       /* [patients]: their names, owned */
    size_t room;        /* of to->sample and of known */
    error_t *e;
} reading_t;

#define REFUSE(r, ...)                                                                             \
    do {                                                                                           \
        char what[256];                                                                            \
        (void)snprintf(what, sizeof what, __VA_ARGS__);                                            \
        return ERROR_RAISE((r)->e, ERROR_FILE_READ, "%s:%zu: %s", (r)->path, (r)->line, what);     \
    } while (0)

/* Cuts a line at its commas, and blanks off its parts. Returns how many there are; FIELDS_MAX + 1: too many. */
static size_t cut(char *line, char *part[FIELDS_MAX])
{
    size_t n = 0;
    for (char *at = line;; n++) {
        char *end = at + strcspn(at, ",");
        const int last = *end == '\0';
        if (n == FIELDS_MAX) {
            return FIELDS_MAX + 1;
        }
        *end = '\0';
        at += strspn(at, " \t");
        for (char *tail = end; tail > at && strchr(" \t\r\n", tail[-1]) != NULL; *--tail = '\0') {
        }
        part[n] = at;
        if (last) {
            return n + 1;
        }
        at = end + 1;
    }
}

static int read_head(reading_t *r, char *part[], size_t n)
{
    for (int c = 0; c < COLUMNS; c++) {
        r->at[c] = ABSENT;
        for (size_t i = 0; i < n; i++) {
            if (strcmp(part[i], names[c]) == 0) {
                if (r->at[c] != ABSENT) {
                    REFUSE(r, "two columns are called %s", names[c]);
                }
                r->at[c] = i;
            }
        }
        if (r->at[c] == ABSENT && c != LLOQ) {
            REFUSE(r,
                   "no column is called %s: the first line names the columns, as in "
                   "patient,day,value,lloq",
                   names[c]);
        }
    }
    r->fields = n;
    return 0;
}

/* A whole field as a number; *value NaN where it is empty. */
static int read_number(const reading_t *r, char *part[], enum column c, double *value)
{
    *value = (double)NAN;
    if (r->at[c] == ABSENT || part[r->at[c]][0] == '\0') {
        return 0;
    }
    const char *text = part[r->at[c]];
    char *end = NULL;
    *value = strtod(text, &end);
    if (*end != '\0' || !isfinite(*value)) {
        REFUSE(r, "%s is '%.60s', which is no number", names[c], text);
    }
    return 0;
}

/* Room for one more sample, and so for one more patient. */
static int grow(reading_t *r)
{
    if (r->to->samples < r->room) {
        return 0;
    }
    const size_t room = r->room > 0 ? 2 * r->room : 64;
    observed_sample_t *sample = realloc(r->to->sample, room * sizeof *sample);
    r->to->sample = sample != NULL ? sample : r->to->sample;
    char **known = realloc(r->known, room * sizeof *known);
    r->known = known != NULL ? known : r->known;
    if (sample == NULL || known == NULL) {
        return ERROR_RAISE(r->e, ERROR_MEMORY, "no memory for %zu samples", room);
    }
    r->room = room;
    return 0;
}

/* The number of a patient by name, which may be new. Most lines are of the patient before. */
static int find_patient(reading_t *r, const char *name, size_t *number)
{
    for (size_t i = r->to->patients; i-- > 0;) {
        if (strcmp(r->known[i], name) == 0) {
            *number = i;
            return 0;
        }
    }
    char *copy = strdup(name);
    if (copy == NULL) {
        return ERROR_RAISE(r->e, ERROR_MEMORY, "no memory for a patient's name");
    }
    *number = r->to->patients;
    r->known[r->to->patients++] = copy;
    return 0;
}

static int check(const reading_t *r, const observed_sample_t *s)
{
    if (!(s->day >= 0.0)) {
        REFUSE(r, "day must be a number of at least 0: days since the pump was put in");
    }
    if (!isnan(s->lloq) && !(s->lloq > 0.0)) {
        REFUSE(r, "lloq is %g; it must be above 0, or empty where there is none", s->lloq);
    }
    if (isnan(s->value) && isnan(s->lloq)) {
        REFUSE(r, "no value and no lloq: a sample without a value needs the lloq that it is below");
    }
    return 0;
}

static int read_sample(reading_t *r, char *part[], size_t n)
{
    observed_sample_t s;
    int rc;
    if (n != r->fields) {
        REFUSE(r, "%zu fields, where the first line has %zu", n, r->fields);
    }
    if (part[r->at[PATIENT]][0] == '\0') {
        REFUSE(r, "no patient");
    }
    rc = grow(r);
    rc = rc != 0 ? rc : read_number(r, part, DAY, &s.day);
    rc = rc != 0 ? rc : read_number(r, part, VALUE, &s.value);
    rc = rc != 0 ? rc : read_number(r, part, LLOQ, &s.lloq);
    rc = rc != 0 ? rc : check(r, &s);
    rc = rc != 0 ? rc : find_patient(r, part[r->at[PATIENT]], &s.patient);
    if (rc == 0) {
        s.value = s.value < s.lloq ? (double)NAN : s.value;
        r->to->sample[r->to->samples++] = s;
    }
    return rc;
}

static int read_lines(reading_t *r, FILE *in)
{
    char *line = NULL, *part[FIELDS_MAX];
    size_t size = 0;
    int rc = 0, head = 0;
    while (rc == 0 && getline(&line, &size, in) >= 0) {
        r->line++;
        if (line[0] == '#' || line[strspn(line, " \t\r\n")] == '\0') {
            continue;
        }
        const size_t n = cut(line, part);
        if (n > FIELDS_MAX) {
            rc = ERROR_RAISE(r->e, ERROR_FILE_READ, "%s:%zu: more than %d fields", r->path, r->line,
                             FIELDS_MAX);
        } else {
            rc = head ? read_sample(r, part, n) : read_head(r, part, n);
            head = 1;
        }
    }
    if (rc == 0 && ferror(in)) {
        rc = ERROR_RAISE(r->e, ERROR_FILE_READ, "%s: %s", r->path, strerror(errno));
    }
    if (rc == 0 && r->to->samples == 0) {
        rc = ERROR_RAISE(r->e, ERROR_FILE_READ,
                         "%s: no samples: a line names the columns "
                         "patient,day,value,lloq, then one line a sample",
                         r->path);
    }
    free(line);
    return rc;
}

int observed_read(observed_t *o, const char *path, error_t *e)
{
    reading_t r = {.to = o, .path = path, .e = e};
    memset(o, 0, sizeof *o);
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", path, strerror(errno));
    }
    const int rc = read_lines(&r, in);
    (void)fclose(in);
    for (size_t i = 0; i < o->patients; i++) {
        free(r.known[i]);
    }
    free(r.known);
    return rc;
}

void observed_free(observed_t *o)
{
    free(o->sample);
    memset(o, 0, sizeof *o);
}
