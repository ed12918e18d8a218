/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the concentration at every level of the canal. */
#include "cohort/canal.h"

#define MS_PER_DAY INT64_C(86400000)

_Static_assert((int)FIELDS_LEVEL_C1 == ANATOMY_LEVELS - 1 &&
                   (int)FIELDS_LEVEL_CISTERNAL == ANATOMY_LEVELS,
               "levels are stored as the anatomy counts them, and the cisterns after them");

int canal_init(canal_t *c, const study_t *study, body_t *body, error_t *e)
{
    *c = (canal_t){.every_day = body != NULL ? study->record.canal_ms / MS_PER_DAY : 0};
    for (int i = 0; c->every_day > 0 && i < ANATOMY_LEVELS; i++) {
        c->site[i] = body_site(body, anatomy_level(i)->name, e);
        if (c->site[i] < 0) {
            return c->site[i];
        }
    }
    return 0;
}

static void put_row(record_t *r, int32_t day, int level, double ng_per_ml)
{
    record_row(r, TABLE_CANAL);
    record_put_i64(r, FIELD_CANAL_DAY, day);
    record_put_i64(r, FIELD_CANAL_LEVEL, level);
    record_put_f64(r, FIELD_CANAL_NG_PER_ML, ng_per_ml);
}

void canal_day(const canal_t *c, body_t *body, int32_t day, record_t *r)
{
    double ng_per_ml[BODY_SITES_MAX];
    if (c->every_day == 0 || day % c->every_day != 0) {
        return;
    }
    body_csf_all_ng_per_ml(body, 0, ng_per_ml);
    for (int i = 0; i < ANATOMY_LEVELS; i++) {
        put_row(r, day, i, ng_per_ml[c->site[i]]);
    }
    put_row(r, day, FIELDS_LEVEL_CISTERNAL, body_cisternal_ng_per_ml(body, 0));
}

int canal_tip_level(const person_t *person)
{
    anatomy_t a;
    /* A person's canal was built of the same parameters before: it can be again. */
    return anatomy_init(&a, &person->csf, NULL) == 0 ? anatomy_at(&a, person->tip_cm) : 0;
}
