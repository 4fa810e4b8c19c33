// SPDX-License-Identifier: Apache-2.0
#include "postgres/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/server_address.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "catalog/own_schemas.h"
#include "postgres/connection_files.h"
#include "postgres/libpq.h"
#include "postgres/percent_encoding.h"
#include "postgres/url_tls.h"

namespace ballast::postgres {
namespace {

constexpr size_t kLongestName = 63;  // NAMEDATALEN - 1

// Whether it contains %XX.
bool HasEncodedByte(std::string_view text) {
  for (size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    if (at + 2 < text.size() && HexDigit(text[at + 1]) && HexDigit(text[at + 2])) return true;
  }
  return false;
}

struct Parts {
  std::string user;
  std::string password;
  bool has_password = false;
  std::string hosts;     // "h1:p1,h2"
  std::string database;  // encoded
  std::vector<std::pair<std::string, std::string>> parameters;
};

std::optional<std::string_view> AfterScheme(std::string_view url) {
  for (const std::string_view scheme : {"postgresql://", "postgres://"}) {
    if (url.starts_with(scheme)) return url.substr(scheme.size());
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Parameters(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  if (query.empty()) return parameters;
  for (const std::string& pair : Split(query, '&')) {
    const size_t equals = pair.find('=');
    const std::string name = PercentDecode(pair.substr(0, equals), true);
    if (name.empty()) continue;
    parameters.emplace_back(
        name, equals == std::string::npos ? "" : PercentDecode(pair.substr(equals + 1), true));
  }
  return parameters;
}

// "user:p@ss/word@host/db": what follows the / may be the rest of a password, which must not be
// shown as a host or a database. An @ in the value of a parameter is one.
bool MayCutPassword(std::string_view rest) {
  const size_t end = rest.find_first_of("/?#");
  if (end == rest.npos || rest.substr(0, end).find(':') == rest.npos) return false;
  bool in_value = false;
  for (const char c : rest.substr(end)) {
    if (c == '@' && !in_value) return true;
    in_value = c == '=' || (in_value && c != '&' && c != '#');
  }
  return false;
}

Parts SplitUrl(std::string_view rest) {
  Parts parts;
  const size_t fragment = rest.find('#');
  if (fragment != std::string_view::npos) rest = rest.substr(0, fragment);
  const size_t question = rest.find('?');
  if (question != std::string_view::npos) {
    parts.parameters = Parameters(rest.substr(question + 1));
    rest = rest.substr(0, question);
  }
  const size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) {
    const std::string_view path = rest.substr(slash + 1);
    parts.database = std::string(path.substr(0, path.find('/')));
  }
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view login = authority.substr(0, at);
    const size_t colon = login.find(':');
    parts.user = PercentDecode(login.substr(0, colon));
    if (colon != std::string_view::npos) {
      parts.has_password = true;
      parts.password = PercentDecode(login.substr(colon + 1));
    }
    authority = authority.substr(at + 1);
  }
  parts.hosts = PercentDecode(authority);
  return parts;
}

Error BadUrl(const std::string& message,
             std::string hint = "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE") {
  return MakeError(ErrorCode::kBadUrl, "the provided database string is invalid: " + message,
                   std::move(hint));
}

// Says how the URL begins instead, if that is a protocol and cannot be part of a password.
Error NoProtocol(std::string_view url) {
  constexpr size_t kLongest = 20;
  const std::string must = "the URL must start with the protocol `postgresql://` or `postgres://`";
  const size_t end = url.find("://");
  const std::string_view protocol = url.substr(0, std::min(end, url.size()));
  const bool is_word = std::ranges::all_of(protocol, [](char c) {
    return std::islower(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-';
  });
  if (end == std::string_view::npos) return BadUrl(must + ", and it has none");
  if (!is_word || protocol.size() > kLongest) return BadUrl(must);
  if (protocol.starts_with("prisma")) {
    return BadUrl(fmt::format("{}, and it starts with `{}://`, which is for Prisma Accelerate",
                              must, protocol),
                  "pass the URL of the server itself: --database-url, directUrl or DIRECT_URL");
  }
  return BadUrl(fmt::format("{}, and it starts with `{}://`", must, protocol));
}

// The text is not shown: without an @ after them, it is a password.
Error BadPort(bool has_login) {
  return BadUrl(has_login ? "the port after the host is not a number from 1 to 65535"
                          : "what follows the colon is not a port, which is a number from 1 to "
                            "65535; after USER:PASSWORD, an @ must follow");
}

bool IsPort(const std::string& port) {
  const int number = std::atoi(port.c_str());
  return port.find_first_not_of("0123456789") == std::string::npos && port.size() <= 5 &&
         number >= 1 && number <= 65535;
}

// libpq's list for several hosts: "5432,6543".
bool ArePorts(const std::string& text) {
  const std::vector<std::string> ports = Split(text, ',');
  return std::all_of(ports.begin(), ports.end(), IsPort);
}

struct HostAndPort {
  std::string host;
  std::string port;
};

// "h1:5432,[::1]:6543,h3" → libpq's two lists, with the default where one of them is not written.
Result<HostAndPort> SplitHosts(const std::string& text, const HostAndPort& defaults,
                               bool has_login) {
  std::vector<std::string> hosts;
  std::vector<std::string> ports;
  for (std::string host : Split(text, ',')) {
    std::string port;
    size_t colon = host.rfind(':');
    if (host.starts_with('[')) {
      const size_t close = host.find(']');
      if (close == std::string::npos) return BadUrl("an IPv6 address lacks its closing bracket");
      colon = close + 1 < host.size() ? close + 1 : std::string::npos;
      port = colon == std::string::npos ? "" : host.substr(colon + 1);
      host = host.substr(1, close - 1);
    } else if (colon != std::string::npos) {
      port = host.substr(colon + 1);
      host = host.substr(0, colon);
    }
    if (!port.empty() && !IsPort(port)) return BadPort(has_login);
    hosts.push_back(host.empty() ? defaults.host : host);
    ports.push_back(port.empty() ? defaults.port : port);
  }
  return HostAndPort{Join(hosts, ","), Join(ports, ",")};
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Prisma's parameters without effect on migrations.
bool IsIgnoredByMigrate(std::string_view name) {
  for (const std::string_view ignored :
       {"pool_timeout", "connection_limit", "max_connection_lifetime",
        "max_idle_connection_lifetime", "statement_cache_size"}) {
    if (name == ignored) return true;
  }
  return false;
}

bool IsLibpqKeyword(const std::string& name) {
  PQconninfoOption* options = PQconndefaults();
  bool known = false;
  for (PQconninfoOption* o = options; o != nullptr && o->keyword != nullptr; ++o) {
    known = known || name == o->keyword;
  }
  PQconninfoFree(options);
  return known;
}

// Prisma's client certificate and key, in one file.
Error IsPkcs12(const std::string& file) {
  const std::string convert = "openssl pkcs12 -in " + ShellWord(file);
  return BadUrl(
      "sslidentity names a PKCS #12 file, and libpq reads client certificates as PEM files only",
      fmt::format("make PEM files once: `{0} -clcerts -nokeys -out client.crt` and "
                  "`{0} -nocerts -nodes -out client.key`; in the URL, replace sslidentity and "
                  "sslpassword by sslcert=client.crt&sslkey=client.key, and write the server's CA, "
                  "which Prisma calls sslcert, as sslrootcert=FILE&sslmode=verify-full",
                  convert));
}

// The server's schemas, ballast's own, and a name that means another one on a search_path.
bool IsReserved(const std::string& schema) {
  return schema.starts_with("pg_") || schema == "$user" || schema == "information_schema" ||
         schema == catalog::kJournalSchema || schema == catalog::kKeptSchema;
}

Status ApplyParameter(const std::string& name, const std::string& value, Target& target,
                      TlsParameters& tls) {
  if (tls.Take(name, value)) return {};
  if (name == "schema") {
    // The server truncates longer names, so objects created under one name would not be found under
    // the other.
    if (value.size() > kLongestName)
      return BadUrl("the name of the schema is longer than 63 bytes");
    if (IsReserved(value))
      return BadUrl("the schema " + value + " is reserved",
                    "name a schema for the tables of an application: ?schema=app");
    target.schema = value;
  } else if (name == "host" || name == "user" || name == "dbname") {
    target.Set(name, value);
  } else if (name == "port") {
    if (!ArePorts(value)) return BadUrl("the parameter port is not a number from 1 to 65535");
    target.Set(name, value);
  } else if (name == "pgbouncer") {
    if (value != "true" && value != "false") return BadUrl("pgbouncer must be true or false");
    target.pgbouncer = value == "true";
  } else if (name == "sslidentity") {
    if (!value.empty()) return IsPkcs12(value);
  } else if (name == "socket_timeout") {
    if (!IsNumber(value)) return BadUrl("socket_timeout is not a number");
    target.socket_timeout_seconds = std::atof(value.c_str());
  } else if (name == "connect_timeout") {
    if (!IsNumber(value)) return BadUrl("connect_timeout is not a number");
    target.Set(name, value);
  } else if (!IsIgnoredByMigrate(name) && IsLibpqKeyword(name)) {
    target.Set(name, value);
  }
  return {};
}

// The parameter, or the variable, which libpq applies to every connection.
bool NamesService(const std::vector<std::pair<std::string, std::string>>& parameters) {
  const char* variable = std::getenv("PGSERVICE");
  if (variable != nullptr && *variable != '\0') return true;
  return std::any_of(parameters.begin(), parameters.end(), [](const auto& parameter) {
    return parameter.first == "service" && !parameter.second.empty();
  });
}

// The path of the URL.
Status SetDatabase(const std::string& path, Target& target) {
  if (path.empty()) return {};
  const std::string name = PercentDecode(path);
  if (name.find('\0') != name.npos) {
    return BadUrl("the name of the database contains %00, a zero byte");
  }
  const bool encoded = HasEncodedByte(path);
  if (encoded && name == path) return BadUrl("the name of the database does not decode to UTF-8");
  target.Set("dbname", name);
  if (encoded) target.undecoded_database = path;
  return {};
}

Result<Target> FromUrl(std::string_view rest) {
  const Parts parts = SplitUrl(rest);
  if (MayCutPassword(rest)) {
    return BadUrl(
        "an @ follows a /, ? or #, so it is not clear where the password ends; in user and "
        "password, a / must be written as %2F, ? as %3F, # as %23, and @ as %40",
        "an @ in the name of the database must be written as %40, too");
  }
  // What the URL does not say comes from the service, if it names one, else it is Prisma's default.
  const bool has_service = NamesService(parts.parameters);
  if (has_service) TRY(CheckServiceFiles());  // before PQconndefaults reads one
  TRY_ASSIGN(const HostAndPort written,
             SplitHosts(parts.hosts, has_service ? HostAndPort{} : HostAndPort{"localhost", "5432"},
                        parts.has_password || !parts.user.empty()));
  Target target;
  if (!written.port.empty()) target.Set("port", written.port);
  TlsParameters tls;
  for (const auto& [name, value] : parts.parameters) {
    TRY(ApplyParameter(name, value, target, tls));
  }
  if (target.host().empty() && !written.host.empty()) target.Set("host", written.host);
  TRY(SetDatabase(parts.database, target));
  if (target.database().empty() && !has_service) target.Set("dbname", "postgres");
  if (target.user().empty() && !parts.user.empty()) target.Set("user", parts.user);
  if (parts.has_password && target.KeywordValue("password").empty()) {
    target.Set("password", parts.password);
  }
  tls.ApplyTo(target);
  return target;
}

Result<Target> FromKeywords(std::string_view text) {
  char* message = nullptr;
  PQconninfoOption* options = PQconninfoParse(std::string(text).c_str(), &message);
  if (options == nullptr) {
    const bool open = message != nullptr && std::strstr(message, "unterminated") != nullptr;
    PQfreemem(message);  // it may quote the password
    return BadUrl(open ? "a value is quoted, and the quotation mark that ends it is missing"
                       : "it is neither a URL nor a list of libpq's parameters, KEY=VALUE, with "
                         "values in single quotes if they have blanks");
  }
  Target target;
  for (PQconninfoOption* o = options; o->keyword != nullptr; ++o) {
    if (o->val != nullptr) target.keywords.emplace_back(o->keyword, o->val);
  }
  PQconninfoFree(options);
  // A complete URL in dbname would be shown as the database's name, with its password.
  const std::string database = target.database();
  if (database.find("://") != std::string::npos || database.find('=') != std::string::npos) {
    return BadUrl("dbname is not the name of a database");
  }
  return target;
}

}  // namespace

std::string Target::Address() const {
  if (!host().empty()) return ServerAddress(host(), port());
  const std::string service = KeywordValue("service");
  return service.empty() ? "the default host" : "the service \"" + service + "\"";
}

std::string Target::KeywordValue(std::string_view keyword) const {
  for (const auto& [name, value] : keywords) {
    if (name == keyword) return value;
  }
  return {};
}

void Target::Set(std::string_view keyword, std::string value) {
  for (auto& [name, old] : keywords) {
    if (name == keyword) {
      old = std::move(value);
      return;
    }
  }
  keywords.emplace_back(keyword, std::move(value));
}

Target Target::WithDatabase(std::string name) const {
  Target other = *this;
  other.Set("dbname", std::move(name));
  other.undecoded_database.clear();
  return other;
}

Target Target::WithUndecodedDatabase() const {
  Target other = WithDatabase(undecoded_database);
  other.decoded_database = database();
  return other;
}

namespace {

// Shells and .env files remove quotes; others leave them in the value.
bool IsQuoted(std::string_view url) {
  return std::ranges::any_of(std::array<std::string_view, 5>{"\"", "'", "`", "“", "‘"},
                             [&](std::string_view quote) { return url.starts_with(quote); });
}

Result<Target> ParseEitherForm(std::string_view url) {
  if (IsQuoted(url)) {
    return BadUrl("it starts with a quotation mark, which is part of the value",
                  "remove the quotes around the URL where it is set: `docker run --env-file` and "
                  "`kubectl create secret --from-env-file` do not remove them");
  }
  if (const auto rest = AfterScheme(url)) return FromUrl(*rest);
  if (url.find("://") != std::string_view::npos || url.find('=') == std::string_view::npos) {
    return NoProtocol(url);
  }
  return FromKeywords(url);
}

}  // namespace

Result<Target> ParseUrl(std::string_view url) {
  if (LoadLibpq() == nullptr) return NoLibpq();
  // As URLs are read elsewhere (WHATWG): a value from a file can end with a line break.
  std::string text(Trim(url));
  if (text.find("://") != std::string::npos) {
    std::erase_if(text, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
  }
  if (text.empty()) return BadUrl("it is empty");
  TRY_ASSIGN(Target target, ParseEitherForm(text));
  UseSystemCertificates(target);
  return target;
}

std::vector<std::string> UrlNotices(std::string_view url) {
  const auto rest = AfterScheme(Trim(url));
  if (!rest) return {};
  TlsParameters tls;
  for (const auto& [name, value] : SplitUrl(*rest).parameters) tls.Take(name, value);
  return tls.Notices();
}

Result<Target> ParseUrl(std::string_view url, std::string_view origin) {
  Result<Target> target = ParseUrl(url);
  if (target) return target;
  Error error = std::move(target).error();
  error.message += fmt::format(" ({})", origin);
  return error;
}

namespace {

// A value in libpq's "key=value" form.
std::string QuotedValue(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

std::string UrlWithDatabase(const std::string& url, const std::string& name) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url + " dbname=" + QuotedValue(name);
  const size_t tail = std::min(url.find_first_of("?#", scheme), url.size());
  const size_t path = std::min(url.find('/', scheme + 3), tail);
  return url.substr(0, path) + "/" + PercentEncode(name) + url.substr(tail);
}

std::string UrlWithSchema(const std::string& url, const std::string& schema) {
  if (url.find("://") == std::string::npos) return url;  // libpq's form has no schema
  const size_t query = std::min(url.find('?'), url.size());
  std::string with_schema = url.substr(0, query) + "?schema=" + PercentEncode(schema);
  if (query == url.size()) return with_schema;
  for (const std::string_view parameter : Split(std::string_view(url).substr(query + 1), '&')) {
    if (!parameter.starts_with("schema=")) with_schema += "&" + std::string(parameter);
  }
  return with_schema;
}

}  // namespace ballast::postgres
