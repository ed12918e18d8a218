/* SPDX-License-Identifier: Apache-2.0 */
/* Every field of programme, bolus and factory block at its bounds and one beyond; calls without their arguments. */
#include <criterion/criterion.h>

#include "dosing_programme.h"
#include "dosing_state.h"
#include "fake_hal.h"

typedef struct edge_t {
    uint32_t at, size;
    uint64_t value;
    dosing_status_t status;
} edge_t;

static fake_pump_t pump;

static dosing_state_t *state_of(fake_pump_t *p)
{
    return (dosing_state_t *)(void *)p->state;
}

static fake_pump_t *start(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    return &pump;
}

#define DRUG(field) (DOSING_PROGRAMME_AT_DRUG + (field))
#define BAD DOSING_REFUSED_PROGRAMME

/* REQ-LINK-07 */
Test(range, every_field_of_a_programme_ends_at_its_bounds)
{
    static const edge_t edges[] = {
        {DOSING_PROGRAMME_AT_DRUGS, 1u, 0u, BAD},
        {DOSING_PROGRAMME_AT_DRUGS, 1u, DOSING_DRUGS_MAX + 1u, BAD},
        {DOSING_PROGRAMME_AT_DRUGS, 1u, 2u, BAD}, /* of no concentration */
        {DOSING_PROGRAMME_AT_MODE, 1u, 255u, BAD},
        {DOSING_PROGRAMME_AT_MODE, 1u, DOSING_MODE_STOPPED, BAD}, /* with a dose */
        {DOSING_PROGRAMME_AT_DOSE, 8u, 0u, BAD},
        {DOSING_PROGRAMME_AT_DOSE, 8u, DOSING_DOSE_MAX + 1u, BAD},
        {DOSING_PROGRAMME_AT_DOSE, 8u, DOSING_DOSE_MAX, DOSING_REFUSED_RATE},
        {DOSING_PROGRAMME_AT_DOSE, 8u, 24000u, DOSING_OK}, /* 0.048 mL/day */
        {DOSING_PROGRAMME_AT_DOSE, 8u, 23999u, DOSING_REFUSED_RATE},
        {DOSING_PROGRAMME_AT_EMPTY_NL, 4u, DOSING_LOW_DEFAULT_NL, BAD}, /* not below low */
        {DOSING_PROGRAMME_AT_LOW_NL, 4u, 20000000u, DOSING_OK},
        {DOSING_PROGRAMME_AT_LOW_NL, 4u, 20000001u, BAD}, /* above the capacity */
        {DOSING_PROGRAMME_AT_RATE_MAX, 4u, 24000000u, DOSING_OK},
        {DOSING_PROGRAMME_AT_RATE_MAX, 4u, 24000001u, BAD},
        {DOSING_PROGRAMME_AT_RATE_MAX, 4u, 1u, DOSING_REFUSED_RATE},
        {DOSING_PROGRAMME_AT_VOLUME_24H, 4u, 12000000u, DOSING_OK},
        {DOSING_PROGRAMME_AT_VOLUME_24H, 4u, 12000001u, BAD},
        {DRUG(DOSING_DRUG_AT_CONCENTRATION), 4u, 0u, BAD},
        {DRUG(DOSING_DRUG_AT_CONCENTRATION), 4u, DOSING_CONCENTRATION_MAX + 1u, BAD},
        {DRUG(DOSING_DRUG_AT_LIMIT), 8u, DOSING_LIMIT_MAX, DOSING_OK},
        {DRUG(DOSING_DRUG_AT_LIMIT), 8u, DOSING_LIMIT_MAX + 1u, BAD},
        {DRUG(DOSING_DRUG_AT_LIMIT), 8u, 1u, DOSING_REFUSED_LIMIT},
    };
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        uint8_t programme[DOSING_PROGRAMME_BYTES];
        fake_pump_t *p = start();
        fake_programme(programme, 500000u, 150000u);
        fake_put(programme + edges[i].at, edges[i].value, edges[i].size);
        cr_expect_eq(fake_commit(p, programme), edges[i].status, "row %zu: byte %u = %llu", i,
                     edges[i].at, (unsigned long long)edges[i].value);
    }
}

