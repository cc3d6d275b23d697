// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to shared/package: how a check says which field is wrong.

#include <absl/status/status.h>

#include <string>
#include <string_view>

#include "shared/base/status.h"
#include "shared/domain/manifest.h"

namespace ifrit::package {

/// PACKAGE_MANIFEST; the subject is the field as a TOML path ("files[3].mode"), from which the
/// parser finds the line.
inline absl::Status badField(std::string_view field, std::string_view message) {
    return base::invalidArgument("PACKAGE_MANIFEST", field, "'{}': {}", field, message);
}

/// What a check of shared/domain says, as the error of this field. OK stays OK.
inline absl::Status inField(std::string_view field, const absl::Status& status) {
    return status.ok() ? status : badField(field, base::messageOf(status));
}

inline absl::Status tooLarge(std::string_view field, std::string_view message) {
    return base::invalidArgument("PACKAGE_TOO_LARGE", field, "'{}': {}", field, message);
}

/// Archive and files of a manifest: digests, limits, paths, links.
absl::Status checkFiles(const domain::Manifest& manifest);

}  // namespace ifrit::package
