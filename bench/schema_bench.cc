// SPDX-License-Identifier: Apache-2.0
// Reading a schema and printing its DDL, at growing sizes.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "catalog/from_datamodel.h"
#include "prisma/parse.h"

namespace {

using ballast::prisma::SchemaFile;

// Models as real projects have them: a dozen fields, two indexes, a relation to the model before.
std::vector<SchemaFile> SchemaOf(int64_t models) {
  std::string text =
      "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\n"
      "enum Status {\n  PENDING\n  DONE @map(\"done\")\n}\n\n";
  for (int64_t i = 0; i < models; ++i) {
    text += fmt::format(
        "/// Model number {0}.\nmodel Model{0} {{\n  id        String   @id @default(cuid())\n"
        "  name      String   @db.VarChar(120)\n  status    Status   @default(PENDING)\n"
        "  amount    Decimal  @default(0.00) @db.Decimal(12, 2)\n  tags      String[] "
        "@default([])\n"
        "  payload   Json?    // anything\n  count     Int      @default(0) @map(\"the_count\")\n"
        "  createdAt DateTime @default(now())\n  updatedAt DateTime @updatedAt\n\n"
        "  parentId String\n"
        "  parent   Model{1} @relation(fields: [parentId], references: [id], onDelete: Cascade)\n"
        "  children Model{2}[]\n\n  @@unique([parentId, name])\n"
        "  @@index([status, createdAt(sort: Desc)])\n}}\n\n",
        i, (i + models - 1) % models, (i + 1) % models);
  }
  return {{"schema.prisma", std::move(text)}};
}

void BM_Parse(benchmark::State& state) {
  const std::vector<SchemaFile> files = SchemaOf(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(ballast::prisma::Parse(files));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * files[0].text.size()));
  state.SetComplexityN(state.range(0));
}

void BM_Render(benchmark::State& state) {
  const auto schema = ballast::prisma::Parse(SchemaOf(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(ballast::catalog::RenderSchemaSql(schema.datamodel));
  }
  state.SetComplexityN(state.range(0));
}

void BM_ParseDatasource(benchmark::State& state) {
  const std::vector<SchemaFile> files = SchemaOf(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(ballast::prisma::ParseDatasource(files));
}

BENCHMARK(BM_Parse)
    ->RangeMultiplier(10)
    ->Range(100, 10000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity();
BENCHMARK(BM_Render)
    ->RangeMultiplier(10)
    ->Range(100, 10000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity();
BENCHMARK(BM_ParseDatasource)
    ->RangeMultiplier(10)
    ->Range(100, 10000)
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
