/* session - opening a county with its packs, and keeping what rules were used. */
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "base/file.h"
#include "flow/flow.h"
#include "formats/yaml.h"
#include "store/config.h"
#include "store/journal.h"

tz_rc tz_flow_packs(tz_arena *mem, tz_store *store, tz_packs **ret_packs, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *shipped = NULL;

    TZ_TRY(tz_packs_shipped(mem, store->app->program, &shipped, err));
    TZ_TRY(tz_packs_load(mem, store->county, tz_store_path(mem, store, "packs", NULL), shipped, ret_packs, err));
done:
    return rc;
}

static const char *pack_path(tz_session *session, const tz_pack *pack)
{
    return tz_arena_printf(&session->mem, "pack/%s", pack->name);
}

/* Calls what with each configuration's path and its digest now: county.yaml, divisions.tsv, calendar.tsv, packs. */
typedef tz_rc config_visit(tz_session *session, const char *path, const tz_digest *digest,
                           const tz_pack *pack, void *context, tz_err *err);

static tz_rc each_config(tz_session *session, config_visit *visit, void *context, tz_err *err)
{
    static const char *const FILES[] = {"county.yaml", "divisions.tsv", "calendar.tsv"};
    tz_rc     rc = TZ_OK;
    tz_digest digest;

    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        const char *file = tz_store_path(&session->mem, session->store, FILES[i], NULL);
        if (strcmp(FILES[i], "calendar.tsv") == 0 && !tz_file_exists(file))
            continue; /* a county of before it had one; weekends alone then */
        TZ_TRY(tz_sm3_file(file, &digest, NULL, err));
        TZ_TRY(visit(session, FILES[i], &digest, NULL, context, err));
    }
    for (size_t i = 0; i < session->packs->packs.count; i++) {
        const tz_pack *pack = &session->packs->packs.items[i];
        TZ_TRY(visit(session, pack_path(session, pack), &pack->digest, pack, context, err));
    }
done:
    return rc;
}

/* Refuses to write under rules that nobody accepted. */
static tz_rc check_accepted(tz_session *session, const char *path, const tz_digest *digest,
                            const tz_pack *pack, void *context, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *accepted = NULL;
    char        hex[TZ_SM3_HEX];

    (void)pack, (void)context;
    tz_digest_hex(digest, hex);
    TZ_TRY(tz_config_accepted(&session->mem, session->store, path, &accepted, err));
    if (accepted == NULL || strcmp(accepted, hex) != 0) {
        TZ_TRY(tz_packs_name(session->packs, err)); /* a mistake in a pack is told before */
        rc = tz_fail(err, TZ_INPUT, "%s 改过而没有登记,登记之前不能办理,请找系统管理员",
                     "%s is not the version that was accepted: nothing can be done until the system administrator accepts it", path);
        rc = tz_err_advise(err, "确认改动后运行 taizhang config accept --why 理由",
                           "if the change is meant, run taizhang config accept --why TEXT");
    }
done:
    return rc;
}

static tz_rc open_unchecked(const tz_app *app, const char *folder, tz_access access, const char *system_user,
                            const char *as_user, tz_session **ret_session, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_session *session = tz_new(&mem, tz_session);

    session->app = app;
    session->mem = mem; /* the session lives in its own arena */
    TZ_TRY(tz_store_open(app, folder, access, &session->store, err));
    if (access == TZ_WRITE)
        TZ_TRY(tz_store_act_as(session->store, system_user, as_user, err));
    TZ_TRY(tz_flow_packs(&session->mem, session->store, &session->packs, err));
    *ret_session = session;
done:
    if (rc != TZ_OK)
        tz_session_close(session);
    return rc;
}

