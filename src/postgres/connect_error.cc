// SPDX-License-Identifier: Apache-2.0
#include "postgres/connect_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/sqlstate.h"
#include "base/text.h"
#include "sql/quote.h"
#include "sql/secrets.h"

namespace ballast::postgres {

std::string OnOneLine(const std::string& message) {
  std::string sentences;
  for (const std::string& each : Split(message, '\n')) {
    const std::string_view line = Trim(each);
    if (line.empty()) continue;
    const bool ended = sentences.empty() ||
                       std::string_view(".?!:;").find(sentences.back()) != std::string_view::npos;
    if (!sentences.empty()) sentences += ended ? " " : ". ";
    sentences += line;
  }
  if (sentences.ends_with('.')) sentences.pop_back();
  return sentences;
}

namespace {

bool HasText(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsSqlState(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

// Removes the SQLSTATE from the line "FATAL:  3D000: message" and returns it; empty without one.
std::string TakeSqlState(std::string& line) {
  constexpr std::string_view kBefore = ":  ";
  constexpr std::string_view kAfter = ": ";
  constexpr size_t kLength = 5;
  const size_t begin = line.find(kBefore) + kBefore.size();
  const size_t end = begin + kLength;
  if (begin < kBefore.size() || end + kAfter.size() > line.size()) return {};
  std::string state = line.substr(begin, kLength);
  if (!IsSqlState(state) || line.compare(end, kAfter.size(), kAfter) != 0) return {};
  line.erase(begin, kLength + kAfter.size());
  return state;
}

bool IsFull(const Refusal& refusal) {
  const std::string_view message = refusal.message;
  return refusal.sqlstate == sqlstate::kTooManyConnections ||
         HasText(message, "no more connections allowed") ||  // PgBouncer, 08P01
         HasText(message, "too many clients") || HasText(message, "too many connections") ||
         HasText(message, "connection slots are reserved");
}

// By the message of InitializeSessionUserId and CheckMyDatabase (miscinit.c, postinit.c).
std::string LimitToRaise(std::string_view message, const Target& target) {
  if (HasText(message, "too many connections for role")) {
    return fmt::format("raise the limit of the role: ALTER ROLE {} CONNECTION LIMIT -1",
                       sql::QuoteIdentifier(target.user()));
  }
  if (HasText(message, "too many connections for database")) {
    return fmt::format("raise the limit of the database: ALTER DATABASE {} CONNECTION LIMIT -1",
                       sql::QuoteIdentifier(target.database()));
  }
  return "raise max_connections";
}

bool IsNotReady(const Refusal& refusal) {
  return refusal.sqlstate == sqlstate::kCannotConnectNow || HasText(refusal.message, "starting up");
}

// What libpq finds wrong with the parameters themselves: "invalid sslmode value: "x"", "invalid
// integer value "x" for connection option "keepalives"" (fe-connect.c).
bool IsInvalidParameter(std::string_view message) {
  const bool of_option =
      HasText(message, "invalid integer value") && HasText(message, "for connection option");
  return of_option || message.starts_with("invalid ") || message.starts_with("weak sslmode") ||
         message.starts_with("could not match ") || message.starts_with("sslmode value ");
}

// The server's certificate has a signature without a digest of its own (Ed25519, Ed448), which
// SCRAM's channel binding cannot use: "could not find digest for NID UNDEF" (fe-secure-openssl.c).
bool CannotBindChannel(std::string_view message) {
  return HasText(message, "could not find digest for NID");
}

// For messages of libpq itself, those of several hosts, and SQLSTATEs of poolers that say too
// little (08P01, XX000): phrases of libpq and of the server in the C locale.
ErrorCode CodeByPhrase(std::string_view message) {
  if (HasText(message, "password authentication failed") ||
      HasText(message, "no password supplied") || HasText(message, "role \"") ||
      HasText(message, "authentication failed")) {
    return ErrorCode::kAuthentication;
  }
  if (HasText(message, "database \"") && HasText(message, "does not exist")) {
    return ErrorCode::kNoDatabase;
  }
  if (HasText(message, "permission denied for database") ||
      HasText(message, "no pg_hba.conf entry")) {
    return ErrorCode::kAccessDenied;
  }
  if (HasText(message, "SSL") || HasText(message, "certificate") ||
      HasText(message, "private key") || CannotBindChannel(message)) {
    return ErrorCode::kTls;
  }
  if (HasText(message, "timeout expired")) return ErrorCode::kTimedOut;
  if (HasText(message, "server closed the connection")) return ErrorCode::kConnectionLost;
  return ErrorCode::kCannotReach;
}

ErrorCode CodeOf(const Refusal& refusal, bool needs_password) {
  const std::string_view state = refusal.sqlstate;
  if (IsFull(refusal)) return ErrorCode::kCannotReach;
  if (needs_password || state == sqlstate::kInvalidPassword) return ErrorCode::kAuthentication;
  if (state == sqlstate::kInvalidAuthorizationSpecification) {
    // An unknown role; or a line of the file, whose name no translation changes.
    return HasText(refusal.message, "pg_hba.conf") ? ErrorCode::kAccessDenied
                                                   : ErrorCode::kAuthentication;
  }
  if (state == sqlstate::kInvalidCatalogName) return ErrorCode::kNoDatabase;
  if (state == sqlstate::kInsufficientPrivilege) return ErrorCode::kAccessDenied;
  if (IsNotReady(refusal)) return ErrorCode::kTimedOut;
  return CodeByPhrase(refusal.message);
}

std::string HintFor(ErrorCode code, const Target& target, std::string_view message) {
  switch (code) {
    case ErrorCode::kAccessDenied:
      if (HasText(message, "pg_hba.conf") && target.KeywordValue("sslmode") == "disable") {
        return "the server may accept only encrypted connections: use sslmode=require in the URL";
      }
      if (HasText(message, "pg_hba.conf")) {
        return "allow the connection in the server's pg_hba.conf";
      }
      return fmt::format("GRANT CONNECT ON DATABASE {} TO {}",
                         sql::QuoteIdentifier(target.database()),
                         sql::QuoteIdentifier(target.user()));
    case ErrorCode::kAuthentication:
      return "check user and password of the URL";
    case ErrorCode::kNoDatabase:
      return "create it: CREATE DATABASE " + sql::QuoteIdentifier(target.database());
    case ErrorCode::kTls:
      if (CannotBindChannel(message)) {
        return "libpq cannot use channel binding with the signature of this server's certificate "
               "(Ed25519): add channel_binding=disable to the URL";
      }
      if (HasText(message, "group or world access")) {
        return "let only its owner read the key: chmod 600 (of a secret in Kubernetes: "
               "defaultMode: 0400)";
      }
      if (HasText(message, "private key")) return "check sslkey and sslcert of the URL";
      return "check sslmode and the certificates of the URL";
    default:
      return fmt::format(
          "check that the server runs at {} and accepts connections from this machine",
          target.Address());
  }
}

}  // namespace

Refusal ReadRefusal(const std::string& message) {
  Refusal refusal;
  std::string text;
  for (std::string& line : Split(message, '\n')) {
    std::string state = TakeSqlState(line);
    if (!state.empty()) refusal.sqlstate = std::move(state);
    if (!refusal.sqlstate.empty() && line.starts_with("LOCATION:")) continue;
    text += line + '\n';
  }
  refusal.message = OnOneLine(text);
  return refusal;
}

// The error names the address already, and its remedy asks libpq's question: "connection to server
// at "h", port 5432 failed: Connection refused\tIs the server running …?" (fe-connect.c). Unchanged
// if there are several hosts.
std::string Reason(const std::string& message) {
  constexpr std::string_view kBegin = "connection to server ";
  constexpr std::string_view kFailed = " failed: ";
  const size_t failed = message.find(kFailed);
  const bool is_single = message.starts_with(kBegin) && failed != std::string::npos &&
                         message.find(kBegin, 1) == std::string::npos;
  if (!is_single) return message;
  std::string reason = message.substr(failed + kFailed.size());
  reason.resize(std::min(reason.size(), reason.find("Is the server running ")));
  reason = TrimRight(reason);
  if (reason.ends_with('.')) reason.pop_back();
  return reason;
}

Error ConnectError(const Target& target, Refusal refusal, bool needs_password) {
  for (const char* secret : {"password", "sslpassword"}) {
    refusal.message = sql::WithoutSecret(std::move(refusal.message), target.KeywordValue(secret));
  }
  if (IsInvalidParameter(refusal.message)) {
    return MakeError(ErrorCode::kBadUrl,
                     fmt::format("the provided database string is invalid: {}", refusal.message),
                     "correct the parameter after the ? of the URL, or the environment variable "
                     "of libpq that sets it");
  }
  const ErrorCode code = CodeOf(refusal, needs_password);
  Error error = MakeError(code,
                          fmt::format("cannot connect to database \"{}\" at {}: {}",
                                      target.database(), target.Address(), Reason(refusal.message)),
                          HintFor(code, target, refusal.message));
  if (IsFull(refusal)) {
    refusal.sqlstate = sqlstate::kTooManyConnections;
    error.hint = fmt::format(
        "end unused sessions or {}; ballast deploy --wait-for-database 1m waits for a "
        "free one",
        LimitToRaise(refusal.message, target));
  } else if (IsNotReady(refusal)) {
    error.hint = "wait for it: ballast deploy --wait-for-database 1m";
  }
  if (!refusal.sqlstate.empty()) error.details.emplace_back("sqlstate", refusal.sqlstate);
  return error;
}

bool MeansUnreachable(ErrorCode code) {
  return code == ErrorCode::kCannotReach || code == ErrorCode::kConnectionLost ||
         code == ErrorCode::kTimedOut || code == ErrorCode::kNoDatabase;
}

}  // namespace ballast::postgres
