// SPDX-License-Identifier: Apache-2.0
// Parses a file into blocks. An invalid line is reported and skipped, so that all errors of a file
// are found in one pass (prisma-engines psl/schema-ast/src/parser).
#pragma once

#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"
#include "prisma/value_parser.h"

namespace ballast::prisma {

// kSettings: only datasources and generators; of models and enums only their ends are located,
// without reporting errors.
enum class Depth { kAll, kSettings };

class BlockParser {
 public:
  BlockParser(const SchemaFile& file, uint32_t number, ValueParser::Objects objects, Depth depth,
              Datamodel& datamodel, Diagnostics& diagnostics)
      : cursor_(file.text, number),
        depth_(depth),
        values_(cursor_, objects, diagnostics),
        datamodel_(datamodel),
        diagnostics_(diagnostics) {}

  // Appends the blocks of the file to the datamodel.
  void Run();

 private:
  void TakeTopLevelItem();
  bool TakeModel();
  bool TakeEnum();
  bool TakeConfigBlock();
  bool TakeTypeAlias();
  bool TakeUnknownBlock();

  // "keyword name {", with the rest of the line.
  bool OpenBlock(std::string_view keyword, Identifier& name);
  bool TakeBlockOpen();
  // Items up to the closing brace; lines that are not items are reported with the message.
  template <class TakeItem>
  bool TakeContents(size_t begin, std::string_view message, TakeItem take_item);

  bool SkipLine();
  bool TakeField(Model& model);
  bool TakeFieldType(Field& field, std::string& complaint);
  bool TakeBaseType(Field& field);
  bool TakeEnumValue(Enum& into);
  bool TakeProperty(ConfigBlock& block);
  bool TakeBlockAttribute(std::vector<Attribute>& into);
  bool TakeFieldAttributes(std::vector<Attribute>& into);
  bool TakeEndOfLine();
  bool TakeComments();
  bool TakeEmptyLines();

  Cursor cursor_;
  Depth depth_;
  ValueParser values_;
  Datamodel& datamodel_;
  Diagnostics& diagnostics_;
  // No block that opens at or after this position is closed.
  size_t unclosed_from_ = std::string_view::npos;
};

}  // namespace ballast::prisma
