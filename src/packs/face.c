#include "packs/face.h"

#include <string.h>

#include "base/assert.h"
#include "packs/mask.h"

static const char *half_of(tz_arena *mem, const char *both, tz_lang lang)
{
    size_t      size = 0;
    const char *half = tz_half(both, lang, &size);
    return tz_text_dup(mem, tz_text_trim((tz_text){half, size}));
}

/* A value as text: a place by its name, a number with all its places, yes and no in the reader's language. */
static const char *value_of(tz_arena *mem, const tz_column *column, const json_t *values, tz_lang lang)
{
    const json_t *value = json_object_get(values, column->name);
    const char   *text = json_is_string(value) ? json_string_value(value) : json_is_boolean(value) ? (json_is_true(value) ? "true" : "false") : NULL;
    const char   *place = column->type == TZ_TYPE_DIVISION ? tz_json_str(values, tz_arena_printf(mem, "%s_name", column->name)) : NULL;

    if (place != NULL)
        return place;
    if (json_is_integer(value))
        return tz_arena_printf(mem, "%lld", (long long)json_integer_value(value));
    if (text != NULL && column->type == TZ_TYPE_YESNO)
        return half_of(mem, strcmp(text, "true") == 0 ? "是|yes" : "否|no", lang);
    return text;
}

json_t *tz_row_face(tz_arena *mem, const tz_packs *packs, const tz_row_found *row, bool is_masked, tz_lang lang)
{
    tz_assert(mem != NULL && packs != NULL && row != NULL);
    const tz_register *reg = tz_packs_register(packs, row->register_name);
    json_t            *face = tz_row_json(row), *fields = json_array();

    tz_json_set_int(face, "row_id", row->row_id);
    tz_json_set_str(face, "quarantined", row->quarantined_why);
    tz_json_set_str(face, "register_title", reg == NULL ? row->register_name : half_of(mem, reg->title, lang));
    for (size_t i = 0; reg != NULL && i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        const char      *value = value_of(mem, column, row->values, lang);
        if (value == NULL)
            continue;
        if (is_masked || column->sensitivity == TZ_SECRET)
            value = tz_mask_column(mem, column, value);
        json_t *field = json_object();
        tz_json_set_str(field, "name", column->name);
        tz_json_set_str(field, "title", half_of(mem, column->title, lang));
        (void)json_object_set_new(field, "value", tz_json_text(tz_text_of(value)));
        (void)json_object_set_new(field, "is_personal", json_boolean(column->sensitivity >= TZ_PERSONAL));
        (void)json_array_append_new(fields, field);
    }
    (void)json_object_set_new(face, "fields", fields);
    return face;
}

tz_rc tz_row_faces(tz_arena *mem, tz_store *store, const tz_packs *packs, const int64_t *row_ids, size_t count, bool is_masked,
                   tz_lang lang, json_t **ret_faces, tz_err *err)
{
    tz_assert(ret_faces != NULL);
    tz_rc         rc = TZ_OK;
    tz_row_found *rows = NULL;
    json_t       *faces = json_array();

    if (count > 0)
        TZ_TRY(tz_rows_find(mem, store, packs, row_ids, count, &rows, err));
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(faces, tz_row_face(mem, packs, &rows[i], is_masked, lang));
        json_decref(rows[i].values);
    }
    *ret_faces = json_incref(faces);
done:
    json_decref(faces);
    return rc;
}
