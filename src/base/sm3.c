/* sm3 - many short messages at once. SM3 can't be computed in parallel within a message, so eight messages share the
 * processor's vectors, a lane each; a lane that ends takes the next message. OpenSSL does one at a time, and tests
 * compare the two. */
#include "base/hash.h"

#include <string.h>

#include "base/assert.h"

enum { LANES = 8, BLOCK = 64, WORDS = 16 };

typedef uint32_t vector __attribute__((vector_size(LANES * 4)));

/* Eight hashes and a block of each: word w of lane l is block[w][l]. */
typedef struct {
    uint32_t state[8][LANES];
    uint32_t block[WORDS][LANES];
} lanes;

#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))

/* GB/T 32905 section 5.3, on vectors. The constant of round j is already rotated by j. */
__attribute__((target_clones("arch=skylake-avx512", "avx2", "default"))) static void compress(lanes *of, const uint32_t constants[64])
{
    vector w[68], a, b, c, d, e, f, g, h, start[8];

    memcpy(w, of->block, sizeof of->block);
    memcpy(start, of->state, sizeof of->state);
    for (int j = 16; j < 68; j++) {
        vector x = w[j - 16] ^ w[j - 9] ^ ROTATE(w[j - 3], 15);
        w[j] = x ^ ROTATE(x, 15) ^ ROTATE(x, 23) ^ ROTATE(w[j - 13], 7) ^ w[j - 6];
    }
    a = start[0], b = start[1], c = start[2], d = start[3], e = start[4], f = start[5], g = start[6], h = start[7];
    for (int j = 0; j < 64; j++) {
        vector a12 = ROTATE(a, 12), sum = a12 + e + constants[j], ss1 = ROTATE(sum, 7), ss2 = ss1 ^ a12;
        vector ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c), gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
        vector tt1 = ff + d + ss2 + (w[j] ^ w[j + 4]), tt2 = gg + h + ss1 + w[j];
        d = c;
        c = ROTATE(b, 9);
        b = a;
        a = tt1;
        h = g;
        g = ROTATE(f, 19);
        f = e;
        e = tt2 ^ ROTATE(tt2, 9) ^ ROTATE(tt2, 17);
    }
    start[0] ^= a, start[1] ^= b, start[2] ^= c, start[3] ^= d, start[4] ^= e, start[5] ^= f, start[6] ^= g, start[7] ^= h;
    memcpy(of->state, start, sizeof of->state);
}

static void make_constants(uint32_t constants[64])
{
    for (int j = 0; j < 64; j++) {
        uint32_t t = j < 16 ? 0x79CC4519u : 0x7A879D8Au;
        constants[j] = j % 32 == 0 ? t : ROTATE(t, j % 32);
    }
}

/* What a lane works on. */
typedef struct {
    tz_text message;
    size_t  index; /* of the message */
    size_t  at;    /* of the next block, in blocks */
    size_t  count; /* of blocks: the prefix, the message, one bit, the length */
} lane;

static void start_lane(lanes *of, int l, lane *work, tz_text message, size_t index)
{
    static const uint32_t IV[8] = {0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E};

    *work = (lane){.message = message, .index = index, .count = (1 + message.size + 9 + BLOCK - 1) / BLOCK};
    for (int i = 0; i < 8; i++)
        of->state[i][l] = IV[i];
}

/* The lane's next block: the message stands one byte later than in memory, behind its prefix. */
static void load_block(lanes *of, int l, const lane *work, uint8_t prefix)
{
    uint8_t bytes[BLOCK] = {0};
    size_t  from = work->at * BLOCK, total = 1 + work->message.size; /* of prefix and message */

    if (from == 0)
        bytes[0] = prefix;
    size_t first = from == 0 ? 1 : 0, end = total < from + BLOCK ? total : from + BLOCK;
    if (end > from + first)
        memcpy(bytes + first, work->message.data + (from + first - 1), end - from - first);
    if (total >= from && total < from + BLOCK)
        bytes[total - from] = 0x80;
    if (work->at + 1 == work->count)
        for (int i = 0; i < 8; i++)
            bytes[BLOCK - 1 - i] = (uint8_t)((uint64_t)total * 8 >> 8 * i);
    for (int w = 0; w < WORDS; w++) {
        uint32_t word;
        memcpy(&word, bytes + 4 * w, 4);
        of->block[w][l] = __builtin_bswap32(word);
    }
}

static void end_lane(const lanes *of, int l, tz_digest *ret_digest)
{
    for (int i = 0; i < 8; i++) {
        uint32_t word = __builtin_bswap32(of->state[i][l]);
        memcpy(ret_digest->bytes + 4 * i, &word, 4);
    }
}

void tz_sm3_many(uint8_t prefix, const tz_text *messages, size_t count, tz_digest *ret_digests)
{
    tz_assert(count == 0 || (messages != NULL && ret_digests != NULL));
    static const int LITTLE = 1;
    lanes    of = {0};
    lane     work[LANES] = {0};
    uint32_t constants[64];
    size_t   next = 0, busy = 0;

    tz_assert(*(const char *)&LITTLE == 1); /* the words are swapped */
    make_constants(constants);
    for (int l = 0; l < LANES && next < count; l++, next++, busy++)
        start_lane(&of, l, &work[l], messages[next], next);
    while (busy > 0) {
        for (int l = 0; l < LANES; l++)
            if (work[l].count > 0)
                load_block(&of, l, &work[l], prefix);
        compress(&of, constants);
        for (int l = 0; l < LANES; l++) {
            if (work[l].count == 0 || ++work[l].at < work[l].count)
                continue;
            end_lane(&of, l, &ret_digests[work[l].index]);
            if (next < count) {
                start_lane(&of, l, &work[l], messages[next], next);
                next++;
            } else {
                work[l].count = 0;
                busy--;
            }
        }
    }
}
