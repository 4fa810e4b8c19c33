// SPDX-License-Identifier: Apache-2.0
// libpq under its own names, loaded when a database is first talked to: `schema sql` or `--help`
// never do, and loading it with the program (Kerberos, LDAP and GnuTLS come along) would cost more
// than the rest of the start. Include this in place of <libpq-fe.h>. docs/decisions/0006.
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
  X(PQconninfoFree)                \
  X(PQconninfoParse)               \
  X(PQconsumeInput)                \
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
  X(PQisBusy)                      \
  X(PQnfields)                     \
  X(PQntuples)                     \
  X(PQputCopyEnd)                  \
  X(PQresultErrorField)            \
  X(PQresultStatus)                \
  X(PQsendQuery)                   \
  X(PQserverVersion)               \
  X(PQsetNoticeReceiver)           \
  X(PQsetnonblocking)              \
  X(PQsocket)                      \
  X(PQsslInUse)                    \
  X(PQstatus)                      \
  X(PQtransactionStatus)

BALLAST_BOUND_LIBRARY(Libpq, BALLAST_LIBPQ_FUNCTIONS);

// Loaded once, by the first that asks; null when libpq.so.5 is not on this machine. Whoever makes a
// connection or reads a URL asks first; the functions below take it for granted.
const Libpq* LoadLibpq();

// B607, for the case that it is null.
Error NoLibpq();

// Objects, not functions: their names hide libpq's own, which are declared but not linked.
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
