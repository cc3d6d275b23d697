// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// Reads a signed manifest. Strict: an unknown, missing or malformed field, a name outside the
/// limits, a path that climbs out, a duplicate (also when case is ignored) are INVALID_ARGUMENT
/// with reason PACKAGE_MANIFEST (PACKAGE_TOO_LARGE for a limit of sizes), "manifest.toml:<line>:
/// ..." and, for an unknown field, the nearest known one. Call only on bytes whose signature has
/// been checked (signed_manifest.h).
absl::StatusOr<domain::Manifest> parseManifest(std::string_view toml);

/// Reads what an author writes (package.toml): the same fields without [archive] and [[files]].
absl::StatusOr<domain::Manifest> parsePackageSource(std::string_view toml, std::string_view source);

/// The text that is signed: fields in a fixed order, parseManifest() reads it back equal.
std::string writeManifest(const domain::Manifest& manifest);

/// The rules that hold for the values, whoever made them: limits, names, variables, files.
/// PACKAGE_MANIFEST or PACKAGE_TOO_LARGE; the subject is the field ("files[3].mode").
absl::Status checkManifest(const domain::Manifest& manifest);
/// The same without archive and files, which an author's source does not have yet.
absl::Status checkSource(const domain::Manifest& manifest);
/// What start, probe and hooks begin with, where it is not absolute, is an executable file of the
/// package, or a link to one. Apart from checkManifest(): asked before a package is published, and
/// not of those that machines run already.
absl::Status checkPrograms(const domain::Manifest& manifest);

}  // namespace ifrit::package
