/* Who is one person: each rule with what it joins and the near misses that it must leave apart. */
#include "../test.h"

#include <math.h>

#include "base/idcard.h"
#include "people/weigh.h"

static const tz_register ROSTER = {.name = "roster"};
static const tz_identity PERSON = {.role = "person"};

static const tz_app APP = {.now_ms = NULL};

typedef struct {
    tz_arena     mem;
    tz_records   records;
    tz_decisions decisions;
    tz_clusters  clusters;
} people;

/* A number of 17 digits with its check character. */
static const char *number(people *all, const char *digits)
{
    assert_int_equal(strlen(digits), 17);
    return tz_arena_printf(&all->mem, "%s%c", digits, tz_idcard_check(digits));
}

static void say(people *all, const char *id, const char *name, const char *birth, const char *village)
{
    int64_t   row = (int64_t)all->records.count + 1;
    bool      is_valid = id != NULL && tz_idcard_is_valid(tz_text_of(id));
    tz_record record = {.row_id = row, .reg = &ROSTER, .who = &PERSON, .name = tz_text_of(name), .birth = tz_text_of(birth),
                        .village = tz_text_of(village), .as_of = 20191231};
    record.row_key = tz_text_of(tz_arena_printf(&all->mem, "%032lld", (long long)row));
    if (is_valid)
        record.id = tz_text_of(id);
    else
        record.raw = tz_text_of(id);
    tz_push(&all->mem, &all->records, record);
}

static void decide(people *all, size_t a, size_t b, bool is_same)
{
    tz_decision one = {.key_a = tz_record_key(&all->mem, &all->records.items[a - 1]),
                       .key_b = tz_record_key(&all->mem, &all->records.items[b - 1]), .is_same = is_same};
    tz_push(&all->mem, &all->decisions, one);
}

static void make(people *all)
{
    tz_clusters_make(&all->mem, &all->records, &all->decisions, &all->clusters);
}

/* Rows are counted from 1. */
static bool together(people *all, size_t a, size_t b)
{
    return tz_clusters_find(&all->clusters, all->records.items[a - 1].node) ==
           tz_clusters_find(&all->clusters, all->records.items[b - 1].node);
}

static size_t said(const people *all, const char *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < all->clusters.statements.count; i++)
        count += strcmp(all->clusters.statements.items[i].verdict, verdict) == 0;
    return count;
}

static void one_number_is_one_person(void **state)
{
    (void)state;
    people all = {0};
    say(&all, number(&all, "14043019800101001"), "王伟", NULL, NULL);
    say(&all, number(&all, "14043019800101001"), "王伟", NULL, "140430100201");
    say(&all, number(&all, "14043019800101003"), "王伟", NULL, NULL);  /* another number */
    say(&all, number(&all, "14043019800101001"), "王玮", NULL, NULL);  /* one character */
    say(&all, number(&all, "14043019800101001"), "", NULL, NULL);      /* a number alone */
    make(&all);
    assert_true(together(&all, 1, 2));
    assert_false(together(&all, 1, 3));
    assert_true(together(&all, 1, 4));
    assert_true(together(&all, 1, 5));
    assert_int_equal(all.clusters.statements.count, 0);
    tz_arena_free(&all.mem);
}

