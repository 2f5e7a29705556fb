#include "formats/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"

/* ---- Formats ---- */

const char *tz_numfmt_builtin(int id)
{
    switch (id) {
    case 14: return "mm-dd-yy";
    case 15: return "d-mmm-yy";
    case 16: return "d-mmm";
    case 17: return "mmm-yy";
    case 18: return "h:mm AM/PM";
    case 19: return "h:mm:ss AM/PM";
    case 20: return "h:mm";
    case 21: return "h:mm:ss";
    case 22: return "m/d/yy h:mm";
    case 45: return "mm:ss";
    case 46: return "[h]:mm:ss";
    case 47: return "mmss.0";
    case 9: return "0%";
    case 10: return "0.00%";
    case 1: return "0";
    case 2: return "0.00";
    case 3: return "#,##0";
    case 4: return "#,##0.00";
    case 49: return "@";
    default: break;
    }
    if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) /* East Asian dates */
        return "yyyy\"年\"m\"月\"d\"日\"";
    return "General";
}

bool tz_numfmt_is_date(const char *format)
{
    for (const char *at = format; *at != '\0' && *at != ';'; at++) {
        if (*at == '"') {
            at = strchr(at + 1, '"');
            if (at == NULL)
                return false;
        } else if (*at == '[') {
            const char *close = strchr(at, ']');
            if (close == NULL)
                return false;
            if (close - at <= 3 && strchr("hHmMsS", at[1]) != NULL)
                return true; /* [h]:mm */
            at = close;
        } else if (*at == '\\' || *at == '_' || *at == '*') {
            if (at[1] != '\0')
                at++;
        } else if (strncmp(at, "General", 7) == 0) {
            return false;
        } else if (strchr("yYmMdDhHsS", *at) != NULL) {
            return true;
        }
    }
    return false;
}

/* ---- Numbers ---- */

size_t tz_number_text(double value, char out[TZ_NUMBER_TEXT])
{
    tz_assert(out != NULL);
    if (!isfinite(value)) {
        out[0] = '\0';
        return 0;
    }
    if (value == floor(value) && fabs(value) < 1e15)
        return (size_t)snprintf(out, TZ_NUMBER_TEXT, "%.0f", value == 0 ? 0.0 : value);
    int size = 0;
    for (int digits = 15; digits <= 17 && (size == 0 || strtod(out, NULL) != value); digits++)
        size = snprintf(out, TZ_NUMBER_TEXT, "%.*g", digits, value);
    return (size_t)size;
}

enum { DAYS_TO_1899_12_30 = -25569, DAYS_TO_1904 = -24107, SECONDS = 86400, FALSE_LEAP_DAY = 60 };

/* "THH:MM:SS.fff" behind the date as a share of the day; 0 when there is none, -1 for anything else. */
static double share_of_day(tz_text time)
{
    int    hours = 0, minutes = 0, read = 0;
    double seconds = 0;
    char   text[40];

    if (time.size == 0)
        return 0;
    if (time.size >= sizeof text || (time.data[0] != 'T' && time.data[0] != ' '))
        return -1;
    memcpy(text, time.data + 1, time.size - 1);
    text[time.size - 1] = '\0';
    if (sscanf(text, "%2d:%2d%n", &hours, &minutes, &read) != 2)
        return -1;
    if (text[read] == ':')
        seconds = strtod(text + read + 1, NULL);
    if (hours < 0 || hours > 24 || minutes < 0 || minutes > 59 || !(seconds >= 0 && seconds < 61))
        return -1;
    return (hours * 3600 + minutes * 60 + seconds) / SECONDS;
}

size_t tz_serial_text(tz_text iso, bool is_1904, char out[TZ_NUMBER_TEXT])
{
    tz_assert(out != NULL);
    int32_t ymd = 0;
    double  share = share_of_day(tz_text_cut(iso, 10, iso.size));

    out[0] = '\0';
    if (iso.size < 10 || share < 0 || !tz_date_parse_iso(tz_text_cut(iso, 0, 10), &ymd))
        return 0;
    int64_t serial = tz_date_days(ymd) - (is_1904 ? DAYS_TO_1904 : DAYS_TO_1899_12_30);
    if (!is_1904 && serial <= FALSE_LEAP_DAY)
        serial--; /* Excel counts a 29 February 1900 */
    return tz_number_text((double)serial + share, out);
}
