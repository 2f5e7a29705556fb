#include "people/profile.h"

#include "base/assert.h"

enum { MOST = 32, HALF = 6 };

const char *const TZ_PROFILE_NAMES[TZ_PROFILE_COLUMNS] = {"id", "name", "birth", "sex", "village", "front", "back", "ends"};

bool tz_number_is_telling(tz_text raw)
{
    size_t changes = 0;

    if (raw.size < 15 || raw.size > 22)
        return false;
    for (size_t i = 0; i < raw.size; i++) {
        bool is_digit = raw.data[i] >= '0' && raw.data[i] <= '9';
        if (!is_digit && !(raw.data[i] == 'X' && i + 1 == raw.size))
            return false;
        changes += i > 0 && raw.data[i] != raw.data[i - 1];
    }
    return changes >= 3;
}

/* ---- What a record says ---- */

static tz_said said_by_row(const tz_record *record)
{
    tz_said of = {.texts = {[TZ_PROFILE_NAME] = record->name,
                            [TZ_PROFILE_BIRTH] = record->birth,
                            [TZ_PROFILE_SEX] = record->sex,
                            [TZ_PROFILE_VILLAGE] = record->village}};

    if (record->id.size > 0)
        of.texts[TZ_PROFILE_ID] = record->id;
    else if (tz_number_is_telling(record->raw))
        of.texts[TZ_PROFILE_ID] = record->raw;
    return of;
}

tz_said tz_said_of(tz_arena *mem, const tz_record *record)
{
    tz_said of = said_by_row(record);
    const char *id = record->id.data;

    if (record->id.size != 18)
        return of;
    if (record->birth.size == 0)
        of.texts[TZ_PROFILE_BIRTH] =
            tz_text_of(tz_arena_printf(mem, "%.4s-%.2s-%.2s", id + 6, id + 10, id + 12));
    if (record->sex.size == 0)
        of.texts[TZ_PROFILE_SEX] = (id[16] - '0') % 2 != 0 ? TZ_TEXT("M") : TZ_TEXT("F");
    return of;
}

/* All that a says, b says too, and the name is one. */
static bool is_within(const tz_said *a, const tz_said *b)
{
    if (!tz_text_equal(a->texts[TZ_PROFILE_NAME], b->texts[TZ_PROFILE_NAME]))
        return false;
    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++)
        if (a->texts[c].size > 0 && !tz_text_equal(a->texts[c], b->texts[c]))
            return false;
    return true;
}

/* ---- Choosing ---- */

typedef struct {
    uint32_t record;
    uint32_t next; /* of its cluster, index + 1 */
    bool is_out;   /* another says more */
    tz_said said;
} profile;

typedef struct {
    tz_arena mem;
    struct {
        profile *items;
        size_t count;
        size_t room;
    } all;
    uint32_t *first;  /* by root: index + 1 */
    uint32_t *counts; /* by root: those that are not out */
} choosing;

static void offer(choosing *of, uint32_t root, uint32_t record, const tz_said *said)
{
    for (uint32_t at = of->first[root]; at > 0; at = of->all.items[at - 1].next)
        if (!of->all.items[at - 1].is_out && is_within(said, &of->all.items[at - 1].said))
            return;
    for (uint32_t at = of->first[root]; at > 0; at = of->all.items[at - 1].next) {
        profile *one = &of->all.items[at - 1];
        if (!one->is_out && is_within(&one->said, said)) {
            one->is_out = true;
            of->counts[root]--;
        }
    }
    if (of->counts[root] == MOST)
        return;
    of->counts[root]++;
    tz_push(&of->mem, &of->all, (profile){.record = record, .next = of->first[root], .said = *said});
    of->first[root] = (uint32_t)of->all.count;
}

static bool *find_known(tz_arena *mem, const tz_records *records, tz_clusters *clusters)
{
    bool *is_known = tz_new_array(mem, bool, clusters->nodes.count + 1);

    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].id.size > 0)
            is_known[tz_clusters_find(clusters, records->items[i].node)] = true;
    return is_known;
}

