// SPDX-License-Identifier: Apache-2.0
#include "fleet/shard.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "base/sha256.h"

namespace ballast::fleet {
namespace {

std::optional<int> Number(std::string_view text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<int> Number(const workspace::Variables& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::nullopt : Number(found->second);
}

Error NoShard(const std::string& message, std::string hint) {
  return MakeError(ErrorCode::kUsageError, message, std::move(hint));
}

Result<std::optional<Shard>> Within(Shard shard) {
  if (shard.count > 0 && shard.index >= 0 && shard.index < shard.count) {
    return std::optional<Shard>(std::move(shard));
  }
  return NoShard(
      fmt::format("shard {} of {} does not exist ({})", shard.index + 1, shard.count, shard.source),
      "shards are numbered 1/N to N/N; indexes of jobs begin at 0");
}

Result<std::optional<Shard>> OfOption(const std::string& option, int shards) {
  const size_t slash = option.find('/');
  const auto index = Number(std::string_view(option).substr(0, slash));
  const std::string_view after =
      slash == std::string::npos ? "" : std::string_view(option).substr(slash + 1);
  const auto count = Number(after);
  if (!index || !count) {
    return NoShard(fmt::format("--shard {} is not of the form I/N", option),
                   "write for example --shard 1/4");
  }
  if (shards > 0 && shards != count) {
    return NoShard(fmt::format("--shard {} and --shards {} contradict each other", option, shards),
                   "omit --shards, because --shard I/N contains the number");
  }
  return Within({*index - 1, *count, "--shard"});
}

Result<std::optional<Shard>> OfKubernetes(int count, const workspace::Variables& environment) {
  const auto index = Number(environment, "JOB_COMPLETION_INDEX");
  if (!environment.contains("JOB_COMPLETION_INDEX")) {
    return NoShard("JOB_COMPLETIONS is set, but not which of the job's pods this is",
                   "set completionMode: Indexed in the Job, or pass --shard I/N");
  }
  if (!index) {
    return NoShard(fmt::format("JOB_COMPLETION_INDEX is not an index: \"{}\"",
                               environment.find("JOB_COMPLETION_INDEX")->second),
                   "it must be a number from 0 on; otherwise pass --shard I/N");
  }
  const auto completions = Number(environment, "JOB_COMPLETIONS");
  if (count > 0 && completions.value_or(count) != count) {
    return NoShard(
        fmt::format(
            "--shards {} and JOB_COMPLETIONS={} contradict each other: {} would have no pod", count,
            *completions, count > *completions ? "some shards" : "some pods"),
        fmt::format("set completions: {} in the Job, or omit --shards", count));
  }
  const int pods = count > 0 ? count : completions.value_or(0);
  if (pods == 0) {
    return NoShard("JOB_COMPLETION_INDEX is set, but the number of the job's pods is not known",
                   "pass --shards N, set JOB_COMPLETIONS, or pass --shard I/N");
  }
  return Within({*index, pods, "JOB_COMPLETION_INDEX"});
}

// An array of one task, of tasks with gaps, or from a higher index is what starts single shards
// again, so its number of tasks is not the number of shards.
Result<std::optional<Shard>> OfSlurm(int count, const workspace::Variables& environment) {
  const auto id = Number(environment, "SLURM_ARRAY_TASK_ID");
  if (id && count > 0) return Within({*id, count, "SLURM_ARRAY_TASK_ID"});
  const auto first = Number(environment, "SLURM_ARRAY_TASK_MIN");
  const auto last = Number(environment, "SLURM_ARRAY_TASK_MAX");
  const auto tasks = Number(environment, "SLURM_ARRAY_TASK_COUNT");
  const int step = Number(environment, "SLURM_ARRAY_TASK_STEP").value_or(1);
  const int64_t end = int64_t{first.value_or(0)} + int64_t{step} * (tasks.value_or(0) - 1);
  const bool complete =
      first && *first <= 1 && tasks && *tasks > 1 && step > 0 && (!last || *last == end);
  const bool regular = id && complete && *id >= *first && (*id - *first) % step == 0 &&
                       (*id - *first) / step < *tasks;
  if (!regular) {
    return NoShard(
        "this is a task of a Slurm array, but its shard cannot be determined from "
        "SLURM_ARRAY_TASK_ID, "
        "_MIN, _MAX, _STEP and _COUNT",
        "use an array such as --array=0-7, or pass --shards N or --shard I/N");
  }
  return Within({(*id - *first) / step, *tasks, "SLURM_ARRAY_TASK_ID"});
}

bool IsSlurmArray(const workspace::Variables& environment) {
  const auto found = environment.lower_bound("SLURM_ARRAY_TASK_");
  return found != environment.end() && found->first.starts_with("SLURM_ARRAY_TASK_");
}

}  // namespace

Result<std::optional<Shard>> ShardOf(const std::string& option, int count,
                                     const workspace::Variables& environment) {
  if (!option.empty()) return OfOption(option, count);
  if (environment.contains("JOB_COMPLETION_INDEX")) return OfKubernetes(count, environment);
  if (IsSlurmArray(environment)) return OfSlurm(count, environment);
  if (environment.contains("JOB_COMPLETIONS")) return OfKubernetes(count, environment);
  if (count > 1) {
    return NoShard(fmt::format("--shards {} is given, but not which of them this is", count),
                   "pass --shard I/N, or run the command in an indexed Job or a Slurm array");
  }
  return std::optional<Shard>();
}

bool IsInShard(const Shard& shard, std::string_view name) {
  const std::string digest = Sha256Hex(name).substr(0, 15);
  uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + digest.size(), number, 16);
  return number % static_cast<uint64_t>(shard.count) == static_cast<uint64_t>(shard.index);
}

}  // namespace ballast::fleet
