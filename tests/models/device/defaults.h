/* SPDX-License-Identifier: Apache-2.0 */
/* The device parameters at their default values, for the tests of this folder. */
#ifndef TESTS_MODELS_DEVICE_DEFAULTS_H
#define TESTS_MODELS_DEVICE_DEFAULTS_H

#include "device/parameters.h"

#define PARAM PARAM_DEFAULT
static const reservoir_param_t default_reservoir = {
#include "device/reservoir.def"
};
static const propellant_param_t default_propellant = {
#include "device/propellant.def"
};
static const compound_param_t default_compound = {
#include "device/compound.def"
};
static const needle_param_t default_needle = {
#include "device/needle.def"
};
static const pump_head_param_t default_pump_head = {
#include "device/pump_head.def"
};
static const motor_param_t default_motor = {
#include "device/motor.def"
};
static const wear_param_t default_wear = {
#include "device/wear.def"
};
static const battery_param_t default_battery = {
#include "device/battery.def"
};
static const oscillator_param_t default_oscillator = {
#include "device/oscillator.def"
};
static const restrictor_param_t default_restrictor = {
#include "device/restrictor.def"
};
static const valve_param_t default_valve = {
#include "device/valve.def"
};
static const sounder_param_t default_sounder = {
#include "device/sounder.def"
};
static const catheter_param_t default_catheter = {
#include "device/catheter.def"
};
static const catheter_fate_param_t default_catheter_fate = {
#include "device/catheter_fate.def"
};
#undef PARAM

/* A test file uses some of them; this keeps the others from being reported. */
static inline void defaults_used(void)
{
    (void)default_reservoir;
    (void)default_propellant;
    (void)default_compound;
    (void)default_needle;
    (void)default_pump_head;
    (void)default_motor;
    (void)default_wear;
    (void)default_battery;
    (void)default_oscillator;
    (void)default_restrictor;
    (void)default_valve;
    (void)default_sounder;
    (void)default_catheter;
    (void)default_catheter_fate;
}

#endif
