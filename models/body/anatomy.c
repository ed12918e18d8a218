/* SPDX-License-Identifier: Apache-2.0 */
/* Template of the spinal levels, its scaling to a person, and integrals along the canal. */
#include "body/anatomy.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAM50                                                                                      \
    "Valosek 2024, Imaging Neuroscience 2, PAM50 level means; 0.5 mm a slice and the canal as "    \
    "dural "                                                                                       \
    "sac: assumption"
#define THORACIC "length and cord: Valosek 2024; CSF area 1.10 cm2: assumption"
#define CONUS "length and cord: Valosek 2024; CSF area (40 mL, T12 to S2): assumption"
#define LOWER "length and CSF area (40 mL, T12 to S2): assumption"

/* 40 mL over the 24.35 cm from T12 to the end of the sac. */
#define LOWER_CM2 (40.0 / 24.35)
#define DISPERSION_LUMBAR_LAST 5    /* L1 */
#define DISPERSION_THORACIC_LAST 17 /* T1 */

static const anatomy_level_t TEMPLATE[ANATOMY_LEVELS] = {
    {"SAC", 4.00, LOWER_CM2, 0.0, LOWER},   {"L5", 3.50, LOWER_CM2, 0.0, LOWER},
    {"L4", 3.50, LOWER_CM2, 0.0, LOWER},    {"L3", 3.50, LOWER_CM2, 0.0, LOWER},
    {"L2", 3.40, LOWER_CM2, 0.0, LOWER},    {"L1", 3.30, LOWER_CM2, 0.228, CONUS},
    {"T12", 3.15, LOWER_CM2, 0.480, CONUS}, {"T11", 3.15, 1.10, 0.493, THORACIC},
    {"T10", 2.90, 1.10, 0.425, THORACIC},   {"T9", 2.65, 1.10, 0.393, THORACIC},
    {"T8", 2.70, 1.10, 0.373, THORACIC},    {"T7", 2.65, 1.10, 0.356, THORACIC},
    {"T6", 2.55, 1.10, 0.349, THORACIC},    {"T5", 2.55, 1.10, 0.351, THORACIC},
    {"T4", 2.45, 1.086, 0.363, PAM50},      {"T3", 2.30, 1.135, 0.388, PAM50},
    {"T2", 2.30, 1.189, 0.424, PAM50},      {"T1", 2.15, 1.351, 0.460, PAM50},
    {"C7", 1.70, 1.380, 0.540, PAM50},      {"C6", 1.55, 1.309, 0.651, PAM50},
    {"C5", 1.65, 1.313, 0.723, PAM50},      {"C4", 1.85, 1.287, 0.742, PAM50},
    {"C3", 1.85, 1.378, 0.704, PAM50},      {"C2", 1.55, 1.803, 0.707, PAM50},
    {"C1", 2.30, 2.184, 0.786, PAM50},
};

const anatomy_level_t *anatomy_level(int index)
{
    return index >= 0 && index < ANATOMY_LEVELS ? &TEMPLATE[index] : NULL;
}

static double dispersion_of(const csf_param_t *p, int level)
{
    if (level <= DISPERSION_LUMBAR_LAST)
        return p->dispersion_lumbar_cm2_per_h;
    if (level <= DISPERSION_THORACIC_LAST)
        return p->dispersion_thoracic_cm2_per_h;
    return p->dispersion_cervical_cm2_per_h;
}

int anatomy_init(anatomy_t *a, const csf_param_t *p, error_t *e)
{
    memset(a, 0, sizeof *a);
    if (!(p->volume_scale > 0.0 && p->length_scale > 0.0 && isfinite(p->volume_scale) &&
          isfinite(p->length_scale)))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "volume_scale %g and length_scale %g must be above 0",
                           p->volume_scale, p->length_scale);
    for (int i = 0; i < ANATOMY_LEVELS; i++) {
        const double d = dispersion_of(p, i);
        if (!(d > 0.0 && isfinite(d)))
            return ERROR_RAISE(e, ERROR_ARGUMENT, "dispersion at %s is %g cm2/h, must be above 0",
                               TEMPLATE[i].name, d);
        a->edge_cm[i + 1] = a->edge_cm[i] + TEMPLATE[i].length_cm * p->length_scale;
        a->csf_cm2[i] = TEMPLATE[i].csf_cm2 * p->volume_scale;
        a->cord_cm2[i] = TEMPLATE[i].cord_cm2;
        a->dispersion_cm2_per_h[i] = d;
    }
    a->length_cm = a->edge_cm[ANATOMY_LEVELS];
    return ERROR_OK;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Level whose name is the first `length` characters of text, or -1. */
