// SPDX-License-Identifier: Apache-2.0
// Repairs one installed version and ends: what the test kills before each of its system calls.
//
//     restore_driver ROOT STAGING ARCHIVE MANIFEST
#include <unistd.h>

#include <cstdio>

#include "agent/integrity/file_restorer.h"
#include "agent/integrity/tree_scanner.h"
#include "shared/base/atomic_file.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_toml.h"

namespace {

using namespace ifrit;
namespace integrity = ifrit::agent::integrity;

absl::Status repair(char** arguments) {
    IFRIT_ASSIGN_OR_RETURN(const std::string text,
                           base::readFile(arguments[4], package::kMaxManifestBytes));
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest, package::parseManifest(text));
    const base::SystemClock clock{};
    integrity::TreeScanner scanner(clock, [](std::size_t) { return true; });
    integrity::VerifiedStamps stamps;
    IFRIT_ASSIGN_OR_RETURN(const integrity::ObservedTree tree,
                           scanner.scan(arguments[1], manifest, integrity::Depth::Full, stamps));
    const auto drifts = findDrift(manifest, tree, {::geteuid(), ::getegid()});
    return integrity::restoreFiles({arguments[1], arguments[2], arguments[3], manifest, drifts});
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 64;
    const absl::Status status = repair(argv);
    if (status.ok()) return 0;
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
    return 1;
}
