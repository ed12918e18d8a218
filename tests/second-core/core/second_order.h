/* SPDX-License-Identifier: Apache-2.0 */
/* What an accepted frame orders, and what it is answered. */
#ifndef SECOND_ORDER_H
#define SECOND_ORDER_H

#include "second_state.h"

typedef struct second_order_t {
    const uint8_t *bytes; /* payload of the request */
    uint32_t length;
    uint8_t *reply; /* payload of the reply, zeroed, its status still to be set */
    uint32_t reply_length;
    uint64_t now_ms;
} second_order_t;

/* Payload bytes of a type's request, least and most; roles that may send it, bit 0 the clinician. 0 where none exists. */
typedef struct second_order_kind_t {
    uint32_t least, most, roles;
    dosing_status_t (*act)(dosing_state_t *s, second_order_t *o);
} second_order_kind_t;

/* NULL: no such type. OPEN and CLOSE have no act: they are the link's. */
const second_order_kind_t *second_order_kind(uint32_t type);

#endif
