/* SPDX-License-Identifier: Apache-2.0 */
/* The body models' parameter structs, one per `.def` list (see param.h for how a row is read). */
#ifndef MODELS_BODY_PARAMETERS_H
#define MODELS_BODY_PARAMETERS_H

#include "error.h"
#include "param.h"

#define PARAM PARAM_MEMBER
typedef struct csf_param_t {
#include "body/csf.def"
} csf_param_t;

typedef struct drug_param_t {
#include "body/drug.def"
} drug_param_t;

typedef struct ashworth_param_t {
#include "body/ashworth.def"
} ashworth_param_t;

typedef struct tolerance_param_t {
#include "body/tolerance.def"
} tolerance_param_t;

typedef struct population_param_t {
#include "body/population.def"
} population_param_t;

typedef struct mortality_param_t {
#include "body/mortality.def"
} mortality_param_t;
#undef PARAM

/* Every default of the lists. */
csf_param_t parameters_csf(void);
drug_param_t parameters_drug(void);
ashworth_param_t parameters_ashworth(void);
tolerance_param_t parameters_tolerance(void);
population_param_t parameters_population(void);
mortality_param_t parameters_mortality(void);

/* ERROR_ARGUMENT, naming the key, where a member is outside its row's range or not finite. */
int parameters_check_csf(const csf_param_t *p, error_t *e) __attribute__((warn_unused_result));
int parameters_check_drug(const drug_param_t *p, error_t *e) __attribute__((warn_unused_result));
int parameters_check_ashworth(const ashworth_param_t *p, error_t *e)
    __attribute__((warn_unused_result));
int parameters_check_tolerance(const tolerance_param_t *p, error_t *e)
    __attribute__((warn_unused_result));
int parameters_check_population(const population_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

#endif
