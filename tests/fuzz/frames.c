/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over frames: the input is a tape, played on a core whose store is erased. */
#include "fuzz_mutate.h"
#include "fuzz_play.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static play_t play;
    play_tape(&play, data, 0u, data, size);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
    uint64_t state = seed;
    return mutate_tape(&state, data, size, room, LLVMFuzzerMutate);
}
