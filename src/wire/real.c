#include "wire/real.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DIGITS 6

/* So near to half way between two numbers of six digits, printf decides. */
#define EDGE 1e-6

/* A power of ten, and what brings a number of its size to six digits. */
static const struct {
    double from;
    double scale;
    int exponent;
} size_of[] = {
    { 1e5, 1e0, 5 },   { 1e4, 1e1, 4 },   { 1e3, 1e2, 3 },   { 1e2, 1e3, 2 },
    { 1e1, 1e4, 1 },   { 1e0, 1e5, 0 },   { 1e-1, 1e6, -1 }, { 1e-2, 1e7, -2 },
    { 1e-3, 1e8, -3 }, { 1e-4, 1e9, -4 },
};

#define SIZES (sizeof(size_of) / sizeof(size_of[0]))
#define TOO_LARGE 1e6

/* The six digits of `size`, above 0; false when printf should find them. */
static bool six_digits(double size, long *digits, int *exponent)
{
    double scaled;
    size_t i = 0;

    if (size >= TOO_LARGE)
        return false;
    while (i < SIZES && size < size_of[i].from)
        i++;
    if (i == SIZES)
        return false;
    scaled = size * size_of[i].scale;
    *exponent = size_of[i].exponent;
    *digits = (long)scaled;
    scaled -= (double)*digits;
    if (fabs(scaled - 0.5) < EDGE)
        return false;
    *digits += scaled > 0.5;
    if (*digits < (long)TOO_LARGE)
        return true;
    *digits = (long)TOO_LARGE / 10;
    *exponent += 1;
    return *exponent < DIGITS;
}

/* Digits without the zeros at their end, and the point where it belongs. */
static size_t put_digits(char *out, long digits, int exponent)
{
    char digit[DIGITS];
    size_t nr = DIGITS;
    size_t len = 0;

    for (size_t i = DIGITS; i--; digits /= 10)
        digit[i] = (char)('0' + digits % 10);
    while (nr > 1 && digit[nr - 1] == '0')
        nr--;
    if (exponent < 0) {
        out[len++] = '0';
        out[len++] = '.';
        for (int zeros = -1 - exponent; zeros > 0; zeros--)
            out[len++] = '0';
    }
    for (int i = 0; i < (int)nr || i <= exponent; i++) {
        if (exponent >= 0 && i == exponent + 1)
            out[len++] = '.';
        out[len++] = digit[i];
    }
    return len;
}

/* Whatever the locale puts between the digits is the point. */
static size_t put_printf(char *out, double number)
{
    char text[REAL_BYTES_MAX];
    bool pointed = false;
    size_t len = 0;

    (void)snprintf(text, sizeof(text), "%.6g", number);
    for (const char *c = text; *c; c++) {
        if (strchr("0123456789+-e", *c))
            out[len++] = *c;
        else if (!pointed)
            out[len++] = '.';
        pointed = pointed || !strchr("0123456789+-e", *c);
    }
    return len;
}

size_t real_put(char *out, double number)
{
    size_t sign = number < 0;
    int exponent;
    long digits;

    if (!six_digits(fabs(number), &digits, &exponent))
        return put_printf(out, number);
    out[0] = '-';
    return sign + put_digits(out + sign, digits, exponent);
}
