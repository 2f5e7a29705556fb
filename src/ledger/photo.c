/* photo - what a photo and its camera say against it, for the one who signs to look at.
 *
 * Nothing here refuses: walls look alike, clocks of phones are wrong, a photo from before the repair is
 * meant to be old.  A signer sees each remark and says so (--seen); what was seen stands in the history.
 * Photos that a messenger stripped of their EXIF are only compared by their look.
 */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "formats/image.h"
#include "ledger/inside.h"

enum {
    ALIKE_BITS = 6,     /* of 64: what recompressing and shrinking change; different photos differ in about 32 */
    FAR_METRES = 3000,  /* two photos of one issue, further apart than a village is wide */
    LOOK_HEX = 16,
};

tz_rc tz_photo_read(const char *path, json_t *item, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_arena   mem = {0};
    tz_text    data;
    tz_image image;
    tz_err     wrong;
    char       look[LOOK_HEX + 1], place[40];

    rc = tz_file_load(&mem, path, TZ_MAX_IMAGE_BYTES, &data, err);
    if (rc != TZ_OK)
        goto done;
    if (tz_image_read(data, &image, &wrong) != TZ_OK)
        goto done; /* kept all the same: the signer is told that it could not be read */
    (void)snprintf(look, sizeof look, "%016llx", (unsigned long long)image.look);
    tz_json_set_str(item, "look", look);
    if (image.exif.taken[0] != '\0')
        tz_json_set_str(item, "taken", image.exif.taken);
    if (image.exif.has_place) {
        (void)snprintf(place, sizeof place, "%d,%d", image.exif.latitude_e5, image.exif.longitude_e5);
        tz_json_set_str(item, "place", place);
    }
done:
    tz_arena_free(&mem);
    return rc;
}

/* ---- Remarks ---- */

typedef struct {
    tz_arena *mem;
    tz_store *store;
    json_t   *photos; /* of the issue: evidence, issue, look, taken, place, opened_on */
    json_t   *remarks;
} remarking;

static void add_remark(remarking *of, const json_t *photo, const char *kind, int64_t issue, const char *zh, const char *en)
{
    int64_t evidence = tz_json_int(photo, "evidence", 0);
    json_t *remark = json_object();

    tz_json_set_int(remark, "evidence", evidence);
    tz_json_set_str(remark, "kind", kind);
    (void)json_object_set_new(remark, "issue", issue == 0 ? json_null() : json_integer(issue));
    tz_json_set_str(remark, "text", tz_arena_printf(of->mem, "佐证 %lld 的照片%s|the photo of evidence %lld %s", (long long)evidence, zh,
                                                    (long long)evidence, en));
    (void)json_array_append_new(of->remarks, remark);
}

