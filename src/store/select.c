#include "store/select.h"

#include "base/assert.h"

tz_select tz_select_init(tz_arena *mem)
{
    return (tz_select){.mem = mem, .sql = tz_buf_init(mem, 0)};
}

void tz_select_put(tz_select *of, const char *part)
{
    tz_buf_puts(&of->sql, part);
}

void tz_select_text(tz_select *of, const char *text)
{
    tz_assert(text != NULL && of->count < TZ_SELECT_VALUES);
    of->values[of->count].is_text = true;
    of->values[of->count++].text = tz_arena_dup(of->mem, text);
    tz_buf_printf(&of->sql, "?%zu", of->count);
}

void tz_select_int(tz_select *of, int64_t number)
{
    tz_assert(of->count < TZ_SELECT_VALUES);
    of->values[of->count++].number = number;
    tz_buf_printf(&of->sql, "?%zu", of->count);
}

tz_rc tz_select_open(tz_store *store, const tz_select *of, tz_sql **ret_sql, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, tz_buf_str(&of->sql), &sql, err));
    for (size_t i = 0; i < of->count; i++)
        if (of->values[i].is_text)
            tz_sql_bind_text(sql, (int)i + 1, of->values[i].text);
        else
            tz_sql_bind_int(sql, (int)i + 1, of->values[i].number);
    *ret_sql = sql;
done:
    return rc;
}

tz_rc tz_select_numbers(tz_store *store, const tz_select *of, tz_numbers *ret_numbers, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    tz_numbers numbers = {0};

    TZ_TRY(tz_select_open(store, of, &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        tz_push(of->mem, &numbers, tz_sql_int(sql, 0));
    }
    *ret_numbers = numbers;
done:
    tz_sql_close(sql);
    return rc;
}
