#include "text/lead.h"

#include "text/ascii.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 16

/* The compiler makes of these what the machine has. */
typedef uint8_t block __attribute__((vector_size(BLOCK)));

static block block_at(const char *p)
{
    block bytes;

    memcpy(&bytes, p, sizeof(bytes));
    return bytes;
}

/* is_lead for the sixteen bytes at `p`: each is 0, or 0xFF where it is. */
static block leads_of(const char *p)
{
    block here = block_at(p);
    block before = block_at(p - 1);
    block after = block_at(p + 1);
    block slash = (block)((after == '/') | (after == '\\'));
    block blank = (block)(before == ' ');

    return (block)((here >= 0x80) | (here == '(') | (here == '[') |
                   (here == '{')) |
           ((block)(here == ':') & slash) |
           ((block)(here == '.') & (blank | (block)(after != ' '))) |
           ((block)((here | 0x20) == 'd') & blank &
            (block)((after | 0x20) == 'o'));
}

static bool is_lead(struct span text, size_t at)
{
    char here = text.ptr[at];
    char after = ascii_at(text, at + 1);
    bool blank = at && text.ptr[at - 1] == ' ';

    if (here & 0x80 || here == '(' || here == '[' || here == '{')
        return true;
    if (here == ':')
        return after == '/' || after == '\\';
    if (here == '.')
        return blank || after != ' ';
    return blank && (here | 0x20) == 'd' && (after | 0x20) == 'o';
}

/* Is any of the bytes not 0? */
static bool is_any(block bytes)
{
    uint64_t half[2];

    memcpy(half, &bytes, sizeof(half));
    return (half[0] | half[1]) != 0;
}

size_t lead_find(struct span text, size_t at)
{
    if (!at && text.len && !is_lead(text, at))
        at++;
    while (at && at + BLOCK < text.len && !is_any(leads_of(text.ptr + at)))
        at += BLOCK;
    while (at < text.len && !is_lead(text, at))
        at++;
    return at;
}
