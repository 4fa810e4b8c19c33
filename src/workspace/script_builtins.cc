// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_builtins.h"

namespace ballast::workspace {

std::string BuiltinOf(const Script::Import& import) {
  std::string module = import.module;
  if (module.starts_with("node:")) module = module.substr(5);
  const bool all = import.name == "default" || import.name == "*";
  if (module == "path" || module == "path/posix") return all ? "path" : "path." + import.name;
  if (module == "process") return all ? "process" : "process." + import.name;
  if (module == "fs" && (all || import.name == "existsSync")) {
    return all ? "fs" : "fs.existsSync";
  }
  if (module == "url") return all ? "url" : import.name;
  if (module == "prisma/config" || module == "@prisma/config") {
    return all ? "prisma" : "prisma." + import.name;
  }
  return {};
}

std::string GlobalOf(std::string_view name) {
  for (const char* same :
       {"process", "path", "URL", "String", "Boolean", "Number", "parseInt", "__dirname",
        "__filename", "require", "import", "fileURLToPath", "globalThis", "encodeURIComponent"}) {
    if (name == same) return same;
  }
  if (name == "join" || name == "resolve") return "path." + std::string(name);
  if (name == "env" || name == "defineConfig") return "prisma." + std::string(name);
  return {};
}

}  // namespace ballast::workspace
