/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters as lists: one `.def` file per model is its struct, its config keys, its defaults, its ranges
 * and its documentation.
 *
 * Each row is
 *     PARAM(key, field, unit, value, low, high, help, source)
 *   key     name in the config file, under the model's section
 *   field   member of the model's `_param_t`, a double, with the unit in its name
 *   unit    UDUNITS-2 spelling of the member's unit; "1" for a pure number
 *   value   default; a person's draw or a config file may replace it
 *   low, high   accepted range, both ends included
 *   help    one line: what it is
 *   source  where the value comes from, or "assumption" and why, with the range to sweep
 *
 * A header declares its struct so:
 *     typedef struct reservoir_param_t {
 *     #define PARAM(key, field, unit, value, low, high, help, source) double field;
 *     #include "device/reservoir.def"
 *     #undef PARAM
 *     } reservoir_param_t;
 * and its defaults with PARAM_DEFAULT in place of the member. The config reader and the generated
 * models/PARAMETERS.md expand the same rows, so a parameter is written down once.
 */
#ifndef MODELS_PARAM_H
#define MODELS_PARAM_H

#define PARAM_MEMBER(key, field, unit, value, low, high, help, source) double field;
#define PARAM_DEFAULT(key, field, unit, value, low, high, help, source) .field = (value),

#endif
