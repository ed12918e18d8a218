/* SPDX-License-Identifier: Apache-2.0 */
/* Names of places along the spine that a config may use: those of the body's anatomy. */
#ifndef CONFIG_LEVEL_H
#define CONFIG_LEVEL_H

/* 1 if `name` is a vertebral level ("T10") or the interspace of two neighbours ("L3/4", "T12/L1"), short
 * enough for a study_t; else 0. Thread-safe. */
int level_is_known(const char *name);

#endif
