/* map: beside a plain list that is searched from the front, on random keys that a seed fixes. */
#include "../test.h"

#include "base/map.h"

typedef struct {
    char    key[16];
    size_t  size;
    int64_t value;
} model_entry;

typedef struct {
    model_entry items[2000];
    size_t      count;
} model;

static model_entry *model_find(model *list, tz_text key)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].size == key.size && memcmp(list->items[i].key, key.data, key.size) == 0)
            return &list->items[i];
    return NULL;
}

/* Short keys of few letters, so that most come again; zero bytes and empty keys among them. */
static tz_text random_key(uint64_t *seed, char room[16])
{
    size_t size = test_next(seed) % 16;

    for (size_t i = 0; i < size; i++)
        room[i] = (char)(test_next(seed) % (size < 4 ? 8 : 2));
    return (tz_text){room, size};
}

static void test_map_and_list_agree(void **state)
{
    (void)state;
    static model list;
    uint64_t     seed = test_seed();
    tz_arena     mem = {0};
    tz_map       map = tz_map_init(&mem);

    for (int step = 0; step < 20000 && list.count < COUNT(list.items); step++) {
        char         room[16];
        tz_text      key = random_key(&seed, room);
        model_entry *truth = model_find(&list, key);

        if (test_next(&seed) % 3 == 0) {
            tz_map_entry *entry = tz_map_get(&map, key);
            assert_int_equal(entry == NULL, truth == NULL);
            assert_true(entry == NULL || entry->value == truth->value);
            continue;
        }
        bool          is_new = false;
        tz_map_entry *entry = tz_map_put(&map, key, &is_new);
        assert_int_equal(is_new, truth == NULL);
        assert_true(tz_text_equal(entry->key, key));
        if (truth == NULL) {
            assert_true(entry->value == 0);
            truth = &list.items[list.count++];
            if (key.size > 0)
                memcpy(truth->key, key.data, key.size);
            truth->size = key.size;
        }
        assert_true(entry->value == truth->value);
        entry->value = truth->value = (int64_t)test_next(&seed);
    }

    assert_int_equal(map.entries.count, list.count);
    for (size_t i = 0; i < list.count; i++) { /* the order is that of insertion */
        assert_true(tz_text_equal(map.entries.items[i].key, (tz_text){list.items[i].key, list.items[i].size}));
        assert_true(map.entries.items[i].value == list.items[i].value);
    }
    tz_arena_free(&mem);
}

static void test_an_empty_map_has_nothing(void **state)
{
    (void)state;
    tz_arena mem = {0};
    tz_map   map = tz_map_init(&mem);

    assert_null(tz_map_get(&map, TZ_TEXT("")));
    assert_null(tz_map_get(&map, TZ_TEXT("a")));
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map_and_list_agree),
        cmocka_unit_test(test_an_empty_map_has_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
