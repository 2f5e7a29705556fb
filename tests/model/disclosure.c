/* The published table beside a reader who knows the rules, the total and the publication before, but not the ranks,
 * and tries every table that could have been published alike: no part under five, and no change of fewer than five,
 * is certain. */
#include "../test.h"

#include "report/disclosure.h"

enum { PARTS = 3, RANKINGS = 6, MOST = 24, TRUTH_MOST = 20 };

static const uint64_t RANKS[RANKINGS][PARTS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

typedef struct { int64_t values[PARTS]; } table;
typedef struct { tz_public_cell parts[PARTS], total; } published;

static published publish(const table *now, const published *before, int ranking)
{
    published out = {0};

    for (int i = 0; i < PARTS; i++) {
        out.parts[i].value = now->values[i];
        out.parts[i].rank = RANKS[ranking][i];
        out.total.value += now->values[i];
    }
    for (int i = 0; i <= PARTS && before != NULL; i++) {
        const tz_public_cell *last = i < PARTS ? &before->parts[i] : &before->total;
        tz_public_cell       *cell = i < PARTS ? &out.parts[i] : &out.total;
        cell->has_last = last->fate != TZ_CELL_HIDDEN;
        cell->last = last->fate == TZ_CELL_HELD ? last->last : last->value;
    }
    tz_disclosure_guard(out.parts, PARTS, &out.total);
    return out;
}

static bool looks_alike(const tz_public_cell *a, const tz_public_cell *b)
{
    if (a->fate != b->fate)
        return false;
    return a->fate == TZ_CELL_HIDDEN || (a->fate == TZ_CELL_SHOWN ? a->value == b->value : a->last == b->last);
}

static bool is_alike(const published *a, const published *b)
{
    for (int i = 0; i < PARTS; i++)
        if (!looks_alike(&a->parts[i], &b->parts[i]))
            return false;
    return looks_alike(&a->total, &b->total);
}

static bool next_table(table *now)
{
    for (int i = 0; i < PARTS; i++) {
        if (++now->values[i] <= MOST)
            return true;
        now->values[i] = 0;
    }
    return false;
}

/* How far what the reader can't rule out reaches, by part. */
typedef struct { int64_t least[PARTS], most[PARTS]; } reach;

static void widen(reach *to, const int64_t values[PARTS], bool is_first)
{
    for (int i = 0; i < PARTS; i++) {
        to->least[i] = is_first || values[i] < to->least[i] ? values[i] : to->least[i];
        to->most[i] = is_first || values[i] > to->most[i] ? values[i] : to->most[i];
    }
}

/* One publication: a part under five stays uncertain. */
static void hides_small_parts(void **state)
{
    uint64_t seed = test_seed();

    (void)state;
    for (int round = 0; round < 60; round++) {
        table     truth, other = {{0}};
        reach     possible = {{0}, {0}};
        bool      is_first = true;
        for (int i = 0; i < PARTS; i++)
            truth.values[i] = (int64_t)(test_next(&seed) % (TRUTH_MOST + 1));
        published seen = publish(&truth, NULL, round % RANKINGS);
        do {
            for (int ranking = 0; ranking < RANKINGS; ranking++) {
                published would = publish(&other, NULL, ranking);
                if (!is_alike(&seen, &would))
                    continue;
                widen(&possible, other.values, is_first);
                is_first = false;
            }
        } while (next_table(&other));
        for (int i = 0; i < PARTS; i++) {
            assert_true(seen.parts[i].fate != TZ_CELL_SHOWN || truth.values[i] >= TZ_LEAST_COUNT);
            if (truth.values[i] < TZ_LEAST_COUNT && possible.least[i] == possible.most[i])
                fail_msg("part %d is %lld for certain of %lld %lld %lld", i, (long long)truth.values[i], (long long)truth.values[0],
                         (long long)truth.values[1], (long long)truth.values[2]);
        }
    }
}

typedef struct {
    reach small, change;
    bool  is_first;
} knowledge;

/* Every second table after a first one that fits what was seen of it. */
static void try_second(const published seen[2], const table *first, int ranking, knowledge *possible)
{
    published before = publish(first, NULL, ranking);
    table     second = {{0}};

    if (!is_alike(&seen[0], &before))
        return;
    do {
        published after = publish(&second, &before, ranking);
        if (!is_alike(&seen[1], &after))
            continue;
        int64_t moved[PARTS];
        for (int i = 0; i < PARTS; i++)
            moved[i] = second.values[i] - first->values[i];
        widen(&possible->small, second.values, possible->is_first);
        widen(&possible->change, moved, possible->is_first);
        possible->is_first = false;
    } while (next_table(&second));
}

/* Two publications: neither a small part nor a small change is certain. */
static void hides_small_changes(void **state)
{
    uint64_t seed = test_seed();
    int      rounds = getenv("LONG") == NULL ? 12 : 200;

    (void)state;
    for (int round = 0; round < rounds; round++) {
        table truth[2], first = {{0}};
        knowledge possible = {.is_first = true};
        for (int i = 0; i < PARTS; i++) {
            truth[0].values[i] = (int64_t)(test_next(&seed) % (TRUTH_MOST + 1));
            int64_t moved = truth[0].values[i] + (int64_t)(test_next(&seed) % 9) - 4;
            truth[1].values[i] = moved < 0 ? 0 : moved > TRUTH_MOST ? TRUTH_MOST : moved;
        }
        published seen[2];
        seen[0] = publish(&truth[0], NULL, round % RANKINGS);
        seen[1] = publish(&truth[1], &seen[0], round % RANKINGS);
        for (int ranking = 0; ranking < RANKINGS; ranking++)
            do
                try_second(seen, &first, ranking, &possible);
            while (next_table(&first));
        for (int i = 0; i < PARTS; i++) {
            int64_t moved = truth[1].values[i] - truth[0].values[i];
            if (truth[1].values[i] < TZ_LEAST_COUNT && possible.small.least[i] == possible.small.most[i])
                fail_msg("round %d: part %d is %lld for certain", round, i, (long long)truth[1].values[i]);
            if (moved != 0 && moved < TZ_LEAST_COUNT && moved > -TZ_LEAST_COUNT && possible.change.least[i] == possible.change.most[i])
                fail_msg("round %d: part %d moved by %lld for certain", round, i, (long long)moved);
        }
    }
}

static void keeps_what_may_be_known(void **state)
{
    (void)state;
    tz_public_cell parts[] = {{.value = 30}, {.value = 12}, {.value = 5}}, total = {.value = 47};
    tz_disclosure_guard(parts, 3, &total);
    for (int i = 0; i < 3; i++)
        assert_int_equal(parts[i].fate, TZ_CELL_SHOWN);
    assert_int_equal(total.fate, TZ_CELL_SHOWN);

    tz_public_cell few[] = {{.value = 30}, {.value = 12}, {.value = 4}};
    total = (tz_public_cell){.value = 46};
    tz_disclosure_guard(few, 3, &total);
    assert_int_equal(few[0].fate, TZ_CELL_HIDDEN); /* of the lowest rank, so that 46 - 30 - 12 is not told */
    assert_int_equal(few[1].fate, TZ_CELL_SHOWN);
    assert_int_equal(few[2].fate, TZ_CELL_HIDDEN);

    tz_public_cell again[] = {{.value = 31, .last = 30, .has_last = true}, {.value = 20, .last = 12, .has_last = true}, {.value = 40}};
    total = (tz_public_cell){.value = 91, .last = 80, .has_last = true};
    tz_disclosure_guard(again, 3, &total);
    assert_int_equal(again[0].fate, TZ_CELL_HELD);
    assert_int_equal(again[1].fate, TZ_CELL_HIDDEN);
    assert_int_equal(again[2].fate, TZ_CELL_SHOWN);
    assert_int_equal(total.fate, TZ_CELL_SHOWN);

    tz_public_cell one[] = {{.value = 3}};
    total = (tz_public_cell){.value = 3};
    tz_disclosure_guard(one, 1, &total);
    assert_int_equal(one[0].fate, TZ_CELL_HIDDEN);
    assert_int_equal(total.fate, TZ_CELL_HIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_may_be_known),
        cmocka_unit_test(hides_small_parts),
        cmocka_unit_test(hides_small_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
