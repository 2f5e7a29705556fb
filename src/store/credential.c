#include "store/credential.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "store/inside.h"
#include "store/journal.h"

/* Two passes over 64 MiB: crypto_pwhash's "interactive". */
enum { PASSES = 2, MEMORY_BYTES = 64 << 20, MAX_CHARACTERS = 128, LONG_CHARACTERS = 16, MIN_DIFFERENT = 5 };
#define DAY_MS 86400000LL

/* Whom nobody knows is judged by this, so that a name can't be told from the time that an answer takes. */
static const char NOBODY[] = "$argon2id$v=19$m=65536,t=2,p=1$Omuh2SjD7cJWXipOQm0enA$teGce9fI6f6TqyOHRiMARBBl5g9PdAiXAvEItUEWSos";

/* ---- Judging takes memory and a processor: one at a time, and so few who wait that a flood of guesses leaves the
 * office's other threads alone ---- */

enum { AT_ONCE = 1, MAX_WAITING = 3 };
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  has_left = PTHREAD_COND_INITIALIZER;
static int             inside_count, waiting_count;

static tz_rc enter(tz_err *err)
{
    tz_rc rc = TZ_OK;

    (void)pthread_mutex_lock(&gate);
    if (inside_count >= AT_ONCE && waiting_count >= MAX_WAITING) {
        rc = tz_fail(err, TZ_BUSY, "登录的人太多,请稍后再试", "too many log in at once, please try again");
    } else {
        waiting_count++;
        while (inside_count >= AT_ONCE)
            (void)pthread_cond_wait(&has_left, &gate);
        waiting_count--;
        inside_count++;
    }
    (void)pthread_mutex_unlock(&gate);
    return rc;
}

static void leave(void)
{
    (void)pthread_mutex_lock(&gate);
    inside_count--;
    (void)pthread_cond_signal(&has_left);
    (void)pthread_mutex_unlock(&gate);
}

static tz_rc is_password(const char *hash, const char *password, bool *ret_is, tz_err *err)
{
    tz_rc rc = enter(err);

    if (rc != TZ_OK)
        return rc;
    int failed = sodium_init();
    tz_assert(failed >= 0);
    *ret_is = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    leave();
    return TZ_OK;
}

