// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_config.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "workspace/script_tokens.h"

namespace ballast::workspace {
namespace {

// The keys whose values matter here.
constexpr std::string_view kWatched[] = {"schema",     "migrations",     "migrations.path",
                                         "datasource", "datasource.url", "datasource.directUrl"};

// Reads the object that is given to defineConfig, or exported as it is.
class ConfigReader {
 public:
  ConfigReader(std::string_view text, const std::string& file) : tokens_(TokenizeScript(text)) {
    config_.file = file;
  }

  PrismaConfig Read() {
    config_.loads_dotenv = LoadsDotenv();
    if (FindConfigObject()) {
      ReadObject("");
    } else {
      config_.notices.push_back(
          fmt::format("{}: no configuration was found in it; it is passed over", config_.file));
    }
    return std::move(config_);
  }

 private:
  bool At(std::string_view text) const {
    return at_ < tokens_.size() && tokens_[at_].kind != TokenKind::kText &&
           tokens_[at_].text == text;
  }
  bool AtText() const { return at_ < tokens_.size() && tokens_[at_].kind == TokenKind::kText; }
  bool Take(std::string_view text) {
    if (!At(text)) return false;
    ++at_;
    return true;
  }
  bool TakeAll(std::initializer_list<std::string_view> texts) {
    const size_t start = at_;
    for (const std::string_view text : texts) {
      if (Take(text)) continue;
      at_ = start;
      return false;
    }
    return true;
  }

  // import "dotenv/config", require("dotenv/config"), dotenv.config(), loadEnvFile().
  bool LoadsDotenv() const {
    return std::any_of(tokens_.begin(), tokens_.end(), [](const Token& token) {
      return (token.kind == TokenKind::kText && token.text == "dotenv/config") ||
             (token.kind == TokenKind::kWord &&
              (token.text == "dotenv" || token.text == "loadEnvFile"));
    });
  }

  // Leaves at_ behind the opening brace.
  bool FindConfigObject() {
    const std::initializer_list<std::string_view> beginnings[] = {
        {"defineConfig", "(", "{"},
        {"export", "default", "{"},
        {"module", ".", "exports", "=", "{"},
        {"PrismaConfig", "=", "{"},
    };
    for (const auto& beginning : beginnings) {
      for (at_ = 0; at_ < tokens_.size(); ++at_) {
        if (TakeAll(beginning)) return true;
      }
    }
    return false;
  }

  // Members up to the closing brace; `path` is "" or "datasource.".
  void ReadObject(const std::string& path) {
    while (at_ < tokens_.size() && !Take("}")) {
      const bool named = tokens_[at_].kind != TokenKind::kSign;
      const std::string key = path + tokens_[at_].text;
      const int line = tokens_[at_].line;
      if (named) ++at_;
      if (named && Take(":")) {
        ReadMember(key, line);
      } else if (named && (At(",") || At("}"))) {
        NotLiteral(key, line);  // shorthand: { schema }
      }
      SkipToNextMember();
    }
  }

  void ReadMember(const std::string& key, int line) {
    if ((key == "migrations" || key == "datasource") && Take("{")) {
      ReadObject(key + ".");
    } else if (key == "schema") {
      config_.schema = ReadPath(key, line);
    } else if (key == "migrations.path") {
      config_.migrations_path = ReadPath(key, line);
    } else if (key == "datasource.url") {
      config_.url = ReadUrl(key, line);
    } else if (key == "datasource.directUrl") {
      config_.direct_url = ReadUrl(key, line);
    } else {
      NotLiteral(key, line);
    }
  }

  std::optional<std::string> ReadPath(const std::string& key, int line) {
    std::optional<std::string> path = AtText() ? std::optional(tokens_[at_++].text) : ReadJoin();
    if (path && AtEndOfValue()) return path;
    NotLiteral(key, line);
    return std::nullopt;
  }

  // path.join("a", "b"), join(…), path.resolve(__dirname, "a").
  std::optional<std::string> ReadJoin() {
    if (Take("path") && !Take(".")) return std::nullopt;
    if (!Take("join") && !Take("resolve")) return std::nullopt;
    if (!Take("(")) return std::nullopt;
    std::vector<std::string> parts;
    if (TakeAll({"__dirname"}) || TakeAll({"import", ".", "meta", ".", "dirname"})) {
      if (!Take(",")) return std::nullopt;
    }
    while (AtText()) {
      parts.push_back(tokens_[at_++].text);
      if (!Take(",")) break;
    }
    if (parts.empty() || !Take(")")) return std::nullopt;
    return Join(parts, "/");
  }

  UrlSource ReadUrl(const std::string& key, int line) {
    UrlSource url{{}, {}, {config_.file, line}};
    if (AtText()) {
      url.literal = tokens_[at_++].text;
    } else {
      url.variable = ReadVariable();
    }
    if ((!url.literal.empty() || !url.variable.empty()) && AtEndOfValue()) return url;
    NotLiteral(key, line);
    return {};
  }

  // env("X"), process.env.X, process.env["X"]; a trailing "!" is only a type's.
  std::string ReadVariable() {
    std::string name;
    if (TakeAll({"env", "("})) {
      if (AtText()) name = tokens_[at_++].text;
      if (!Take(")")) return {};
    } else if (TakeAll({"process", ".", "env", "."})) {
      if (at_ < tokens_.size()) name = tokens_[at_++].text;
    } else if (TakeAll({"process", ".", "env", "["})) {
      if (AtText()) name = tokens_[at_++].text;
      if (!Take("]")) return {};
    }
    Take("!");
    if (Take("as")) Take("string");
    return name;
  }

  bool AtEndOfValue() const { return at_ >= tokens_.size() || At(",") || At("}"); }

  void NotLiteral(const std::string& key, int line) {
    if (std::find(std::begin(kWatched), std::end(kWatched), key) == std::end(kWatched)) return;
    config_.notices.push_back(fmt::format(
        "{}:{}: the value of {} is not a literal; it is passed over", config_.file, line, key));
  }

  // To behind the next comma of this object, or to its closing brace.
  void SkipToNextMember() {
    int depth = 0;
    for (; at_ < tokens_.size(); ++at_) {
      if (depth == 0 && At("}")) return;
      if (depth == 0 && Take(",")) return;
      if (At("{") || At("(") || At("[")) ++depth;
      if (At("}") || At(")") || At("]")) --depth;
      if (depth < 0) depth = 0;
    }
  }

  std::vector<Token> tokens_;
  size_t at_ = 0;
  PrismaConfig config_;
};

}  // namespace

PrismaConfig ReadPrismaConfig(std::string_view text, const std::string& file) {
  return ConfigReader(text, file).Read();
}

}  // namespace ballast::workspace
