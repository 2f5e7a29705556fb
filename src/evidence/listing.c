/* listing - what an import says: a line for each table of a batch, and for what was left out. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/half.h"
#include "evidence/importing.h"

static json_t *account_json(const tz_account *account)
{
    const struct { const char *name; int64_t count; } LINES[] = {
        {"rows", account->rows},         {"titles", account->titles},     {"header", account->header},
        {"blank", account->blank},       {"totals", account->totals},     {"notes", account->notes},
        {"accepted", account->accepted}, {"quarantined", account->quarantined}, {"duplicates", account->duplicates},
        {"wrong_totals", account->wrong_totals}};
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++)
        tz_json_set_int(object, LINES[i].name, LINES[i].count);
    return object;
}

static json_t *mapping_json(tz_arena *mem, const tz_understanding *reading, tz_lang lang)
{
    json_t *mapping = json_array();

    for (size_t i = 0; i < reading->columns.count; i++) {
        const tz_column_match *match = &reading->columns.items[i];
        json_t *line = json_object();
        tz_json_set_str(line, "column", match->column < 0 ? NULL : reading->reg->columns.items[match->column].name);
        tz_json_set_str(line, "header", match->header);
        tz_json_set_str(line, "score", tz_arena_printf(mem, "%.2f", match->column < 0 && match->proposed < 0 ? 0.0 : match->score));
        tz_json_set_str(line, "reason", tz_half_dup(mem, match->reason == NULL ? "没有对应的字段|no field fits" : match->reason, lang));
        if (match->column < 0 && match->proposed >= 0)
            tz_json_set_str(line, "proposed", reading->reg->columns.items[match->proposed].name);
        if (match->is_fixed)
            (void)json_object_set_new(line, "fixed", json_true());
        (void)json_array_append_new(mapping, line);
    }
    return mapping;
}

/* Where each column of the mapping stands on the sheet, for who looks at both. */
static void add_letters(const tz_understanding *reading, json_t *mapping)
{
    for (size_t i = 0; i < reading->columns.count; i++) {
        char letters[8];
        tz_column_letters(reading->columns.items[i].sheet_column, letters);
        tz_json_set_str(json_array_get(mapping, i), "letter", letters);
    }
}

/* What a table lacks: its columns that are empty in some rows, most of them first; those that it does
 * not have at all count as empty in each. */
static json_t *missing_json(tz_arena *mem, const tz_batch *batch, const tz_batch_sheet *sheet, tz_lang lang)
{
    json_t *list = json_array();
    int64_t rows = sheet->account.accepted + sheet->account.quarantined + sheet->account.duplicates;

    for (int64_t most = rows, next; most > 0; most = next) {
        next = 0;
        for (size_t i = 0; i < batch->reg->columns.count; i++) {
            if (sheet->empty[i] < most) {
                next = sheet->empty[i] > next ? sheet->empty[i] : next;
                continue;
            }
            if (sheet->empty[i] > most)
                continue;
            json_t *line = json_object();
            tz_json_set_str(line, "column", batch->reg->columns.items[i].name);
            tz_json_set_str(line, "title", tz_half_dup(mem, batch->reg->columns.items[i].title, lang));
            tz_json_set_int(line, "empty", sheet->empty[i]);
            tz_json_set_int(line, "rows", rows);
            (void)json_array_append_new(list, line);
        }
    }
    return list;
}

static void set_part(json_t *line, const tz_understanding *reading)
{
    if (reading->period != NULL)
        tz_json_set_str(line, "part", reading->period);
    else if (reading->part > 0)
        tz_json_set_int(line, "part", reading->part);
}

json_t *tz_listing_sheets(tz_arena *mem, const tz_batch *batch)
{
    tz_assert(mem != NULL && batch != NULL);
    json_t *sheets = json_array();

    for (size_t i = 0; i < batch->sheets.count; i++) {
        const tz_batch_sheet *sheet = &batch->sheets.items[i];
        json_t *line = json_object();
        tz_json_set_int(line, "no", sheet->no);
        tz_json_set_str(line, "sheet", sheet->name);
        set_part(line, &sheet->reading);
        (void)json_object_set_new(line, "mapping", mapping_json(mem, &sheet->reading, TZ_ZH));
        (void)json_object_set_new(line, "account", account_json(&sheet->account));
        (void)json_array_append_new(sheets, line);
    }
    return sheets;
}