tz_rc tz_session_open(const tz_app *app, const char *folder, tz_access access, const char *system_user,
                      const char *as_user, tz_session **ret_session, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && ret_session != NULL);
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;

    TZ_TRY(open_unchecked(app, folder, access, system_user, as_user, &session, err));
    if (access == TZ_WRITE)
        TZ_TRY(each_config(session, check_accepted, NULL, err));
    *ret_session = session;
    session = NULL;
done:
    tz_session_close(session);
    return rc;
}

tz_rc tz_session_open_people(const tz_app *app, const char *folder, const char *system_user, const char *as_user,
                             tz_session **ret_session, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && ret_session != NULL);
    return open_unchecked(app, folder, TZ_WRITE, system_user, as_user, ret_session, err);
}

void tz_session_close(tz_session *session)
{
    if (session == NULL)
        return;
    tz_store_close(session->store);
    tz_arena mem = session->mem; /* frees the session itself too */
    tz_arena_free(&mem);
}

/* ---- Accepting a configuration ---- */

typedef struct {
    json_t     *changed;
    const char *why;
} acceptance;

/* Keeps the bytes of every file of a pack under their digests. */
static tz_rc keep_pack(tz_session *session, const char *folder, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_names  names;
    tz_digest ignored;

    TZ_TRY(tz_file_list(&session->mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = tz_arena_printf(&session->mem, "%s/%s", folder, names.items[i]);
        if (tz_file_is_folder(path))
            TZ_TRY(keep_pack(session, path, err));
        else
            TZ_TRY(tz_store_keep(session->store, path, names.items[i], &ignored, err));
    }
done:
    return rc;
}

static void add_change(acceptance *what, const char *path, const char *was, const char *is)
{
    json_t *line = json_object();

    tz_json_set_str(line, "path", path);
    tz_json_set_str(line, "was", was);
    tz_json_set_str(line, "is", is);
    (void)json_array_append_new(what->changed, line);
}

static tz_rc accept(tz_session *session, const char *path, const tz_digest *digest, const tz_pack *pack,
                    void *context, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    acceptance *what = context;
    const char *was = NULL;
    char        is[TZ_SM3_HEX];
    tz_digest   kept;

    tz_digest_hex(digest, is);
    TZ_TRY(tz_config_accepted(&session->mem, session->store, path, &was, err));
    if (was != NULL && strcmp(was, is) == 0)
        goto done;
    if (pack == NULL)
        TZ_TRY(tz_store_keep(session->store, tz_store_path(&session->mem, session->store, path, NULL), path, &kept, err));
    else
        TZ_TRY(keep_pack(session, pack->folder, err));
    if (pack != NULL && pack->own != NULL)
        TZ_TRY(keep_pack(session, pack->own, err));
    TZ_TRY(tz_config_put(session->store, path, is, what->why, err));
    add_change(what, path, was, is);
done:
    return rc;
}

/* The digest of what the county puts in a parameter's place; of nothing where it is as the pack says. */
static void override_digest(tz_session *session, const tz_override *override, char hex[TZ_SM3_HEX])
{
    tz_buf text = tz_buf_init(&session->mem, 0);

    for (size_t i = 0; override != NULL && i < override->values.count; i++)
        tz_buf_printf(&text, "%d %s\n", override->values.years[i], override->values.values[i]);
    tz_digest digest = tz_sm3(text.data == NULL ? "" : text.data, text.size);
    tz_digest_hex(&digest, hex);
}

/* Each override has an entry of its own, with its own reason; so has its end. */
static tz_rc accept_parameter(tz_session *session, const tz_pack *pack, const tz_parameter *parameter, acceptance *what, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *path = tz_arena_printf(&session->mem, "parameter/%s.%s", pack->name, parameter->name);
    const char *was = NULL;
    char        is[TZ_SM3_HEX];

    override_digest(session, parameter->override, is);
    TZ_TRY(tz_config_accepted(&session->mem, session->store, path, &was, err));
    if (was == NULL ? parameter->override == NULL : strcmp(was, is) == 0)
        goto done;
    TZ_TRY(tz_config_put(session->store, path, is, parameter->override == NULL ? what->why : parameter->override->why, err));
    add_change(what, path, was, is);
done:
    return rc;
}

static tz_rc accept_parameters(tz_session *session, acceptance *what, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < session->packs->packs.count; i++)
        for (size_t j = 0; j < session->packs->packs.items[i].parameters.count; j++)
            TZ_TRY(accept_parameter(session, &session->packs->packs.items[i], &session->packs->packs.items[i].parameters.items[j], what, err));
done:
    return rc;
}

