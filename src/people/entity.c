#include "people/entity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* The known entities of a kind, replayed from their events. */
typedef struct {
    tz_arena *mem;
    tz_map    by_key;  /* key -> entity number; the newest statement counts */
    tz_map    anchors; /* key -> entity number of which it is the anchor */
    tz_map    aliases; /* decimal number -> the older number it means */
    int64_t   last;    /* highest number ever given */
} known;

static int64_t number_of(const char *entity)
{
    return entity == NULL ? 0 : atoll(entity + 1);
}

static int64_t resolve(const known *all, int64_t entity)
{
    char text[24];

    for (int steps = 0; steps < 64; steps++) {
        (void)snprintf(text, sizeof text, "%lld", (long long)entity);
        const tz_map_entry *older = tz_map_get(&all->aliases, tz_text_of(text));
        if (older == NULL || older->value == entity)
            break;
        entity = older->value;
    }
    return entity;
}

static tz_rc replay(tz_store *store, const char *kind, known *all, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT entity, event, key, other FROM entity_event WHERE kind = ?1 ORDER BY entry, seq", &sql, err));
    tz_sql_bind_text(sql, 1, kind);
    TZ_EACH_ROW (store, sql, err) {
        int64_t     entity = number_of(tz_sql_str(sql, 0));
        const char *event = tz_sql_str(sql, 1), *key = tz_sql_str(sql, 2);
        if (entity > all->last)
            all->last = entity;
        if (strcmp(event, "born") == 0)
            tz_map_put(&all->anchors, tz_text_of(key), NULL)->value = entity;
        if (strcmp(event, "born") == 0 || strcmp(event, "key") == 0)
            tz_map_put(&all->by_key, tz_text_of(key), NULL)->value = entity;
        if (strcmp(event, "alias") == 0) {
            char text[24];
            (void)snprintf(text, sizeof text, "%lld", (long long)number_of(tz_sql_str(sql, 3)));
            tz_map_put(&all->aliases, tz_text_of(text), NULL)->value = entity;
        }
    }
done:
    tz_sql_close(sql);
    return rc;
}

static void add_event(json_t *events, const char *kind, int64_t entity, const char *event, const char *key, int64_t other)
{
    char    text[24];
    char    letter = kind[0] == 'p' ? 'P' : 'H';
    json_t *line = json_object();

    tz_json_set_str(line, "kind", kind);
    (void)snprintf(text, sizeof text, "%c%lld", letter, (long long)entity);
    tz_json_set_str(line, "entity", text);
    tz_json_set_str(line, "event", event);
    tz_json_set_str(line, "key", key);
    (void)snprintf(text, sizeof text, "%c%lld", letter, (long long)other);
    tz_json_set_str(line, "other", other == 0 ? NULL : text);
    (void)json_array_append_new(events, line);
}

/* Of the clusters that hold keys of an entity it goes to the one with its anchor, else the first. */
typedef struct {
    int64_t cluster; /* index + 1 */
    bool    has_anchor;
} claim;

static int64_t known_of(const known *all, const char *key)
{
    const tz_map_entry *entry = tz_map_get(&all->by_key, tz_text_of(key));
    return entry == NULL ? 0 : resolve(all, entry->value);
}

static bool is_anchor(const known *all, const char *key, int64_t entity)
{
    const tz_map_entry *entry = tz_map_get(&all->anchors, tz_text_of(key));
    return entry != NULL && entry->value == entity;
}

static void collect_claims(const known *all, const tz_entity_cluster *clusters, size_t count, claim *claims)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < clusters[i].keys.count; k++) {
            int64_t entity = known_of(all, clusters[i].keys.items[k]);
            if (entity == 0)
                continue;
            bool anchor = is_anchor(all, clusters[i].keys.items[k], entity);
            if (claims[entity].cluster == 0 || (anchor && !claims[entity].has_anchor))
                claims[entity] = (claim){.cluster = (int64_t)i + 1, .has_anchor = anchor};
        }
}

/* The oldest entity that the cluster won; the others it won become aliases of it. */
static void settle_known(const known *all, tz_entity_cluster *cluster, int64_t index, const claim *claims, const char *kind, json_t *events)
{
    for (size_t k = 0; k < cluster->keys.count; k++) {
        int64_t entity = known_of(all, cluster->keys.items[k]);
        if (entity != 0 && claims[entity].cluster == index + 1 && (cluster->entity == 0 || entity < cluster->entity))
            cluster->entity = entity;
    }
    int64_t before = 0;
    for (size_t k = 0; k < cluster->keys.count && cluster->entity != 0; k++) {
        int64_t entity = known_of(all, cluster->keys.items[k]);
        if (entity != 0 && entity != cluster->entity && entity != before && claims[entity].cluster == index + 1) {
            add_event(events, kind, cluster->entity, "alias", NULL, entity);
            before = entity;
        }
    }
}

/* A new entity, born at its first key; `split` where its keys belonged to another. */
static void bear(known *all, tz_entity_cluster *cluster, const char *kind, json_t *events)
{
    int64_t from = 0;

    for (size_t k = 0; k < cluster->keys.count && from == 0; k++)
        from = known_of(all, cluster->keys.items[k]);
    cluster->entity = ++all->last;
    add_event(events, kind, cluster->entity, "born", cluster->keys.items[0], 0);
    if (from != 0)
        add_event(events, kind, cluster->entity, "split", NULL, from);
}

tz_rc tz_entities_assign(tz_arena *mem, tz_store *store, const char *kind, tz_entity_cluster *clusters, size_t count, json_t *events, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && kind != NULL && events != NULL);
    tz_rc  rc = TZ_OK;
    known  all = {.mem = mem, .by_key = tz_map_init(mem), .anchors = tz_map_init(mem), .aliases = tz_map_init(mem)};

    TZ_TRY(replay(store, kind, &all, err));
    claim *claims = tz_new_array(mem, claim, (size_t)all.last + 1);
    collect_claims(&all, clusters, count, claims);
    for (size_t i = 0; i < count; i++)
        settle_known(&all, &clusters[i], (int64_t)i, claims, kind, events);
    for (size_t i = 0; i < count; i++) {
        bool is_new = clusters[i].entity == 0;
        if (is_new)
            bear(&all, &clusters[i], kind, events);
        for (size_t k = is_new ? 1 : 0; k < clusters[i].keys.count; k++)
            if (known_of(&all, clusters[i].keys.items[k]) != clusters[i].entity)
                add_event(events, kind, clusters[i].entity, "key", clusters[i].keys.items[k], 0);
    }
done:
    return rc;
}
