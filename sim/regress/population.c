/* SPDX-License-Identifier: Apache-2.0 */
/* The datasets of a scenario that is judged at the population's level. */
#include "regress/population.h"

#include "cohort/origin.h"
#include "dataset/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static journal_t *journal_of(const population_t *p, size_t scenario, int side)
{
    return &p->journal[scenario * POOL_SIDES + (size_t)side];
}

bool population_is_judged(const suite_t *suite, size_t scenario)
{
    return suite->scenario[scenario].level[SUITE_POPULATION] != 0;
}

void population_path(const population_t *p, size_t scenario, int side,
                     char path[POPULATION_PATH_SIZE])
{
    (void)snprintf(path, POPULATION_PATH_SIZE, "%.500s/%s-%s.h5", p->folder,
                   p->suite->scenario[scenario].name,
                   side == POOL_BASELINE ? "baseline" : "candidate");
}

static void journal_path(const population_t *p, size_t scenario, int side, char *path)
{
    population_path(p, scenario, side, path);
    (void)snprintf(path + strlen(path), POPULATION_PATH_SIZE - strlen(path), ".journal");
}

int population_begin(population_t *p, const suite_t *suite, const char *folder, error_t *e)
{
    static const uint8_t none[PROVENANCE_HASH_SIZE] = {0}; /* it is never opened again */
    char path[POPULATION_PATH_SIZE];
    int code = 0;
    *p = (population_t){suite, folder, calloc(suite->scenarios * POOL_SIDES, sizeof *p->journal)};
    if (p->journal == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for %zu journals", suite->scenarios);
    }
    for (size_t i = 0; i < suite->scenarios * POOL_SIDES; i++) {
        journal_init(&p->journal[i]);
    }
    for (size_t i = 0; code == 0 && i < suite->scenarios; i++) {
        for (int side = 0; code == 0 && population_is_judged(suite, i) && side < POOL_SIDES;
             side++) {
            journal_path(p, i, side, path);
            code = journal_create(journal_of(p, i, side), path, none, e);
        }
    }
    return code;
}

int population_keep(population_t *p, const unit_t *unit, int side, const testimony_t *t, error_t *e)
{
    if (!population_is_judged(p->suite, unit->scenario) || t->end != TESTIMONY_LIVED) {
        return 0;
    }
    const journal_frame_t frame = {unit->key, t->record, t->record_size};
    return journal_append_frame(journal_of(p, unit->scenario, side), &frame, e);
}

static int make_dataset(population_t *p, const pool_t *pool, size_t scenario, int side, error_t *e)
{
    const writer_options_t options = {.overwrite = 1};
    const core_t core = core_builtin();
    char path[POPULATION_PATH_SIZE];
    origin_t origin;
    int code = origin_init(&origin, &p->suite->scenario[scenario].study, &core, e);
    population_path(p, scenario, side, path);
    origin.provenance.core_id = pool->id[side];
    origin.provenance.core_code = "";
    code = code != 0 ? code
                     : writer_assemble(journal_of(p, scenario, side), path, &origin.provenance,
                                       &options, e);
    origin_free(&origin);
    return code;
}

int population_finish(population_t *p, const pool_t *pool, error_t *e)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < p->suite->scenarios; i++) {
        for (int side = 0; code == 0 && population_is_judged(p->suite, i) && side < POOL_SIDES;
             side++) {
            code = make_dataset(p, pool, i, side, e);
        }
    }
    return code;
}

void population_end(population_t *p, bool datasets)
{
    char path[POPULATION_PATH_SIZE];
    error_t e = {0};
    for (size_t i = 0; p->journal != NULL && i < p->suite->scenarios; i++) {
        for (int side = 0; population_is_judged(p->suite, i) && side < POOL_SIDES; side++) {
            const int left = journal_remove(journal_of(p, i, side), &e);
            (void)left; /* a file in a folder for such: nothing depends on it */
            population_path(p, i, side, path);
            if (datasets) {
                (void)unlink(path);
            }
        }
    }
    free(p->journal);
    memset(p, 0, sizeof *p);
}
