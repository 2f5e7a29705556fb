#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void tz_assert_failed(const char *file, int line, const char *condition)
{
    (void)fprintf(stderr, "taizhang: %s:%d: broken invariant: %s\n", file, line, condition);
    abort();
}
