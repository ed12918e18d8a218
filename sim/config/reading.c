/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the field table and takes each field's value from the tree. */
#include "config/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/field.h"
#include "config/value.h"

static void fail(reading_t *r, const void *member)
{
    if (r->n_failed == r->capacity) {
        size_t capacity = r->capacity > 0 ? 2 * r->capacity : 32;
        const void **failed = realloc(r->failed, capacity * sizeof *failed);
        if (failed == NULL) {
            r->out_of_memory = 1;
            return;
        }
        r->failed = failed;
        r->capacity = capacity;
    }
    r->failed[r->n_failed++] = member;
}

int reading_failed(const reading_t *r, const void *member)
{
    for (size_t i = 0; i < r->n_failed; i++)
        if (r->failed[i] == member)
            return 1;
    return 0;
}

void reading_report(const reading_t *r, diagnostic_severity_t severity, const char *path,
                    const char *format, ...)
{
    char text[DIAGNOSTIC_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    document_node_t *deepest = r->doc->root;
    document_node_t *node = document_find(r->doc->root, path, &deepest);
    diagnostic_place_t place = node != NULL ? node->place : deepest->key_place;
    document_report(r->doc, severity, place, "%s: %s", path, text);
}

/* Where one field of one item is: its node's path, its member. */
typedef struct target_t {
    const field_t *field;
    char path[DOCUMENT_PATH_SIZE];
    void *base;
    void *member;
} target_t;

static target_t target_of(const reading_t *r, const field_t *f, field_index_t at)
{
    target_t t = {.field = f, .base = field_base(r->study, f->owner, at)};
    t.member = (char *)t.base + f->offset;
    field_place(f, at, t.path, sizeof t.path);
    return t;
}

/* The name of an arm: an item of the list that is plain, or the item's key `name`. */
static const document_node_t *arm_name(reading_t *r, const target_t *t, const document_node_t *item)
{
    if (item->bad || item->kind == DOCUMENT_SCALAR)
        return item;
    const document_node_t *name = document_entry(item, "name", 4);
    if (name == NULL) {
        document_report(r->doc, DIAGNOSTIC_ERROR, item->place,
                        "%s: an arm has no name; write {name: ..., set: {...}}", t->path);
        return item;
    }
    return name;
}

static void read_names(reading_t *r, const target_t *t, const document_node_t *list)
{
    field_t one = *t->field;
    study_arms_t *arms = t->member;
    char why[VALUE_WHY_SIZE];
    one.type = FIELD_NAME;
    arms->count = 0;
    for (const document_node_t *item = list->first; item != NULL; item = item->next) {
        if (arms->count == STUDY_ARMS_MAX) {
            reading_report(r, DIAGNOSTIC_ERROR, t->path, "has more than %d arms", STUDY_ARMS_MAX);
            fail(r, t->member);
            return;
        }
        const document_node_t *n = arm_name(r, t, item);
        if (n->bad || n->kind != DOCUMENT_SCALAR) {
            fail(r, t->member);
            return;
        }
        if (!value_read(&one, n->text, n->quoted, r->units, arms->name[arms->count++], why)) {
            document_report(r->doc, DIAGNOSTIC_ERROR, n->place, "%s: %s", t->path, why);
            fail(r, t->member);
        }
    }
    if (arms->count == 0) {
        reading_report(r, DIAGNOSTIC_ERROR, t->path, "the list is empty; write 1 to %d names",
                       STUDY_ARMS_MAX);
        fail(r, t->member);
    }
}

/* Days given as a list of their names. */
static void read_days(reading_t *r, const target_t *t, const document_node_t *list)
{
    char why[VALUE_WHY_SIZE] = "the list is empty; write at least one day";
    int64_t all = 0, one = 0;
    const document_node_t *bad = list;
    for (const document_node_t *n = list->first; n != NULL; n = n->next) {
        bad = n;
        one = 0;
        if (n->bad || !value_read(t->field, n->text, n->quoted, r->units, &one, why))
            break;
        if ((all & one) != 0) {
            snprintf(why, sizeof why, "%.40s is given twice; keep one", n->text);
            one = 0;
            break;
        }
        all |= one;
    }
    if (one != 0) {
        memcpy(t->member, &all, sizeof all);
        return;
    }
    if (!bad->bad)
        document_report(r->doc, DIAGNOSTIC_ERROR, bad->place, "%s: %s", t->path, why);
    fail(r, t->member);
}

/* 1 if the value cannot be judged because the key that it is of was reported or is not there. */
static int lacks_key(const reading_t *r, const target_t *t)
{
    return t->field->type == FIELD_OF_KEY &&
           (reading_failed(r, t->base) || field_meant(t->field, t->base) == NULL);
}

static void read_present(reading_t *r, const target_t *t, const document_node_t *node)
{
    char why[VALUE_WHY_SIZE];
    if (node->bad || lacks_key(r, t)) {
        fail(r, t->member);
    } else if (t->field->type == FIELD_DAYS && node->kind == DOCUMENT_LIST) {
        read_days(r, t, node);
    } else if (t->field->type == FIELD_NAMES) {
        read_names(r, t, node);
    } else if (!value_read(field_meant(t->field, t->base), node->text, node->quoted, r->units,
                           t->member, why)) {
        document_report(r->doc, DIAGNOSTIC_ERROR, node->place, "%s: %s", t->path, why);
        fail(r, t->member);
    }
}

static void read_absent(reading_t *r, const target_t *t, const document_node_t *deepest)
{
    char expected[160];
    if (!t->field->required && !t->field->optional)
        value_default(t->field, t->member);
    if (deepest->bad) {
        /* Lost with the section, or with a file that it includes: the default is nobody's choice. */
        fail(r, t->member);
        return;
    }
    if (!t->field->required)
        return;
    fail(r, t->member);
    value_expected(lacks_key(r, t) ? t->field : field_meant(t->field, t->base), expected,
                   sizeof expected);
    reading_report(r, DIAGNOSTIC_ERROR, t->path, "is required; write %s", expected);
}

/* 1 if a member that decides whether the field applies was reported. */
static int condition_failed(const reading_t *r, const field_t *f, const void *base)
{
    for (const field_when_t *when = f->when; when != NULL; when = when->also)
        if (reading_failed(r, (const char *)base + when->offset))
            return 1;
    return 0;
}

static void refuse_where_it_lacks(reading_t *r, const target_t *t, const document_node_t *node,
                                  const field_when_t *lacks)
{
    if (node != NULL && (!r->arm || node->own))
        document_report(r->doc, DIAGNOSTIC_ERROR, node->key_place,
                        "%s: applies only where %s; remove it", t->path, lacks->says);
}

static void read_field(reading_t *r, const field_t *f, field_index_t at)
{
    target_t t = target_of(r, f, at);
    document_node_t *deepest = r->doc->root;
    document_node_t *node = document_find(r->doc->root, t.path, &deepest);
    const field_when_t *lacks = field_lacks(f, t.base);
    if (condition_failed(r, f, t.base)) {
        /* Whether it applies is unknown: a value that is there is still judged by itself. */
        if (node != NULL)
            read_present(r, &t, node);
        fail(r, t.member);
    } else if (lacks != NULL) {
        refuse_where_it_lacks(r, &t, node, lacks);
    } else if (node != NULL) {
        read_present(r, &t, node);
    } else {
        read_absent(r, &t, deepest);
    }
}

/* An item that is no mapping was reported; none of its fields may be judged. */
static void fail_item(reading_t *r, field_owner_t owner, field_index_t at)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++)
        if (f[i].owner == owner)
            fail(r, target_of(r, &f[i], at).member);
}

