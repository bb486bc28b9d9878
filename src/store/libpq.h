#ifndef STORE_LIBPQ_H
#define STORE_LIBPQ_H

#include "base/error.h"

#include <libpq-fe.h>
#include <stdbool.h>

/*
 * PostgreSQL's library, loaded when a server is to be asked and not before:
 * who keeps a file does not pay for it at each start, and needs not have it.
 */
#define LIBPQ_FUNCTIONS(F)                                                    \
    F(PQclear)                                                                \
    F(PQcmdStatus)                                                            \
    F(PQcmdTuples)                                                            \
    F(PQconsumeInput)                                                         \
    F(PQenterPipelineMode)                                                    \
    F(PQexitPipelineMode)                                                     \
    F(PQgetResult)                                                            \
    F(PQpipelineSync)                                                         \
    F(PQsendQueryParams)                                                      \
    F(PQsendQueryPrepared)                                                    \
    F(PQfreemem)                                                              \
    F(PQnotifies)                                                             \
    F(PQsocket)                                                               \
    F(PQconnectdbParams)                                                      \
    F(PQconninfoFree)                                                         \
    F(PQconninfoParse)                                                        \
    F(PQerrorMessage)                                                         \
    F(PQexec)                                                                 \
    F(PQexecParams)                                                           \
    F(PQexecPrepared)                                                         \
    F(PQfinish)                                                               \
    F(PQgetlength)                                                            \
    F(PQgetvalue)                                                             \
    F(PQntuples)                                                              \
    F(PQparameterStatus)                                                      \
    F(PQpingParams)                                                           \
    F(PQprepare)                                                              \
    F(PQresultErrorField)                                                     \
    F(PQresultStatus)                                                         \
    F(PQserverVersion)                                                        \
    F(PQsetNoticeReceiver)                                                    \
    F(PQstatus)

/* Each by its own name: pq->PQexec is PQexec. */
struct libpq {
    void *library;
#define LIBPQ_MEMBER(name) __typeof__(name) *name;
    LIBPQ_FUNCTIONS(LIBPQ_MEMBER)
#undef LIBPQ_MEMBER
};

/*
 * Fill `pq`. ERROR_STORE names the package when the library is missing. It
 * stays loaded until the program ends.
 */
enum error_code libpq_load(struct libpq *pq, struct error *err) MUST_CHECK;

#endif /* STORE_LIBPQ_H */
