/* A disk that fails under ledger.db: SQLite runs on a file system of this test's, which fails its n-th call in one of
 * several ways, for every n. Afterwards, on a disk that works, verify agrees and every change that was acknowledged is
 * there, and no half of one. */
#include "../test.h"

#include <sqlite3.h>
#include <unistd.h>

#include "base/file.h"
#include "store/journal.h"

/* ---- A file system that fails ---- */

typedef enum { NOTHING, SYNC_FAILS, DISK_FULL, WRITE_SHORT, DISK_GONE, READ_FAILS, WAYS } way;
static const char *const WAY_NAMES[] = {"nothing", "a sync that fails", "a full disk", "a write that stops halfway", "a disk that is gone",
                                        "a read that fails"};

static struct {
    way  how;
    int  at;      /* the call that fails, counted from 1 */
    int  calls;   /* of the kind that may fail */
    bool is_done; /* it has failed */
} fault;

typedef struct {
    sqlite3_file  base;
    sqlite3_file *real; /* behind this struct in memory */
} fault_file;

static sqlite3_vfs *real_vfs;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((fault_file *)file)->real;
}

/* Is this call the one that fails, or one after it on a disk that stays broken? */
static bool fails(way how)
{
    if (fault.how == NOTHING)
        return false;
    bool is_kind = fault.how == how || (fault.how == DISK_GONE && how != READ_FAILS);
    if (!is_kind)
        return false;
    fault.calls++;
    bool is_now = fault.calls == fault.at || (fault.calls > fault.at && (fault.how == DISK_FULL || fault.how == DISK_GONE));
    fault.is_done |= is_now;
    return is_now;
}

static int fault_close(sqlite3_file *file) { return real_of(file)->pMethods->xClose(real_of(file)); }

static int fault_read(sqlite3_file *file, void *data, int size, sqlite3_int64 at)
{
    return fails(READ_FAILS) ? SQLITE_IOERR_READ : real_of(file)->pMethods->xRead(real_of(file), data, size, at);
}

static int fault_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    sqlite3_file *real = real_of(file);

    if (fault.how == WRITE_SHORT && fails(WRITE_SHORT)) {
        (void)real->pMethods->xWrite(real, data, size / 2, at);
        return SQLITE_IOERR_WRITE;
    }
    if (fault.how != WRITE_SHORT && fails(DISK_FULL))
        return fault.how == DISK_GONE ? SQLITE_IOERR_WRITE : SQLITE_FULL;
    return real->pMethods->xWrite(real, data, size, at);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size) { return real_of(file)->pMethods->xTruncate(real_of(file), size); }

static int fault_sync(sqlite3_file *file, int flags)
{
    return fails(SYNC_FAILS) ? SQLITE_IOERR_FSYNC : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *size) { return real_of(file)->pMethods->xFileSize(real_of(file), size); }
static int fault_lock(sqlite3_file *file, int kind) { return real_of(file)->pMethods->xLock(real_of(file), kind); }
static int fault_unlock(sqlite3_file *file, int kind) { return real_of(file)->pMethods->xUnlock(real_of(file), kind); }
static int fault_reserved(sqlite3_file *file, int *out) { return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out); }
static int fault_control(sqlite3_file *file, int op, void *arg) { return real_of(file)->pMethods->xFileControl(real_of(file), op, arg); }
static int fault_sector(sqlite3_file *file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }
static int fault_traits(sqlite3_file *file) { return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file)); }
static int fault_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}
static int fault_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
static void fault_barrier(sqlite3_file *file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }
static int fault_unmap(sqlite3_file *file, int remove) { return real_of(file)->pMethods->xShmUnmap(real_of(file), remove); }

static const sqlite3_io_methods METHODS = {
    .iVersion = 2, .xClose = fault_close, .xRead = fault_read, .xWrite = fault_write, .xTruncate = fault_truncate, .xSync = fault_sync,
    .xFileSize = fault_size, .xLock = fault_lock, .xUnlock = fault_unlock, .xCheckReservedLock = fault_reserved,
    .xFileControl = fault_control, .xSectorSize = fault_sector, .xDeviceCharacteristics = fault_traits, .xShmMap = fault_map,
    .xShmLock = fault_shm_lock, .xShmBarrier = fault_barrier, .xShmUnmap = fault_unmap,
};

static int fault_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
    fault_file *ours = (fault_file *)file;

    (void)vfs;
    ours->base.pMethods = NULL;
    ours->real = (sqlite3_file *)(ours + 1);
    int code = real_vfs->xOpen(real_vfs, name, ours->real, flags, out_flags);
    if (ours->real->pMethods != NULL)
        ours->base.pMethods = &METHODS;
    return code;
}

