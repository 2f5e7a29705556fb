/* receipt - the number that somebody who complains gets, and what the office keeps of it.
 *
 * Sixteen characters of Crockford's base 32 in four groups, "7K2Q-M9TX-C0H8-PV4R": 75 random bits and five of SM3 that
 * find a slip of the pen in 31 of 32 cases.  It is made where the complaint is written and kept by the person alone; the
 * office keeps SM3 of it, from which it can't be had back, and shows a state to who brings the number.
 */
#ifndef TZ_LEDGER_RECEIPT_H
#define TZ_LEDGER_RECEIPT_H

#include "base/hash.h"

enum { TZ_RECEIPT_TEXT = 20, TZ_RECEIPT_HASH = 33 };

/* A new one. */
void tz_receipt_make(char out[TZ_RECEIPT_TEXT]);

/* What is kept of a receipt as somebody typed it: 32 digits. Case, dashes and spaces don't matter, O reads as 0, I and L
 * as 1. False: it is none, or has a slip. */
bool tz_receipt_read(tz_text text, char ret_hash[TZ_RECEIPT_HASH]);

#endif
