#include "workspace/schema_files.h"

#include <fmt/format.h>

#include "workspace/files.h"
#include "workspace/script_tokens.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".prisma";
constexpr int kDeepest = 32;  // links may lead in circles

class SchemaLoader {
 public:
  explicit SchemaLoader(const fs::path& shown_from) : shown_from_(shown_from) {}

  Status LoadFile(const fs::path& file) {
    TRY_ASSIGN(std::string text, ReadFile(file));
    files_.push_back({file.lexically_proximate(shown_from_).string(), std::move(text)});
    return {};
  }

  Status LoadFolder(const fs::path& folder, int depth) {
    if (depth > kDeepest) {
      return MakeError(ErrorCode::kCannotRead,
                       fmt::format("the schema folder is nested too deeply at {}", folder.string()),
                       "look for a link that leads back into the folder", {folder.string(), 0});
    }
    TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(folder));
    for (const FolderEntry& entry : entries) {
      const fs::path path = folder / entry.name;
      if (IsFolder(path)) {
        TRY(LoadFolder(path, depth + 1));
      } else if (IsFile(path) && entry.name.ends_with(kSuffix)) {
        TRY(LoadFile(path));
      }
    }
    return {};
  }

  std::vector<SchemaFile> Take() { return std::move(files_); }

 private:
  fs::path shown_from_;
  std::vector<SchemaFile> files_;
};

// Reads `url = env("X")` and the like out of one block.
class DatasourceReader {
 public:
  DatasourceReader(const SchemaFile& file) : file_(file), tokens_(TokenizeScript(file.text)) {}

  bool Read(DatasourceHint* hint) {
    for (; at_ + 2 < tokens_.size(); ++at_) {
      if (Word(at_) != "datasource" || Sign(at_ + 2) != "{") continue;
      hint->file = file_.path;
      at_ += 3;
      ReadBlock(hint);
      return true;
    }
    return false;
  }

 private:
  std::string_view Word(size_t i) const { return Of(i, TokenKind::kWord); }
  std::string_view Sign(size_t i) const { return Of(i, TokenKind::kSign); }
  std::string_view Text(size_t i) const { return Of(i, TokenKind::kText); }
  std::string_view Of(size_t i, TokenKind kind) const {
    return i < tokens_.size() && tokens_[i].kind == kind ? std::string_view(tokens_[i].text)
                                                         : std::string_view();
  }

  void ReadBlock(DatasourceHint* hint) {
    for (; at_ < tokens_.size() && Sign(at_) != "}"; ++at_) {
      if (Sign(at_ + 1) != "=") continue;
      const std::string_view key = Word(at_);
      if (key == "provider") hint->provider = Text(at_ + 2);
      if (key == "url") hint->url = UrlAt(at_ + 2);
      if (key == "directUrl") hint->direct_url = UrlAt(at_ + 2);
      if (key == "schemas" && Sign(at_ + 2) == "[") ReadSchemas(at_ + 3, hint);
    }
  }

  UrlSource UrlAt(size_t i) const {
    UrlSource url{std::string(Text(i)), {}, {file_.path, tokens_[at_].line}};
    if (Word(i) == "env" && Sign(i + 1) == "(") url.variable = Text(i + 2);
    return url;
  }

  void ReadSchemas(size_t i, DatasourceHint* hint) const {
    for (; i < tokens_.size() && Sign(i) != "]"; ++i) {
      if (!Text(i).empty()) hint->schemas.emplace_back(Text(i));
    }
  }

  const SchemaFile& file_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
};

}  // namespace

Result<std::vector<SchemaFile>> LoadSchema(const fs::path& schema, const fs::path& shown_from) {
  SchemaLoader loader(shown_from);
  if (IsFolder(schema)) {
    TRY(loader.LoadFolder(schema, 0));
  } else {
    TRY(loader.LoadFile(schema));
  }
  return loader.Take();
}

Result<DatasourceHint> ReadDatasource(const std::vector<SchemaFile>& files) {
  DatasourceHint hint;
  for (const SchemaFile& file : files) {
    if (DatasourceReader(file).Read(&hint)) break;
  }
  return hint;
}

}  // namespace ballast::workspace
