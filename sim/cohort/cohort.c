/* SPDX-License-Identifier: Apache-2.0 */
/* Many patients: trajectories in parallel, a journal of finished ones, and the dataset at the end. */
#include "cohort/cohort.h"

#include "cohort/assembly.h"
#include "cohort/origin.h"
#include "cohort/trajectory.h"
#include "dataset/journal.h"
#include "dataset/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".journal"

/* Records between two syncs of the journal: what a loss of power may cost, beside those in flight. */
#define SYNC_EVERY 64

/* What the threads share, changed only inside the critical section. */
typedef struct shared_t {
    const cohort_t *cohort;
    journal_t *journal;
    assembly_t *assembly; /* has a lock of its own besides */
    int64_t done;
    int64_t total;
    bool failed;
    record_key_t failure; /* lowest that failed */
    error_t error;        /* of that record */
} shared_t;

/* Resuming was refused: with which core it was tried, since that is easily another than before. */
static int refuse(const provenance_t *p, error_t *e)
{
    const error_t why = *e;
    return ERROR_RAISE(e, ERROR_ARGUMENT, "%s; this run's core is %s (%.16s)", why.text, p->core_id,
                       p->core_code);
}

static int open_journal(journal_t *j, const cohort_t *c, const provenance_t *p, error_t *e)
{
    uint8_t hash[PROVENANCE_HASH_SIZE];
    size_t size = strlen(c->path) + sizeof SUFFIX;
    char *path = malloc(size);
    int code;
    if (path == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the name of the journal");
    }
    (void)snprintf(path, size, "%s" SUFFIX, c->path);
    provenance_hash(p, hash);
    if (c->resume && access(path, F_OK) == 0) {
        code = journal_open(j, path, hash, e);
        code = code == ERROR_ARGUMENT ? refuse(p, e) : code;
    } else {
        if (c->overwrite) {
            (void)unlink(path);
        }
        code = journal_create(j, path, hash, e);
    }
    free(path);
    return code;
}

/* Whether this record is still wanted: nothing after a failure or an interruption is begun. */
static bool wanted(shared_t *s, const record_key_t *key)
{
    bool answer;
#pragma omp critical(cohort_shared)
    answer = (!s->failed || record_compare(key, &s->failure) < 0) && *s->cohort->interrupt == 0 &&
             !journal_has(s->journal, key);
    return answer;
}

static void keep_lowest_error(shared_t *s, const error_t *e, const record_key_t *key)
{
    if (!s->failed || record_compare(key, &s->failure) < 0) {
        s->failed = true;
        s->failure = *key;
        s->error = *e;
    }
}

/* Every so many patients are of one shard; without shards every one. */
static int64_t stride_of(const cohort_t *c)
{
    return c->shards > 0 ? c->shards : 1;
}

static int64_t first_of(const cohort_t *c)
{
    return c->shards > 0 ? c->shard : 1;
}

/* Lives of one patient: in each arm, in each replicate of it. */
static int64_t lives_of(const study_t *s)
{
    return s->arms.count * (s->parameter_draws + 1);
}

/* The records of this run, from 0, in the order of their keys: a patient's arms, and in each its replicates, one after the
 * other, so that a replicate that cannot live is met with the first patient. */
static record_key_t key_of(const cohort_t *c, int64_t index)
{
    const int64_t lives = lives_of(c->study), replicates = c->study->parameter_draws + 1;
    return (record_key_t){first_of(c) + index / lives * stride_of(c),
                          (int32_t)(index % lives / replicates), (int32_t)(index % replicates)};
}

static int64_t index_of(const cohort_t *c, const record_key_t *key)
{
    const int64_t replicates = c->study->parameter_draws + 1;
    return (key->patient - first_of(c)) / stride_of(c) * lives_of(c->study) +
           key->arm * replicates + key->replicate;
}

static int append(shared_t *s, const record_t *r, error_t *e)
{
    int code;
#pragma omp critical(cohort_shared)
    {
        code = journal_append(s->journal, r, e);
        if (code >= 0) {
            assembly_note(s->assembly, index_of(s->cohort, &r->key), s->journal->count - 1);
        }
    }
    return code;
}

static void finish_record(shared_t *s, const record_t *r, int code, error_t *e)
{
    const cohort_t *c = s->cohort;
    if (code >= 0) {
        code = append(s, r, e);
        if (code < 0 && assembly_make_room(s->assembly)) {
            code = append(s, r, e);
        }
    }
#pragma omp critical(cohort_shared)
    {
        s->done += code >= 0;
        if (code >= 0 && s->done % SYNC_EVERY == 0) {
            code = journal_sync(s->journal, e);
        }
        if (code < 0) {
            keep_lowest_error(s, e, &r->key);
        } else if (c->progress != NULL) {
            c->progress(c->context, s->done, s->total);
        }
    }
    assembly_advance(s->assembly);
}

/* What a thread has to itself. */
typedef struct worker_t {
    record_t record;
    study_t room; /* the study of a replicate */
} worker_t;

