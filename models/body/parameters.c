/* SPDX-License-Identifier: Apache-2.0 */
/* Defaults and range checks of the body's parameters, expanded from their lists. */
#include "body/parameters.h"

static int check_row(const char *key, double value, double low, double high, error_t *e)
{
    if (value >= low && value <= high)
        return ERROR_OK;
    return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is %g, must be %g to %g", key, value, low, high);
}

#define PARAM PARAM_DEFAULT

csf_param_t parameters_csf(void)
{
    return (csf_param_t){
#include "body/csf.def"
    };
}

drug_param_t parameters_drug(void)
{
    return (drug_param_t){
#include "body/drug.def"
    };
}

ashworth_param_t parameters_ashworth(void)
{
    return (ashworth_param_t){
#include "body/ashworth.def"
    };
}

tolerance_param_t parameters_tolerance(void)
{
    return (tolerance_param_t){
#include "body/tolerance.def"
    };
}

population_param_t parameters_population(void)
{
    return (population_param_t){
#include "body/population.def"
    };
}

mortality_param_t parameters_mortality(void)
{
    return (mortality_param_t){
#include "body/mortality.def"
    };
}
#undef PARAM

/* Each row is one check; the first that fails is kept. */
#define PARAM(key, field, unit, value, low, high, help, source)                                    \
    if (rc == ERROR_OK)                                                                            \
        rc = check_row(#key, p->field, (low), (high), e);

int parameters_check_csf(const csf_param_t *p, error_t *e)
{
    int rc = ERROR_OK;
#include "body/csf.def"
    return rc;
}

int parameters_check_drug(const drug_param_t *p, error_t *e)
{
    int rc = ERROR_OK;
#include "body/drug.def"
    return rc;
}

int parameters_check_ashworth(const ashworth_param_t *p, error_t *e)
{
    int rc = ERROR_OK;
#include "body/ashworth.def"
    return rc;
}

int parameters_check_tolerance(const tolerance_param_t *p, error_t *e)
{
    int rc = ERROR_OK;
#include "body/tolerance.def"
    return rc;
}

int parameters_check_population(const population_param_t *p, error_t *e)
{
    int rc = ERROR_OK;
#include "body/population.def"
    return rc;
}
