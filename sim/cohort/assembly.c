/* SPDX-License-Identifier: Apache-2.0 */
/* Appends finished records to the dataset in their order, between patients. */
#include "cohort/assembly.h"

#include <stdlib.h>

int assembly_init(assembly_t *a, const assembly_param_t *param, error_t *e)
{
    *a = (assembly_t){.param = *param};
    omp_init_lock(&a->lock);
    a->place = calloc((size_t)param->total + 1, sizeof *a->place);
    return a->place != NULL
               ? 0
               : ERROR_RAISE(e, ERROR_MEMORY, "no memory for the places of %lld records",
                             (long long)param->total);
}

/* A record that is not of this run, or there twice, is writer_assemble's to refuse. */
void assembly_note(assembly_t *a, int64_t index, size_t place)
{
    if (index < 0 || index >= a->param.total || a->place[index] != 0) {
        a->given_up = true;
        return;
    }
    a->place[index] = place + 1;
}

/* The entry of the record that is due; false: it is not there yet. The journal's list moves as it grows. */
static bool find_due(const assembly_t *a, journal_entry_t *entry)
{
    bool found = false;
#pragma omp critical(cohort_shared)
    if (!a->given_up && a->next < a->param.total && a->place[a->next] != 0) {
        *entry = a->param.journal->entry[a->place[a->next] - 1];
        found = true;
    }
    return found;
}

static void give_up(assembly_t *a)
{
#pragma omp critical(cohort_shared)
    a->given_up = true;
#pragma omp critical(cohort_hdf5)
    writer_abandon(&a->writer);
}

static int append(assembly_t *a, const journal_entry_t *entry)
{
    const assembly_param_t *q = &a->param;
    error_t silence = {0};
    int code = 0;
    if (a->writer == NULL) {
        code = writer_create(&a->writer, q->path, q->p, &q->options, &silence);
    }
    return code != 0 ? code : writer_append_entry(a->writer, q->journal, entry, &silence);
}

void assembly_advance(assembly_t *a)
{
    journal_entry_t entry;
    if (omp_test_lock(&a->lock) == 0) {
        return;
    }
    while (*a->param.interrupt == 0 && find_due(a, &entry)) {
        int code;
#pragma omp critical(cohort_hdf5)
        code = append(a, &entry);
        if (code != 0) {
            give_up(a);
        } else {
            a->next++;
        }
    }
    omp_unset_lock(&a->lock);
}

bool assembly_make_room(assembly_t *a)
{
    omp_set_lock(&a->lock);
    a->made_room = a->made_room || a->writer != NULL;
    const bool made_room = a->made_room;
    give_up(a);
    omp_unset_lock(&a->lock);
    return made_room;
}

int assembly_finish(assembly_t *a, error_t *e)
{
    const assembly_param_t *q = &a->param;
    assembly_advance(a);
    if (a->writer != NULL && a->next == q->total && !a->given_up) {
        return writer_commit(&a->writer, e);
    }
    writer_abandon(&a->writer);
    return writer_assemble(q->journal, q->path, q->p, &q->options, e);
}

void assembly_free(assembly_t *a)
{
    writer_abandon(&a->writer);
    omp_destroy_lock(&a->lock);
    free(a->place);
    a->place = NULL;
}
