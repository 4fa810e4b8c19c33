// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_loader_uses.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "workspace/script_loaders.h"

namespace ballast::workspace {
namespace {

class LoaderUseFinder {
 public:
  LoaderUseFinder(const std::vector<Token>& tokens, const Script& script)
      : tokens_(tokens), script_(script), may_override_(Mentions(tokens, "override")) {
    for (const auto& [name, import] : script.imports) {
      if (IsLoaderModule(import.module)) loaders_.insert(name);
    }
    for (const auto& [name, value] : script.constants) {
      if (IsLoaderModule(ModuleOfName(script, name))) loaders_.insert(name);
      if (value.kind != ExpressionKind::kCall || value.parts[0].text != "createRequire") continue;
      requires_.insert(name);
    }
  }

  std::vector<EnvironmentEffect> Find() {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      FindInside(i);
      if (tokens_[i].kind != TokenKind::kWord) continue;
      FindModule(i);
      FindAliasOfProcess(i);
      if (!IsValue(i)) continue;
      FindGlobal(i);
      const std::string& name = tokens_[i].text;
      if (name == "process" && !IsUsualUseOfProcess(i)) Add(i, "process", !NamesLoadEnvFile(i + 2));
      if (loaders_.contains(name) && !IsFollowed(i, i + 1)) Add(i, name, may_override_);
      if (name == "createRequire" && !IsDeclared(i)) Add(i, name);
      if (requires_.contains(name)) FindCreated(i);
    }
    return std::move(effects_);
  }

 private:
  std::string_view Text(size_t at) const { return TextAt(tokens_, at); }
  bool IsDot(size_t at) const { return Text(at) == "." || Text(at) == "?."; }
  bool IsWord(size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kWord;
  }

  static bool Mentions(const std::vector<Token>& tokens, std::string_view word) {
    return std::ranges::any_of(tokens, [&](const Token& token) {
      return token.text == word || std::ranges::any_of(token.expressions, [&](const auto& inside) {
               return Mentions(inside, word);
             });
    });
  }

  void Add(size_t at, std::string_view name, bool overrides = true) {
    effects_.push_back({at,
                        fmt::format("uses {} in a way that ballast does not follow, and that may "
                                    "set environment variables",
                                    name),
                        overrides});
  }

  // Inside of a template literal, no call is followed.
  void FindInside(size_t at) {
    for (const std::vector<Token>& inside : tokens_[at].expressions) {
      for (const std::string& name : loaders_) {
        if (Mentions(inside, name)) Add(at, name, may_override_);
      }
      if (Mentions(inside, "loadEnvFile")) Add(at, "process", false);
      for (EnvironmentEffect& effect : LoaderUseFinder(inside, script_).Find()) {
        effect.at = at;
        effects_.push_back(std::move(effect));
      }
    }
  }

  // Whether the token is the value of that name: no member, key, import, declaration or type.
  bool IsValue(size_t at) const {
    const std::string_view before = at > 0 ? Text(at - 1) : std::string_view();
    const bool is_global = at > 1 && (Text(at - 2) == "globalThis" || Text(at - 2) == "global");
    if (at > 0 && IsDot(at - 1) && !is_global) return false;
    for (const std::string_view word : {"const", "let", "var", "function", "typeof"}) {
      if (before == word) return false;
    }
    if (Text(at + 1) == ":" && (before == "{" || before == ",")) return false;
    return !IsImportedAt(tokens_, at) && !IsInPattern(at);
  }

  // const { config } = …
  bool IsInPattern(size_t at) const {
    for (size_t i = at; i > 0; --i) {
      if (Text(i - 1) == "{") {
        return i > 1 && IsDeclarationWord(Text(i - 2));
      }
      if (!IsWord(i - 1) && Text(i - 1) != "," && Text(i - 1) != ":") return false;
    }
    return false;
  }

  // import("dotenv"), and require("dotenv") whose value is not followed.
  void FindModule(size_t at) {
    const bool loads = (Text(at) == "require" || Text(at) == "import") && Text(at + 1) == "(" &&
                       at + 3 < tokens_.size() && tokens_[at + 2].kind == TokenKind::kText;
    if (!loads || !IsLoaderModule(tokens_[at + 2].text)) return;
    if (Text(at) == "require" && IsFollowed(at, at + 4)) return;
    Add(at, fmt::format("the module \"{}\"", tokens_[at + 2].text), may_override_);
  }

  // Whether the loader that ends there is called at once, by a member or itself, or gets a name by
  // which its calls are found.
  bool IsFollowed(size_t begin, size_t end) const {
    std::string_view member;
    while (IsDot(end) && IsWord(end + 1)) {
      member = Text(end + 1);
      end += 2;
    }
    if (Text(end) == "(") return member != "call" && member != "apply" && member != "bind";
    return IsDeclared(begin);
  }

