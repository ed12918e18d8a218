/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the central person's body, and finds the key that keeps it from being built. */
#include "config/check_body.h"

#include <stdio.h>
#include <string.h>

#include "body/body.h"
#include "config/field.h"
#include "config/value.h"

/* Of the refusal's own text; the key and the mend stand before it. */
#define REFUSAL_SHOWN 280

static int build(const study_t *s, error_t *e)
{
    body_param_t p = body_param_default();
    body_t body;
    p.csf[0] = s->body.csf;
    p.drugs = (int)s->n_drugs;
    for (int d = 0; d < p.drugs; d++)
        p.drug[d] = s->drug[d].kinetics;
    p.ashworth = s->body.ashworth;
    p.tolerance = s->body.tolerance;
    p.tip_level = s->catheter.tip;
    p.target_level = s->body.target;
    int code = body_init(&body, &p, e);
    if (code == 0 && body_site(&body, s->record.lumbar, e) < 0)
        code = ERROR_ARGUMENT;
    body_free(&body);
    return code;
}

/* 1 if the study gives this key, and with its default instead the body can be built. */
static int is_to_blame(const reading_t *r, const field_t *f, const char *path, double *member)
{
    const double given = *member;
    int code;
    if (document_find(r->doc->root, path, NULL) == NULL)
        return 0;
    value_default(f, member);
    code = build(r->study, NULL);
    *member = given;
    return code == 0;
}

/* 1 with the path of the key to blame in path[DOCUMENT_PATH_SIZE]. */
static int blame_field(const reading_t *r, const field_t *f, char *path, double *given)
{
    size_t items = f->owner == FIELD_DRUG ? (size_t)r->study->n_drugs : 1;
    for (size_t i = 0; i < items; i++) {
        double *member =
            (double *)(void *)((char *)field_base(r->study, f->owner, (field_index_t){i, 0}) +
                               f->offset);
        field_place(f, (field_index_t){i, 0}, path, DOCUMENT_PATH_SIZE);
        *given = *member;
        if (is_to_blame(r, f, path, member))
            return 1;
    }
    return 0;
}

/* The row of the key to blame; NULL where no single one mends the body. */
static const field_t *find_blame(const reading_t *r, char *path, double *given)
{
    size_t n;
    const field_t *f = field_table(&n);
    for (size_t i = 0; i < n; i++) {
        int ours =
            strncmp(f[i].path, "body.", 5) == 0 || strncmp(f[i].path, "drugs[].kinetics.", 17) == 0;
        if (ours && f[i].type == FIELD_QUANTITY && !f[i].required && !f[i].optional &&
            blame_field(r, &f[i], path, given))
            return &f[i];
    }
    return NULL;
}

void check_body(const reading_t *r)
{
    char path[DOCUMENT_PATH_SIZE];
    double given = 0.0;
    error_t e = {0};
    if (r->study->body.model != STUDY_BODY_INTRATHECAL || r->n_failed > 0 ||
        r->doc->diagnostics->errors > 0)
        return;
    int code = build(r->study, &e);
    if (code == 0)
        return;
    if (code == ERROR_MEMORY) {
        r->doc->out_of_memory = 1;
        return;
    }
    const field_t *f = find_blame(r, path, &given);
    if (f != NULL)
        reading_report(r, DIAGNOSTIC_ERROR, path,
                       "no body can be built with %.9g %s, but with the default, %.9g, one can: "
                       "%.*s",
                       given, field_unit(f), f->value, REFUSAL_SHOWN, e.text);
    else
        reading_report(r, DIAGNOSTIC_ERROR, "body", "no body can be built: %.*s", REFUSAL_SHOWN,
                       e.text);
}
