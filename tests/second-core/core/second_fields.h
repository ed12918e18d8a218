/* SPDX-License-Identifier: Apache-2.0 */
/* The programme's fields, each held against its range. */
#ifndef SECOND_FIELDS_H
#define SECOND_FIELDS_H

#include <stdint.h>

#include "dosing_factory.h"
#include "dosing_status.h"

/* OK, REFUSED_PROGRAMME, REFUSED_UNSUPPORTED. `image` is as long as its head says, at most DOSING_IMAGE_BYTES_MAX. */
dosing_status_t second_fields_check(const uint8_t *image, const dosing_factory_t *f);

#endif
