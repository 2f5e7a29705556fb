#include "report/faces.h"

#include "base/assert.h"

static const tz_face_names FACES[TZ_FACE_COUNT] = {
    [TZ_FACE_TITLE] = {"方正小标宋简体", "方正小标宋简体", "FZXiaoBiaoSong-B05S,方正小标宋_GBK,Noto Serif CJK SC,AR PL SungtiL GB",
                       "FZXiaoBiaoSong-B05S,方正小标宋简体,FZXiaoBiaoSong-B05,方正小标宋_GBK,Noto Serif CJK SC,AR PL SungtiL GB,"
                       "AR PL UMing CN,WenQuanYi Micro Hei", 1},
    [TZ_FACE_BODY] = {"仿宋_GB2312", "仿宋_GB2312", "FangSong_GB2312,仿宋,FangSong,Noto Serif CJK SC,AR PL SungtiL GB",
                      "FangSong_GB2312,仿宋_GB2312,FangSong,仿宋,Noto Serif CJK SC,AR PL SungtiL GB,AR PL UMing CN,"
                      "WenQuanYi Micro Hei", 0},
    [TZ_FACE_HEI] = {"黑体", "黑体", "SimHei,Noto Sans CJK SC,WenQuanYi Micro Hei",
                     "SimHei,黑体,Noto Sans CJK SC,WenQuanYi Micro Hei", 0},
    [TZ_FACE_KAI] = {"楷体_GB2312", "楷体_GB2312", "KaiTi_GB2312,楷体,KaiTi,AR PL KaitiM GB,AR PL UKai CN",
                     "KaiTi_GB2312,楷体_GB2312,KaiTi,楷体,AR PL KaitiM GB,AR PL UKai CN,WenQuanYi Micro Hei", 0},
    [TZ_FACE_SONG] = {"宋体", "宋体", "SimSun,Noto Serif CJK SC,AR PL SungtiL GB",
                      "SimSun,宋体,Noto Serif CJK SC,AR PL SungtiL GB,AR PL UMing CN,WenQuanYi Micro Hei", 0},
    [TZ_FACE_CODE] = {"宋体", "Courier New", "DejaVu Sans Mono,Liberation Mono",
                      "DejaVu Sans Mono,Liberation Mono,WenQuanYi Micro Hei Mono,WenQuanYi Micro Hei", 0},
};

const tz_face_names *tz_face_get(tz_face face)
{
    tz_assert(face < TZ_FACE_COUNT);
    return &FACES[face];
}