/* Two rows under one number: are they one person, or a conflict? */
static void one_number_two_names(void **state)
{
    (void)state;
    static const struct { const char *name_a, *birth_a, *name_b, *birth_b; bool is_one; } PAIRS[] = {
        {"王伟", "1980-01-01", "王伟", "1990-12-12", true},   /* another birth date alone is a slip of the date */
        {"王伟", "1980-01-01", "王玮", "1980-01-10", false},  /* two digits of the date and the name */
        {"王伟", "1980-01-01", "王玮", "1980-01-02", true},   /* one digit */
        {"王伟", "1980-03-08", "王玮", "1980-08-03", true},   /* day and month swapped */
        {"王伟", "1980-01-01", "王玮", NULL, true},
        {"欧阳小雪", "1980-01-01", "欧阳建国", "1980-01-02", false}, /* surname only */
        {"欧阳小雪", NULL, "欧阳建国", NULL, true},
        {"李建国", "1980-01-01", "王小芳", "1980-01-01", true}, /* renamed: the birth date agrees */
        {"李建国", "1980-01-01", "王小芳", NULL, false},
        {"李建国", NULL, "王小芳", NULL, false},
    };
    for (size_t i = 0; i < sizeof PAIRS / sizeof PAIRS[0]; i++) {
        people      all = {0};
        const char *id = number(&all, "14043019800101001");
        say(&all, id, PAIRS[i].name_a, PAIRS[i].birth_a, NULL);
        say(&all, id, PAIRS[i].name_b, PAIRS[i].birth_b, NULL);
        make(&all);
        if (together(&all, 1, 2) != PAIRS[i].is_one)
            fail_msg("pair %zu", i);
        assert_int_equal(said(&all, "conflict"), PAIRS[i].is_one ? 0 : 1);
        tz_arena_free(&all.mem);
    }
}

static void conflict_is_cut_into_people(void **state)
{
    (void)state;
    people      all = {0};
    const char *id = number(&all, "14043019800101001");
    say(&all, id, "", NULL, NULL); /* whose? nobody can say */
    say(&all, id, "李建国", NULL, NULL);
    say(&all, id, "王小芳", NULL, NULL);
    say(&all, id, "王晓芳", NULL, NULL);
    say(&all, id, "李建国", "1980-01-01", NULL);
    make(&all);
    assert_true(together(&all, 2, 5));
    assert_true(together(&all, 3, 4));
    assert_false(together(&all, 2, 3));
    assert_false(together(&all, 1, 2));
    assert_false(together(&all, 1, 3));
    assert_int_equal(said(&all, "conflict"), 1);
    assert_true(tz_text_is(all.clusters.nodes.items[all.records.items[1].node].scope, "id")); /* the oldest keeps the number */
    tz_arena_free(&all.mem);
}

static void repairs_one_digit_or_one_swap(void **state)
{
    (void)state;
    people      all = {0};
    const char *id = number(&all, "14043019800101091");
    say(&all, id, "王伟", NULL, "140430100201");
    char wrong[19];
    memcpy(wrong, id, 19);
    wrong[17] = wrong[17] == '0' ? '1' : '0';
    say(&all, tz_arena_dup(&all.mem, wrong), "王伟", NULL, NULL); /* 2: another last character */
    memcpy(wrong, id, 19);
    wrong[12] = id[13], wrong[13] = id[12];
    say(&all, tz_arena_dup(&all.mem, wrong), "王伟", NULL, NULL); /* 3: 01 written 10 */
    memcpy(wrong, id, 19);
    wrong[3] = '9', wrong[4] = '9';
    say(&all, tz_arena_dup(&all.mem, wrong), "王伟", NULL, NULL); /* 4: two digits */
    make(&all);
    assert_true(together(&all, 1, 2));
    assert_true(together(&all, 1, 3));
    assert_false(together(&all, 1, 4));
    tz_arena_free(&all.mem);
}

static void repairs_a_digit_lost_or_too_many(void **state)
{
    (void)state;
    people      all = {0};
    const char *id = number(&all, "14043019800101091");
    say(&all, id, "王伟", NULL, "140430100201");
    say(&all, tz_arena_printf(&all.mem, "%.6s%s", id, id + 7), "王伟", NULL, NULL);    /* 2: the seventh is lost */
    say(&all, tz_arena_printf(&all.mem, "%.17s", id), "王伟", NULL, NULL);             /* 3: the last */
    say(&all, tz_arena_printf(&all.mem, "%.6s1%s", id, id + 6), "王伟", NULL, NULL);   /* 4: one is doubled */
    say(&all, tz_arena_printf(&all.mem, "%.6s%s", id, id + 8), "王伟", NULL, NULL);    /* 5: two are lost */
    say(&all, tz_arena_printf(&all.mem, "%.6s%s", id, id + 7), "李建国", NULL, NULL);  /* 6: another name */
    make(&all);
    assert_true(together(&all, 1, 2));
    assert_true(together(&all, 1, 3));
    assert_true(together(&all, 1, 4));
    assert_false(together(&all, 1, 5));
    assert_false(together(&all, 1, 6));
    tz_arena_free(&all.mem);
}

