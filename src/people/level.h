/* level - the comparators: which level two values reach. */
#ifndef TZ_PEOPLE_LEVEL_H
#define TZ_PEOPLE_LEVEL_H

#include "people/model.h"

/* The level of two values that are there and differ, by kind: 2 or more; crossing, numbers and places are the caller's. */
int tz_compare_values(tz_compare_kind kind, const tz_dictionary *of, const tz_value *a, const tz_value *b);

/* By two numbers that are there and are written differently. */
int tz_compare_numbers(double a, double b);

/* Kilometres between two places given in degrees, on a sphere of 6371.0088 km (haversine). */
double tz_kilometres(double latitude_a, double longitude_a, double latitude_b, double longitude_b);
int tz_compare_places(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

/* A number that fills the text, white space off; NAN otherwise. */
double tz_number_of(tz_text text);
/* Latitude and longitude of "36.2,113.1" (also a space, a semicolon between); false otherwise or off the globe. */
bool tz_place_of(tz_text text, double *ret_latitude, double *ret_longitude);

#endif
