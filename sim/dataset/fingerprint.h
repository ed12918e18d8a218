/* SPDX-License-Identifier: Apache-2.0 */
/* A fingerprint of this machine's libm: two machines with different ones give results that differ in the last bits.
 *
 * glibc picks variants of exp, log, pow, sin, … by the processor (with or without fused multiply-add), so that the same
 * program gives other bits elsewhere; merging or resuming a mix would not be reproducible by anyone.
 */
#ifndef DATASET_FINGERPRINT_H
#define DATASET_FINGERPRINT_H

/* Writes 16 hexadecimal digits and a zero: BLAKE2b over the bits of exp, expm1, log, log1p, pow, sqrt, sin, cos, tanh,
 * erf, lgamma and cbrt at 512 fixed arguments each. */
void fingerprint_libm(char text[17]);

#endif