void tz_profiles_choose(tz_arena *mem, const tz_records *records, tz_clusters *clusters, tz_profiles *ret_profiles)
{
    tz_assert(mem != NULL && records != NULL && clusters != NULL && ret_profiles != NULL);
    choosing of = {.all = {0}};
    tz_profiles out = {.count = 0};
    bool *is_known = find_known(&of.mem, records, clusters);

    of.first = tz_new_array(&of.mem, uint32_t, clusters->nodes.count + 1);
    of.counts = tz_new_array(&of.mem, uint32_t, clusters->nodes.count + 1);
    for (uint32_t i = 0; i < records->count; i++) {
        tz_said said = tz_said_of(&of.mem, &records->items[i]);
        offer(&of, tz_clusters_find(clusters, records->items[i].node), i, &said);
    }
    out.records = tz_new_array(mem, uint32_t, of.all.count + 1);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < of.all.count; i++) {
            const profile *one = &of.all.items[i];
            bool known = is_known[tz_clusters_find(clusters, records->items[one->record].node)];
            if (!one->is_out && known == (pass == 0))
                out.records[out.count++] = one->record;
        }
        if (pass == 0)
            out.known = out.count;
    }
    *ret_profiles = out;
    tz_arena_free(&of.mem);
}

/* ---- The table ---- */

static tz_rc take(tz_table *table, const tz_said *said, uint32_t *codes, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_text id = said->texts[TZ_PROFILE_ID];
    char ends[2 * HALF];

    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++)
        TZ_TRY(tz_dictionary_code(&table->values, said->texts[c], &codes[c], err));
    if (id.size < 2 * HALF)
        goto done;
    TZ_TRY(tz_dictionary_code(&table->values, tz_text_cut(id, 0, 2 * HALF), &codes[TZ_PROFILE_FRONT], err));
    TZ_TRY(tz_dictionary_code(&table->values, tz_text_cut(id, id.size - 2 * HALF, 2 * HALF),
                              &codes[TZ_PROFILE_BACK], err));
    for (size_t i = 0; i < HALF; i++) {
        ends[i] = id.data[i];
        ends[HALF + i] = id.data[id.size - HALF + i];
    }
    TZ_TRY(tz_dictionary_code(&table->values, (tz_text){ends, sizeof ends}, &codes[TZ_PROFILE_ENDS], err));
done:
    return rc;
}

tz_rc tz_profiles_table(tz_arena *mem, const tz_records *records, const uint32_t *which, size_t count, bool is_filled,
                        tz_table *ret_table, tz_err *err)
{
    tz_assert(mem != NULL && records != NULL && ret_table != NULL);
    tz_rc rc = TZ_OK;
    tz_arena scratch = {0};
    tz_table table = {.mem = mem,
                      .columns = tz_new_array(mem, const char *, TZ_PROFILE_COLUMNS),
                      .column_count = TZ_PROFILE_COLUMNS,
                      .width = TZ_PROFILE_COLUMNS,
                      .truth = SIZE_MAX};

    for (size_t c = 0; c < TZ_PROFILE_COLUMNS; c++)
        table.columns[c] = TZ_PROFILE_NAMES[c];
    tz_dictionary_init(mem, &table.values);
    for (size_t i = 0; i < count; i++) {
        const tz_record *record = &records->items[which[i]];
        tz_said said = is_filled ? tz_said_of(&scratch, record) : said_by_row(record);
        if (i % TZ_TABLE_CHUNK == 0)
            tz_push(mem, &table.chunks, tz_new_array(mem, uint32_t, TZ_TABLE_CHUNK * TZ_PROFILE_COLUMNS));
        TZ_TRY(take(&table, &said, tz_table_codes(&table, i), err));
        table.count = table.count_a = i + 1;
        if (scratch.bytes > 0)
            tz_arena_reset(&scratch);
    }
    *ret_table = table;
done:
    if (rc != TZ_OK)
        tz_dictionary_seal(&table.values);
    tz_arena_free(&scratch);
    return rc;
}