static void run_record(shared_t *s, worker_t *w, record_key_t key)
{
    trajectory_request_t request = {.core = s->cohort->core, .key = key};
    record_t *r = &w->record;
    error_t e = {0};
    int code;
    if (!wanted(s, &key)) {
        return;
    }
    request.study = study_replicate(s->cohort->study, key.arm, key.replicate, &w->room);
    record_reset(r, key);
    code = trajectory_run(&request, r, &e);
    if (code >= 0) {
        code = record_finish(r, &e);
        e.patient = code < 0 ? key.patient : 0; /* what fails from here on is not the patient's */
    }
    finish_record(s, r, code, &e);
}

/* Patients of this shard. */
static int64_t patients_of(const cohort_t *c)
{
    const int64_t after_first = c->study->patients - first_of(c);
    return after_first < 0 ? 0 : after_first / stride_of(c) + 1;
}

/* A journal that was begun for other patients would leave theirs in this dataset. */
static int check_shard(const cohort_t *c, const journal_t *j, error_t *e)
{
    for (size_t i = 0; i < j->count; i++) {
        if ((j->entry[i].key.patient - first_of(c)) % stride_of(c) != 0) {
            return ERROR_RAISE(e, ERROR_ARGUMENT,
                               "%s holds patient %lld, who is not of this shard: give the shard "
                               "that it was begun with, or another name with -o",
                               j->path, (long long)j->entry[i].key.patient);
        }
    }
    return 0;
}

/* In the order of keys, so that an interruption leaves few patients without their pair, and the dataset grows meanwhile. */
static void run_records(shared_t *s)
{
    int threads = s->total < s->cohort->jobs ? (int)s->total : s->cohort->jobs;
    threads = threads > 0 ? threads : 1;
#pragma omp parallel num_threads(threads)
    {
        worker_t worker;
        record_init(&worker.record);
#pragma omp for schedule(monotonic : dynamic, 1)
        for (int64_t i = 0; i < s->total; i++) {
            run_record(s, &worker, key_of(s->cohort, i));
        }
        record_free(&worker.record);
    }
}

static int outcome_of(const shared_t *s, cohort_outcome_t *outcome, error_t *e)
{
    if (s->failed) {
        outcome->failed_arm = s->failure.arm;
        outcome->failed_replicate = s->failure.replicate;
        *e = s->error;
        return s->error.code;
    }
    if (s->done < s->total) {
        return ERROR_RAISE(e, ERROR_INTERRUPTED, "interrupted after %lld of %lld %s",
                           (long long)s->done, (long long)s->total,
                           lives_of(s->cohort->study) > 1 ? "trajectories" : "patients");
    }
    return 0;
}

/* The patients who are missing, then the dataset. */
static int run_missing(shared_t *s, cohort_outcome_t *outcome, error_t *e)
{
    const journal_t *j = s->journal;
    int code;
    for (size_t i = 0; i < j->count; i++) {
        assembly_note(s->assembly, index_of(s->cohort, &j->entry[i].key), i);
    }
    run_records(s);
    outcome->run = s->done - outcome->resumed;
    code = outcome_of(s, outcome, e);
    return code != 0 ? code : assembly_finish(s->assembly, e);
}

static int run_with_journal(const cohort_t *c, journal_t *j, const provenance_t *p,
                            cohort_outcome_t *outcome, error_t *e)
{
    assembly_t assembly;
    shared_t s = {.cohort = c,
                  .journal = j,
                  .assembly = &assembly,
                  .done = (int64_t)j->count,
                  .total = patients_of(c) * lives_of(c->study)};
    const assembly_param_t param = {j,       c->path,     p, {.overwrite = c->overwrite},
                                    s.total, c->interrupt};
    int code = check_shard(c, j, e);
    outcome->resumed = s.done;
    if (code != 0) {
        return code;
    }
    code = assembly_init(&assembly, &param, e);
    code = code != 0 ? code : run_missing(&s, outcome, e);
    assembly_free(&assembly);
    if (code == 0) {
        code = journal_remove(j, e);
    } else if (j->count == 0) {
        /* Nothing to resume from, and in the way of the next try; of two errors the first is told. */
        int removed = journal_remove(j, NULL);
        (void)removed;
    }
    return code;
}

int cohort_run(const cohort_t *c, cohort_outcome_t *outcome, error_t *e)
{
    journal_t journal;
    origin_t origin;
    int code;
    *outcome = (cohort_outcome_t){0};
    if (!c->overwrite && access(c->path, F_OK) == 0) {
        return ERROR_RAISE(e, ERROR_EXISTS,
                           "%s exists already; give another name with -o, or --force", c->path);
    }
    journal_init(&journal);
    code = origin_init(&origin, c->study, c->core, e);
    if (code == 0) {
        code = open_journal(&journal, c, &origin.provenance, e);
    }
    if (code == 0) {
        code = run_with_journal(c, &journal, &origin.provenance, outcome, e);
    }
    journal_close(&journal);
    origin_free(&origin);
    return code;
}