static tz_rc hash_password(const char *password, char ret_hash[crypto_pwhash_STRBYTES], tz_err *err)
{
    tz_rc rc = enter(err);

    if (rc != TZ_OK)
        return rc;
    int failed = sodium_init();
    tz_assert(failed >= 0);
    if (crypto_pwhash_str_alg(ret_hash, password, strlen(password), PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        rc = tz_fail(err, TZ_SYSTEM, "内存不足,不能处理口令", "there is not enough memory for a password");
    leave();
    return rc;
}

/* ---- What is asked of a password ---- */

/* Those of published lists that a county's policy would let pass, and what offices here use. Compared without case. */
static const char *const KNOWN[] = {
    "1234567890", "0123456789", "12345678910", "123456789a", "a123456789", "abc1234567", "abcd123456", "abcde12345", "qwertyuiop",
    "qwerty12345", "qwerty1234", "1q2w3e4r5t", "1qaz2wsx3edc", "zaq12wsxcde", "password12", "password123", "password1234",
    "passw0rd123", "p@ssw0rd123", "p@ssword123", "admin12345", "admin123456", "administrator", "root123456", "test123456", "welcome123",
    "iloveyou12", "iloveyou123", "5201314520", "woaini1314", "woaini520", "woaini5201314", "asdfghjkl1", "asdf123456", "zxcvbnm123",
    "qq123456789", "q123456789", "qwe123456", "aa123456789", "aaa123456", "abc123456789", "huawei@123", "changeme123", "letmein123",
    "zhengfu123", "zhengfu12345", "xianwei123", "jiaoyuju123", "taizhang123", "taizhang1234", "admin@12345", "admin@123456", "1234qwerty",
    "147258369a", "a147258369", "qazwsxedc1", "88888888aa", "66666666aa", "china12345", "zhongguo123", "1111111111a",
};

static bool is_known(const char *password)
{
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++)
        if (strcasecmp(KNOWN[i], password) == 0)
            return true;
    return false;
}

/* How many different characters, and of how many kinds: letters, digits, all else. */
static void count_kinds(const char *password, int *ret_different, int *ret_kinds)
{
    bool    has_letter = false, has_digit = false, has_other = false;
    int32_t seen[MIN_DIFFERENT];
    int     count = 0;
    size_t  at = 0;

    for (int32_t cp; (cp = tz_utf8_next(tz_text_of(password), &at)) >= 0;) {
        bool is_letter = (cp | 32) >= 'a' && (cp | 32) <= 'z', is_digit = cp >= '0' && cp <= '9', is_new = true;
        has_letter |= is_letter;
        has_digit |= is_digit;
        has_other |= !is_letter && !is_digit;
        for (int i = 0; i < count; i++)
            is_new = is_new && seen[i] != cp;
        if (is_new && count < MIN_DIFFERENT)
            seen[count++] = cp;
    }
    *ret_different = count;
    *ret_kinds = has_letter + has_digit + has_other;
}

tz_rc tz_password_check(const tz_county *county, const char *user, const char *password, tz_err *err)
{
    tz_assert(county != NULL && user != NULL && password != NULL);
    size_t count = tz_utf8_count(tz_text_of(password));
    int    different = 0, kinds = 0;

    count_kinds(password, &different, &kinds);
    if (!tz_utf8_is_valid(tz_text_of(password)) || count < (size_t)county->login.length || count > MAX_CHARACTERS)
        return tz_fail(err, TZ_USAGE, "口令应有 %d 到 %d 个字符", "a password has %d to %d characters", county->login.length, MAX_CHARACTERS);
    if (different < MIN_DIFFERENT || (kinds < 2 && count < LONG_CHARACTERS))
        return tz_fail(err, TZ_USAGE, "口令太简单:至少 %d 个不同字符,字母、数字、其他字符至少两类(%d 个字符以上不限)",
                       "the password is too simple: %d different characters, and two kinds of letters, digits and others (any with %d "
                       "characters)", MIN_DIFFERENT, LONG_CHARACTERS);
    if ((strlen(user) > 2 && strcasestr(password, user) != NULL) || strstr(password, county->code) != NULL)
        return tz_fail(err, TZ_USAGE, "口令不能含用户名和县代码", "a password holds neither the user's name nor the county's code");
    if (is_known(password))
        return tz_fail(err, TZ_USAGE, "这个口令人人知道,请换一个", "everybody knows this password, please choose another");
    return TZ_OK;
}

/* ---- Keeping ---- */

typedef struct {
    const char *hash;
    int64_t     set_ms;
    bool        must_change;
} credential;

/* hash NULL: there is none that holds. The secret column is read behind the door of src/store. */
static tz_rc load(tz_arena *mem, tz_store *store, const char *user, credential *ret_found, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;
    credential    found = {0};

    TZ_TRY(tz_store_statement(store, "SELECT c.hash, c.set_ms, c.must_change FROM credential c JOIN user u ON u.user = c.user"
                                     " WHERE c.user = ?1 AND c.state = 'active' AND u.state = 'active'", &sql, err));
    tz_sql_bind_text(sql, 1, user);
    TZ_TRY(tz_store_read(store, sql, &has_row, err));
    if (has_row)
        found = (credential){tz_sql_dup(mem, sql, 0), tz_sql_int(sql, 1), tz_sql_int(sql, 2) != 0};
    *ret_found = found;
done:
    (void)sqlite3_reset(sql);
    return rc;
}

static tz_rc put(tz_store *store, const char *user, const char *password, bool must_change, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    char    hash[crypto_pwhash_STRBYTES];
    json_t *image = NULL;

    TZ_TRY(hash_password(password, hash, err));
    image = json_pack("{s:s, s:s, s:I, s:i, s:s}", "user", user, "hash", hash, "set_ms", (json_int_t)tz_app_now_ms(store->app),
                      "must_change", must_change, "state", "active");
    TZ_TRY(tz_journal_put_alone(store, "user.password", "credential", image, NULL, err));
done:
    json_decref(image);
    return rc;
}

static tz_rc check_user(tz_store *store, const char *user, tz_err *err)
{
    int64_t is_there = 0;
    tz_rc   rc = tz_sql_one(store, "SELECT count(*) FROM user WHERE user = ?1 AND state = 'active' AND user <> 'system'", user, NULL, &is_there,
                            err);
    return rc == TZ_OK && is_there == 0 ? tz_fail(err, TZ_MISSING, "没有用户 “%s”", "there is no user '%s'", user) : rc;
}

tz_rc tz_credential_set(tz_store *store, const char *user, const char *password, bool must_change, tz_err *err)
{
    tz_assert(store != NULL && user != NULL && password != NULL);
    tz_rc      rc = TZ_OK;
    tz_arena   mem = {0};
    credential found = {0};
    bool       is_same = false;

    TZ_TRY(check_user(store, user, err));
    TZ_TRY(tz_password_check(store->county, user, password, err));
    TZ_TRY(load(&mem, store, user, &found, err));
    if (found.hash != NULL)
        TZ_TRY(is_password(found.hash, password, &is_same, err));
    if (is_same) {
        rc = tz_fail(err, TZ_REFUSED, "这就是现用口令", "this is the present password");
        goto done;
    }
    TZ_TRY(put(store, user, password, must_change, err));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_credential_set_demo(tz_store *store, const char *user, const char *password, tz_err *err)
{
    tz_assert(store != NULL && user != NULL && password != NULL);
    if (!store->county->is_demo) {
        (void)tz_fail(err, TZ_REFUSED, "这不是演示县", "this is no demo county");
        return tz_err_advise(err, "演示县在 county.yaml 中写明 demo: true", "a demo county says so in county.yaml: demo: true");
    }
    tz_rc rc = check_user(store, user, err);
    return rc == TZ_OK ? put(store, user, password, false, err) : rc;
}

tz_rc tz_credential_verify(tz_store *store, const char *user, const char *password, tz_proof_of_user *ret_proof, tz_err *err)
{
    tz_assert(store != NULL && user != NULL && password != NULL && ret_proof != NULL);
    tz_rc      rc = TZ_OK;
    tz_arena   mem = {0};
    credential found = {0};
    bool       is_right = false;

    TZ_TRY(load(&mem, store, user, &found, err));
    TZ_TRY(is_password(found.hash == NULL ? NOBODY : found.hash, password, &is_right, err));
    int64_t age_ms = tz_app_now_ms(store->app) - found.set_ms;
    bool    is_old = !store->county->is_demo && age_ms > store->county->login.days * DAY_MS;
    bool    is_over = found.hash == NULL || (found.must_change && age_ms > TZ_GIVEN_DAYS * DAY_MS);
    *ret_proof = (tz_proof_of_user){.is_right = is_right && !is_over, .must_change = found.must_change || is_old};
done:
    tz_arena_free(&mem);
    return rc;
}

void tz_password_make(char ret_password[TZ_PASSWORD_TEXT])
{
    static const char LETTERS[] = "abcdefghjkmnpqrstuvwxyz23456789A"; /* 32, so a byte's five bits choose evenly */
    uint8_t bytes[16];

    tz_random(bytes, sizeof bytes);
    for (size_t i = 0, at = 0; i < sizeof bytes; i++) {
        if (i > 0 && i % 4 == 0)
            ret_password[at++] = '-';
        ret_password[at++] = LETTERS[bytes[i] & 31];
        ret_password[at] = '\0';
    }
}