static void read_list(reading_t *r, const field_t *f, field_index_t at);

/* The fields of one item. */
static void read_item(reading_t *r, field_owner_t owner, field_index_t at)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++) {
        if (f[i].owner == owner && f[i].type == FIELD_LIST)
            read_list(r, &f[i], at);
        else if (f[i].owner == owner)
            read_field(r, &f[i], at);
    }
}

/* The items of a list of the study's, or of the list inside its item `outer`. */
static void read_items(reading_t *r, const field_t *f, field_index_t outer,
                       const document_node_t *list, size_t count)
{
    size_t index = 0;
    for (const document_node_t *item = list->first; item != NULL && index < count;
         item = item->next, index++) {
        field_index_t at = {index, 0};
        if (f->owner != FIELD_STUDY)
            at = (field_index_t){outer.item, index};
        if (item->kind == DOCUMENT_MAP)
            read_item(r, f->items, at);
        else
            fail_item(r, f->items, at);
    }
}

static size_t count_items(const document_node_t *list)
{
    size_t count = 0;
    for (const document_node_t *n = list->first; n != NULL; n = n->next)
        count++;
    return count;
}

static int allocate_events(reading_t *r, size_t count)
{
    if (count == 0)
        return 1;
    r->study->event = calloc(count, sizeof *r->study->event);
    r->out_of_memory |= r->study->event == NULL;
    return r->study->event != NULL;
}

static int allocate_uncertain(reading_t *r, size_t count)
{
    if (count == 0)
        return 1;
    r->study->uncertain = calloc(count, sizeof *r->study->uncertain);
    r->out_of_memory |= r->study->uncertain == NULL;
    return r->study->uncertain != NULL;
}

static void read_present_list(reading_t *r, const target_t *t, field_index_t at,
                              const document_node_t *list)
{
    const field_t *f = t->field;
    size_t count = list->bad || list->kind != DOCUMENT_LIST ? 0 : count_items(list);
    if (list->bad)
        fail(r, t->member);
    if (!list->bad && ((double)count < f->low || (double)count > f->high)) {
        reading_report(r, DIAGNOSTIC_ERROR, t->path, "has %zu items; the range is %.0f to %.0f",
                       count, f->low, f->high);
        count = (double)count > f->high ? (size_t)f->high : count;
        fail(r, t->member);
    }
    if ((f->items == FIELD_EVENT && !allocate_events(r, count)) ||
        (f->items == FIELD_UNCERTAIN && !allocate_uncertain(r, count)))
        return;
    *(int64_t *)t->member = (int64_t)count;
    read_items(r, f, at, list, count);
}

static void read_list(reading_t *r, const field_t *f, field_index_t at)
{
    target_t t = target_of(r, f, at);
    document_node_t *deepest = r->doc->root;
    document_node_t *list = document_find(r->doc->root, t.path, &deepest);
    const field_when_t *lacks = field_lacks(f, t.base);
    if (condition_failed(r, f, t.base))
        fail(r, t.member);
    else if (lacks != NULL)
        refuse_where_it_lacks(r, &t, list, lacks);
    else if (list == NULL)
        read_absent(r, &t, deepest);
    else
        read_present_list(r, &t, at, list);
}

void reading_run(reading_t *r)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n && !r->out_of_memory; i++) {
        if (f[i].owner == FIELD_STUDY && f[i].type == FIELD_LIST)
            read_list(r, &f[i], (field_index_t){0, 0});
        else if (f[i].owner == FIELD_STUDY)
            read_field(r, &f[i], (field_index_t){0, 0});
    }
}

void reading_free(reading_t *r)
{
    free(r->failed);
    r->failed = NULL;
    r->n_failed = r->capacity = 0;
}
