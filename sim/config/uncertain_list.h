/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of uncertain keys that come from other files. */
#ifndef CONFIG_UNCERTAIN_LIST_H
#define CONFIG_UNCERTAIN_LIST_H

#include "config/document.h"

/* A file that an item of `uncertain` includes holds a list of that name:
 *     uncertain:
 *       - include: uncertain/spinal-baclofen.yaml
 *       - {key: body.response.ec50, low: 50 ng/mL, high: 100 ng/mL}
 * Its rows take the item's place, but those whose key the study's own rows have too: as everywhere, what stands beside an
 * include wins. To be called once the includes of the tree are joined. */
void uncertain_list_join(document_t *doc);

#endif
