// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/package/archive_mirror.h"
#include "agent/platform/program_stream.h"

namespace ifrit::agent::package {

/// A web server that holds `<address>/<sha256>.tar.zst`. ifrit-fetch asks it, one process for each
/// transfer: what parses a stranger's HTTP and TLS has no rights, and its memory goes with it.
/// Thread-safe; what it is given must outlive it.
class HttpsMirror final : public ArchiveMirror {
public:
    struct Settings {
        std::string program;  ///< ifrit-fetch, an absolute path
        std::string caFile;   ///< roots for mirrors; empty: the machine's own
    };

    /// `address` begins with https:// and has no slash at its end.
    HttpsMirror(platform::ProgramStream& streams, std::string address, Settings settings);

    const std::string& address() const override { return m_address; }
    /// DEADLINE_EXCEEDED after `timeout`, else UNAVAILABLE MIRROR_FAILED with what the server or
    /// the transport said.
    absl::Status archive(const std::string& sha256, std::uint64_t offset,
                         std::chrono::milliseconds timeout,
                         const PackageSource::ArchiveSink& sink) override;

private:
    platform::ProgramStream& m_streams;
    const std::string m_address;
    const Settings m_settings;
};

/// "https://host[:port][/path]" with nothing that a person did not mean: no user, query, fragment
/// or blank. INVALID_ARGUMENT MIRROR_ADDRESS.
absl::Status checkMirrorAddress(const std::string& address);

}  // namespace ifrit::agent::package
