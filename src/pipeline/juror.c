#include "pipeline/juror.h"

void juror_init(struct juror *juror)
{
    arena_init(&juror->arena);
    juror->glossary = glossary_new();
    juror->lexicon = lexicon_new();
    juror->shelf = shelf_new();
}

void juror_release(struct juror *juror)
{
    arena_release(&juror->arena);
    glossary_free(juror->glossary);
    lexicon_free(juror->lexicon);
    shelf_free(juror->shelf);
    juror->glossary = NULL;
    juror->lexicon = NULL;
    juror->shelf = NULL;
}
