/* names - invented names: surnames as common as in southern Shanxi, given names by generation. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"
#include "people/pinyin.h"

typedef struct {
    const char *text;
    uint32_t    weight;
} weighted;

static const weighted SURNAMES[] = {
    {"王", 120}, {"李", 105}, {"张", 102}, {"刘", 58}, {"郭", 40}, {"杨", 36}, {"赵", 34}, {"陈", 30}, {"武", 26}, {"高", 22},
    {"韩", 20}, {"郝", 20}, {"任", 18}, {"史", 17}, {"宋", 17}, {"马", 16}, {"孙", 16}, {"吴", 15}, {"温", 15}, {"段", 14},
    {"霍", 14}, {"卫", 13}, {"魏", 13}, {"胡", 12}, {"崔", 12}, {"牛", 11}, {"申", 11}, {"程", 10}, {"田", 10}, {"梁", 10},
    {"曹", 9}, {"董", 9}, {"贾", 9}, {"郑", 8}, {"冯", 8}, {"许", 8}, {"姚", 7}, {"常", 7}, {"靳", 7}, {"栗", 6},
    {"裴", 5}, {"原", 5}, {"邢", 5}, {"景", 4}, {"药", 3}, {"暴", 2}, {"欧阳", 1}, {"上官", 1},
};

/* Given names by era: those born before 1966, before 1990, and since. */
static const char *const MEN[3][48] = {
    {"建", "国", "福", "贵", "有", "根", "明", "德", "海", "全", "玉", "金", "银", "宝", "山", "林", "春", "元", "成", "文", "永", "庆", "长", "生",
     "来", "旺", "喜", "保", "顺", "义", "忠", "兴", "富", "堂", "廷", "秀", "书", "田", "水", "火", "虎", "牛", "龙", "云", "天", "世", "昌", "安"},
    {"建", "军", "志", "强", "伟", "红", "卫", "东", "勇", "斌", "晓", "峰", "俊", "杰", "明", "亮", "海", "涛", "永", "刚", "国", "庆", "华", "平",
     "文", "波", "宏", "鹏", "利", "民", "小", "龙", "旭", "彦", "飞", "超", "瑞", "光", "宁", "辉", "江", "林", "新", "春", "向", "前", "树", "青"},
    {"浩", "宇", "子", "轩", "博", "文", "俊", "熙", "嘉", "豪", "泽", "楷", "睿", "晨", "一", "鸣", "宸", "皓", "梓", "航", "天", "佑", "奕", "辰",
     "思", "源", "旭", "阳", "佳", "乐", "明", "哲", "家", "瑞", "昊", "然", "志", "远", "景", "行", "星", "野", "书", "恒", "亦", "凡", "承", "安"},
};
static const char *const WOMEN[3][48] = {
    {"秀", "英", "桂", "兰", "玉", "梅", "凤", "莲", "爱", "花", "翠", "香", "荣", "珍", "淑", "芳", "月", "娥", "素", "琴", "金", "枝", "巧", "云",
     "春", "仙", "喜", "变", "先", "连", "果", "贞", "银", "环", "改", "清", "水", "瑞", "存", "彩", "菊", "焕", "林", "引", "俊", "灵", "转", "叶"},
    {"丽", "娟", "艳", "红", "霞", "燕", "敏", "静", "晓", "玲", "海", "英", "美", "萍", "慧", "芳", "雪", "梅", "春", "花", "小", "琴", "云", "芬",
     "俊", "莉", "秀", "华", "文", "娜", "建", "平", "爱", "莲", "志", "芝", "彩", "虹", "向", "荣", "利", "巧", "月", "林", "瑞", "青", "玉", "翠"},
    {"欣", "怡", "梓", "涵", "雨", "桐", "诗", "琪", "思", "彤", "可", "馨", "佳", "颖", "一", "诺", "语", "嫣", "若", "曦", "子", "萱", "雅", "婷",
     "晨", "悦", "芷", "晴", "钰", "瑶", "心", "妍", "嘉", "慧", "静", "雯", "书", "瑾", "艺", "菲", "沐", "希", "宛", "月", "依", "然", "舒", "宁"},
};

