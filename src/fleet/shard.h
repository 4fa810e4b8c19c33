// SPDX-License-Identifier: Apache-2.0
// Selects the part of a fleet that this process handles, if several processes share it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "workspace/environment.h"

namespace ballast::fleet {

struct Shard {
  int index = 0;  // 0-based
  int count = 1;
  std::string source;  // "--shard", "JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"

  bool IsFirst() const { return index == 0; }
};

// From `option` ("2/8", 1-based), else from the environment of a Kubernetes indexed Job
// (JOB_COMPLETION_INDEX, 0-based; the number of pods is `count` or JOB_COMPLETIONS) or of a Slurm
// array job (SLURM_ARRAY_TASK_ID with _MIN, _MAX, _COUNT and _STEP, of an array from 0 or 1 without
// gaps; with `count`, the ID is 0-based). `count` is the value of --shards; 0: not given. Empty:
// the whole fleet. B100 for invalid, incomplete and contradictory values, which must not be treated
// as the whole fleet.
Result<std::optional<Shard>> ShardOf(const std::string& option, int count,
                                     const workspace::Variables& environment);

// Uses a hash of the name, so that the result does not depend on the other targets.
bool IsInShard(const Shard& shard, std::string_view name);

}  // namespace ballast::fleet