  // Whether it begins the value of a constant of the script, whose module is known for loaders.
  bool IsDeclared(size_t begin) const {
    if (begin < 2 || Text(begin - 1) != "=") return false;
    const bool is_loader = Text(begin) != "createRequire";
    const auto is_known = [&](size_t at) {
      const std::string name(Text(at));
      if (!script_.constants.contains(name)) return false;
      return is_loader ? loaders_.contains(name) : requires_.contains(name);
    };
    if (Text(begin - 2) != "}") return is_known(begin - 2);
    for (size_t i = BeginOfBrackets(tokens_, begin - 2); i < begin - 2; ++i) {
      if (IsWord(i) && Text(i + 1) != ":" && !is_known(i)) return false;
    }
    return true;
  }

  // process.loadEnvFile keeps variables that are set.
  bool NamesLoadEnvFile(size_t at) const {
    return at < tokens_.size() && tokens_[at].text == "loadEnvFile";
  }

  // A member other than loadEnvFile, or a call of it; `const { A } = process`.
  bool IsUsualUseOfProcess(size_t at) const {
    if (IsDot(at + 1) && IsWord(at + 2)) {
      return !NamesLoadEnvFile(at + 2) || (Text(at + 1) == "." && Text(at + 3) == "(");
    }
    const bool by_index = Text(at + 1) == "[" && IsText(at + 2) && Text(at + 3) == "]";
    if (by_index) return !NamesLoadEnvFile(at + 2);
    if (at < 2 || Text(at - 1) != "=" || Text(at - 2) != "}") return false;
    const size_t pattern = BeginOfBrackets(tokens_, at - 2);
    for (size_t i = pattern; i < at - 2; ++i) {
      if (Text(i) == "loadEnvFile" && Text(i + 1) == ":") return false;
      if (Text(i) == "[" || Text(i) == "...") return false;
    }
    return Text(pattern) == "{" && pattern > 0 && IsDeclarationWord(Text(pattern - 1));
  }

  bool IsText(size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kText;
  }

  // What leads to `process` under another name, so that assignments to its members are not found:
  // import p from "process", require("process") that is not named process, process.mainModule.
  void FindAliasOfProcess(size_t at) {
    const std::string_view word = Text(at);
    const bool loads = (word == "require" || word == "import") && Text(at + 1) == "(";
    if (loads && IsText(at + 2) && IsProcessModule(tokens_[at + 2].text)) {
      const bool keeps_name = word == "require" && at >= 2 && Text(at - 1) == "=" &&
                              Text(at - 2) == "process" && !IsDot(at + 4);
      if (!keeps_name) return Add(at, "process");
    }
    if (loads && !IsText(at + 2)) return Add(at, word);
    if (word == "getBuiltinModule" || word == "mainModule") return Add(at, word);
    const bool is_import =
        word == "from" && IsText(at + 1) && IsProcessModule(tokens_[at + 1].text);
    if (!is_import) return;
    for (const auto& [name, import] : script_.imports) {
      const bool is_whole = import.name == "default" || import.name == "*";
      if (IsProcessModule(import.module) && is_whole && name != "process") Add(at, name);
    }
  }

  static bool IsProcessModule(std::string_view module) {
    return module == "process" || module == "node:process";
  }

  // The global object, and what gives it or a module under another name.
  void FindGlobal(size_t at) {
    const std::string_view word = Text(at);
    if (word == "globalThis" || word == "global" || word == "this") {
      const std::string_view member = IsDot(at + 1) ? Text(at + 2) : std::string_view();
      const bool again = member == "globalThis" || member == "global";
      const bool of_this = word == "this" && (member == "process" || again);
      if (member.empty() || again || of_this) Add(at, word);
    }
    if (word != "require" || requires_.contains("require")) return;
    const bool is_usual =
        Text(at + 1) == "(" || Text(at + 1) == "=" || (IsDot(at + 1) && Text(at + 2) == "resolve");
    if (!is_usual) Add(at, word);
  }

  // What createRequire() has returned: r("./env.cjs") runs the module.
  void FindCreated(size_t at) {
    if (Text(at + 1) == "=" || (IsDot(at + 1) && Text(at + 2) == "resolve")) return;
    const bool is_call =
        Text(at + 1) == "(" && at + 2 < tokens_.size() && tokens_[at + 2].kind == TokenKind::kText;
    if (!is_call) return Add(at, tokens_[at].text);
    if (Text(at) == "require") return;  // as any require
    const std::string& module = tokens_[at + 2].text;
    if (IsLoaderModule(module) || EffectOfImport(module, true)) Add(at, tokens_[at].text);
  }

  const std::vector<Token>& tokens_;
  const Script& script_;
  bool may_override_;
  std::set<std::string, std::less<>> loaders_;   // names of modules that load, or of their members
  std::set<std::string, std::less<>> requires_;  // names of what it returned
  std::vector<EnvironmentEffect> effects_;
};

}  // namespace

std::vector<EnvironmentEffect> FindLoaderUses(const std::vector<Token>& tokens,
                                              const Script& script) {
  return LoaderUseFinder(tokens, script).Find();
}

}  // namespace ballast::workspace
