#include "people/lookup.h"

#include <string.h>

#include "base/assert.h"

/* What an entity means now, after merges; a circle ends by itself. */
static tz_rc follow(tz_arena *mem, tz_store *store, const char *entity, const char **ret_now, tz_err *err)
{
    enum { LONGEST = 100 };
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    for (int i = 0; i < LONGEST && has_row; i++) {
        TZ_TRY(tz_sql_open(store, "SELECT entity FROM entity_event WHERE event = 'alias' AND other = ?1 ORDER BY entry DESC LIMIT 1", &sql, err));
        tz_sql_bind_text(sql, 1, entity);
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (has_row)
            entity = tz_sql_dup(mem, sql, 0);
        tz_sql_close(sql);
        sql = NULL;
    }
    *ret_now = entity;
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_person_of_number(tz_arena *mem, tz_store *store, tz_text number, const char **ret_person, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_person != NULL);
    tz_rc       rc = TZ_OK;
    tz_sql     *sql = NULL;
    bool        has_row = false;
    const char *person = NULL;
    char        key[TZ_KEY_TEXT];

    tz_store_key(store, "id", number, key);
    TZ_TRY(tz_sql_open(store, "SELECT entity FROM entity_event WHERE kind = 'person' AND event IN ('born', 'key') AND key = ?1"
                              " ORDER BY entry DESC, seq DESC LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, key);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (has_row)
        TZ_TRY(follow(mem, store, tz_sql_dup(mem, sql, 0), &person, err));
    *ret_person = person;
done:
    tz_sql_close(sql);
    return rc;
}
