/* SPDX-License-Identifier: Apache-2.0 */
/* Names of vertebral levels and of the interspaces between neighbours.
 *
 * Levels from the sac end up: S2 S1, L5..L1, T12..T1, C7..C1. A site is a level or an interspace, written
 * as is usual in the clinic: "L3/4" inside a region, "L5/S1", "T12/L1", "C7/T1" between regions.
 * All functions are pure.
 */
#ifndef CONFIG_LEVEL_H
#define CONFIG_LEVEL_H

/* 1 if `name` is a level, else 0. */
int level_is_known(const char *name);

/* 1 if `name` is a level or an interspace of two neighbours, else 0. */
int level_is_site(const char *name);

#endif
