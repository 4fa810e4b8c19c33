// SPDX-License-Identifier: Apache-2.0
// Which part of a fleet this process is for, when several share it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "workspace/environment.h"

namespace ballast::fleet {

struct Shard {
  int index = 0;  // from 0
  int count = 1;
  std::string source;  // "--shard", "JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"

  bool IsFirst() const { return index == 0; }
};

// By `option` ("2/8", from 1), else by the environment of a Kubernetes indexed Job
// (JOB_COMPLETION_INDEX, from 0; the number of its pods is `count` or JOB_COMPLETIONS) or of a
// Slurm array job (SLURM_ARRAY_TASK_ID with _MIN, _COUNT and _STEP; with `count`, the ID counts
// from 0). `count`: of --shards; 0: not given. Nothing: all of the fleet. B100 for what cannot be
// understood, for it must not be taken for all of the fleet.
Result<std::optional<Shard>> ShardOf(const std::string& option, int count,
                                     const workspace::Variables& environment);

// By a hash of the name, so that it does not depend on which other targets a process has found.
bool Holds(const Shard& shard, std::string_view name);

}  // namespace ballast::fleet
