/* SPDX-License-Identifier: Apache-2.0 */
/* What of the state survives a reset, as the payload of a checkpoint, and whether what was loaded can be.
 *
 * Saved: the programme in its wire format, the account, the reservoir, the ring of hours, patient boluses, the latest prime,
 * counters, alarms, what ages, and the order that is about to be carried out. Not saved: what the programme gives anew (rates), boluses,
 * local time, a session, a running train.
 */
#ifndef DOSING_IMAGE_H
#define DOSING_IMAGE_H

#include "dosing_stream.h"

/* An order that a checkpoint holds beside the state before it: at boot it is carried out as it was then. */
typedef struct dosing_pending_t {
    uint32_t type;   /* DOSING_FRAME_COMMIT, _REFILL, _PRIME, _STOP; 0: none */
    uint32_t length; /* of a commit's image, which lies in session.image */
    uint32_t value;  /* of a refill the volume in nl, of a prime the revision */
} dosing_pending_t;

/* Times of the core and of the main clock when the image was made. */
typedef struct dosing_moment_t {
    uint64_t core_ms;
    uint64_t main_ms;
} dosing_moment_t;

/* Passes everything through the stream, in whichever way it goes. After loading: io->good, and dosing_image_holds. */
void dosing_image_pass(dosing_stream_t *io, dosing_moment_t *moment, dosing_pending_t *pending);

/* Bytes of the longest payload. */
uint32_t dosing_image_bytes_max(void);

/* True where everything that was loaded is in its range, so that nothing computed from it can overflow. Makes the ring's
 * sums. */
bool dosing_image_holds(dosing_state_t *state, const dosing_moment_t *moment);

#endif
