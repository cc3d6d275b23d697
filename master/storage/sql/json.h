// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <string>
#include <vector>

#include "master/release/model.h"

// Values that are read and written whole and never searched are kept as JSON in a text column.
// Writing is INVALID_ARGUMENT (TEXT_INVALID) as for any text; DATA_LOSS where stored JSON is not
// what we write.
namespace ifrit::master::storage::sql {

absl::StatusOr<std::string> listToJson(const std::vector<std::string>& list);
absl::StatusOr<std::vector<std::string>> listFromJson(const std::string& json);

absl::StatusOr<std::string> mapToJson(const std::map<std::string, std::string>& map);
absl::StatusOr<std::map<std::string, std::string>> mapFromJson(const std::string& json);

/// Whether the uuids of a gray list, of which there may be ten thousand, are part of a document.
enum class GrayUuids { Written, LeftOut };
/// All of a release that has no column of its own; unknown keys are ignored when read, so that an
/// older master can read a newer one's rows while masters are upgraded in turn.
absl::StatusOr<std::string> releaseToJson(const release::Model& model, GrayUuids uuids);
/// Fills `model` with it.
absl::Status releaseFromJson(const std::string& json, release::Model& model);
/// The same of what a release asks for, but for agent and version.
absl::StatusOr<std::string> releaseSpecToJson(const domain::ReleaseSpec& spec);
absl::Status releaseSpecFromJson(const std::string& json, release::Model& model);

}  // namespace ifrit::master::storage::sql
