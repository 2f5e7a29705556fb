/* taizhang-verify - checks a proof that `taizhang prove ISSUE -o FILE` wrote. It opens no database and
 * asks nobody: the file, this program and the key's fingerprint are all it takes.
 *
 *     taizhang-verify FILE [KEY]
 *
 * KEY: the first digits of the fingerprint (at least 16) that the county published; without it the
 * fingerprint is printed for the reader to compare.  Exit status: 0 it holds, 1 it does not (or the key
 * is another), 2 usage, 3 no proof file.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "store/prove_check.h"

enum { MAX_PROOF_BYTES = 256 << 20, LEAST_KEY_DIGITS = 16 };

static int fail(const tz_err *err)
{
    (void)fprintf(stderr, "taizhang-verify: %s | %s\n", err->zh, err->en);
    return tz_rc_exit(err->code);
}

static int say(const tz_proof_account *account, const char *wanted)
{
    char      hex[TZ_SM3_HEX], root[TZ_SM3_HEX];
    tz_digest print = tz_sm3(account->key.bytes, TZ_POINT_SIZE);

    tz_digest_hex(&print, hex);
    tz_digest_hex(&account->note.root, root);
    if (wanted != NULL && (strlen(wanted) < LEAST_KEY_DIGITS || strncmp(hex, wanted, strlen(wanted)) != 0)) {
        (void)fprintf(stderr, "taizhang-verify: 由另一把密钥签名 | signed with another key: %s\n", hex);
        return 1;
    }
    printf("问题 | issue        #%lld\n", (long long)account->issue);
    printf("日志 | journal      %s, %lld entries\n", account->note.origin, (long long)account->note.entries);
    printf("根   | root         %s\n", root);
    printf("密钥 | key          %s%s\n", hex, wanted == NULL ? "  (请与公布的指纹核对 | compare it with the published one)" : "");
    printf("证实 | proven       %lld entries, %lld events, %lld values opened, %lld kept closed\n", (long long)account->entries,
           (long long)account->events, (long long)account->opened, (long long)account->closed);
    return 0;
}

int main(int argc, char **argv)
{
    tz_arena         mem = {0};
    tz_text          text;
    tz_err           err = {0};
    json_t          *proof = NULL;
    tz_proof_account account = {0};
    int              status = 0;

    if (argc < 2 || argc > 3) {
        (void)fprintf(stderr, "usage: taizhang-verify FILE [KEY]\n");
        return 2;
    }
    if (tz_file_load(&mem, argv[1], MAX_PROOF_BYTES, &text, &err) != TZ_OK || tz_json_parse(text, &proof, &err) != TZ_OK ||
        tz_prove_check(&mem, proof, &account, &err) != TZ_OK)
        status = fail(&err);
    else
        status = say(&account, argc == 3 ? argv[2] : NULL);
    json_decref(proof);
    tz_arena_free(&mem);
    return status;
}
