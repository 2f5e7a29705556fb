/* pinyin - how characters sound, tones aside. */
#ifndef TZ_PEOPLE_PINYIN_H
#define TZ_PEOPLE_PINYIN_H

#include <stdbool.h>
#include <stdint.h>

/* True for equal characters, and for two of U+4E00 to U+9FA5 that share a reading: 张 and 章, 晓 and 小;
 * 仇 sounds like 求 as a surname. */
bool tz_sounds_alike(int32_t a, int32_t b);

/* A number for the first reading (as a surname where it has one), from 1; 0: none. Equal for 张 and 章. */
uint16_t tz_sound_of(int32_t point);

#endif
