/* SPDX-License-Identifier: Apache-2.0 */
/* The propellant behind a reservoir's bellows: a liquid under its own vapour, and some inert gas.
 *
 *     absolute pressure = vapour(T) + inert(T, fill)          vapour: Antoine; inert: an ideal gas in what room there is
 *     drive             = absolute pressure - ambient - outlet
 *
 * The case is rigid: ambient pressure reaches the drug only through the catheter's tip, never the propellant. While liquid is left,
 * vapour condenses or boils at one pressure, so that fill matters through the inert gas alone. The gas has gas_full_ml where the
 * reservoir is full and one mL more for each mL that left (the liquid's own volume is left out). With the defaults
 * the drive at rest is 36 kPa when full; fever to 40 degC adds 14, an aircraft's cabin at 2,440 m (75 kPa) 26; from 4 m under water
 * on, and in a pressure chamber, it turns round.
 *
 * Read-only after init; holds no pointer; may be copied and shared.
 */
#ifndef MODELS_DEVICE_PROPELLANT_H
#define MODELS_DEVICE_PROPELLANT_H

#include "device/environment.h"
#include "device/parameters.h"
#include "error.h"

typedef struct propellant_t {
    propellant_param_t param;
    double capacity_ml; /* usable volume of the reservoir where it is full */
} propellant_t;

/* Something that lets fluid through in proportion to pressure, for a time; the surroundings stay the same. */
typedef struct propellant_path_t {
    double ml_per_ms_kpa; /* >= 0 */
    double duration_ms;   /* >= 0 */
} propellant_path_t;

/* ERROR_ARGUMENT: the parameters make no vapour (T + C <= 0 anywhere from 0 to 60 degC), or inert gas has no room. */
int propellant_init(propellant_t *p, const propellant_param_t *param, double capacity_ml,
                    error_t *e) __attribute__((warn_unused_result));

/* Vapour pressure over the liquid, absolute, kPa. temperature_c in 0..60. */
double propellant_vapour_kpa(const propellant_t *p, double temperature_c);

/* Absolute pressure in the reservoir holding usable_ml above the residual, kPa. */
double propellant_kpa(const propellant_t *p, double usable_ml, double temperature_c);

/* What drives fluid out, kPa; below 0 it is driven back. */
double propellant_drive_kpa(const propellant_t *p, double usable_ml, const environment_t *around);

/* Volume that the drive pushes through *path from usable_ml on, mL; below 0: back. Exact while pressure follows the volume, so that
 * a time and any division of it give the same within rounding. Knows no bottom and no lid: the caller limits it to what is there
 * and to the room there is. */
double propellant_passes_ml(const propellant_t *p, double usable_ml, const environment_t *around,
                            const propellant_path_t *path);

/* How long the drive takes to push volume_ml through *path from usable_ml on, ms: what propellant_passes_ml inverts, of a volume
 * that it gives for some time; the path's own duration does not count. */
double propellant_takes_ms(const propellant_t *p, double usable_ml, const environment_t *around,
                           const propellant_path_t *path, double volume_ml);

/* Volume, >= 0, that ambient and outlet pressure drive back through the pump's own head in duration_ms >= 0, by
 * return_conductance; 0 where the drive points outwards. */
double propellant_returns_ml(const propellant_t *p, double usable_ml, const environment_t *around,
                             double duration_ms);

#endif
