/* SPDX-License-Identifier: Apache-2.0 */
/* The device models' parameter structs, one per `.def` list (see param.h for how a row is read). */
#ifndef MODELS_DEVICE_PARAMETERS_H
#define MODELS_DEVICE_PARAMETERS_H

#include "param.h"

#define PARAM PARAM_MEMBER
typedef struct reservoir_param_t {
#include "device/reservoir.def"
} reservoir_param_t;

typedef struct propellant_param_t {
#include "device/propellant.def"
} propellant_param_t;

typedef struct compound_param_t {
#include "device/compound.def"
} compound_param_t;

typedef struct needle_param_t {
#include "device/needle.def"
} needle_param_t;

typedef struct pump_head_param_t {
#include "device/pump_head.def"
} pump_head_param_t;

typedef struct motor_param_t {
#include "device/motor.def"
} motor_param_t;

typedef struct wear_param_t {
#include "device/wear.def"
} wear_param_t;

typedef struct battery_param_t {
#include "device/battery.def"
} battery_param_t;

typedef struct oscillator_param_t {
#include "device/oscillator.def"
} oscillator_param_t;

typedef struct restrictor_param_t {
#include "device/restrictor.def"
} restrictor_param_t;

typedef struct valve_param_t {
#include "device/valve.def"
} valve_param_t;

typedef struct sounder_param_t {
#include "device/sounder.def"
} sounder_param_t;

typedef struct catheter_param_t {
#include "device/catheter.def"
} catheter_param_t;

typedef struct catheter_fate_param_t {
#include "device/catheter_fate.def"
} catheter_fate_param_t;
#undef PARAM

#endif
