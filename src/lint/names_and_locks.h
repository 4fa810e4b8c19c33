// SPDX-License-Identifier: Apache-2.0
// Names, locks and sizes in findings.
#pragma once

#include <string>
#include <string_view>

#include "lint/measurement.h"

namespace ballast::lint {

// "TaskRun" in schema public, else "audit.TaskRun".
std::string NameOf(const Relation& relation);
std::string NameOf(const EnumType& type);

// "\"TaskRun\"" or "\"audit\".\"TaskRun\"": as SQL.
std::string SqlNameOf(const Relation& relation);

// "blocks reads and writes to TaskRun", "blocks writes to TaskRun".
std::string DescribeBlocking(sql::LockMode mode, std::string_view table);

// "41 M rows, 12 GB"; "8 MB" if the rows were never counted.
std::string DescribeSize(const LiveTable& table);

}  // namespace ballast::lint