/* REQ-BOLUS-03 */
Test(range, every_field_of_a_bolus_ends_at_its_bounds)
{
    static const edge_t edges[] = {
        {DOSING_BOLUS_AT_DOSE, 8u, 0u, BAD},
        {DOSING_BOLUS_AT_DOSE, 8u, DOSING_DOSE_MAX + 1u, BAD},
        {DOSING_BOLUS_AT_DOSE, 8u, DOSING_DOSE_MAX, DOSING_REFUSED_RATE},
        {DOSING_BOLUS_AT_DURATION, 4u, 999u, BAD},
        {DOSING_BOLUS_AT_DURATION, 4u, 1000u, DOSING_REFUSED_RATE},
        {DOSING_BOLUS_AT_DURATION, 4u, 86400000u, DOSING_OK},
        {DOSING_BOLUS_AT_DURATION, 4u, 86400001u, BAD},
        {DOSING_BOLUS_AT_ZERO, 4u, 1u, BAD},
    };
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        uint8_t bolus[DOSING_BOLUS_BYTES] = {0};
        fake_pump_t *p = start();
        cr_assert_eq(fake_simple(p, 500000u, 150000u), DOSING_OK);
        fake_put(bolus + DOSING_BOLUS_AT_DOSE, 15000u, 8u);
        fake_put(bolus + DOSING_BOLUS_AT_DURATION, 3600000u, 4u);
        fake_put(bolus + edges[i].at, edges[i].value, edges[i].size);
        cr_expect_eq(fake_send(p, DOSING_FRAME_BOLUS, bolus, sizeof bolus), edges[i].status,
                     "row %zu: byte %u = %llu", i, edges[i].at, (unsigned long long)edges[i].value);
    }
}

#define FIELD(name) (uint32_t) offsetof(dosing_factory_t, name), 4u
#define NO DOSING_ERROR_FACTORY

