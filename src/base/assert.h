/* assert - invariants of our own, checked in release builds too.
 *
 * A broken invariant prints file and line to stderr and aborts; SQLite rolls back what was open.
 * Never used on what a user or a foreign file gave: that is tz_fail's work.
 */
#ifndef TZ_BASE_ASSERT_H
#define TZ_BASE_ASSERT_H

#define tz_assert(condition) \
    ((condition) ? (void)0 : tz_assert_failed(__FILE__, __LINE__, #condition))

#define tz_unreachable(why) tz_assert_failed(__FILE__, __LINE__, why)

__attribute__((noreturn)) void tz_assert_failed(const char *file, int line, const char *condition);

#endif
