/* SPDX-License-Identifier: Apache-2.0 */
/* Draws people block by block, in parallel, and writes them in their order. */
#include "cohort/freeze.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/population.h"
#include "cohort/embody.h"
#include "cohort/origin.h"
#include "cohort/person_row.h"
#include "dataset/frozen_writer.h"

#define BLOCK 1024

_Static_assert(POPULATION_LIMITS <= FROZEN_LIMITS_MAX, "room for each limit");

/* One person's part of a block. */
typedef struct drawn_t {
    error_t error;
    int refused[POPULATION_LIMITS]; /* attempts, by the limit that they missed */
} drawn_t;

typedef struct freezing_t {
    const freeze_t *order;
    const study_t *arm;
    frozen_head_t head;
    double *row;    /* [BLOCK * head.fields] */
    drawn_t *drawn; /* [BLOCK] */
} freezing_t;

/* ---- one person ---- */

/* What the attempts before the last one missed. */
static int count_refused(const study_t *arm, int64_t patient, int attempts, drawn_t *d)
{
    const population_key_t key = {(uint64_t)arm->seed, (uint64_t)patient, 0};
    person_centre_t centre;
    int rc = 0;
    embody_centre(arm, &centre);
    for (int i = 0; rc == 0 && i + 1 < attempts; i++) {
        person_t person;
        rc = population_attempt(&person, &arm->population, &centre, &key, i, &d->error);
        const int limit = rc == 0 ? population_limit(&person, &arm->population) : -1;
        if (limit >= 0) {
            d->refused[limit]++;
        }
    }
    return rc;
}

static void draw_one(const freezing_t *f, int64_t patient, double *row, drawn_t *d)
{
    const record_key_t key = {patient, f->order->arm, 0};
    person_t person;
    memset(d, 0, sizeof *d);
    int rc = embody_person(f->arm, &key, &person, &d->error);
    rc = rc != 0 ? rc : person_row_write(&person, patient, row, &d->error);
    if (rc == 0 && f->arm->cohort.file[0] == '\0') {
        rc = count_refused(f->arm, patient, person.attempts, d);
    }
    d->error.patient = rc != 0 ? patient : 0;
}

/* ---- what stands in front of them ---- */

