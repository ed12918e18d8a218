/* SPDX-License-Identifier: Apache-2.0 */
/* The path from reservoir to tip, as the releases of a clinician programmer reckon it, and as it is.
 *
 * A release is a set of constants with what is published against it; each fault is kept, so that a study or a regression
 * can run the release that had it. What the fluid does in the path is a front of `stages` stirred vessels in series, all
 * together the path's volume: INFINITY is a plug, which every release reckons with, 1 the worst mixing there is. The share
 * of new fluid at the tip after x mL is then the regularised incomplete gamma function P(n, n x/V).
 *
 * Everything here is a pure function of its arguments. Thread rule: none.
 */
#ifndef HOST_PATH_H
#define HOST_PATH_H

#include <stdbool.h>

#include "error.h"

typedef enum path_release_t {
    PATH_CARD_0199, /* tubing taken for 0.199 mL, plug flow */
    PATH_CARD_0140, /* tubing corrected, plug flow still */
    PATH_OWN,       /* the pump's own tubing, and mixing reckoned with: this project's */
    PATH_RELEASES
} path_release_t;

typedef struct path_constants_t {
    const char *name;
    int year;         /* of issue; 0: not published, or none */
    double tubing_ml; /* reservoir to catheter port; NAN: as the pump's factory block has it */
    double port_ml;   /* access port beside it */
    bool mixes;       /* false: reckons as if the front were a plug */
    const char *fault;
    const char *source;
} path_constants_t;

typedef enum path_catheter_t {
    PATH_CATHETER_89,  /* one piece, of the years of the first release */
    PATH_CATHETER_114, /* two pieces, shorter */
    PATH_CATHETER_140, /* two pieces, longer */
    PATH_CATHETER_110, /* of the valve-gated pump */
    PATH_CATHETERS
} path_catheter_t;

typedef struct path_catheter_kind_t {
    const char *name;
    double length_cm; /* before trimming */
    double ml_per_cm;
    const char *source;
} path_catheter_kind_t;

/* What is implanted, in truth. */
typedef struct path_system_t {
    path_catheter_t catheter;
    double trimmed_cm; /* cut off, 0 to all but 1 cm */
    double tubing_ml;  /* of this pump: its factory block's, 0..2 */
    double stages;     /* 1..1e4, or INFINITY */
} path_system_t;

typedef struct path_volume_t {
    double tubing_ml; /* access port included */
    double catheter_ml;
} path_volume_t;

/* Static storage; `release` and `catheter` must be of their lists. */
const path_constants_t *path_release(path_release_t release);
const path_catheter_kind_t *path_catheter(path_catheter_t catheter);

/* The path as it is, and as a release takes it to be. ERROR_ARGUMENT: a member outside its range. */
int path_true(path_volume_t *v, const path_system_t *s, error_t *e)
    __attribute__((warn_unused_result));
int path_declared(path_volume_t *v, const path_system_t *s, path_release_t release, error_t *e)
    __attribute__((warn_unused_result));

/* Stages of a tube whose front spreads by Taylor-Aris dispersion: variance of the volume 2 K L/u over L^2 with
 * K = r^2 u^2/48 D, so n = 24 pi D L/Q whatever its bore. Holds where r^2/D is far below the time of passage. At most 1e4,
 * and at least 1. */
double path_stages(double length_cm, double cm2_per_s, double ml_per_day);

/* Share of new fluid at the tip once x_ml have been pushed in (of `stages` INFINITY: 1 from volume_ml on). */
double path_front(double volume_ml, double stages, double x_ml);

/* New fluid that has left the tip by then, mL: the integral of path_front. */
double path_passed_ml(double volume_ml, double stages, double x_ml);

/* Volume after which the share of new fluid at the tip is `share`, 0 < share < 1. */
double path_front_ml(double volume_ml, double stages, double share);

#endif