static tz_rc accept_all(tz_session *session, const char *why, json_t **ret_changed, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    acceptance what = {.changed = json_array(), .why = why};

    TZ_TRY(tz_packs_name(session->packs, err)); /* what is accepted can be parsed */
    TZ_TRY(tz_store_begin(session->store, err));
    TZ_TRY(each_config(session, accept, &what, err));
    TZ_TRY(accept_parameters(session, &what, err));
    TZ_TRY(tz_store_commit(session->store, err));
    *ret_changed = json_incref(what.changed);
done:
    if (rc != TZ_OK)
        tz_store_rollback(session->store);
    json_decref(what.changed);
    return rc;
}

tz_rc tz_flow_accept(const tz_app *app, const char *folder, const char *system_user, const char *as_user,
                     const char *why, json_t **ret_changed, tz_err *err)
{
    tz_assert(why != NULL && ret_changed != NULL);
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;

    TZ_TRY(open_unchecked(app, folder, TZ_WRITE, system_user, as_user, &session, err));
    TZ_TRY(accept_all(session, why, ret_changed, err));
done:
    tz_session_close(session);
    return rc;
}

/* ---- A new county ---- */

/* Those that stand alone are only taken by name. An error in a pack is told when it is loaded. */
static bool is_sealed(tz_arena *mem, const char *path)
{
    tz_yaml *root = NULL;
    tz_err   ignored;

    return tz_yaml_load(mem, path, &root, &ignored) == TZ_OK && strcmp(tz_yaml_str(root, "sealed", "false"), "true") == 0;
}

tz_rc tz_flow_shipped(tz_arena *mem, const tz_app *app, tz_strings *ret_names, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *folder = NULL;
    tz_names    entries;
    tz_strings  names = {0};

    TZ_TRY(tz_packs_shipped(mem, app->program, &folder, err));
    TZ_TRY(tz_file_list(mem, folder, &entries, err));
    for (size_t i = 0; i < entries.count; i++) {
        const char *path = tz_arena_printf(mem, "%s/%s/pack.yaml", folder, entries.items[i]);
        if (tz_file_exists(path) && !is_sealed(mem, path))
            tz_push(mem, &names, entries.items[i]);
    }
    *ret_names = names;
done:
    return rc;
}

tz_rc tz_flow_new(const tz_app *app, const char *folder, const char *code, const char *name,
                  const char *const *packs, size_t pack_count, const char *system_user, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && code != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_session *session = NULL;
    tz_strings  names = {0};
    json_t     *changed = NULL;

    for (size_t i = 0; i < pack_count; i++)
        tz_push(&mem, &names, packs[i]);
    if (pack_count == 0)
        TZ_TRY(tz_flow_shipped(&mem, app, &names, err));
    TZ_TRY(tz_store_create(app, folder, code, name, names.items, names.count, system_user, err));
    TZ_TRY(open_unchecked(app, folder, TZ_WRITE, system_user, NULL, &session, err));
    TZ_TRY(accept_all(session, "new", &changed, err));
    if (session->packs->packs.items[0].is_sealed && chmod(folder, 0700) != 0)
        rc = tz_fail(err, TZ_SYSTEM, "不能收紧 %s 的权限", "cannot close '%s' to others", folder);
done:
    json_decref(changed);
    tz_session_close(session);
    tz_arena_free(&mem);
    return rc;
}