/* REQ-CORE-01 */
Test(range, every_field_of_the_factory_block_ends_at_its_bounds)
{
    static const edge_t edges[] = {
        {FIELD(magic), 0u, NO},
        {FIELD(version), DOSING_FACTORY_VERSION + 1u, NO},
        {FIELD(device_id), 0u, NO},
        {FIELD(device_id), 0xFFFFFFFEu, DOSING_OK},
        {FIELD(device_id), 0xFFFFFFFFu, NO},
        {FIELD(pulse_volume_pl), 9999u, NO},
        {FIELD(pulse_volume_pl), 9000001u, NO},
        {FIELD(capacity_nl), 1000000u, DOSING_OK},
        {FIELD(capacity_nl), 999999u, NO},
        {FIELD(capacity_nl), 100000000u, DOSING_OK},
        {FIELD(capacity_nl), 100000001u, NO},
        {FIELD(tubing_nl), 2000000u, DOSING_OK},
        {FIELD(tubing_nl), 2000001u, NO},
        {FIELD(rate_min_nl_per_day), 0u, NO},
        {FIELD(rate_min_nl_per_day), 1u, NO}, /* its pulses are further apart than an hour */
        {FIELD(rate_min_nl_per_day), 24000001u, NO},
        {FIELD(rate_max_nl_per_day), 0u, NO},
        {FIELD(rate_max_nl_per_day), 50000001u, NO},
        {FIELD(rate_max_nl_per_day), 50000000u, NO}, /* its pulses are closer than the gap */
        {FIELD(volume_24h_max_nl), 0u, NO},
        {FIELD(volume_24h_max_nl), 50000000u, DOSING_OK},
        {FIELD(volume_24h_max_nl), 50000001u, NO},
        {FIELD(gap_ms), 100u, DOSING_OK},
        {FIELD(gap_ms), 99u, NO},
        {FIELD(gap_ms), 60001u, NO},
        {FIELD(battery_uah), 10000u, DOSING_OK},
        {FIELD(battery_uah), 9999u, NO},
        {FIELD(battery_uah), 10000000u, DOSING_OK},
        {FIELD(battery_uah), 10000001u, NO},
        {FIELD(idle_na), 100u, DOSING_OK},
        {FIELD(idle_na), 99u, NO},
        {FIELD(idle_na), 1000000u, DOSING_OK},
        {FIELD(idle_na), 1000001u, NO},
        {FIELD(wake_nc), 100000000u, DOSING_OK},
        {FIELD(wake_nc), 100000001u, NO},
        {FIELD(pulse_nc), 100000000u, DOSING_OK},
        {FIELD(pulse_nc), 100000001u, NO},
        {FIELD(tone_nc), 1000000000u, DOSING_OK},
        {FIELD(tone_nc), 1000000001u, NO},
        {FIELD(frame_nc), 100000000u, DOSING_OK},
        {FIELD(frame_nc), 100000001u, NO},
        {FIELD(floor_mv), 1u, DOSING_OK},
        {FIELD(floor_mv), 0u, NO},
        {FIELD(floor_mv), 2300u, NO}, /* not below ERI */
        {FIELD(floor_mv), 5000u, NO},
        {FIELD(eri_mv), 2201u, DOSING_OK},
        {FIELD(eri_mv), 2200u, NO},
        {FIELD(eri_mv), 5000u, DOSING_OK},
        {FIELD(eri_mv), 5001u, NO},
    };
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        fake_init(&pump.hal);
        fake_put((uint8_t *)&pump.hal.factory + edges[i].at, edges[i].value, edges[i].size);
        fake_seal_factory(&pump.hal);
        fake_pump_start(&pump);
        cr_expect_eq(pump.status, edges[i].status, "row %zu: byte %u = %llu", i, edges[i].at,
                     (unsigned long long)edges[i].value);
    }
}

/* REQ-CORE-01 */
Test(range, a_call_without_its_arguments_is_refused)
{
    fake_pump_t *p = start();
    const dosing_hal_t older = {.table_size = DOSING_HAL_BYTES_MIN - 1u};
    const uint8_t byte = 0u;
    uint64_t next_ms = 0u;
    cr_expect_eq(p->core->wake(NULL, &next_ms), DOSING_ERROR_ARGUMENT);
    cr_expect_eq(p->core->wake(state_of(p), NULL), DOSING_ERROR_ARGUMENT);
    cr_expect_eq(p->core->receive(NULL, &byte, 1u, &next_ms), DOSING_ERROR_ARGUMENT);
    cr_expect_eq(p->core->receive(state_of(p), &byte, 1u, NULL), DOSING_ERROR_ARGUMENT);
    cr_expect_eq(p->core->init(NULL, &fake_hal, &p->hal), DOSING_ERROR_ARGUMENT);
    cr_expect_eq(p->core->init(state_of(p), NULL, &p->hal), DOSING_ERROR_ARGUMENT);
    cr_expect_eq(p->core->init(state_of(p), &older, &p->hal), DOSING_ERROR_ARGUMENT);
    cr_expect_eq(p->core->wake(state_of(p), &next_ms), DOSING_ERROR_ARGUMENT, "and it stays so");
}

/* REQ-LINK-03: an open that names a session is not one. */
Test(range, an_open_carries_no_session)
{
    fake_pump_t *p = start();
    const uint8_t mine[DOSING_NONCE_BYTES] = {9};
    cr_assert_neq(p->session, 0u);
    cr_expect_eq(fake_next(p, DOSING_FRAME_OPEN, mine, sizeof mine), DOSING_REFUSED_SESSION);
}
