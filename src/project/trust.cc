// SPDX-License-Identifier: Apache-2.0
#include "project/trust.h"

#include <sys/random.h>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/git.h"

namespace ballast::project {
namespace {

namespace fs = std::filesystem;

constexpr char kKeysVariable[] = "BALLAST_TRUSTED_KEYS";
constexpr char kPasswordVariable[] = "BALLAST_KEY_PASSWORD";
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kEverybody = 0644;

struct Source {
  std::vector<std::string> keys;
  fs::path folder;  // that files are relative to
  std::string name;
};

std::vector<std::string> KeysOfVariable(const ProjectContext& context) {
  const std::string* value = context.environment.Find(kKeysVariable);
  if (value == nullptr) return {};
  std::string text = *value;
  for (char& c : text) {
    if (c == ',' || c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  std::vector<std::string> keys = Split(text, ' ');
  std::erase_if(keys, [](const std::string& key) { return key.empty(); });
  return keys;
}

Source SourceOf(const ProjectContext& context) {
  const workspace::Project& project = context.project;
  if (!context.option_keys.empty())
    return {context.option_keys, project.directory, "--trusted-key"};
  std::vector<std::string> variable = KeysOfVariable(context);
  if (!variable.empty()) return {std::move(variable), project.directory, kKeysVariable};
  return {project.config.trusted_keys, project.config_root, "trusted_keys in ballast.toml"};
}

// Random bytes from the system; false if it has none.
template <size_t kSize>
bool FillRandomly(std::array<unsigned char, kSize>* bytes) {
  return getrandom(bytes->data(), kSize, 0) == static_cast<ssize_t>(kSize);
}

Status MakeKey(const KeyOptions& options, const Invocation& invocation, KeyReport& report) {
  release::KeyMaterial material;
  if (!FillRandomly(&material.seed) || !FillRandomly(&material.id) ||
      !FillRandomly(&material.salt)) {
    return MakeError(ErrorCode::kCannotRead, "cannot get random bytes from the system",
                     "permit the system call getrandom(2) in this container, or run the command "
                     "outside of it");
  }
  const std::string password = invocation.Variable(kPasswordVariable);
  const release::SecretKey key = release::MakeSecretKey(material);
  const std::string public_text = release::RenderPublicKey(key.Public());
  report.secret_file =
      (invocation.directory / (options.prefix + ".key")).lexically_normal().string();
  report.public_file =
      (invocation.directory / (options.prefix + ".pub")).lexically_normal().string();
  TRY(workspace::CreateFile(report.secret_file, release::RenderSecretKey(key, material, password),
                            kOwnerOnly));
  TRY(workspace::CreateFile(report.public_file, public_text, kEverybody));
  report.id = key.Public().Id();
  report.public_key = Split(public_text, '\n').at(1);
  report.encrypted = !password.empty();
  return {};
}

}  // namespace

Result<std::vector<release::PublicKey>> TrustedKeys(const ProjectContext& context) {
  const Source source = SourceOf(context);
  std::vector<release::PublicKey> keys;
  for (const std::string& text : source.keys) {
    if (const auto key = release::ParsePublicKey(text, source.name)) {
      keys.push_back(*key);
      continue;
    }
    TRY_ASSIGN(const std::string file, workspace::ReadFile(source.folder / text));
    TRY_ASSIGN(const release::PublicKey key, release::ParsePublicKey(file, text));
    keys.push_back(key);
  }
  return keys;
}

Result<release::SecretKey> ReadSignKey(const Invocation& invocation, const std::string& file) {
  TRY_ASSIGN(const std::string text, workspace::ReadFile(invocation.directory / file));
  return release::ParseSecretKey(text, invocation.Variable(kPasswordVariable), file);
}

void CheckSealOf(const ProjectContext& context, Artifacts& artifacts) {
  const auto keys = TrustedKeys(context);
  const auto seal = release::SealOf(*artifacts.package);
  if (seal) artifacts.seal = *seal;
  if (!keys) {
    artifacts.seal_error = keys.error();
  } else if (keys->empty()) {
    if (!seal) artifacts.seal_error = seal.error();
  } else if (const auto sealed = release::CheckSeal(*artifacts.package, *keys)) {
    artifacts.sealed_by = sealed->Id();
  } else {
    artifacts.seal_error = sealed.error();
  }
}

bool IsForeignPackage(const ProjectContext& context) {
  if (context.trust_history) return false;
  if (context.has_option_package) return true;
  const auto files = workspace::FilesAt(context.project.root, "HEAD",
                                        context.project.package / release::kMigrationsPath);
  return !files || files->empty();
}

KeyReport NewKey(const KeyOptions& options, const Invocation& invocation) {
  KeyReport report;
  Status done = MakeKey(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::project
