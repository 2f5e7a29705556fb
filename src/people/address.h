/* address - where somebody lives: the division that an address names, and the house in it.
 *
 * The standard form is "AREA|HOUSE".  With a table of divisions AREA is the twelve digits of the village or township that
 * the longest beginning of the address names for sure, however it is written: 山西省长治市沁县定昌镇北寺上村三组12号,
 * 定昌镇北寺上12号 with its township left short.  Without a table, or where it knows none, AREA is what stands up to
 * 村, 社区, 镇, 乡 or 街道, province, city and county off.
 */
#ifndef TZ_PEOPLE_ADDRESS_H
#define TZ_PEOPLE_ADDRESS_H

#include "base/text.h"
#include "store/county.h"

/* divisions: a county whose divisions were loaded; NULL: none. A text that is in the standard form already is given back. */
tz_text tz_address_standard(tz_arena *mem, const tz_county *divisions, tz_text text);

/* Of two different standard forms: 2 the same area and much the same house, 3 the same village, 4 the same township,
 * 5 else. */
int tz_address_level(tz_text a, tz_text b);

/* What stands before the bar. */
tz_text tz_address_area(tz_text standard);

#endif