static void repair_needs_nothing_against_it(void **state)
{
    (void)state;
    static const struct { const char *name, *birth, *village; bool is_repaired; } ROWS[] = {
        {"王伟", NULL, NULL, true},
        {"王伟", "1980-01-01", "140430100201", true},
        {"王玮", NULL, NULL, false},
        {"", NULL, NULL, false},
        {"王伟", "1981-01-01", NULL, false},
        {"王伟", NULL, "140430100999", false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        people      all = {0};
        const char *id = number(&all, "14043019800101091");
        char       *wrong = tz_arena_dup(&all.mem, id);
        say(&all, id, "王伟", NULL, "140430100201");
        wrong[15] = wrong[15] == '9' ? '8' : '9';
        say(&all, wrong, ROWS[i].name, ROWS[i].birth, ROWS[i].village);
        make(&all);
        if (together(&all, 1, 2) != ROWS[i].is_repaired)
            fail_msg("row %zu", i);
        assert_int_equal(said(&all, "repaired"), ROWS[i].is_repaired);
        tz_arena_free(&all.mem);
    }
}

/* A name typed by ear or taken for another: with birth date and village for it, and not without. */
static void repair_knows_names_that_are_alike(void **state)
{
    (void)state;
    static const struct {
        const char *known, *name, *birth, *village;
        bool        is_repaired;
    } ROWS[] = {
        {"王伟", "王玮", "1980-01-01", "140430100201", true},
        {"王伟", "王玮", "1980-01-01", NULL, false},
        {"王未", "王末", "1980-01-01", "140430100201", true},
        {"王伟", "王芳", "1980-01-01", "140430100201", false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        people      all = {0};
        const char *id = number(&all, "14043019800101091");
        char       *wrong = tz_arena_dup(&all.mem, id);
        say(&all, id, ROWS[i].known, NULL, "140430100201");
        wrong[15] = wrong[15] == '9' ? '8' : '9';
        say(&all, wrong, ROWS[i].name, ROWS[i].birth, ROWS[i].village);
        make(&all);
        if (together(&all, 1, 2) != ROWS[i].is_repaired)
            fail_msg("row %zu", i);
        tz_arena_free(&all.mem);
    }
}

/* No number, and a name of the same sound: twins have such names, so a person must look. */
static void a_name_by_ear_waits_for_a_person(void **state)
{
    (void)state;
    people all = {0};
    say(&all, number(&all, "14043019800101001"), "王小芳", "1980-01-01", "140430100201");
    say(&all, NULL, "王晓芳", "1980-01-01", "140430100201");
    say(&all, NULL, "王大芳", "1980-01-01", "140430100201");
    make(&all);
    assert_false(together(&all, 1, 2));
    assert_int_equal(said(&all, "review"), 1);
    tz_arena_free(&all.mem);
}

static void names_alike(void **state)
{
    (void)state;
    static const struct {
        const char       *a, *b;
        int               likeness;
        tz_name_alikeness alike;
    } ROWS[] = {
        {"张伟", "章玮", 2, TZ_NAME_SOUNDS_ALIKE}, {"王未", "王末", 2, TZ_NAME_LOOKS_ALIKE}, {"王伟", "王芳", 2, TZ_NAME_UNLIKE},
        {"张伟", "李芳", 0, TZ_NAME_UNLIKE},       {"王伟", "王伟", 3, TZ_NAME_SOUNDS_ALIKE}, {"王", "汪", 0, TZ_NAME_UNLIKE},
        {"王小芳", "王建国", 1, TZ_NAME_UNLIKE},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        tz_text a = tz_text_of(ROWS[i].a), b = tz_text_of(ROWS[i].b);
        if (tz_name_likeness(a, b) != ROWS[i].likeness || tz_name_alike(a, b) != ROWS[i].alike ||
            tz_name_likeness(b, a) != ROWS[i].likeness || tz_name_alike(b, a) != ROWS[i].alike)
            fail_msg("%s %s", ROWS[i].a, ROWS[i].b);
    }
}

static void two_candidates_wait_for_a_person(void **state)
{
    (void)state;
    people      all = {0};
    const char *first = number(&all, "14043019800101091");
    char       *raw = tz_arena_dup(&all.mem, first), *second = NULL;
    /* another valid number that is one character from the same damaged one */
    for (size_t at = 10; at < 17 && second == NULL; at++)
        for (char d = '0'; d <= '9' && second == NULL; d++)
            for (char e = '0'; e <= '9' && second == NULL; e++) {
                char *other = tz_arena_dup(&all.mem, first);
                other[at] = d;
                other[14] = e;
                if (at != 14 && d != first[at] && e != first[14] && tz_idcard_is_valid(tz_text_of(other))) {
                    second = other;
                    raw[at] = d;
                }
            }
    assert_non_null(second);
    assert_false(tz_idcard_is_valid(tz_text_of(raw)));
    say(&all, first, "王伟", NULL, NULL);
    say(&all, second, "王伟", NULL, NULL);
    say(&all, raw, "王伟", NULL, NULL);
    make(&all);
    assert_false(together(&all, 1, 3));
    assert_false(together(&all, 2, 3));
    assert_int_equal(said(&all, "review"), 1);
    assert_int_equal(said(&all, "repaired"), 0);
    tz_arena_free(&all.mem);
}

static void without_a_number_by_name_birth_and_village(void **state)
{
    (void)state;
    people all = {0};
    say(&all, number(&all, "14043019800101001"), "王伟", "1980-01-01", "140430100201");
    say(&all, NULL, "王伟", "1980-01-01", "140430100201");
    say(&all, NULL, "王伟", "1980-01-01", NULL);
    say(&all, NULL, "王伟", "1980-01-02", "140430100201");
    say(&all, "不详", "王伟", "1980-01-01", "140430100201");
    say(&all, "140430197512120011", "王伟", "1980-01-01", "140430100201"); /* a number, and not this one's */
    make(&all);
    assert_true(together(&all, 1, 2));
    assert_false(together(&all, 1, 3));
    assert_false(together(&all, 1, 4));
    assert_true(together(&all, 1, 5));
    assert_false(together(&all, 1, 6));
    tz_arena_free(&all.mem);
}

static void two_of_a_name_are_left_apart(void **state)
{
    (void)state;
    people all = {0};
    say(&all, number(&all, "14043019800101001"), "王伟", NULL, "140430100201"); /* the number holds the birth date */
    say(&all, number(&all, "14043019800101003"), "王伟", NULL, "140430100201");
    say(&all, NULL, "王伟", "1980-01-01", "140430100201");
    make(&all);
    assert_false(together(&all, 1, 2));
    assert_false(together(&all, 1, 3));
    assert_false(together(&all, 2, 3));
    assert_int_equal(said(&all, "review"), 1); /* the two numbers */
    tz_arena_free(&all.mem);
}

/* Payments to people without a number share their row's key: that is no reason to be one person. */
static void a_shared_row_key_is_no_person(void **state)
{
    (void)state;
    people all = {0};
    say(&all, NULL, "王伟", NULL, NULL);
    say(&all, NULL, "李芳", NULL, NULL);
    say(&all, NULL, "王伟", NULL, NULL);
    say(&all, "不详", "王伟", NULL, NULL);
    for (size_t i = 0; i < 3; i++)
        all.records.items[i].row_key = TZ_TEXT("0123456789abcdef0123456789abcdef");
    all.records.items[3].row_key = (tz_text){0};
    make(&all);
    assert_false(together(&all, 1, 2));
    assert_true(together(&all, 1, 3)); /* the same row of a later batch */
    assert_false(together(&all, 1, 4));
    tz_arena_free(&all.mem);
}

static void people_decide(void **state)
{
    (void)state;
    people      all = {0};
    const char *id = number(&all, "14043019800101091");
    char       *wrong = tz_arena_dup(&all.mem, id);
    wrong[15] = wrong[15] == '9' ? '8' : '9';
    say(&all, id, "王伟", NULL, NULL);
    say(&all, id, "王伟", NULL, NULL);
    say(&all, wrong, "王伟", NULL, NULL);
    say(&all, number(&all, "14043019700101003"), "李芳", NULL, NULL);
    say(&all, NULL, "李方", NULL, NULL);
    decide(&all, 1, 2, false);
    decide(&all, 1, 3, false);
    decide(&all, 4, 5, true);
    make(&all);
    assert_false(together(&all, 1, 2));
    assert_false(together(&all, 1, 3));
    assert_true(together(&all, 4, 5));
    tz_arena_free(&all.mem);
}

static void decisions_that_contradict_are_listed(void **state)
{
    (void)state;
    people all = {0};
    for (size_t i = 0; i < 3; i++)
        say(&all, NULL, "王伟", NULL, NULL);
    decide(&all, 1, 3, false);
    decide(&all, 1, 2, true);
    decide(&all, 2, 3, true);
    make(&all);
    assert_true(together(&all, 1, 2));
    assert_false(together(&all, 1, 3));
    assert_int_equal(said(&all, "conflict"), 1);
    tz_arena_free(&all.mem);
}

/* A placeholder number on thousands of rows must neither take for ever nor make one person. */
static void a_placeholder_number_is_survived(void **state)
{
    (void)state;
    people      all = {0};
    const char *id = number(&all, "11010119000101001");
    for (int i = 0; i < 20000; i++) {
        char name[16];
        size_t size = tz_utf8_put(0x4E00 + i, name);
        name[size] = '\0';
        say(&all, id, tz_arena_dup(&all.mem, name), NULL, NULL);
    }
    make(&all);
    assert_false(together(&all, 1, 20000));
    assert_false(together(&all, 10000, 20000));
    tz_arena_free(&all.mem);
}

/* Five hundred people, each in two rows, a few of them with a slip: enough to learn from. */
static void say_a_county(people *all)
{
    static const char *const SURNAMES[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "郭"},
                            *const GIVEN[] = {"建国", "秀英", "志强", "丽", "勇", "玉兰", "海", "小红", "云", "俊"};
    for (unsigned i = 0; i < 500; i++) {
        const char *digits = tz_arena_printf(&all->mem, "140430%04u%02u%02u%03u", 1940 + i % 60, 1 + i % 12, 1 + i * 7 % 28, i);
        const char *name = tz_arena_printf(&all->mem, "%s%s", SURNAMES[i % 8], GIVEN[i / 8 % 10]);
        const char *village = tz_arena_printf(&all->mem, "140430100%03u", i % 25);
        const char *birth = tz_arena_printf(&all->mem, "%.4s-%.2s-%.2s", digits + 6, digits + 10, digits + 12);
        say(all, number(all, digits), name, birth, village);
        say(all, number(all, digits), i % 50 == 0 ? tz_arena_printf(&all->mem, "%s小", name) : name, i % 3 == 0 ? NULL : birth, village);
    }
}

static void refine(people *all, tz_learnt *model)
{
    tz_err err;
    make(all);
    assert_int_equal(tz_learnt_make(&all->mem, &APP, &all->records, &all->clusters, model, &err), TZ_OK);
    assert_int_equal(model->number, 1);
    assert_int_equal(tz_clusters_refine(&all->mem, &APP, &all->records, &all->decisions, model, &all->clusters, &err), TZ_OK);
}

/* What the rules leave: each row beside one known person, with what the model makes of it. */
static void the_model_takes_what_the_rules_leave(void **state)
{
    (void)state;
    enum { SAME, REVIEW, APART };
    static const struct { const char *id, *name, *birth, *village; int wanted; } ROWS[] = {
        {"14043019800305777", "欧阳小雪", NULL, NULL, SAME},             /* the last digit is lost: a rule repairs it */
        {"14043019800305X773", "欧阳晓雪", NULL, "140430100201", SAME}, /* a number that can't be read: by name and village */
        {"14043019800350777", "欧阳晓雪", NULL, NULL, SAME},             /* two slips, and a name by ear */
        {"14043019800305777", "欧阳晓血", NULL, NULL, SAME},             /* one slip, and a name by ear: no rule knows it */
        {NULL, "欧阳小雪", "1980-03-05", NULL, SAME},                    /* a rare name and the day */
        {NULL, "欧阳小雪", "1980-03-06", "140430100201", SAME},          /* a slip of the day */
        {NULL, "欧阳小雪", NULL, NULL, APART}, /* a name alone, be it ever so rare: nothing to look at */
        {"140430197512120013", "欧阳小雪", "1980-03-05", "140430100201", REVIEW}, /* a number, and not near this one */
        {NULL, "武大郎", NULL, "140430100201", APART},
        {NULL, "欧阳建国", "1961-11-11", "140430100201", APART},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        people    all = {0};
        tz_learnt model;
        say_a_county(&all);
        say(&all, number(&all, "14043019800305777"), "欧阳小雪", "1980-03-05", "140430100201");
        say(&all, ROWS[i].id, ROWS[i].name, ROWS[i].birth, ROWS[i].village);
        refine(&all, &model);
        size_t known = all.records.count - 1, row = all.records.count, waiting = said(&all, "review");
        if (together(&all, known, row) != (ROWS[i].wanted == SAME) || (waiting > 0) != (ROWS[i].wanted == REVIEW))
            fail_msg("row %zu: %zu to review", i, waiting);
        tz_arena_free(&all.mem);
    }
}

/* Two people whom a row fits alike; people's words; two valid numbers. */
static void the_model_knows_when_to_wait(void **state)
{
    (void)state;
    people    all = {0};
    tz_learnt model;
    say_a_county(&all);
    size_t at = all.records.count;
    say(&all, number(&all, "14043019800305777"), "欧阳小雪", "1980-03-05", "140430100201");
    say(&all, number(&all, "14043019800305779"), "欧阳小雪", "1980-03-05", "140430100201");
    say(&all, NULL, "欧阳小雪", "1980-03-05", NULL); /* whose? */
    say(&all, number(&all, "14043019710101003"), "司马相如", "1971-01-01", "140430100202");
    say(&all, NULL, "司马相如", "1971-01-01", NULL); /* somebody said: not he */
    say(&all, NULL, "司马相如", "1971-01-02", "140430100202");
    decide(&all, at + 4, at + 5, false);
    refine(&all, &model);
    assert_false(together(&all, at + 1, at + 2));
    assert_false(together(&all, at + 1, at + 3));
    assert_false(together(&all, at + 2, at + 3));
    assert_false(together(&all, at + 4, at + 5));
    assert_true(together(&all, at + 4, at + 6));
    tz_arena_free(&all.mem);
}

/* What is kept names nobody whom fewer than five share a value with, and is read back as it was. */
static void a_model_names_nobody(void **state)
{
    (void)state;
    people    all = {0};
    tz_learnt model;
    say_a_county(&all);
    say(&all, number(&all, "14043019800305777"), "欧阳小雪", "1980-03-05", "140430100201");
    refine(&all, &model);
    assert_null(strstr(model.text, "欧阳小雪"));
    assert_non_null(strstr(model.text, "王建国"));
    assert_non_null(strstr(model.text, "140430100001"));
    tz_arena_free(&all.mem);
}

/* Thousands of rows that name no person, and what is no name at all: a year of payments is one, nothing takes long. */
static void a_model_survives_what_is_no_person(void **state)
{
    (void)state;
    people    all = {0};
    tz_learnt model;
    char     *monster = tz_arena_alloc(&all.mem, 10001);
    memset(monster, 'x', 10000);
    say_a_county(&all);
    size_t at = all.records.count;
    for (int i = 0; i < 12; i++)
        say(&all, NULL, "欧阳小雪", "1980-03-05", NULL);
    for (int i = 0; i < 3000; i++)
        say(&all, NULL, "村民委员会", NULL, "140430100001");
    for (int i = 0; i < 1500; i++)
        say(&all, NULL, "不详", NULL, NULL);
    for (int i = 0; i < 600; i++) /* alike, and not the same */
        say(&all, NULL, "不知名", tz_arena_printf(&all.mem, "%04d-01-01", 1900 + i % 100), "140430100001");
    say(&all, NULL, monster, NULL, "140430100001");
    say(&all, NULL, "\xff\xfe\xe6", "\xc0", "\x80\x80");
    say(&all, "\xff\xff", "王\xe5\xbb", "1980-13-99", "");
    refine(&all, &model);
    assert_true(together(&all, at + 1, at + 12));
    assert_false(together(&all, at + 12 + 3000 + 1, at + 12 + 3000 + 2)); /* 不详 twice is not one person */
    tz_arena_free(&all.mem);
}

static void parts_add_up(void **state)
{
    (void)state;
    people all = {0};
    say(&all, number(&all, "14043019800101001"), "王伟", "1980-01-01", "140430100201");
    say(&all, NULL, "王伟", "1980-01-01", NULL);
    say(&all, NULL, "李芳", "1980-01-02", "140430100202");
    make(&all);
    const uint32_t which[] = {0, 1, 2};
    tz_learnt model;
    tz_weigher weigher;
    tz_err err;
    assert_int_equal(tz_learnt_make(&all.mem, &APP, &all.records, &all.clusters, &model, &err), TZ_OK);
    assert_int_equal(model.number, 0); /* three rows teach nothing */
    assert_int_equal(tz_weigher_make(&all.mem, &model, &all.records, which, 3, &weigher, &err), TZ_OK);
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t j = 0; j < 3; j++) {
            if (i == j)
                continue;
            tz_weight weight = tz_weigh(&weigher, i, j);
            json_t   *parts = tz_weight_json(&all.mem, &weight, TZ_EN), *part;
            int32_t   sum = 0;
            size_t    at;
            json_array_foreach(parts, at, part)
                sum += (int32_t)lround(100 * strtod(tz_json_str(part, "weight"), NULL));
            assert_string_equal(tz_score_text(&all.mem, sum, false), tz_score_text(&all.mem, weight.total, false));
            json_decref(parts);
        }
    tz_weight weight = tz_weigh(&weigher, 0, 1);
    const char *sentence = tz_weight_sentence(&all.mem, &weight, true, TZ_ZH);
    assert_non_null(strstr(sentence, "姓名相同,全县共 2 行用这个姓名"));
    assert_null(strstr(sentence, "王伟")); /* names no value */
    tz_arena_free(&all.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_is_one_person),
        cmocka_unit_test(one_number_two_names),
        cmocka_unit_test(conflict_is_cut_into_people),
        cmocka_unit_test(repairs_one_digit_or_one_swap),
        cmocka_unit_test(repairs_a_digit_lost_or_too_many),
        cmocka_unit_test(repair_needs_nothing_against_it),
        cmocka_unit_test(repair_knows_names_that_are_alike),
        cmocka_unit_test(a_name_by_ear_waits_for_a_person),
        cmocka_unit_test(names_alike),
        cmocka_unit_test(two_candidates_wait_for_a_person),
        cmocka_unit_test(without_a_number_by_name_birth_and_village),
        cmocka_unit_test(two_of_a_name_are_left_apart),
        cmocka_unit_test(a_shared_row_key_is_no_person),
        cmocka_unit_test(people_decide),
        cmocka_unit_test(decisions_that_contradict_are_listed),
        cmocka_unit_test(a_placeholder_number_is_survived),
        cmocka_unit_test(the_model_takes_what_the_rules_leave),
        cmocka_unit_test(the_model_knows_when_to_wait),
        cmocka_unit_test(a_model_names_nobody),
        cmocka_unit_test(a_model_survives_what_is_no_person),
        cmocka_unit_test(parts_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
