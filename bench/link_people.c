/* link_people - synthetic people as CSV for bench/link.sh; nobody in it exists.
 *
 *     link_people RECORDS DAMAGE SEED [PER_DAY] > people.csv
 *
 * Seven of ten records are people, three are copies of one of them, each value of a copy damaged with a probability of
 * DAMAGE percent or left out with a seventh of it. Values are as skewed as names are; birth dates spread so that PER_DAY
 * records (40) share a day, whatever the size: blocks keep their size. Columns: id, given_name, surname, dob, postcode,
 * address, phone, person (the truth). The records come in random order.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 6, WIDTH = 48 };

static uint64_t state;

static uint64_t random64(void)
{
    uint64_t z = (state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)(random64() >> 32) % limit;
}

static double share(void)
{
    return (double)(random64() >> 11) / 9007199254740992.0;
}

/* A rank below `limit`, low ones often: rank r about as often as 1 / (r + offset). */
static uint32_t skewed(uint32_t limit, double offset)
{
    return (uint32_t)(offset * (pow((limit + offset) / offset, share()) - 1)) % limit;
}

/* The name of a rank: always the same. */
static void name_of(uint32_t rank, uint32_t kind, char *out)
{
    static const char *const HEADS[] = {"ka", "ro", "mi",  "te",  "lu",  "va", "so",  "be", "ni",
                                        "do", "pa", "shi", "gre", "ze",  "fa", "wil", "jo", "chr",
                                        "an", "el", "mar", "hen", "tho", "ed", "su"};
    static const char *const TAILS[] = {"n",    "ra",    "ller", "son", "ta",  "ley", "ton", "vin",  "s",
                                        "ck",   "man",   "ez",   "rd",  "lia", "co",  "ne",  "ford", "by",
                                        "wood", "field", "ll",   "den", "er",  "na",  "th"};
    uint64_t kept = state;

    state = (uint64_t)rank * 1000003 + kind;
    uint32_t middle = below(3);
    (void)snprintf(out, WIDTH, "%s%s%s%s", HEADS[below(25)], middle > 0 ? HEADS[below(25)] : "",
                   middle > 1 ? HEADS[below(25)] : "", TAILS[below(25)]);
    state = kept;
}

static void make_person(uint32_t number, uint32_t days, uint32_t places, char cells[FIELDS][WIDTH])
{
    uint64_t kept = state;
    char street[WIDTH];

    state = (uint64_t)number * UINT64_C(0xD1342543DE82EF95) + 12345;
    name_of(skewed(5000, 6), 1, cells[0]);
    name_of(skewed(150000, 40), 2, cells[1]);
    uint32_t day = below(days), year = day / 336, in_year = day % 336;
    (void)snprintf(cells[2], WIDTH, "%04u-%02u-%02u", 1930 + year % 8000, 1 + in_year / 28, 1 + in_year % 28);
    (void)snprintf(cells[3], WIDTH, "%05u", 10000 + skewed(places, places / 5.0));
    name_of(skewed(20000, 500), 3, street);
    (void)snprintf(cells[4], WIDTH, "%u %.24s street", 1 + below(200), street);
    (void)snprintf(cells[5], WIDTH, "%010llu",
                   (unsigned long long)(UINT64_C(1000000000) + random64() % UINT64_C(9000000000)));
    state = kept;
}

static char other_character(char c)
{
    return (char)(c >= '0' && c <= '9' ? '0' + below(10) : 'a' + below(26));
}

static void slip(char *text)
{
    size_t size = strlen(text), at = below((uint32_t)size);

    switch (below(4)) {
    case 0: text[at] = other_character(text[at]); break;
    case 1:
        if (size > 2)
            memmove(text + at, text + at + 1, size - at);
        break;
    case 2:
        if (size + 2 < WIDTH) {
            memmove(text + at + 1, text + at, size - at + 1);
            text[at] = other_character(text[at + 1]);
        }
        break;
    default:
        if (at + 1 < size) {
            char c = text[at];
            text[at] = text[at + 1];
            text[at + 1] = c;
        }
    }
}

static void damage(uint32_t field, uint32_t percent, char *text, uint32_t days, uint32_t places)
{
    char other[FIELDS][WIDTH];

    if (below(100) < percent / 7) {
        text[0] = '\0';
        return;
    }
    if (below(100) >= percent)
        return;
    if (field == 2 && below(4) == 0) { /* day and month swapped */
        char day[3] = {text[8], text[9], '\0'};
        memcpy(text + 8, text + 5, 2);
        memcpy(text + 5, day, 2);
    } else if (below(5) == 0 && field != 2) { /* moved, married, another phone */
        make_person(below(UINT32_MAX), days, places, other);
        memcpy(text, other[field], WIDTH);
    } else {
        slip(text);
        if (below(3) == 0)
            slip(text);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fputs("usage: link_people RECORDS DAMAGE SEED [PER_DAY]\n", stderr);
        return 2;
    }
    uint32_t count = (uint32_t)strtoul(argv[1], NULL, 10), percent = (uint32_t)strtoul(argv[2], NULL, 10);
    uint32_t per_day = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 40, people = count / 10 * 7;
    uint32_t days = count / per_day + 1, places = count / 400 + 10;
    uint32_t *order = malloc(count * sizeof *order);

    if (order == NULL)
        return 4;
    state = strtoull(argv[3], NULL, 10);
    uint64_t salt = random64();
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count; i-- > 1;) {
        uint32_t j = below(i + 1), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    (void)puts("id,given_name,surname,dob,postcode,address,phone,person");
    for (uint32_t i = 0; i < count; i++) {
        char cells[FIELDS][WIDTH];
        uint32_t person = order[i];
        state = salt + (uint64_t)order[i] * UINT64_C(0x9E3779B97F4A7C15);
        if (person >= people)
            person = below(people);
        make_person(person + (uint32_t)(salt & 0xFFFF), days, places, cells);
        for (uint32_t field = 0; field < FIELDS && order[i] >= people; field++)
            damage(field, percent, cells[field], days, places);
        (void)printf("r%u,%s,%s,%s,%s,%s,%s,p%u\n", i, cells[0], cells[1], cells[2], cells[3], cells[4],
                     cells[5], person);
    }
    free(order);
    return fflush(stdout) == 0 ? 0 : 4;
}
