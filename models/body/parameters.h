/* SPDX-License-Identifier: Apache-2.0 */
/* The body models' parameter structs, one per `.def` list (see param.h for how a row is read). */
#ifndef MODELS_BODY_PARAMETERS_H
#define MODELS_BODY_PARAMETERS_H

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

typedef struct population_param_t {
#include "body/population.def"
} population_param_t;
#undef PARAM

#endif
