#include "pipeline/breaker.h"

#include "base/secret.h"

bool breaker_may(const struct breaker *breaker, int64_t now_ms)
{
    return !breaker->failures || now_ms >= breaker->until_ms;
}

void breaker_failed(struct breaker *breaker, int64_t now_ms)
{
    uint32_t pause = BREAKER_FIRST_MS;

    for (unsigned i = 0; i < breaker->failures && pause < BREAKER_MOST_MS; i++)
        pause *= 2;
    if (pause > BREAKER_MOST_MS)
        pause = BREAKER_MOST_MS;
    breaker->failures++;
    breaker->until_ms = now_ms + pause / 2 + secret_below(pause / 2 + 1);
}

void breaker_worked(struct breaker *breaker)
{
    *breaker = (struct breaker){ 0 };
}
