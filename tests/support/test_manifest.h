// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/crypto/sha256.h"
#include "shared/crypto/signing_key.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::tests {

/// Of a package with one program, for what looks at packages from outside and never unpacks them.
inline package::SignedManifest signedManifest(const std::string& agent, const std::string& version,
                                              const std::string& archive,
                                              const crypto::SigningKey& signer) {
    domain::Manifest manifest;
    manifest.name = agent;
    manifest.version = version;
    manifest.machineTypes = {"LINUX"};
    manifest.archiveSha256 = crypto::sha256Hex(archive);
    manifest.archiveSizeBytes = archive.size();
    manifest.unpackedSizeBytes = 4;
    manifest.files = {
        {"bin/run", domain::FileEntry::Kind::Regular, 4, crypto::sha256Hex("exec"), 0755, {}}};
    manifest.start.command = {"bin/run"};
    return package::signManifest(manifest, signer).value();
}

}  // namespace ifrit::tests
