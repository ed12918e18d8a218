/* SPDX-License-Identifier: Apache-2.0 */
/* What a sensitivity analysis varies: a key of the study between two values. */
#ifndef SIM_CLI_SENSITIVITY_INPUT_H
#define SIM_CLI_SENSITIVITY_INPUT_H

#include "config/study.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>

#define SENSITIVITY_INPUTS_MAX 64 /* of Morris's design; Sobol's takes fewer */
#define SENSITIVITY_KEY_SIZE 128
#define SENSITIVITY_UNIT_SIZE 32
#define SENSITIVITY_OVERRIDE_SIZE 224

typedef struct sensitivity_input_t {
    char key[SENSITIVITY_KEY_SIZE];
    char unit[SENSITIVITY_UNIT_SIZE]; /* as given; "" for a number */
    double low, high;
    bool logarithmic; /* spread evenly in the logarithm */
} sensitivity_input_t;

/* Reads "KEY=LOW..HIGH UNIT". ERROR_ARGUMENT: says what is wrong with it and how it is written. */
int sensitivity_input_read(sensitivity_input_t *in, const char *text, bool logarithmic, error_t *e)
    __attribute__((warn_unused_result));

/* What a study says that it does not know: low to high, in the logarithm where the draws are log-normal. */
void sensitivity_input_uncertain(sensitivity_input_t *in, const study_uncertain_t *u);

/* The value at a place from 0 to 1 between the ends. */
double sensitivity_input_value(const sensitivity_input_t *in, double place);

/* "KEY=VALUE UNIT", as --set takes it. */
void sensitivity_input_override(const sensitivity_input_t *in, double value,
                                char text[SENSITIVITY_OVERRIDE_SIZE]);

#endif
