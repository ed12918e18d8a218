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
    int indent; /* of keys at the top of what is printed */
    int item;   /* 1: the next key begins an item of a list */
    int brief;  /* 1: defaults are left out */
    char section[128];
} printer_t;

static void print_indent(printer_t *p, int depth)
{
    if (p->item)
        fprintf(p->out, "%*s- ", p->indent - 2, "");
    else
        fprintf(p->out, "%*s", p->indent + 2 * depth, "");
    p->item = 0;
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

static int is_default(const field_t *f, const void *member)
{
    char text[VALUE_TEXT_SIZE], usual[VALUE_TEXT_SIZE];
    union {
        double align;
        char bytes[STUDY_DESCRIPTION_SIZE + sizeof(study_arms_t)];
    } standard = {.bytes = {0}};
    if (f->required || f->optional) /* an optional one is given or not: it has no default */
        return 0;
    value_default(f, standard.bytes);
    value_write(f, standard.bytes, usual);
    value_write(f, member, text);
    return strcmp(text, usual) == 0;
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
    if ((f->optional && bits == 0) || (p->brief && is_default(f, member)))
        return;
    int depth = print_headings(p, path);
    const char *key = strrchr(path, '.');
    value_write(field_meant(f, base), member, text);
    print_indent(p, depth);
    fprintf(p->out, "%s: %s\n", key != NULL ? key + 1 : path, text);
}

static void print_rows(printer_t *p, study_t *s, field_owner_t owner, field_index_t at);

/* A list of the study's, or of item `at` of such a list, with its items. */
static void print_list(printer_t *p, const field_t *f, study_t *s, field_index_t at)
{
    const char *base = field_base(s, f->owner, at), *path = field_local(f);
    const char *key = strrchr(path, '.');
    int64_t count;
    memcpy(&count, base + f->offset, sizeof count);
    if (field_lacks(f, base) != NULL || (p->brief && count == 0))
        return;
    int depth = print_headings(p, path);
    print_indent(p, depth);
    fprintf(p->out, "%s:%s\n", key != NULL ? key + 1 : path, count > 0 ? "" : " []");
    for (int64_t i = 0; i < count; i++) {
        printer_t inner = {
            .out = p->out, .indent = p->indent + 2 * depth + 4, .item = 1, .brief = p->brief};
        field_index_t in = {(size_t)i, 0};
        if (f->owner != FIELD_STUDY)
            in = (field_index_t){at.item, (size_t)i};
        print_rows(&inner, s, f->items, in);
    }
}

/* Every row of an owner. */
static void print_rows(printer_t *p, study_t *s, field_owner_t owner, field_index_t at)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++) {
        if (f[i].owner != owner)
            continue;
        if (f[i].type == FIELD_LIST)
            print_list(p, &f[i], s, at);
        else if (f[i].type == FIELD_NAMES && has_sets(s))
            print_arms(p->out, s);
        else
            print_field(p, &f[i], field_base(s, owner, at));
    }
}

static int print(const study_t *s, FILE *out, int brief)
{
    printer_t p = {.out = out, .brief = brief};
    study_t copy = *s; /* read only; its lists are the study's own */
    print_rows(&p, &copy, FIELD_STUDY, (field_index_t){0, 0});
    return ferror(out) ? -1 : 0;
}

int resolved_write(const study_t *s, FILE *out)
{
    return print(s, out, 0);
}

int resolved_write_brief(const study_t *s, FILE *out)
{
    return print(s, out, 1);
}
