/* The data clerk's pages over HTTP: hostile uploads, looking, correcting, entering by a job, downloads that no browser runs,
 * other people's files and registers, undoing. */
#include "../web.h"

/* A clerk of the unit that owns `aid`, one of another unit, and a third without any. */
static void open_web(web_place *web)
{
    *web = (web_place){0};
    county_make(&web->county);
    MUST(tz_unit_add(web->county.store, "教育局", NULL, NULL, err));
    MUST(tz_unit_add(web->county.store, "扶贫办", NULL, NULL, err));
    MUST(tz_user_add(web->county.store, "school", "赵一", "教育局", "clerk", NULL, err));
    MUST(tz_user_add(web->county.store, "poverty", "钱二", "扶贫办", "clerk", NULL, err));
    web_open(web);
}

typedef struct { const char *name; const char *bytes; size_t size; } part;

/* A form with files as a browser sends it. */
static web_answer upload(web_place *web, const char *cookie, const part *parts, size_t count)
{
    tz_buf body = tz_buf_init(&web->mem, 0), out = tz_buf_init(&web->mem, 0);

    tz_buf_printf(&body, "--XyZ\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n", web_csrf(web, cookie));
    for (size_t i = 0; i < count; i++) {
        tz_buf_printf(&body, "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: text/html\r\n\r\n",
                      parts[i].name);
        tz_buf_put(&body, (tz_text){parts[i].bytes, parts[i].size});
        tz_buf_puts(&body, "\r\n");
    }
    tz_buf_puts(&body, "--XyZ--\r\n");
    tz_buf_printf(&out, "POST /tray HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\nCookie: %s\r\nOrigin: http://127.0.0.1:%d\r\n"
                        "Sec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: %zu\r\n\r\n",
                  (int)web->port, cookie, (int)web->port, body.size);
    tz_buf_put(&out, tz_buf_text(&body));
    return web_send(web, out.data, out.size);
}

static web_answer upload_text(web_place *web, const char *cookie, const char *name, const char *text)
{
    return upload(web, cookie, &(part){name, text, strlen(text)}, 1);
}

static json_t *json_of(web_place *web, const char *path, const char *cookie)
{
    web_answer answer = web_get(web, path, cookie);
    json_t    *value = NULL;
    if (answer.status != 200)
        fail_msg("%s: %d", path, answer.status);
    MUST(tz_json_parse(tz_text_of(answer.body), &value, err));
    return value;
}

/* Waits for a job; its state at the end. */
static const char *await_job(web_place *web, const char *path, const char *cookie)
{
    for (int i = 0; i < 2000; i++, (void)usleep(20000)) {
        json_t     *page = json_of(web, tz_arena_printf(&web->mem, "%s.json", path), cookie);
        const char *state = tz_arena_dup(&web->mem, tz_json_str(json_object_get(page, "job"), "state"));
        json_decref(page);
        if (strcmp(state, "waiting") != 0 && strcmp(state, "running") != 0)
            return state;
    }
    return "for ever";
}

static const char AID[] = "资助 2019年秋季学期 截至2019年12月31日,,,,\n编号,姓名,学期,学校,金额\n"
                          "A1,<img src=x onerror=alert(1)>,2019年秋季学期,甲,5\n"
                          ",李四,2019年秋季学期,乙,6\n";

