/* SPDX-License-Identifier: Apache-2.0 */
/* The table: a row for each delivery, a column for each request. */
#include "dosing_mode.h"

#define GO DOSING_ANSWER_GO_ON
#define FORF DOSING_ANSWER_FORFEIT
#define SUSP DOSING_ANSWER_SUSPEND
#define WAIT DOSING_ANSWER_WAIT
#define BUSY DOSING_ANSWER_BUSY
#define NONE DOSING_ANSWER_NONE

/* clang-format off */
static const uint8_t table[DOSING_DELIVERIES][DOSING_REQUESTS] = {
    /*                            COMMIT STOP  BOLUS TIMED PATIENT PRIME REFILL TIME BRIDGE ALARM STALL RESET */
    [DOSING_DELIVERY_OFF]     = { GO,    GO,   GO,   NONE, NONE,   GO,   GO,    GO,  GO,    GO,   GO,   GO },
    [DOSING_DELIVERY_MINIMUM] = { GO,    FORF, NONE, NONE, NONE,   SUSP, GO,    GO,  GO,    FORF, GO,   SUSP },
    [DOSING_DELIVERY_BASAL]   = { GO,    FORF, GO,   GO,   GO,     SUSP, GO,    GO,  GO,    FORF, GO,   SUSP },
    [DOSING_DELIVERY_BRIDGE]  = { GO,    FORF, GO,   GO,   GO,     SUSP, GO,    GO,  GO,    FORF, GO,   SUSP },
    [DOSING_DELIVERY_BOLUS]   = { FORF,  FORF, BUSY, WAIT, SUSP,   BUSY, GO,    GO,  GO,    FORF, GO,   FORF },
    [DOSING_DELIVERY_TIMED]   = { FORF,  FORF, BUSY, WAIT, SUSP,   BUSY, GO,    GO,  GO,    FORF, GO,   FORF },
    [DOSING_DELIVERY_PATIENT] = { FORF,  FORF, BUSY, WAIT, BUSY,   BUSY, GO,    GO,  GO,    FORF, GO,   FORF },
    [DOSING_DELIVERY_PRIME]   = { FORF,  FORF, BUSY, WAIT, BUSY,   BUSY, GO,    GO,  GO,    FORF, GO,   FORF },
};
/* clang-format on */

dosing_answer_t dosing_mode_answer(uint32_t delivery, dosing_request_t request)
{
    const uint32_t row = delivery < DOSING_DELIVERIES ? delivery : DOSING_DELIVERY_PRIME;
    return (dosing_answer_t)table[row][request];
}

dosing_status_t dosing_mode_status(dosing_answer_t answer)
{
    if (answer == DOSING_ANSWER_NONE) {
        return DOSING_REFUSED_NOT_NOW;
    }
    return answer == DOSING_ANSWER_BUSY || answer == DOSING_ANSWER_WAIT ? DOSING_REFUSED_BUSY
                                                                        : DOSING_OK;
}
