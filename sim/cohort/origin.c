/* SPDX-License-Identifier: Apache-2.0 */
/* The origin of a dataset: its provenance, made from the study and the core that ran. */
#include "cohort/origin.h"

#include "config/reference.h"

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
    return 0;
}

void origin_free(origin_t *o)
{
    free(o->config);
    free(o->assumptions);
    memset(o, 0, sizeof *o);
}