static void keeps_what_is_dropped(void **state)
{
    (void)state;
    web_place web;
    open_web(&web);
    const char *school = web_cookie(&web, "school"), *poverty = web_cookie(&web, "poverty");
    const part  parts[] = {{"../../x<script>alert(1)</script>.csv", AID, sizeof AID - 1}, {"sheet.xlsx", "\x89PNG\r\n\x1a\n\0\0", 10},
                           {"<h1>.csv", "a,b\n1,2\n", 8}, {"page.html", "<html><script>alert(1)</script></html>", 37}, {"none.csv", "", 0}};
    web_answer  answer = upload(&web, school, parts, COUNT(parts));
    assert_int_equal(answer.status, 303);
    assert_string_equal(web_header(&web, &answer, "Location"), "/tray");
    answer = web_get(&web, "/tray", school);
    assert_int_equal(answer.status, 200);
    assert_null(strstr(answer.body, "<script>alert")); /* names are words here */
    assert_non_null(strstr(answer.body, ">script_.csv<")); /* of the path the last part was kept */
    assert_null(strstr(answer.body, "sheet.xlsx")); /* a picture, whatever it is called */
    answer = web_get(&web, "/tray/1", school);
    assert_int_equal(answer.status, 200);
    assert_null(strstr(answer.body, "<img src=x"));
    assert_non_null(strstr(answer.body, "&lt;img src=x"));
    assert_int_equal(web_get(&web, "/tray/1", poverty).status, 404); /* another's */
    assert_int_equal(web_get(&web, "/tray/1/errors", poverty).status, 404);
    assert_int_equal(web_post(&web, "/tray/throw", poverty, "file=1").status, 400);
    answer = web_get(&web, "/tray/1/errors", school);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(web_header(&web, &answer, "Content-Type"), "spreadsheetml"));
    assert_int_equal(strncmp(web_header(&web, &answer, "Content-Disposition"), "attachment;", 11), 0);
    assert_string_equal(web_header(&web, &answer, "X-Content-Type-Options"), "nosniff");
    assert_int_equal(web_post(&web, "/tray/throw", school, "file=1&file=2").status, 303);
    assert_int_equal(web_get(&web, "/tray/1", school).status, 404);
    assert_int_equal(upload(&web, school, NULL, 0).status, 400); /* nothing was chosen */
    web_close(&web);
}

/* What is made for one answer lies in the folder of the run, which the next run sweeps where this one is killed, and goes with it. */
static void nothing_stays_of_answers(web_place *web)
{
    tz_names    runs = {0}, files = {.count = 1};
    const char *incoming = tz_arena_printf(&web->mem, "%s/incoming", web->county.folder);

    MUST(tz_file_list(&web->mem, incoming, &runs, err));
    assert_int_equal(runs.count, 1);
    const char *run = tz_arena_printf(&web->mem, "%s/%s", incoming, runs.items[0]);
    for (int i = 0; i < 200 && files.count > 0; i++, (void)usleep(20000))
        MUST(tz_file_list(&web->mem, run, &files, err));
    assert_int_equal(files.count, 0);
}

