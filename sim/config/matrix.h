/* SPDX-License-Identifier: Apache-2.0 */
/* One scenario written for many: every combination of named settings, an `each` of which stands for a whole matrix.
 *
 *     each:
 *       mode: {simple: {therapy.dose: 300 ug/day}, none: {therapy.mode: stopped}}
 *       phase: {early: {"events[0].at": 1 h}, late: {"events[0].at": 30 h}}
 *
 * makes four of it, called NAME-simple-early, NAME-simple-late, NAME-none-early and NAME-none-late. The settings of an axis
 * are laid over the study as those of an arm are, axis by axis in the order of the file.
 */
#ifndef CONFIG_MATRIX_H
#define CONFIG_MATRIX_H

#include <stddef.h>

#include "config/document.h"
#include "config/study.h"

#define MATRIX_AXES_MAX 6

/* The axes of one scenario; it borrows the document's nodes. */
typedef struct matrix_t {
    size_t axes;                                  /* 0: no `each`, one scenario */
    const document_node_t *axis[MATRIX_AXES_MAX]; /* mappings of names to settings */
    size_t length[MATRIX_AXES_MAX];
    size_t
        count; /* of scenarios, at least 1; 0: what stands there is no matrix, and that was reported */
} matrix_t;

/* Reads `each` of a scenario, which is shown as `shown`; it may stand for at most `most` scenarios. */
void matrix_read(matrix_t *m, const document_t *doc, const document_node_t *scenario,
                 const char *shown, size_t most);

/* Appends to `name`, of STUDY_NAME_SIZE bytes, what scenario `index` < count is called beyond the name of all; 0 where that
 * does not fit, which is reported. */
int matrix_name(const matrix_t *m, const document_t *doc, size_t index, char *name);

/* The study of scenario `index`: a copy of `config`, whose includes are expanded, with its settings laid over; what does not fit is
 * reported. NULL without memory. */
document_node_t *matrix_config(const matrix_t *m, document_t *doc, const document_node_t *config,
                               size_t index);

#endif