static void install(void)
{
    static sqlite3_vfs vfs;

    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(fault_file) + real_vfs->szOsFile;
    vfs.xOpen = fault_open;
    vfs.pNext = NULL;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

/* ---- A county on it ---- */

static int64_t clock_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

static const tz_app APP = {.lang = TZ_EN, .now_ms = clock_ms, .program = "/proc/self/exe"};
enum { TRANSACTIONS = 6, CHANGES = 7 };

/* Two states and a bulk in each transaction; true once it is acknowledged. */
static bool change(tz_store *store, int number)
{
    tz_err   wrong = {0};
    tz_bulk *bulk = NULL;
    tz_rc    rc = tz_store_begin(store, &wrong);

    for (int i = 0; rc == TZ_OK && i < CHANGES; i++) {
        json_t *image = json_pack("{s:o, s:s, s:n, s:n}", "unit", json_sprintf("unit %d.%d", number, i), "kind", "other", "division", "successor");
        rc = tz_journal_put(store, "unit.put", "unit", image, NULL, NULL, &wrong);
        json_decref(image);
    }
    if (rc == TZ_OK)
        rc = tz_bulk_begin(store, "import", "batch_slice", NULL, &bulk, &wrong);
    for (int i = 0; rc == TZ_OK && i < 40; i++) {
        json_t *event = json_pack("{s:i, s:o, s:s, s:i}", "batch", number + 1, "slice", json_sprintf("%0200d", i), "period", "", "rows", i);
        rc = tz_bulk_add(bulk, event, &wrong);
        json_decref(event);
    }
    if (bulk != NULL && rc == TZ_OK)
        rc = tz_bulk_end(bulk, NULL, &wrong);
    else
        tz_bulk_drop(bulk);
    if (rc == TZ_OK)
        rc = tz_store_commit(store, &wrong);
    tz_store_rollback(store);
    return rc == TZ_OK;
}

/* Works on the county until the disk fails; sets of each transaction whether it was acknowledged. */
static void live(const char *folder, bool acknowledged[TRANSACTIONS])
{
    tz_store *store = NULL;
    tz_err    wrong = {0};

    if (tz_store_open(&APP, folder, TZ_WRITE, &store, &wrong) == TZ_OK) {
        store->user = "system";
        for (int i = 0; i < TRANSACTIONS; i++)
            acknowledged[i] = change(store, i);
    }
    tz_store_close(store);
}

static void expect_whole(tz_arena *mem, const char *folder, const bool acknowledged[TRANSACTIONS], const char *how)
{
    tz_store       *store = NULL;
    tz_verification result = {0};

    MUST(tz_store_open(&APP, folder, TZ_READ, &store, err));
    MUST(tz_store_verify(mem, store, TZ_VERIFY_ALL, &result, err));
    if (result.problems.count > 0)
        fail_msg("%s: %s: %s", how, result.problems.items[0].where, result.problems.items[0].en);
    for (int i = 0; i < TRANSACTIONS; i++) {
        int64_t units = 0, slices = 0;
        const char *name = tz_arena_printf(mem, "unit %d.%%", i);
        MUST(tz_sql_one(store, "SELECT count(*) FROM unit WHERE unit LIKE ?1", name, NULL, &units, err));
        MUST(tz_sql_one(store, "SELECT count(*) FROM batch_slice WHERE batch = CAST(?1 AS INTEGER)", tz_arena_printf(mem, "%d", i + 1), NULL,
                        &slices, err));
        if ((units != CHANGES && (units != 0 || acknowledged[i])) || (slices == 40) != (units == CHANGES))
            fail_msg("%s: transaction %d, acknowledged %d, has %d changes and %d events", how, i, acknowledged[i], (int)units, (int)slices);
    }
    tz_store_close(store);
}

static void whatever_fails_nothing_acknowledged_is_lost(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    const char *folder = test_folder(&mem), *base = tz_arena_printf(&mem, "%s/base", folder), *county = tz_arena_printf(&mem, "%s/county", folder);
    int         step = getenv("TZ_TEST_LONG") != NULL && getenv("TZ_TEST_LONG")[0] != '\0' ? 1 : 3, tried = 0;

    install();
    MUST(tz_store_create(&APP, base, "140430", "沁县", NULL, 0, "tester", err));
    for (way how = SYNC_FAILS; how < WAYS; how++)
        for (int at = 1;; at += how == SYNC_FAILS ? 1 : step) {
            bool        acknowledged[TRANSACTIONS] = {false};
            tz_arena    line = {0};
            const char *said = tz_arena_printf(&line, "%s at call %d", WAY_NAMES[how], at);
            MUST(tz_file_make_folder(county, err));
            static const char *const FILES[] = {"ledger.db", "county.yaml", "divisions.tsv", "calendar.tsv"};
            for (size_t i = 0; i < COUNT(FILES); i++)
                if (tz_file_exists(tz_arena_printf(&line, "%s/%s", base, FILES[i])))
                    MUST(tz_file_copy(tz_arena_printf(&line, "%s/%s", base, FILES[i]), tz_arena_printf(&line, "%s/%s", county, FILES[i]), 0644, err));
            static const char *const PARTS[] = {"evidence", "originals", "packs", "derived"};
            for (size_t i = 0; i < COUNT(PARTS); i++)
                MUST(tz_file_make_folder(tz_arena_printf(&line, "%s/%s", county, PARTS[i]), err));
            fault.how = how, fault.at = at, fault.calls = 0, fault.is_done = false;
            live(county, acknowledged);
            fault.how = NOTHING;
            expect_whole(&line, county, acknowledged, said);
            MUST(tz_file_remove_folder(county, err));
            tz_arena_free(&line);
            tried++;
            if (!fault.is_done)
                break;
        }
    print_message("%d runs, each with another call that fails\n", tried);
    assert_true(tried > 60);
    MUST(tz_file_remove_folder(folder, err));
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whatever_fails_nothing_acknowledged_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