/* Corrects the file, enters it, looks at the batch, takes the original away, undoes it. */
static void goes_from_a_file_to_a_batch_and_back(void **state)
{
    (void)state;
    web_place web;
    open_web(&web);
    const char *school = web_cookie(&web, "school"), *poverty = web_cookie(&web, "poverty");
    assert_int_equal(upload_text(&web, school, "a.csv", AID).status, 303);
    json_t *page = json_of(&web, "/tray/1.json", school);
    assert_true(json_is_true(json_object_get(json_object_get(page, "file"), "can_take")));
    json_decref(page);
    page = json_of(&web, "/tray/1.json?lang=en", school); /* its reasons are told in the reader's language */
    const json_t *table = json_array_get(json_object_get(json_array_get(json_object_get(page, "sheets"), 0), "tables"), 0);
    assert_string_equal(tz_json_str(json_array_get(json_object_get(table, "mapping"), 0), "reason"), "the same title");
    json_decref(page);
    assert_int_equal(web_post(&web, "/tray/1", school, "as_of=2020-01-15&register=aid&sender=%E6%95%99%E8%82%B2%E5%B1%80"
                              "&header=%E5%AD%A6%E6%A0%A1&of=aid&column=-").status, 303);
    page = json_of(&web, "/tray/1.json", school);
    assert_string_equal(tz_json_str(page, "as_of_now"), "2020-01-15");
    json_decref(page);
    assert_int_equal(web_post(&web, "/tray/1", school, "as_of=tomorrow").status, 303); /* found wanting, not refused */
    page = json_of(&web, "/tray/1.json", school);
    assert_false(json_is_true(json_object_get(json_object_get(page, "file"), "can_take")));
    json_decref(page);
    assert_int_equal(web_post(&web, "/tray/take", school, "file=1").status, 409);
    assert_int_equal(web_post(&web, "/tray/1", school, "as_of=2020-01-15&register=aid").status, 303);

    web_answer answer = web_post(&web, "/tray/take", school, "file=1");
    assert_int_equal(answer.status, 303);
    const char *job = web_header(&web, &answer, "Location");
    assert_string_equal(await_job(&web, job, school), "done");
    assert_int_equal(web_get(&web, job, poverty).status, 404); /* another's work */
    assert_int_equal(web_post(&web, tz_arena_printf(&web.mem, "%s/again", job), school, "").status, 409);
    page = json_of(&web, "/batches/1.json", school);
    assert_int_equal(tz_json_int(json_object_get(page, "page"), "total", 0), 2);
    assert_null(strstr(tz_json_str(json_object_get(page, "batch"), "file"), "/"));
    json_decref(page);
    assert_int_equal(web_get(&web, "/batches/1", poverty).status, 404); /* another unit's register */
    answer = web_get(&web, "/rows/aid/1/1/3", school);
    assert_int_equal(answer.status, 200);
    assert_null(strstr(answer.body, "<img src=x"));
    assert_int_equal(web_get(&web, "/rows/aid/1/1/3", poverty).status, 404);
    answer = web_get(&web, "/rows/aid/1/1/4", school);
    assert_non_null(strstr(answer.body, "必填项为空"));
    answer = web_get(&web, "/batches", poverty);
    assert_null(strstr(answer.body, "/batches/1\""));

    answer = web_post(&web, "/batches/1/original", school, "");
    assert_int_equal(answer.status, 200);
    assert_string_equal(web_header(&web, &answer, "Content-Type"), "application/octet-stream");
    assert_int_equal(strncmp(web_header(&web, &answer, "Content-Disposition"), "attachment;", 11), 0);
    assert_string_equal(answer.body, AID);
    assert_int_equal(web_post(&web, "/batches/1/original", poverty, "").status, 404);
    answer = web_get(&web, "/batches/1.csv?rows=quarantined", school); /* the rows as a file: in the journal too */
    assert_int_equal(answer.status, 200);
    assert_int_equal(strncmp(web_header(&web, &answer, "Content-Disposition"), "attachment;", 11), 0);
    assert_non_null(strstr(answer.body, "\r\n1,4,"));
    assert_null(strstr(answer.body, "\r\n1,3,")); /* that row was taken */
    assert_int_equal(web_get(&web, "/batches/1.csv", poverty).status, 404);
    assert_int_equal(web_get(&web, "/batches/1.csv?sort=nothing", school).status, 400); /* when its file is begun already */
    assert_int_equal(web_get(&web, "/registers/aid.xlsx", school).status, 200);
    assert_int_equal(web_get(&web, "/batches.csv", school).status, 200);
    assert_int_equal(web_get(&web, "/deliveries.xlsx", school).status, 200);
    assert_int_equal(web_post(&web, "/batches/1/errors", school, "").status, 200);
    assert_int_equal(web_post(&web, "/batches/1/withdraw", school, "why=").status, 400);
    assert_int_equal(web_post(&web, "/batches/1/withdraw", poverty, "why=mine").status, 404);
    assert_int_equal(web_post(&web, "/batches/1/withdraw", school, "why=sent%20twice").status, 303);
    page = json_of(&web, "/batches/1.json", school);
    assert_string_equal(tz_json_str(json_object_get(page, "batch"), "state"), "withdrawn");
    json_decref(page);
    assert_int_equal(web_post(&web, "/batches/1/again", poverty, "").status, 404);
    answer = web_post(&web, "/batches/1/again", school, ""); /* withdrawn by mistake */
    assert_int_equal(answer.status, 303);
    page = json_of(&web, tz_arena_printf(&web.mem, "%s.json", web_header(&web, &answer, "Location")), school);
    assert_true(json_is_true(json_object_get(json_object_get(page, "file"), "can_take")));
    json_decref(page);
    nothing_stays_of_answers(&web);
    web_close(&web); /* which verifies the journal with what was taken away */
}

