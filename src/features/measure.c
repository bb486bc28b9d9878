#include "features/measure.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* Shorter words can't be told from abbreviations. */
#define RANDOM_LEN_MIN 5

/* Consonants in a row that no language is known to speak. */
#define RANDOM_RUN_MIN 6

float measure_log(size_t count, size_t full)
{
    float value = log1pf((float)count) / log1pf((float)full);

    return value < 1 ? value : 1;
}

float measure_share(size_t part, size_t whole)
{
    if (!whole)
        return 0;
    return part < whole ? (float)part / (float)whole : 1;
}

size_t measure_squeeze(char *out, size_t size, struct span s)
{
    size_t nr = 0;

    for (size_t i = 0; i < s.len && nr < size; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (isalnum(c) && c < 0x80)
            out[nr++] = (char)tolower(c);
    }
    return nr;
}

static bool is_vowel(char c)
{
    return c && strchr("aeiouy", c) != NULL;
}

/* "sch", "ths", "cks": these join consonants that can still be spoken. */
static bool is_glue(char c)
{
    return c == 'h' || c == 's';
}

/* Pairs that hardly occur inside words of any language in Latin script. */
static bool is_odd_pair(char a, char b)
{
    static const char odd[] =
        "bx cj cx dx fd fq fx fz gf gq gx hx jb jc jf jg jh jl "
        "jm jp jq jr js jt jv jw jx jy jz kq kx kz lx "
        "mq mx mz pq px pz qb qc qd qe qf qg qh qj qk "
        "ql qm qn qo qp qr qt qv qw qx qy qz sx tq tx "
        "vb vc vf vh vj vk vm vp vq vt vw vx vz wq wv "
        "wx wz xb xd xf xg xj xk xm xn xq xr xv xw xz "
        "zb zc zf zg zj zq zr zs zx ";

    for (size_t i = 0; i + 2 < sizeof(odd); i += 3)
        if (odd[i] == a && odd[i + 1] == b)
            return true;
    return false;
}

float measure_random(struct span word)
{
    size_t run = 0;
    size_t longest = 0;
    size_t odd = 0;

    if (word.len < RANDOM_LEN_MIN)
        return 0;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        if (c < 'a' || c > 'z')
            return 0;
        run = is_vowel(c) ? 0 : run + !is_glue(c);
        longest = run > longest ? run : longest;
        odd += i && is_odd_pair(word.ptr[i - 1], c);
    }
    if (longest < RANDOM_RUN_MIN && odd < 2)
        return 0;
    return measure_share(2 * odd + (longest < RANDOM_RUN_MIN ? 0 : longest),
                         word.len);
}

size_t measure_host_noise(struct span host)
{
    size_t noise = 0;

    if (span_starts(host, SPAN_LIT("xn--")))
        return 0;
    for (size_t i = 0; i < host.len; i++)
        noise += host.ptr[i] == '-' || isdigit((unsigned char)host.ptr[i]);
    return noise;
}
