/* SPDX-License-Identifier: Apache-2.0 */
/* The status codes of the dosing core: what its entry points return and what its reply frames carry. */
#ifndef DOSING_STATUS_H
#define DOSING_STATUS_H

/* Values are part of the wire format: never reused, appended only, below 256. */
typedef enum dosing_status_t {
    DOSING_OK = 0,
    /* init and the platform */
    DOSING_ERROR_ARGUMENT = 1, /* a null pointer, or a HAL table smaller than this core needs */
    DOSING_ERROR_FACTORY = 2,  /* the factory block is unreadable, damaged or outside its ranges */
    DOSING_ERROR_HAL = 3,      /* a HAL call failed that the operation cannot do without */
    DOSING_ERROR_STATE = 4,    /* the state failed its check; dosing is off and latched */
    DOSING_ERROR_STORE =
        5, /* init: the store's geometry cannot be used; a commit or refill: it could not be kept, nothing has
                               changed; a stop or acknowledgement: in force, but a reset may undo it */
    /* frames that are dropped without a reply */
    DOSING_REFUSED_LENGTH = 16, /* shorter, longer or other than its header says */
    DOSING_REFUSED_VERSION =
        17,                     /* another protocol version, or a reserved field that is not zero */
    DOSING_REFUSED_DEVICE = 18, /* addressed to another device */
    DOSING_REFUSED_CRC = 19,    /* CRC-32 differs */
    DOSING_REFUSED_TAG = 20,    /* authentication tag differs */
    /* authentic frames that are answered with the reason */
    DOSING_REFUSED_REPLAY =
        32, /* counter not above the last one accepted from this role, or too far */
    DOSING_REFUSED_SESSION = 33,   /* no session open, another one, or timed out */
    DOSING_REFUSED_ROLE = 34,      /* this role may not send this type */
    DOSING_REFUSED_TYPE = 35,      /* unknown type, or payload of another size than the type's */
    DOSING_REFUSED_STAGE = 36,     /* nothing staged, or what is staged is not what was read back */
    DOSING_REFUSED_PROGRAMME = 37, /* a field outside its range */
    DOSING_REFUSED_RATE = 38,      /* rate outside [minimum, maximum] */
    DOSING_REFUSED_BOUNDS = 39,    /* the exact rational does not fit the stated bounds */
    DOSING_REFUSED_LIMIT = 40,     /* a window of 24 h could exceed a limit */
    DOSING_REFUSED_BUSY = 41,      /* a bolus is running already */
    DOSING_REFUSED_VOLUME = 42,    /* refill above capacity, or too little left in the reservoir */
    DOSING_REFUSED_ALARM = 43,     /* an alarm that stops dosing is active */
    DOSING_REFUSED_NOT_NOW = 44,   /* no programme has been committed, or it has no room for this */
    DOSING_REFUSED_TIME = 45,      /* local time is not known, or is not of the week */
    DOSING_REFUSED_CHANGE =
        46, /* drugs or concentrations change undeclared, or a change is under way */
    DOSING_REFUSED_LOCKOUT = 47, /* the latest patient bolus is too recent */
    DOSING_REFUSED_COUNT = 48,   /* as many patient boluses as the interval or the day allows */
    DOSING_REFUSED_PRIME =
        49, /* this system revision was primed already, or the volume is none of it */
    DOSING_REFUSED_UNSUPPORTED =
        50 /* this device has no hardware for it, or this core does not serve it */
} dosing_status_t;

/* Alarm bits. What each means for dosing, how loud it is and how it ends: the table of PORTING.md. */
#define DOSING_ALARM_LOW 0x00000001u    /* reservoir at or below the low threshold */
#define DOSING_ALARM_EMPTY 0x00000002u  /* reservoir at or below the empty threshold */
#define DOSING_ALARM_MEMORY 0x00000004u /* protected state failed its check */
#define DOSING_ALARM_GUARD 0x00000008u  /* the guard refused a train */
#define DOSING_ALARM_MOTOR                                                                         \
    0x00000010u /* the motor refused, miscounted or did not answer for a train */
#define DOSING_ALARM_STALL 0x00000020u     /* commanded steps are not confirmed: the rotor stands */
#define DOSING_ALARM_DEVIATION 0x00000040u /* too few of a day's steps were confirmed */
#define DOSING_ALARM_STOPPED 0x00000080u   /* no pulse for 48 h, in a pump that has given any */
#define DOSING_ALARM_CLOCK 0x00000100u     /* the two clocks disagree; dosing goes by the slower */
#define DOSING_ALARM_RESET 0x00000200u     /* the core began anew; dosing goes on as before */
#define DOSING_ALARM_STORE                                                                         \
    0x00000400u /* the store cannot be written: nothing is given without a lease */
#define DOSING_ALARM_COPY 0x00000800u /* a copy in the store was damaged; another one was used */
#define DOSING_ALARM_LOST 0x00001000u /* no copy of the programme is left; dosing is off */
#define DOSING_ALARM_ERI 0x00002000u  /* elective replacement indicator: the cell nears its end */
#define DOSING_ALARM_EOS 0x00004000u  /* end of service */
#define DOSING_ALARM_SELFTEST 0x00008000u /* a self-test failed: DOSING_SELFTEST_* */
#define DOSING_ALARM_STORM 0x00010000u    /* start after start, without an hour of run between */
#define DOSING_ALARM_TIME                                                                          \
    0x00020000u /* the programme goes by local time, which is not known: it runs at its mean */
#define DOSING_ALARM_BROWN_OUT 0x00040000u /* low-battery reset: the cell gave way under its load */
#define DOSING_ALARMS 19u

/* Those that stop dosing while they hold. */
#define DOSING_ALARM_STOPS                                                                         \
    (DOSING_ALARM_EMPTY | DOSING_ALARM_MEMORY | DOSING_ALARM_GUARD | DOSING_ALARM_LOST |           \
     DOSING_ALARM_EOS | DOSING_ALARM_STORM)

/* Self-tests that failed at the latest start or day. Of the first three there is no going on: MEMORY is latched. */
#define DOSING_SELFTEST_CRC 0x01u /* CRC-32 does not give its check value */
#define DOSING_SELFTEST_ARITHMETIC                                                                 \
    0x02u /* a product, quotient or divisor is not what it is known to be */
#define DOSING_SELFTEST_RING 0x04u /* the hours of the rolling 24 h do not add up to their sums */
#define DOSING_SELFTEST_FACTORY 0x08u  /* the factory block does not read as it did at the start */
#define DOSING_SELFTEST_CLOCK 0x10u    /* the second oscillator is mute or stands */
#define DOSING_SELFTEST_WATCHDOG 0x20u /* the watchdog does not take its restart */
#define DOSING_SELFTEST_STOPS                                                                      \
    (DOSING_SELFTEST_CRC | DOSING_SELFTEST_ARITHMETIC | DOSING_SELFTEST_RING)

#endif