static bool read_look(const char *text, uint64_t *ret_look)
{
    uint8_t  bytes[LOOK_HEX / 2];
    uint64_t look = 0;

    if (text == NULL || !tz_unhex(tz_text_of(text), bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        look = look << 8 | bytes[i];
    *ret_look = look;
    return true;
}

/* The photo of another issue that it looks most like. */
static tz_rc remark_look(remarking *of, const json_t *photo, uint64_t look, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_sql  *sql = NULL;
    uint64_t other = 0;
    int64_t  issue = 0, nearest = 0;
    int      least = ALIKE_BITS + 1;

    TZ_TRY(tz_sql_open(of->store, "SELECT look, evidence, issue FROM evidence WHERE look IS NOT NULL AND issue <> ?1", &sql, err));
    tz_sql_bind_int(sql, 1, tz_json_int(photo, "issue", 0));
    TZ_EACH_ROW (of->store, sql, err) {
        if (!read_look(tz_sql_str(sql, 0), &other) || tz_look_distance(look, other) >= least)
            continue;
        least = tz_look_distance(look, other);
        nearest = tz_sql_int(sql, 1);
        issue = tz_sql_int(sql, 2);
    }
    if (least <= ALIKE_BITS)
        add_remark(of, photo, "looks like", issue,
                   tz_arena_printf(of->mem, "与问题 #%lld 的佐证 %lld 相似", (long long)issue, (long long)nearest),
                   tz_arena_printf(of->mem, "looks like that of issue #%lld, evidence %lld", (long long)issue, (long long)nearest));
done:
    tz_sql_close(sql);
    return rc;
}

static void remark_time(remarking *of, const json_t *photo)
{
    enum { DAY_SIZE = 10 };
    const char *taken = tz_json_str(photo, "taken"), *opened = tz_json_str(photo, "opened_on");
    char        today[TZ_DATE_TEXT];

    tz_date_format(tz_issue_today(of->store), today);
    if (taken == NULL)
        return;
    if (strncmp(taken, opened, DAY_SIZE) < 0)
        add_remark(of, photo, "older", 0, tz_arena_printf(of->mem, "拍摄于 %s,早于问题(%s)", taken, opened),
                   tz_arena_printf(of->mem, "was taken at %s, before the issue (%s)", taken, opened));
    else if (strncmp(taken, today, DAY_SIZE) > 0)
        add_remark(of, photo, "later", 0, tz_arena_printf(of->mem, "拍摄时间 %s 在将来", taken),
                   tz_arena_printf(of->mem, "was taken at %s, which is yet to come", taken));
}

static bool read_place(const json_t *photo, int32_t *ret_latitude, int32_t *ret_longitude)
{
    const char *place = tz_json_str(photo, "place");
    return place != NULL && sscanf(place, "%d,%d", ret_latitude, ret_longitude) == 2;
}

/* The furthest of the issue's photos before this one. */
static void remark_place(remarking *of, const json_t *photo, size_t index)
{
    int32_t latitude = 0, longitude = 0, other_latitude = 0, other_longitude = 0;
    int64_t furthest = 0, evidence = 0;

    for (size_t i = 0; i < index && read_place(photo, &latitude, &longitude); i++) {
        const json_t *other = json_array_get(of->photos, i);
        if (!read_place(other, &other_latitude, &other_longitude))
            continue;
        int64_t metres = tz_place_metres(latitude, longitude, other_latitude, other_longitude);
        evidence = metres > furthest ? tz_json_int(other, "evidence", 0) : evidence;
        furthest = metres > furthest ? metres : furthest;
    }
    if (furthest >= FAR_METRES)
        add_remark(of, photo, "far", 0,
                   tz_arena_printf(of->mem, "与佐证 %lld 的拍摄地点相距约 %lld 公里", (long long)evidence, (long long)furthest / 1000),
                   tz_arena_printf(of->mem, "was taken some %lld km from evidence %lld", (long long)furthest / 1000, (long long)evidence));
}

tz_rc tz_photo_remarks(tz_arena *mem, tz_store *store, int64_t issue, json_t **ret_remarks, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_remarks != NULL);
    tz_rc     rc = TZ_OK;
    remarking of = {.mem = mem, .store = store, .remarks = json_array()};
    size_t    i;
    json_t   *photo;

    TZ_TRY(tz_issue_query(store,
                          "SELECT e.evidence, e.issue, e.look, e.taken, e.place, i.opened_on FROM evidence e JOIN issue i USING (issue)"
                          " WHERE e.issue = ?1 AND e.kind = 'photo' ORDER BY e.evidence", issue, &of.photos, err));
    json_array_foreach(of.photos, i, photo) {
        uint64_t look = 0;
        if (read_look(tz_json_str(photo, "look"), &look))
            TZ_TRY(remark_look(&of, photo, look, err));
        else
            add_remark(&of, photo, "unreadable", 0, "无法识读,未作比对", "could not be read and compared");
        remark_time(&of, photo);
        remark_place(&of, photo, i);
    }
    *ret_remarks = json_incref(of.remarks);
done:
    json_decref(of.photos);
    json_decref(of.remarks);
    return rc;
}
