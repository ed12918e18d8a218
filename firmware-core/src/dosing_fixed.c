/* SPDX-License-Identifier: Apache-2.0 */
/* Exact 64-bit arithmetic for the commit path: overflow is reported, never wrapped. */
#include "dosing_fixed.h"

bool dosing_fixed_multiply(uint64_t a, uint64_t b, uint64_t most, uint64_t *product)
{
    if (b != 0u && a > most / b) {
        return false;
    }
    *product = a * b;
    return true;
}

uint64_t dosing_fixed_gcd(uint64_t a, uint64_t b)
{
    while (b != 0u) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint64_t dosing_fixed_divide_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b != 0u ? 1u : 0u);
}
