/* SPDX-License-Identifier: Apache-2.0 */
/* Primes of the path, pooled over sources. */
#include "validation/estimator_prime.h"

enum { KIND, TUBING_ML, COLUMNS };

static const estimator_pool_read_t events = {
    .table = {TABLE_EVENTS},
    .tables = 1,
    .field = {[KIND] = FIELD_EVENTS_KIND, [TUBING_ML] = FIELD_EVENTS_VALUE2},
    .fields = COLUMNS};

static int add_primes(estimator_pool_t *to, const estimator_pool_from_t *from, size_t record,
                      error_t *e)
{
    const estimator_pool_rows_t rows = estimator_pool_rows(from, 0, record);
    int rc = 0;
    for (size_t row = rows.begin; rc == 0 && row < rows.end; row++) {
        if ((int)from->column[KIND][row] == FIELDS_EVENT_PRIME) {
            rc = estimator_pool_add(to, to->patients, from->column[TUBING_ML][row], 0.0, e);
        }
    }
    return rc;
}

const estimator_pool_plan_t estimator_prime_tubing = {&events, add_primes, estimator_pool_mean,
                                                      "primes in the table events"};
