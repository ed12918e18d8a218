/* SPDX-License-Identifier: Apache-2.0 */
/* The propellant: vapour and inert gas press, and fluid passes in closed form. */
#include "device/propellant.h"

#include <math.h>

#define KELVIN 273.15
#define BODY_K 310.15
#define KPA_PER_BAR 100.0
#define DAY_MS 86400000.0
#define STEPS_MAX 200 /* of the search; it takes about six */

/* An overfilled reservoir leaves less; it must leave some. */
#define GAS_LEAST_ML 0.1

int propellant_init(propellant_t *p, const propellant_param_t *param, double capacity_ml,
                    error_t *e)
{
    if (!(KELVIN + param->antoine_c_k > 0.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "propellant: C of %g K leaves no vapour at 0 degC",
                           param->antoine_c_k);
    }
    if (!(param->inert_kpa >= 0.0) ||
        (param->inert_kpa > 0.0 && !(param->gas_full_ml > GAS_LEAST_ML))) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "propellant: %g kPa of inert gas in %g mL",
                           param->inert_kpa, param->gas_full_ml);
    }
    *p = (propellant_t){*param, capacity_ml};
    return ERROR_OK;
}

double propellant_vapour_kpa(const propellant_t *p, double temperature_c)
{
    const double kelvin = temperature_c + KELVIN;
    return KPA_PER_BAR *
           pow(10.0, p->param.antoine_a - p->param.antoine_b_k / (kelvin + p->param.antoine_c_k));
}

static double gas_ml(const propellant_t *p, double usable_ml)
{
    return fmax(GAS_LEAST_ML, p->param.gas_full_ml + p->capacity_ml - usable_ml);
}

/* Pressure times volume of the inert gas. */
static double inert_kpa_ml(const propellant_t *p, double temperature_c)
{
    return p->param.inert_kpa * p->param.gas_full_ml * (temperature_c + KELVIN) / BODY_K;
}

double propellant_kpa(const propellant_t *p, double usable_ml, double temperature_c)
{
    return propellant_vapour_kpa(p, temperature_c) +
           inert_kpa_ml(p, temperature_c) / gas_ml(p, usable_ml);
}

double propellant_drive_kpa(const propellant_t *p, double usable_ml, const environment_t *around)
{
    return propellant_kpa(p, usable_ml, around->temperature_c) - around->ambient_kpa -
           around->outlet_kpa;
}

/* (-ln(1 - x) - x) / x^2, by its series where the difference would lose digits. x < 1. */
static double log_rest(double x)
{
    if (fabs(x) > 0.1) {
        return (-log1p(-x) - x) / (x * x);
    }
    double sum = 0.0, power = 1.0;
    for (int n = 2; n < 20; n++) {
        sum += power / n;
        power *= x;
    }
    return sum;
}

/* A passage: gas g grows by v as fluid leaves, under a drive of inert / g - against. From dg/dt = c (inert / g - against):
 *     c t = v / drive0 + inert (v / r0)^2 log_rest(against v / r0),       r0 = drive0 g0
 * whose slope in v is one over the drive. */
typedef struct passage_t {
    double inert;   /* kPa mL */
    double against; /* ambient and outlet less vapour, kPa */
    double gas_ml;  /* at the start */
    double drive_kpa;
} passage_t;

static double kpa_ms(const passage_t *a, double v)
{
    const double share = v / (a->drive_kpa * a->gas_ml);
    return v / a->drive_kpa + a->inert * share * share * log_rest(a->against * share);
}

/* The drive wanes towards the pressure at which nothing passes, so v lies between 0 and drive0 c t, and time is convex in it:
 * Newton's steps, halved where they would leave the bracket. `most` and the result have the drive's sign. */
static double search(const passage_t *a, double wanted, double most)
{
    double low = 0.0, high = most, v = most;
    for (int i = 0; i < STEPS_MAX; i++) {
        const double miss = kpa_ms(a, v) - wanted;
        const double drive_kpa = a->inert / (a->gas_ml + v) - a->against;
        double next = v - miss * drive_kpa;
        if (miss > 0.0 || !isfinite(miss)) {
            high = v;
        } else {
            low = v;
        }
        if (!((next - low) * (next - high) < 0.0)) {
            next = 0.5 * (low + high);
        }
        if (fabs(next - v) <= 2e-16 * fabs(v)) {
            break;
        }
        v = next;
    }
    return v;
}

static passage_t passage(const propellant_t *p, double usable_ml, const environment_t *around)
{
    return (passage_t){
        .inert = inert_kpa_ml(p, around->temperature_c),
        .against = around->ambient_kpa + around->outlet_kpa -
                   propellant_vapour_kpa(p, around->temperature_c),
        .gas_ml = gas_ml(p, usable_ml),
        .drive_kpa = propellant_drive_kpa(p, usable_ml, around),
    };
}

double propellant_takes_ms(const propellant_t *p, double usable_ml, const environment_t *around,
                           const propellant_path_t *path, double volume_ml)
{
    const passage_t a = passage(p, usable_ml, around);
    return volume_ml == 0.0 ? 0.0 : kpa_ms(&a, volume_ml) / path->ml_per_ms_kpa;
}

double propellant_passes_ml(const propellant_t *p, double usable_ml, const environment_t *around,
                            const propellant_path_t *path)
{
    const double wanted = path->ml_per_ms_kpa * path->duration_ms;
    const passage_t a = passage(p, usable_ml, around);
    double most = a.drive_kpa * wanted;
    if (most == 0.0 || a.inert == 0.0) {
        return most;
    }
    if (a.against > 0.0) {
        const double still = a.inert / a.against - a.gas_ml; /* where the drive is spent */
        most = most > 0.0 ? fmin(most, still) : fmax(most, still);
    }
    return search(&a, wanted, most);
}

double propellant_returns_ml(const propellant_t *p, double usable_ml, const environment_t *around,
                             double duration_ms)
{
    const propellant_path_t head = {p->param.return_ml_per_day_kpa / DAY_MS, duration_ms};
    return fmax(0.0, -propellant_passes_ml(p, usable_ml, around, &head));
}
