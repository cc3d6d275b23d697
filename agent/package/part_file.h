// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/status.h"
#include "shared/crypto/sha256.h"

namespace ifrit::agent::package {

/// The growing beginning of an archive, with the digest of what it holds. One thread.
class PartFile {
public:
    /// Opens or makes it (mode 0600) and digests what is there; more than `maxBytes` is thrown
    /// away as a whole. RESOURCE_EXHAUSTED and the like as base::errnoStatus.
    static absl::StatusOr<PartFile> open(const std::string& path, std::uint64_t maxBytes);

    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;
    ~PartFile();

    std::uint64_t size() const { return m_size; }
    absl::Status append(std::string_view bytes);
    /// Flushes it; then its digest, hex. Nothing may be appended afterwards.
    absl::StatusOr<std::string> finish();

private:
    PartFile(std::string path, int descriptor);
    absl::Status digestExisting();

    std::string m_path;
    int m_descriptor;
    std::uint64_t m_size = 0;
    crypto::Sha256 m_digest;
};

}  // namespace ifrit::agent::package
