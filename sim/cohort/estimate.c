/* SPDX-License-Identifier: Apache-2.0 */
/* Adds up the cost of every arm. */
#include "cohort/estimate.h"

#include <math.h>

#define MS_PER_DAY 86400000.0
#define DAYS_PER_YEAR 365.25

/* Measured: 8 to 1000 patients, 2 days to 10 years, with and without body, one and two drugs, without and with a
 * clinic; user time of one thread. */
#define BODY_MS_PER_PATIENT 4.0 /* a drug's modes, found once */
#define DEVICE_MS_PER_YEAR 2.4
#define BODY_MS_PER_YEAR 1.1 /* a drug */
#define CLINIC_MS_PER_YEAR 3.5
/* Sizes of the files of the same runs. */
#define DATASET_BYTES 400e3
#define DATASET_BYTES_PER_PATIENT 260.0
#define DATASET_BYTES_PER_DAY 16.0
#define CLINIC_BYTES_PER_DAY 2.0
#define JOURNAL_BYTES_PER_DAY 51.0
/* A sample of the whole canal: rows of every level. */
#define CANAL_ROWS 26.0
#define CANAL_BYTES_PER_ROW 2.3
#define JOURNAL_BYTES_PER_CANAL_ROW 9.0
/* Resident at the peak, 1 to 16 threads. */
#define MEMORY_BYTES (20.0 * 1048576.0)
#define MEMORY_BYTES_PER_THREAD 1048576.0
/* Of the journal, an entry a record, and where it stands; of the dataset, the value of each uncertain parameter in each draw. */
#define MEMORY_BYTES_PER_RECORD 40.0
#define MEMORY_BYTES_PER_DRAW 8.0

static double ms_per_patient(const study_t *arm, double years)
{
    double ms = DEVICE_MS_PER_YEAR * years;
    if (arm->body.model == STUDY_BODY_INTRATHECAL)
        ms += (double)arm->n_drugs * (BODY_MS_PER_PATIENT + BODY_MS_PER_YEAR * years);
    if (arm->clinic_policy != STUDY_POLICY_NONE)
        ms += CLINIC_MS_PER_YEAR * years;
    return ms;
}

/* Rows of table `canal` of a patient. */
static double canal_rows(const study_t *arm, double days)
{
    const double every_day = (double)arm->record.canal_ms / MS_PER_DAY;
    return every_day > 0.0 && arm->body.model == STUDY_BODY_INTRATHECAL
               ? CANAL_ROWS * (floor(days / every_day) + 1.0)
               : 0.0;
}

static double bytes_per_patient(const study_t *arm, double days)
{
    double per_day = DATASET_BYTES_PER_DAY;
    if (arm->clinic_policy != STUDY_POLICY_NONE)
        per_day += CLINIC_BYTES_PER_DAY;
    return DATASET_BYTES_PER_PATIENT + per_day * days + CANAL_BYTES_PER_ROW * canal_rows(arm, days);
}

void estimate_study(const study_t *s, int threads, estimate_t *out)
{
    /* Who lives in each arm: a patient once in each replicate. */
    const double replicates = (double)s->parameter_draws + 1.0;
    const double patients = (double)s->patients * replicates;
    const double days = (double)s->horizon_ms / MS_PER_DAY;
    const double records = patients * (double)s->arms.count;
    double busy = records;
    if (busy > threads)
        busy = threads;
    *out =
        (estimate_t){.dataset_bytes = DATASET_BYTES,
                     .memory_bytes = MEMORY_BYTES + MEMORY_BYTES_PER_THREAD * threads +
                                     MEMORY_BYTES_PER_RECORD * records +
                                     MEMORY_BYTES_PER_DRAW * replicates * (double)s->n_uncertain};
    for (int64_t i = 0; i < s->arms.count; i++) {
        const study_t *arm = study_arm(s, i);
        out->patient_years += patients * days / DAYS_PER_YEAR;
        out->time_s += patients * ms_per_patient(arm, days / DAYS_PER_YEAR) / 1000.0 / busy;
        out->dataset_bytes += patients * bytes_per_patient(arm, days);
        out->journal_bytes += patients * (JOURNAL_BYTES_PER_DAY * days +
                                          JOURNAL_BYTES_PER_CANAL_ROW * canal_rows(arm, days));
    }
}
