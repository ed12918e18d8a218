/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept: an image in two copies, and a journal of what has happened since.
 *
 * Images have rising generations; one of an odd generation lies in sectors 2 and 3, of an even one in 0 and 1, a copy in each,
 * so that power lost while it is written leaves the generation before. The journal is a ring over the last four sectors; a
 * record belongs to a generation. A record of a generation that no image has tells that the latest image is lost.
 *
 * Images are this processor's own layout of second_kept_t.
 */
#ifndef SECOND_STORE_H
#define SECOND_STORE_H

#include "second_state.h"

#define SECOND_STORE_NEW 0u   /* nothing was ever kept here */
#define SECOND_STORE_FOUND 1u /* s->kept is what was, the lease counted as given */
#define SECOND_STORE_COPY 2u  /* the same, from one copy of two */
#define SECOND_STORE_LOST 3u  /* something was, and cannot be had */

/* Looks at the geometry and loads. ERROR_STORE: it cannot be used. */
dosing_status_t second_store_open(dosing_state_t *s);

/* Keeps s->draft, and puts it in the place of s->kept. ERROR_STORE: neither. */
dosing_status_t second_store_keep(dosing_state_t *s);

/* A record of s->kept.course. OK without a store. */
dosing_status_t second_store_record(dosing_state_t *s);

#endif
