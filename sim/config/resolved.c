/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the field table's values as nested YAML. */
#include "config/resolved.h"

#include <stdint.h>
#include <string.h>

#include "config/field.h"
#include "config/value.h"

/* Where the printing stands: the section headings already open, as a path. */
typedef struct printer_t {
    FILE *out;
    int indent;         /* of keys at the top of what is printed */
    const char *before; /* put before the first key of a list item: "  - " */
    char section[128];
} printer_t;

static void print_indent(printer_t *p, int depth)
{
    if (p->before != NULL && depth == 0)
        fprintf(p->out, "%s", p->before);
    else
        fprintf(p->out, "%*s", p->indent + 2 * depth, "");
    p->before = NULL;
}

/* Prints the headings of `path` that are not open yet; returns the depth of its last step. */
static int print_headings(printer_t *p, const char *path)
{
    int depth = 0;
    const char *step = path;
    for (const char *dot = strchr(step, '.'); dot != NULL; dot = strchr(step, '.')) {
        size_t length = (size_t)(dot - path);
        int open = strncmp(p->section, path, length + 1) == 0;
        if (!open) {
            print_indent(p, depth);
            fprintf(p->out, "%.*s:\n", (int)(dot - step), step);
            snprintf(p->section, sizeof p->section, "%.*s", (int)length + 1, path);
        }
        step = dot + 1;
        depth++;
    }
    return depth;
}

static int has_sets(const study_t *s)
{
    for (int64_t i = 0; i < s->n_arm_studies; i++)
        if (s->arm[i].set != NULL)
            return 1;
    return 0;
}

static void print_arms(FILE *out, const study_t *s)
{
    fprintf(out, "  arms:\n");
    for (int64_t i = 0; i < s->n_arm_studies; i++) {
        const char *set = s->arm[i].set;
        fprintf(out, "    - {name: \"%s\"%s%s}\n", s->arms.name[i], set != NULL ? ", set: " : "",
                set != NULL ? set : "");
    }
}

static void print_field(printer_t *p, const field_t *f, const void *base)
{
    char text[VALUE_TEXT_SIZE];
    const char *path = field_local(f);
    const void *member = (const char *)base + f->offset;
    uint64_t bits;
    if (field_lacks(f, base) != NULL)
        return;
    /* All bits zero: of each type of member, what stands for not given. */
    memcpy(&bits, member, sizeof bits);
    if (f->optional && bits == 0)
        return;
    int depth = print_headings(p, path);
    const char *key = strrchr(path, '.');
    value_write(f, member, text);
    print_indent(p, depth);
    fprintf(p->out, "%s: %s\n", key != NULL ? key + 1 : path, text);
}

static void print_item(FILE *out, field_owner_t owner, const void *base)
{
    size_t n;
    const field_t *f = field_table(&n);
    printer_t p = {.out = out, .indent = 4, .before = "  - "};
    for (size_t i = 0; i < n; i++)
        if (f[i].owner == owner)
            print_field(&p, &f[i], base);
}

static const void *item(const study_t *s, field_owner_t owner, int64_t index)
{
    return owner == FIELD_DRUG ? (const void *)&s->drug[index] : (const void *)&s->event[index];
}

static void print_list(printer_t *p, const field_t *f, const study_t *s)
{
    int64_t count;
    memcpy(&count, (const char *)s + f->offset, sizeof count);
    fprintf(p->out, "%s:%s\n", f->path, count > 0 ? "" : " []");
    for (int64_t i = 0; i < count; i++)
        print_item(p->out, f->items, item(s, f->items, i));
}

int resolved_write(const study_t *s, FILE *out)
{
    size_t n;
    const field_t *f = field_table(&n);
    printer_t p = {.out = out};
    for (size_t i = 0; i < n; i++) {
        if (f[i].type == FIELD_LIST)
            print_list(&p, &f[i], s);
        else if (f[i].type == FIELD_NAMES && has_sets(s))
            print_arms(out, s);
        else if (f[i].owner == FIELD_STUDY)
            print_field(&p, &f[i], s);
    }
    return ferror(out) ? -1 : 0;
}