/* Whose register it is not, can't enter it, whatever was looked at before. */
static void enters_only_what_is_theirs(void **state)
{
    (void)state;
    web_place web;
    open_web(&web);
    const char *poverty = web_cookie(&web, "poverty");
    assert_int_equal(upload_text(&web, poverty, "a.csv", AID).status, 303);
    json_t *page = json_of(&web, "/tray/1.json", poverty);
    assert_false(json_is_true(json_object_get(json_object_get(page, "file"), "can_take")));
    json_decref(page);
    assert_int_equal(web_post(&web, "/tray/take", poverty, "file=1").status, 409);
    assert_int_equal(web_get(&web, "/registers/aid", poverty).status, 404);
    assert_int_equal(web_get(&web, "/registers/aid/template", poverty).status, 404);
    assert_int_equal(web_get(&web, "/registers/poor", poverty).status, 200);
    web_close(&web);
}

/* A header over two lines comes back from a form with other line ends. */
static void corrects_headers_over_lines(void **state)
{
    (void)state;
    web_place web;
    open_web(&web);
    const char *school = web_cookie(&web, "school");
    static const char SHEET[] = "资助 2019年秋季学期 截至2019年12月31日,,,,\n编号,姓名,学期,\"学\n校\",金额\nA1,甲,2019年秋季学期,乙,5\n";
    assert_int_equal(upload_text(&web, school, "a.csv", SHEET).status, 303);
    assert_int_equal(web_post(&web, "/tray/1", school, "register=aid&header=%E5%AD%A6%0D%0A%E6%A0%A1&of=aid&column=-").status, 303);
    json_t       *page = json_of(&web, "/tray/1.json", school);
    const json_t *table = json_array_get(json_object_get(json_array_get(json_object_get(page, "sheets"), 0), "tables"), 0);
    const json_t *match = json_array_get(json_object_get(table, "mapping"), 3);
    assert_string_equal(tz_json_str(match, "letter"), "D");
    assert_null(tz_json_str(match, "column"));
    assert_true(json_is_true(json_object_get(match, "fixed")));
    json_decref(page);
    web_close(&web);
}

/* SQL, patterns and numbers that are none, in every parameter of the lists. */
static void survives_hostile_parameters(void **state)
{
    (void)state;
    static const struct { const char *path; int status; } CASES[] = {
        {"/batches?register='%20OR%201=1--&sender=%22;DROP%20TABLE%20batch;--&q=%25%27", 200},
        {"/batches?page=x", 400}, {"/batches?page=99999999999999999999", 400}, {"/batches?page=-5", 200}, {"/batches?page=9223372036854775807", 200},
        {"/batches/0", 404}, {"/batches/x", 404}, {"/batches/99", 404}, {"/batches/1/diff?with=1;2", 400}, {"/batches/1/diff?with=99", 404},
        {"/batches/1?find=%27;DROP%20TABLE%20x;--&rows=%27", 200}, {"/batches/1?sort=name;DROP%20TABLE%20x", 400},
        {"/batches/1?page=9999999999", 200},
        {"/registers/aid?find=%25&sort=-amount", 200}, {"/registers/aid?sort=1", 400}, {"/registers/..%2f..%2fetc%2fpasswd", 400},
        {"/registers?q=%27%22%3Cscript%3E", 200}, {"/deliveries?state=%27&unit=%3Cb%3E", 200}, {"/jobs?before=-1", 200}, {"/jobs/1/file", 403},
        {"/tray/..%2f..%2fledger.db", 400}};
    web_place web;
    open_web(&web);
    const char *school = web_cookie(&web, "school");
    assert_int_equal(upload_text(&web, school, "a.csv", AID).status, 303);
    web_answer answer = web_post(&web, "/tray/take", school, "all=1");
    assert_string_equal(await_job(&web, web_header(&web, &answer, "Location"), school), "done");
    for (size_t i = 0; i < COUNT(CASES); i++) {
        answer = web_get(&web, CASES[i].path, school);
        if (answer.status != CASES[i].status || strstr(answer.body, "<script>alert") != NULL)
            fail_msg("%s: %d", CASES[i].path, answer.status);
    }
    web_close(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_is_dropped),
        cmocka_unit_test(goes_from_a_file_to_a_batch_and_back),
        cmocka_unit_test(enters_only_what_is_theirs),
        cmocka_unit_test(corrects_headers_over_lines),
        cmocka_unit_test(survives_hostile_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