/* Problems with rule and advice in the reader's language. */
static json_t *localised(const importing *from, const json_t *problems)
{
    static const char *const KEYS[] = {"rule", "advice"};
    json_t *list = json_deep_copy(problems), *line;
    size_t  i;

    json_array_foreach(list, i, line)
        for (size_t k = 0; k < 2; k++) {
            const char *both = tz_json_str(line, KEYS[k]);
            if (both != NULL)
                tz_json_set_str(line, KEYS[k], tz_half_dup(from->mem, both, from->store->app->lang));
        }
    return list;
}

static json_t *table_line(importing *from, const pending *batch, const tz_batch_sheet *sheet, const char *state)
{
    tz_lang lang = from->store->app->lang;
    json_t *line = json_object();
    char    as_of[TZ_DATE_TEXT];

    tz_date_format(batch->as_of, as_of);
    if (batch->corrects > 0)
        tz_json_set_int(line, "corrects", batch->corrects);
    if (batch->number > 0 || batch->known > 0)
        tz_json_set_int(line, "batch", batch->known > 0 ? batch->known : batch->number);
    tz_json_set_str(line, "file", from->file);
    tz_json_set_str(line, "sheet", sheet->name);
    set_part(line, &sheet->reading);
    tz_json_set_str(line, "register", batch->batch.reg->name);
    tz_json_set_str(line, "sender", batch->sender);
    tz_json_set_str(line, "as_of", as_of);
    tz_json_set_str(line, "state", state);
    tz_json_set_str(line, "refused", NULL);
    const char *question = sheet->reading.question != NULL ? sheet->reading.question : batch->question;
    if (question != NULL)
        tz_json_set_str(line, "question", tz_half_dup(from->mem, question, lang));
    json_t *mapping = mapping_json(from->mem, &sheet->reading, lang);
    if (from->options->ret_drawing != NULL)
        add_letters(&sheet->reading, mapping);
    (void)json_object_set_new(line, "mapping", mapping);
    (void)json_object_set_new(line, "account", account_json(&sheet->account));
    (void)json_object_set_new(line, "quarantined", localised(from, sheet->quarantined));
    (void)json_object_set_new(line, "marked", localised(from, sheet->marked));
    (void)json_object_set_new(line, "missing", missing_json(from->mem, &batch->batch, sheet, lang));
    return line;
}

void tz_listing_add(importing *from, const pending *batch, const char *state)
{
    tz_assert(from != NULL && batch != NULL && state != NULL);
    for (size_t i = 0; i < batch->batch.sheets.count; i++) {
        json_t *line = table_line(from, batch, &batch->batch.sheets.items[i], state), *warnings = json_array(), *warning;
        size_t  j;
        if (i == 0) /* warnings are about the batch: they stand on its first line */
            json_array_foreach(batch->warnings, j, warning)
                (void)json_array_append_new(warnings, json_string(tz_half_dup(from->mem, json_string_value(warning), from->store->app->lang)));
        (void)json_object_set_new(line, "warnings", warnings);
        (void)json_array_append_new(from->report, line);
    }
}

void tz_listing_add_left_out(importing *from)
{
    tz_assert(from != NULL);
    for (size_t i = 0; i < from->left_out.count; i++) {
        const left_out *sheet = &from->left_out.items[i];
        const char     *why = from->store->app->lang == TZ_ZH ? "对不上任何名册" : "fits no register";
        json_t         *line = json_object();
        tz_json_set_str(line, "file", from->file);
        tz_json_set_str(line, "sheet", from->book->sheets.items[sheet->sheet].name);
        tz_json_set_str(line, "register", NULL);
        tz_json_set_str(line, "state", "left out");
        tz_json_set_str(line, "refused", NULL);
        tz_json_set_str(line, "left_out", sheet->nearest[0] == '\0' ? why : tz_arena_printf(from->mem, "%s (%s)", why, sheet->nearest));
        (void)json_array_append_new(from->report, line);
    }
}

/* The files of an archive that are no tables: the others are taken, these are listed. */
void tz_listing_add_refused(importing *from)
{
    tz_assert(from != NULL);
    for (size_t i = 0; i < from->book->sheets.count; i++) {
        const tz_sheet_info *sheet = &from->book->sheets.items[i];
        char text[1400];
        if (sheet->refused == NULL)
            continue;
        json_t *line = json_object();
        tz_err_line(sheet->refused, from->store->app->lang, text, sizeof text);
        tz_json_set_str(line, "file", from->file);
        tz_json_set_str(line, "sheet", sheet->name);
        tz_json_set_str(line, "state", "refused");
        tz_json_set_str(line, "refused", text);
        (void)json_array_append_new(from->report, line);
    }
}
