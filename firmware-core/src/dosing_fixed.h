/* SPDX-License-Identifier: Apache-2.0 */
/* Exact 64-bit arithmetic: products that report overflow, greatest common divisor, division upwards. */
#ifndef DOSING_FIXED_H
#define DOSING_FIXED_H

#include <stdbool.h>
#include <stdint.h>

/* *product = a * b where that is at most `most`; else false and *product untouched. */
bool dosing_fixed_multiply(uint64_t a, uint64_t b, uint64_t most, uint64_t *product);

/* Greatest common divisor; of 0 and x it is x. At most 92 rounds (Lame's bound for 64 bits). */
uint64_t dosing_fixed_gcd(uint64_t a, uint64_t b);

/* Ceiling of a / b; b > 0. */
uint64_t dosing_fixed_divide_up(uint64_t a, uint64_t b);

#endif
