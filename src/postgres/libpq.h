// SPDX-License-Identifier: Apache-2.0
// libpq under its own names, loaded when a database is first used. `schema sql` and `--help` never
// load it; loading it at program start (with Kerberos, LDAP and GnuTLS) would take longer than the
// rest of the start. Include this instead of <libpq-fe.h>. See docs/decisions/0006.
#pragma once

#include <libpq-fe.h>

#include "base/bound_library.h"
#include "base/result.h"

namespace ballast::postgres {

#define BALLAST_LIBPQ_FUNCTIONS(X) \
  X(PQbackendPID)                  \
  X(PQcancel)                      \
  X(PQclear)                       \
  X(PQcmdStatus)                   \
  X(PQconndefaults)                \
  X(PQconnectdbParams)             \
  X(PQconnectPoll)                 \
  X(PQconnectStartParams)          \
  X(PQconnectionNeedsPassword)     \
  X(PQconnectionUsedPassword)      \
  X(PQconninfo)                    \
  X(PQconninfoFree)                \
  X(PQconninfoParse)               \
  X(PQconsumeInput)                \
  X(PQdb)                          \
  X(PQerrorMessage)                \
  X(PQfinish)                      \
  X(PQflush)                       \
  X(PQfname)                       \
  X(PQfreeCancel)                  \
  X(PQfreemem)                     \
  X(PQgetCancel)                   \
  X(PQgetCopyData)                 \
  X(PQgetResult)                   \
  X(PQgetisnull)                   \
  X(PQgetlength)                   \
  X(PQgetvalue)                    \
  X(PQhost)                        \
  X(PQisBusy)                      \
  X(PQnfields)                     \
  X(PQntuples)                     \
  X(PQport)                        \
  X(PQputCopyEnd)                  \
  X(PQresultErrorField)            \
  X(PQresultStatus)                \
  X(PQsendQuery)                   \
  X(PQsendQueryParams)             \
  X(PQparameterStatus)             \
  X(PQserverVersion)               \
  X(PQsetErrorVerbosity)           \
  X(PQsetNoticeReceiver)           \
  X(PQsetnonblocking)              \
  X(PQsocket)                      \
  X(PQsslInUse)                    \
  X(PQstatus)                      \
  X(PQtransactionStatus)           \
  X(PQuser)

BALLAST_BOUND_LIBRARY(Libpq, BALLAST_LIBPQ_FUNCTIONS);

// Loaded on the first call; null if libpq.so.5 is not installed. Callers must check this before the
// functions below are used.
const Libpq* LoadLibpq();

// B607, for when it is null.
Error NoLibpq();

// Objects, not functions: they hide libpq's declared but unlinked functions.
#define BALLAST_LIBPQ_CALL(name)                    \
  struct name##Call {                               \
    template <typename... Arguments>                \
    auto operator()(Arguments... arguments) const { \
      return LoadLibpq()->name(arguments...);       \
    }                                               \
  };                                                \
  inline constexpr name##Call name;
BALLAST_LIBPQ_FUNCTIONS(BALLAST_LIBPQ_CALL)
#undef BALLAST_LIBPQ_CALL

}  // namespace ballast::postgres