static const char PLAIN[] = "张刘陈杨赵吴孙马卫郑韩许冯杰红国华兰凤龙强伟军丽东云荣爱贵莲贞庆兴顺义宝银鸣";
static const char TRADITIONAL[] = "張劉陳楊趙吳孫馬衛鄭韓許馮傑紅國華蘭鳳龍強偉軍麗東雲榮愛貴蓮貞慶興順義寶銀鳴";

const char *demo_surname(demo_pcg *pcg)
{
    enum { COUNT = sizeof SURNAMES / sizeof SURNAMES[0] };
    uint32_t total = 0;

    for (size_t i = 0; i < COUNT; i++)
        total += SURNAMES[i].weight;
    uint32_t at = demo_below(pcg, total);
    for (size_t i = 0; i < COUNT; i++) {
        if (at < SURNAMES[i].weight)
            return SURNAMES[i].text;
        at -= SURNAMES[i].weight;
    }
    tz_unreachable("weights that do not add up");
}

const char *demo_given(tz_arena *mem, demo_pcg *pcg, int year, char sex)
{
    int era = year < 1966 ? 0 : year < 1990 ? 1 : 2;
    const char *const *pool = sex == 'M' ? MEN[era] : WOMEN[era];
    const char *first = pool[demo_below(pcg, 48)];

    if (demo_chance(pcg, era == 1 ? 250 : 120))
        return first;
    return tz_arena_printf(mem, "%s%s", first, pool[demo_below(pcg, 48)]);
}

const char *demo_name_spaced(tz_arena *mem, const char *name)
{
    return tz_arena_printf(mem, "%.3s%s%s", name, strlen(name) == 6 ? "  " : " ", name + 3);
}

const char *demo_name_traditional(tz_arena *mem, const char *name)
{
    char *copy = tz_arena_dup(mem, name);

    for (size_t i = 0; copy[i] != '\0'; i += 3)
        for (size_t j = 0; PLAIN[j] != '\0'; j += 3)
            if (memcmp(copy + i, PLAIN + j, 3) == 0)
                memcpy(copy + i, TRADITIONAL + j, 3);
    return copy;
}

const char *demo_name_mistyped(tz_arena *mem, demo_pcg *pcg, const char *name)
{
    size_t size = strlen(name);

    for (;;) {
        const char *other = MEN[1][demo_below(pcg, 48)];
        if (strstr(name, other) == NULL)
            return tz_arena_printf(mem, "%.*s%s", (int)(size - 3), name, other);
    }
}

static const char *some_character(demo_pcg *pcg)
{
    uint32_t which = demo_below(pcg, 7);
    if (which == 6)
        return SURNAMES[demo_below(pcg, sizeof SURNAMES / sizeof SURNAMES[0] - 2)].text; /* the last two are of two */
    return which < 3 ? MEN[which][demo_below(pcg, 48)] : WOMEN[which - 3][demo_below(pcg, 48)];
}

const char *demo_name_by_ear(tz_arena *mem, demo_pcg *pcg, const char *name, size_t at)
{
    enum { TRIES = 400 };
    size_t from = 3 * at, there = 0;
    int32_t heard = tz_utf8_next(tz_text_of(name), &from);

    tz_assert(3 * at < strlen(name) && from == 3 * at + 3);
    for (int i = 0; i < TRIES; i++) {
        const char *other = some_character(pcg);
        there = 0;
        int32_t written = tz_utf8_next(tz_text_of(other), &there);
        if (written != heard && tz_sounds_alike(written, heard))
            return tz_arena_printf(mem, "%.*s%s%s", (int)(3 * at), name, other, name + 3 * at + 3);
    }
    return name;
}

bool demo_names_share(const char *a, const char *b)
{
    for (size_t i = 0; a[i] != '\0'; i += 3)
        for (size_t j = 0; b[j] != '\0'; j += 3)
            if (memcmp(a + i, b + j, 3) == 0)
                return true;
    return false;
}
