// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ifrit::crypto {

/// Streaming SHA-256 (FIPS 180-4). One thread at a time.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::string_view bytes);
    /// 64 lower-case hexadecimal digits; the object is then as new.
    std::string finishHex();
    /// 32 bytes; the object is then as new.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The 32 bytes of what is all there.
std::array<unsigned char, 32> sha256(std::string_view bytes);
std::string sha256Hex(std::string_view bytes);
/// Of a file's content, read in 256 KiB pieces. NOT_FOUND and the like where it cannot be read.
absl::StatusOr<std::string> sha256File(const std::filesystem::path& path);

}  // namespace ifrit::crypto
