/* SPDX-License-Identifier: Apache-2.0 */
/* A pump's hardware on the desk: enforces its physics, counts every pulse, and notes the first violation. */
#ifndef TESTS_FAKE_HAL_H
#define TESTS_FAKE_HAL_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_core.h"
#include "dosing_frame.h"
#include "fake_flash.h"

#define FAKE_STATE_BYTES DOSING_STATE_BYTES_MAX

typedef struct fake_hal_t {
    uint64_t now_ms;
    uint64_t origin_ms; /* the main clock shows 0 then */
    uint32_t cause;     /* DOSING_RESET_* */
    dosing_factory_t factory;
    /* motor */
    uint32_t armed_count, armed_period_ms;
    bool armed, running;
    uint64_t start_ms, end_ms, last_pulse_ms;
    uint32_t count, period_ms;
    uint64_t pulses; /* begun in trains that are over */
    uint64_t trains;
    uint64_t stop_ms; /* when the latest train ended or was stopped */
    uint32_t done_at_stop;
    /* every train, told once it is over */
    void (*on_train)(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done);
    void *on_train_context;
    /* other */
    uint32_t tones_critical, tones_advisory;
    bool start_fails, arm_fails;
    uint64_t
        second_permille; /* pace of the second oscillator over the main clock; see fake_second */
    uint64_t second_main_ms, second_ms; /* both, when that pace began */
    bool second_fails;
    bool stalled; /* the rotor stands: of the latest train, no step after stood_at is confirmed */
    uint32_t stood_at;  /* pulses of that train before it stood; 0 from the next train on */
    uint32_t missed;    /* of that train, while it stood earlier */
    bool confirm_fails; /* the coil's response cannot be read */
    uint32_t idle_mv, loaded_mv; /* of the cell */
    bool battery_fails, temperature_fails, watchdog_fails, factory_fails;
    uint64_t calls; /* of any callback the core uses */
    uint64_t fail_from,
        fail_count;   /* calls that fail, the first is 0; none where fail_count is 0 */
    bool fail_acting; /* and what they fail in moves all the same */
    uint8_t reply[DOSING_FRAME_BYTES_MAX];
    uint32_t reply_length, replies;
    uint64_t nonce;
    uint64_t patient_key;      /* what pairing gave; 0: the key from the factory */
    const dosing_hal_t *table; /* given to the core in place of fake_hal; NULL: fake_hal itself */
    char violation[128];       /* empty while physics is respected */
    fake_flash_t flash;        /* its calls are not among `calls` */
} fake_hal_t;

extern const dosing_hal_t fake_hal;

/* 20 mL, 0.25 uL a pulse, 0.048..24 mL/day, at most 12 mL in 24 h. 1.4 Ah: 12 uA and 400 uC a pulse. */
void fake_init(fake_hal_t *f);
void fake_seal_factory(fake_hal_t *f);

/* The tag under the key that this hardware holds for `role`: what authenticate answers, without being a call of it. */
void fake_tag(const fake_hal_t *f, uint8_t role, const uint8_t *bytes, uint32_t length,
              uint8_t *tag);

/* Notes a violation of physics, unless one is noted. */
void fake_blame(fake_hal_t *f, const char *what);

/* From here on the second oscillator runs at `permille` of the main clock; and the main clock jumps ahead by `jump_ms`. */
void fake_second(fake_hal_t *f, uint64_t permille, uint64_t jump_ms);

/* The rotor comes to stand now, or is free again. */
void fake_stall(fake_hal_t *f, bool stalled);

/* Pulses begun up to now, the running train's included. */
uint64_t fake_pulses(const fake_hal_t *f);

/* One pump: hardware, core, clinician. */
typedef struct fake_pump_t {
    fake_hal_t hal;
    const dosing_entry_t *core;
    uint64_t next_ms;
    uint64_t counter;
    uint32_t session;
    uint64_t wakes;
    uint8_t role;           /* of frames sent; 0: the clinician's */
    dosing_status_t status; /* of the latest wake */
    _Alignas(64) uint8_t state[FAKE_STATE_BYTES];
} fake_pump_t;

void fake_pump_start(fake_pump_t *p);
/* A reset: the core begins anew on the same hardware, after `down_ms`; its main clock then shows `shows_ms`. */
void fake_pump_reset(fake_pump_t *p, uint64_t down_ms, uint64_t shows_ms);
/* Lets the core run until the clock stands at `until_ms`. */
void fake_pump_run(fake_pump_t *p, uint64_t until_ms);

/* Builds a sealed frame, the patient's under the key of the latest pairing; returns its length. */
uint32_t fake_frame(const fake_pump_t *p, uint8_t type, const uint8_t *payload, uint32_t length,
                    uint8_t *frame);
/* Opens a session (after a reset it takes up the counter that the refusal tells), counts up, sends, and returns the core's status. fake_next: in the session that is open. */
dosing_status_t fake_send(fake_pump_t *p, uint8_t type, const uint8_t *payload, uint32_t length);
dosing_status_t fake_next(fake_pump_t *p, uint8_t type, const uint8_t *payload, uint32_t length);
dosing_status_t fake_raw(fake_pump_t *p, const uint8_t *frame, uint32_t length);
dosing_status_t fake_open(fake_pump_t *p);

/* A programme's head, DOSING_PROGRAMME_BYTES: one drug unless more are put; limits 0; a change of concentration declared. Steps and
 * timed boluses follow it where more are put. */
void fake_programme(uint8_t *bytes, uint32_t concentration, uint64_t dose);
dosing_status_t fake_stage(fake_pump_t *p, const uint8_t *programme);
dosing_status_t fake_read_back(fake_pump_t *p, const uint8_t *programme); /* in that session */
dosing_status_t fake_commit(fake_pump_t *p, const uint8_t *programme);
dosing_status_t fake_simple(fake_pump_t *p, uint32_t concentration, uint64_t dose);
dosing_status_t fake_refill(fake_pump_t *p, uint32_t nl);
dosing_status_t fake_bolus(fake_pump_t *p, uint64_t dose, uint32_t ms);
uint64_t fake_report(fake_pump_t *p, uint32_t at, uint32_t size);

void fake_put(uint8_t *bytes, uint64_t value, uint32_t size);
uint64_t fake_get(const uint8_t *bytes, uint32_t size);

/* CRC-32 bit by bit, apart from the core's by table. */
uint32_t fake_crc(const uint8_t *bytes, uint32_t length);

/* splitmix64, for printed seeds. */
uint64_t fake_random(uint64_t *seed);

#endif
