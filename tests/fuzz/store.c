/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over store images: the input is a length (u16), as many bytes of an image (fuzz_play.h) that the core finds in its
 * store, and a tape. */
#include <string.h>

#include "fuzz_mutate.h"
#include "fuzz_play.h"

#define HEAD_BYTES 2u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

static size_t image_size(const uint8_t *data, size_t size)
{
    const size_t said = size < HEAD_BYTES ? 0u : (size_t)fake_get(data, HEAD_BYTES);
    const size_t left = size < HEAD_BYTES ? 0u : size - HEAD_BYTES;
    return said < left ? said : left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static play_t play;
    const size_t image = image_size(data, size);
    const size_t head = size < HEAD_BYTES ? size : HEAD_BYTES;
    play_tape(&play, data + head, image, data + head + image, size - head - image);
    return 0;
}

/* Image and tape are changed apart: the length between them is put right again. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
    static uint8_t result[HEAD_BYTES + UINT16_MAX + TAPE_BYTES_MAX];
    uint64_t state = seed;
    size_t image = image_size(data, size);
    const size_t head = size < HEAD_BYTES ? size : HEAD_BYTES;
    size_t tape = size - head - image;
    if (room < HEAD_BYTES || size > sizeof result) {
        return LLVMFuzzerMutate(data, size, room);
    }
    room = room < sizeof result ? room : sizeof result;
    memcpy(result + HEAD_BYTES, data + head, size - head);
    if (fake_random(&state) % 3u == 0u) {
        tape = mutate_tape(&state, result + HEAD_BYTES + image, tape, room - HEAD_BYTES - image,
                           LLVMFuzzerMutate);
    } else {
        size_t most = room - HEAD_BYTES - tape;
        most = most < UINT16_MAX ? most : UINT16_MAX;
        image = LLVMFuzzerMutate(result + HEAD_BYTES, image, most);
        memcpy(result + HEAD_BYTES + image, data + size - tape, tape);
    }
    fake_put(result, image, HEAD_BYTES);
    memcpy(data, result, HEAD_BYTES + image + tape);
    return HEAD_BYTES + image + tape;
}