static int level_named(const char *text, size_t length)
{
    for (int i = 0; i < ANATOMY_LEVELS; i++) {
        const char *name = TEMPLATE[i].name;
        size_t k = 0;
        while (k < length && name[k] != '\0' && upper(text[k]) == name[k])
            k++;
        if (k == length && name[k] == '\0')
            return i;
    }
    return -1;
}

/* Level after the slash of "L3/4": a bare number takes the region's letter from before the slash. */
static int level_after(const char *text, char region)
{
    char name[4] = {0};
    size_t k = 0;
    if (*text >= '0' && *text <= '9')
        name[k++] = region;
    while (*text != '\0' && k < sizeof name - 1)
        name[k++] = *text++;
    return *text == '\0' ? level_named(name, k) : -1;
}

/* Levels of the neighbours in "L3/4", or twice that of "L3"; false where they are none. */
static bool find_levels(const char *name, int level[2])
{
    const char *slash = strchr(name, '/');
    if (slash == NULL) {
        level[0] = level[1] = level_named(name, strlen(name));
        return level[0] >= 0;
    }
    level[0] = level_named(name, (size_t)(slash - name));
    level[1] = level_after(slash + 1, name[0]);
    return level[0] >= 0 && level[1] >= 0 && abs(level[0] - level[1]) == 1;
}

static int check_levels(const char *name, int level[2], error_t *e)
{
    if (name == NULL)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "no level is named");
    if (find_levels(name, level))
        return ERROR_OK;
    return ERROR_RAISE(
        e, ERROR_ARGUMENT,
        "\"%s\" is no level of the canal: SAC, L5 to L1, T12 to T1, C7 to C1, or two "
        "neighbours as L3/4",
        name);
}

int anatomy_find(const anatomy_t *a, const char *name, double *position_cm, error_t *e)
{
    int level[2];
    const int rc = check_levels(name, level, e);
    if (rc != ERROR_OK)
        return rc;
    const int first = level[0], second = level[1];
    *position_cm = first == second ? 0.5 * (a->edge_cm[first] + a->edge_cm[first + 1])
                                   : a->edge_cm[first > second ? first : second];
    return ERROR_OK;
}

int anatomy_at(const anatomy_t *a, double position_cm)
{
    int level = 0;
    while (level < ANATOMY_LEVELS - 1 && position_cm >= a->edge_cm[level + 1])
        level++;
    return level;
}

int anatomy_shift(const char *name, int levels, char shifted[ANATOMY_NAME_SIZE], error_t *e)
{
    int level[2];
    const int rc = check_levels(name, level, e);
    if (rc != ERROR_OK)
        return rc;
    const int low = level[0] < level[1] ? level[0] : level[1];
    const int high = level[0] < level[1] ? level[1] : level[0];
    int by = levels < -low ? -low : levels;
    by = by > ANATOMY_LEVELS - 1 - high ? ANATOMY_LEVELS - 1 - high : by;
    if (low == high)
        (void)snprintf(shifted, ANATOMY_NAME_SIZE, "%s", TEMPLATE[low + by].name);
    else
        (void)snprintf(shifted, ANATOMY_NAME_SIZE, "%s/%s", TEMPLATE[low + by].name,
                       TEMPLATE[high + by].name);
    return ERROR_OK;
}

/* Length that a level shares with an interval. */
static double overlap_cm(const anatomy_t *a, int level, double from_cm, double to_cm)
{
    const double low = fmax(a->edge_cm[level], from_cm);
    const double high = fmin(a->edge_cm[level + 1], to_cm);
    return high > low ? high - low : 0.0;
}

double anatomy_volume_ml(const anatomy_t *a, double from_cm, double to_cm)
{
    double ml = 0.0;
    for (int i = 0; i < ANATOMY_LEVELS; i++)
        ml += a->csf_cm2[i] * overlap_cm(a, i, from_cm, to_cm);
    return ml;
}

double anatomy_resistance_h_per_ml(const anatomy_t *a, double from_cm, double to_cm)
{
    double resistance = 0.0;
    for (int i = 0; i < ANATOMY_LEVELS; i++)
        resistance +=
            overlap_cm(a, i, from_cm, to_cm) / (a->dispersion_cm2_per_h[i] * a->csf_cm2[i]);
    return resistance;
}
