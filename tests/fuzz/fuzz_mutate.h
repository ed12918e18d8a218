/* SPDX-License-Identifier: Apache-2.0 */
/* Mutation of tapes by whole records and by the fields of orders. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Changes bytes without knowing what they mean; returns the new size. libFuzzer's own, or a stand-in. */
typedef size_t mutate_bytes_t(uint8_t *bytes, size_t size, size_t room);

/* Changes a tape in place, mostly so that it stays one; returns its new size, at most `room`. */
size_t mutate_tape(uint64_t *seed, uint8_t *tape, size_t size, size_t room, mutate_bytes_t *bytes);

#endif
