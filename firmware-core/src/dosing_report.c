/* SPDX-License-Identifier: Apache-2.0 */
/* The report that an interrogation is answered with. */
#include "dosing_report.h"

#include "dosing_calendar.h"
#include "dosing_codec.h"
#include "dosing_delivery.h"
#include "dosing_fixed.h"
#include "dosing_patient.h"
#include "dosing_schedule.h"
#include "dosing_therapy.h"
#include "dosing_week.h"

static uint64_t commanded_now(const dosing_state_t *state, uint64_t *confirmed)
{
    const dosing_port_t port = dosing_state_port(state);
    uint32_t done = 0;
    uint32_t running = 0;
    uint32_t steps = 0;
    *confirmed = state->run.confirmed;
    if (state->run.running == 0u ||
        port.hal->train_status(port.context, &done, &running) != DOSING_HAL_OK) {
        return state->run.commanded;
    }
    done = done < state->run.count ? done : state->run.count;
    if (port.hal->step_confirm(port.context, &steps) == DOSING_HAL_OK && steps <= done) {
        *confirmed += steps;
    }
    return state->run.commanded + done;
}

static void report_volumes(const dosing_state_t *state, uint8_t *bytes)
{
    uint64_t confirmed = 0;
    const uint64_t commanded = commanded_now(state, &confirmed);
    const uint64_t live_pl = (commanded - state->run.commanded) * state->path.pulse_pl;
    const uint64_t volume_pl = state->run.volume_pl > live_pl ? state->run.volume_pl - live_pl : 0u;
    /* a prime gives nothing: what runs of it is not counted */
    const uint64_t given =
        state->path.bolus == DOSING_DELIVERY_PRIME ? state->run.commanded : commanded;
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_COMMANDED, commanded);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_CONFIRMED, confirmed);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_VOLUME_NL, (uint32_t)(volume_pl / 1000u));
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_GIVEN_NL,
                         commanded * state->path.pulse_pl / 1000u);
    for (uint32_t drug = 0; drug < DOSING_DRUGS_MAX; drug++) {
        uint32_t part = 0;
        dosing_codec_put_u64(bytes + DOSING_REPORT_AT_GIVEN_NG + 8u * drug,
                             dosing_therapy_given(state, drug, given, &part));
        dosing_codec_put_u32(bytes + DOSING_REPORT_AT_CONCENTRATION + 4u * drug,
                             state->therapy.concentration_ng_per_ml[drug]);
    }
}

/* What is delivered now; a bolus whose time is over counts no more. */
static uint32_t delivery(const dosing_state_t *state, uint64_t now_ms)
{
    const uint32_t kind = dosing_delivery_now(state);
    const bool over = state->path.bolus != 0u && kind != DOSING_DELIVERY_PRIME &&
                      state->bolus.held_ms == 0u && dosing_schedule_bolus_over(state, now_ms);
    return over ? dosing_delivery_basal(state) : kind;
}

/* The basal dose in force: of the moment in flex, of the volume at the minimum rate. 5e7 * 1e8 / 1e6. */
static uint64_t dose_now(const dosing_state_t *state, uint64_t now_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    const uint32_t local_ms = dosing_calendar_local(state, now_ms);
    if (p->mode == DOSING_MODE_MINIMUM) {
        return (uint64_t)state->therapy.factory.rate_min_nl_per_day *
               state->therapy.concentration_ng_per_ml[0] / 1000000u;
    }
    return local_ms == DOSING_LOCAL_UNKNOWN ? p->mean_ng_per_day
                                            : dosing_week_at(p, local_ms).dose_ng_per_day;
}

static void put_u16(uint8_t *bytes, uint32_t value)
{
    const uint32_t most = value < 0xFFFFu ? value : 0xFFFFu;
    bytes[0] = (uint8_t)most;
    bytes[1] = (uint8_t)(most >> 8);
}

static void report_modes(const dosing_state_t *state, uint8_t *bytes, uint64_t now_ms)
{
    const uint64_t bridge_nl = dosing_fixed_divide_up(state->run.bridge_pl, 1000u);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_DOSE, dose_now(state, now_ms));
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_LOCAL, dosing_calendar_local(state, now_ms));
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_BRIDGE_NL, (uint32_t)bridge_nl); /* <= 5e6 */
    put_u16(bytes + DOSING_REPORT_AT_PATIENT_GIVEN,
            dosing_patient_count(state, now_ms, DOSING_DAY_MS));
    put_u16(bytes + DOSING_REPORT_AT_PATIENT_REFUSED, state->counters.patient_refused);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_LOCKOUT_MS,
                         dosing_patient_lockout(state, now_ms));
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_REVISION, state->bolus.revision);
}

void dosing_report_write(const dosing_state_t *state, uint8_t *bytes, uint64_t now_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    const bool corrupt = state->latch != (uint32_t)DOSING_OK;
    const uint32_t memory = corrupt ? DOSING_ALARM_MEMORY : 0u;
    for (uint32_t i = 0; i < DOSING_REPORT_BYTES; i++) {
        bytes[i] = 0u;
    }
    bytes[DOSING_REPORT_AT_MODE] = (uint8_t)p->mode;
    bytes[DOSING_REPORT_AT_DRUGS] = (uint8_t)p->drugs;
    bytes[DOSING_REPORT_AT_DELIVERY] = (uint8_t)delivery(state, now_ms);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_ALARMS, state->path.alarms | memory);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_UNSEEN, state->run.unseen | memory);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_COMMITS, state->therapy.commits);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_CLOCK_MS, now_ms);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_PULSE_PL, state->path.pulse_pl);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_REFUSED, state->counters.refused);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_LOST_MS, state->run.lost_ms);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_LOW_NL, p->low_nl);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_EMPTY_NL, p->empty_nl);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_RESET, state->therapy.reset_cause);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_GUARD, state->run.guard_refusals);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_MISSED, state->run.missed);
    dosing_codec_put_u32(bytes + DOSING_REPORT_AT_STALLS, state->run.stalls);
    dosing_codec_put_u64(bytes + DOSING_REPORT_AT_STALL_MS, state->run.stall_ms);
    report_volumes(state, bytes);
    report_modes(state, bytes, now_ms);
}
