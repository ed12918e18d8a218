/* SPDX-License-Identifier: Apache-2.0 */
/* The safe-state table: for each alarm what dosing does, why, how loud it is, and how it ends.
 *
 * "Stop on alarm" is not always safe in an implant: abrupt withdrawal of an intrathecal drug can kill. So each fault weighs
 * the harm of stopping against that of going on, and only the row decides; the code asks the table.
 */
#ifndef DOSING_FAULT_H
#define DOSING_FAULT_H

#include <stdint.h>

#include "dosing_status.h"

typedef enum dosing_harm_t {
    DOSING_HARM_NONE,       /* nothing that the patient would notice */
    DOSING_HARM_WITHDRAWAL, /* too little drug, or none */
    DOSING_HARM_OVERDOSE,   /* more drug than ordered */
    DOSING_HARM_UNKNOWN     /* nobody can say what would be given */
} dosing_harm_t;

typedef enum dosing_action_t {
    DOSING_ACTION_CONTINUE, /* the programme goes on, every pulse of it */
    DOSING_ACTION_STOP,     /* no train while the alarm holds */
    DOSING_ACTION_HOLD      /* no train until the cause is over, which is tried again each minute */
} dosing_action_t;

/* How an alarm ends; one that ends by none of these is latched for good. */
#define DOSING_ENDS_BY_CAUSE 1u /* when what raised it is over */
#define DOSING_ENDS_BY_CLEAR 2u /* when a clinician acknowledges it */

typedef struct dosing_fault_t {
    uint32_t alarm;          /* one bit */
    dosing_harm_t stopped;   /* harm where dosing stops for it */
    dosing_harm_t continued; /* harm where dosing goes on in spite of it */
    dosing_action_t action;
    uint32_t tone; /* DOSING_TONE_*: its priority */
    uint32_t ends; /* DOSING_ENDS_* */
} dosing_fault_t;

/* The row of `alarm` (one bit of DOSING_ALARMS); static. Any other value gives the row of MEMORY, the severest. */
const dosing_fault_t *dosing_fault_row(uint32_t alarm);

/* Of `alarms`, those that sound the critical tone. */
uint32_t dosing_fault_critical(uint32_t alarms);

/* Of `alarms`, those that end when acknowledged. */
uint32_t dosing_fault_clearable(uint32_t alarms);

#endif
