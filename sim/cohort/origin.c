/* SPDX-License-Identifier: Apache-2.0 */
/* The origin of a dataset: its provenance, made from the study and the core that ran. */
#include "cohort/origin.h"

#include "config/reference.h"
#include "config/uncertain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every parameter of the study that is an assumption, a line each. */
static char *assumptions(const study_t *study)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int code = out == NULL ? -1 : reference_assumptions(study, out);
    if ((out != NULL && fclose(out) != 0) || code != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static void name_arms_and_drugs(provenance_t *p, const study_t *s)
{
    p->arms.count = (size_t)s->arms.count;
    for (size_t i = 0; i < p->arms.count; i++) {
        p->arms.name[i] = s->arms.name[i];
        p->settings.name[i] = i < (size_t)s->n_arm_studies ? s->arm[i].set : NULL;
    }
    p->settings.count = p->arms.count;
    p->drugs.count = (size_t)s->n_drugs;
    for (size_t i = 0; i < p->drugs.count; i++) {
        p->drugs.name[i] = s->drug[i].name;
    }
}

/* The draws of all replicates, as every patient meets them. */
static int list_draws(origin_t *o, const study_t *s, error_t *e)
{
    static const char *const shape[] = {"by_range", "log_normal", "normal", "uniform"};
    provenance_draws_t *d = &o->provenance.draws;
    const size_t parameters = (size_t)s->n_uncertain, replicates = (size_t)s->parameter_draws;
    o->range = calloc(parameters + 1, sizeof *o->range);
    o->value = calloc(parameters * (replicates + 1) + 1, sizeof *o->value);
    if (o->range == NULL || o->value == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu draws of %zu parameters", replicates,
                           parameters);
    }
    *d = (provenance_draws_t){
        .key.count = parameters,
        .unit.count = parameters,
        .shape.count = parameters,
        .range = o->range,
        .replicates = replicates,
        .value = o->value,
    };
    for (size_t k = 0; k < parameters; k++) {
        const study_uncertain_t *u = &s->uncertain[k];
        d->key.name[k] = u->key;
        d->unit.name[k] = u->unit;
        d->shape.name[k] = shape[u->shape];
        o->range[k] = (provenance_range_t){u->low, u->high, u->least, u->most};
        for (size_t r = 0; r <= replicates; r++) {
            o->value[r * parameters + k] = uncertain_value(s, (int64_t)k, (int64_t)r);
        }
    }
    return 0;
}

int origin_init(origin_t *o, const study_t *study, const core_t *core, error_t *e)
{
    provenance_t *p = &o->provenance;
    memset(o, 0, sizeof *o);
    if (study_resolved(study, &o->config, e) < 0) {
        return ERROR_MEMORY;
    }
    o->assumptions = assumptions(study);
    if (o->assumptions == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the list of assumptions");
    }
    p->study = study->name;
    p->title = study->title;
    p->description = study->description;
    p->program = "thecasim";
    p->version = THECASIM_VERSION;
    p->build = provenance_build();
    p->core_id = study->pump.kind != STUDY_PUMP_CONSTANT_FLOW ? core->entry->core_id : "none";
    p->core_code = study->pump.kind != STUDY_PUMP_CONSTANT_FLOW ? core->code : "none";
    p->config = o->config;
    p->assumptions = o->assumptions;
    p->warnings = study->warnings;
    p->seed = (uint64_t)study->seed;
    p->patients = study->patients;
    p->horizon_ms = study->horizon_ms;
    name_arms_and_drugs(p, study);
    return list_draws(o, study, e);
}

void origin_free(origin_t *o)
{
    free(o->config);
    free(o->assumptions);
    free(o->range);
    free(o->value);
    memset(o, 0, sizeof *o);
}
