#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What keeps others out, by libsodium: signatures, comparison that does not
 * tell how near a guess was, and numbers that nobody can guess.
 */
#define SECRET_HMAC_BYTES 32

struct secret_hmac {
    unsigned char byte[SECRET_HMAC_BYTES];
};

/* HMAC-SHA256 (RFC 2104) under `key` of the parts, one after another. */
struct secret_hmac secret_hmac_of(struct span key, const struct span *part,
                                  size_t nr);

/* Equal? In a time that depends on the lengths alone. */
bool secret_eq(struct span a, struct span b);

/* The HMAC as a span over its bytes. */
struct span secret_hmac_span(const struct secret_hmac *hmac);

/*
 * Decode base64, padded or not, or hexadecimal, into `out`, which has room
 * for `max` bytes. False when it is none, or too long.
 */
bool secret_from_base64(struct span text, unsigned char *out, size_t max,
                        size_t *len);
bool secret_from_hex(struct span text, unsigned char *out, size_t max,
                     size_t *len);

/* Room for a random name and its NUL. */
struct secret_name {
    char text[33];
};

/* 128 random bits in hexadecimal. */
struct secret_name secret_name(void);

/* Room for a token and its NUL. */
struct secret_token {
    char text[65];
};

/* 256 random bits in hexadecimal: nobody guesses it, also not offline. */
struct secret_token secret_token(void);

/*
 * SHA-256 in hexadecimal. Of a token of 256 random bits it is enough to keep
 * this: who reads it can't find the token.
 */
struct secret_token secret_sha256(struct span data);

/* A random number below `limit`, which is at least 1. */
uint32_t secret_below(uint32_t limit);

/* Keyed hash for tables that strangers fill. */
struct secret_hash_key {
    unsigned char byte[16];
};

struct secret_hash_key secret_hash_key(void);
uint64_t secret_hash(const struct secret_hash_key *key, struct span data);

#endif /* BASE_SECRET_H */