static void head_settings(frozen_head_t *h, const population_param_t *p)
{
#define PARAM(key, member, unit_, value_, low, high, help, source)                                 \
    h->setting[h->settings++] = (frozen_setting_t){#key, unit_, help, p->member};
#include "body/population.def"
#undef PARAM
}
_Static_assert(sizeof(population_param_t) / sizeof(double) <= FROZEN_SETTINGS_MAX,
               "room for each setting of the population");

/* Height is normal within a sex; the others are monotone functions of one normal each. */
static void head_pairs(frozen_head_t *h, const population_param_t *p)
{
    const frozen_pair_t pair[] = {
        {"bmi_volume_correlation", "bmi_kg_per_m2", "csf_volume_scale", "",
         p->bmi_volume_correlation},
        {"height_stroke_correlation", "height_cm", "stroke_factor", "sex",
         p->height_stroke_correlation},
        {"age_clearance_correlation", "age_years", "clearance_factor", "",
         p->age_clearance_correlation},
        {"sensitivity_baseline_correlation", "response_ec50_ng_per_ml", "response_baseline", "",
         p->sensitivity_baseline_correlation},
    };
    h->pairs = sizeof pair / sizeof pair[0];
    memcpy(h->pair, pair, sizeof pair);
}

static int head_fields(frozen_head_t *h, const study_t *arm, error_t *e)
{
    double central[FROZEN_FIELDS_MAX];
    person_centre_t centre;
    person_t person;
    embody_centre(arm, &centre);
    int rc = person_row_central(&centre, &person, e);
    rc = rc != 0 ? rc : person_row_write(&person, 1, central, e);
    h->fields = person_row_columns((int)arm->n_drugs);
    for (size_t i = 0; rc == 0 && i < h->fields; i++) {
        h->field[i] = *person_row_field(i);
        if (h->field[i].key[0] != '\0') {
            h->field[i].central = central[i];
        }
    }
    return rc;
}

/* Of who was taken from another cohort nobody knows what his attempts missed. */
static void head_limits(frozen_head_t *h, const study_t *arm)
{
    h->limits = arm->cohort.file[0] == '\0' ? POPULATION_LIMITS : 0;
    for (size_t i = 0; i < h->limits; i++) {
        h->limit[i] = (frozen_limit_t){population_limit_name((int)i), 0};
    }
}

static int make_head(freezing_t *f, const origin_t *origin, error_t *e)
{
    frozen_head_t *h = &f->head;
    h->provenance = origin->provenance;
    h->provenance.core_id = h->provenance.core_code = "none"; /* nobody lived */
    h->arm = f->order->study->arms.name[f->order->arm];
    head_settings(h, &f->arm->population);
    head_pairs(h, &f->arm->population);
    head_limits(h, f->arm);
    return head_fields(h, f->arm, e);
}

/* ---- all ---- */

static int draw_block(freezing_t *f, int64_t first, int64_t n, error_t *e)
{
#pragma omp parallel for num_threads(f->order->jobs) schedule(static)
    for (int64_t i = 0; i < n; i++) {
        draw_one(f, first + i, f->row + (size_t)i * f->head.fields, &f->drawn[i]);
    }
    for (int64_t i = 0; i < n; i++) {
        if (f->drawn[i].error.code != 0) {
            *e = f->drawn[i].error;
            return e->code;
        }
        for (size_t limit = 0; limit < f->head.limits; limit++) {
            f->head.limit[limit].attempts += f->drawn[i].refused[limit];
        }
    }
    return 0;
}

static int draw_all(freezing_t *f, frozen_writer_t *w, error_t *e)
{
    const freeze_t *o = f->order;
    const int64_t all = f->arm->patients;
    int rc = 0;
    for (int64_t done = 0; rc == 0 && done < all;) {
        const int64_t n = all - done < BLOCK ? all - done : BLOCK;
        rc = draw_block(f, done + 1, n, e);
        rc = rc != 0 ? rc : frozen_writer_append(w, f->row, (size_t)n, e);
        done += n;
        if (rc == 0 && o->progress != NULL) {
            o->progress(o->context, done, all);
        }
        if (rc == 0 && o->interrupt != NULL && *o->interrupt != 0) {
            rc = ERROR_RAISE(e, ERROR_INTERRUPTED, "interrupted after %lld of %lld people",
                             (long long)done, (long long)all);
        }
    }
    return rc;
}

static int write_file(freezing_t *f, char hash[FROZEN_HASH_SIZE], error_t *e)
{
    frozen_writer_t *w = NULL;
    int rc = frozen_writer_create(&w, f->order->path, &f->head, f->order->overwrite, e);
    rc = rc != 0 ? rc : draw_all(f, w, e);
    if (rc != 0) {
        frozen_writer_abandon(&w);
        return rc;
    }
    return frozen_writer_commit(&w, hash, e);
}

static int run(freezing_t *f, char hash[FROZEN_HASH_SIZE], error_t *e)
{
    const core_t core = core_builtin();
    origin_t origin;
    int rc = origin_init(&origin, f->order->study, &core, e);
    rc = rc != 0 ? rc : make_head(f, &origin, e);
    if (rc == 0) {
        f->row = calloc(BLOCK * f->head.fields, sizeof *f->row);
        f->drawn = calloc(BLOCK, sizeof *f->drawn);
        rc = f->row == NULL || f->drawn == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %d people", BLOCK)
                 : write_file(f, hash, e);
    }
    free(f->row);
    free(f->drawn);
    origin_free(&origin);
    return rc;
}

int freeze_run(const freeze_t *o, char hash[FROZEN_HASH_SIZE], error_t *e)
{
    freezing_t *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to freeze people");
    }
    f->order = o;
    f->arm = study_arm(o->study, o->arm);
    const int rc = run(f, hash, e);
    free(f);
    return rc;
}
