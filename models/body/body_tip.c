/* SPDX-License-Identifier: Apache-2.0 */
/* A catheter's tip that moves within the canal. */
#include "body/body.h"
#include "body/body_state.h"

int body_tip_move(body_t *b, double position_cm, error_t *e)
{
    body_state_t *s = b->state;
    int rc = ERROR_OK;
    if (!(position_cm >= 0.0 && position_cm <= s->anatomy[0].length_cm))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a tip at %g cm of %g", position_cm,
                           s->anatomy[0].length_cm);
    for (int d = 0; d < s->drugs; d++)
        for (int r = 0; r < s->regimes && rc == ERROR_OK; r++)
            rc = transport_move_tip(&s->drug[d].transport[r], &s->grid[r], &s->drug[d].plasma,
                                    position_cm, e);
    return rc;
}
