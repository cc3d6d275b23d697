// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "agent/integrity/observed_tree.h"
#include "agent/integrity/verified_stamps.h"
#include "shared/base/clock.h"
#include "shared/base/status.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::integrity {

enum class Depth {
    Full,    ///< every listed file is read
    Changed  ///< files that look as they did when they were last read are not
};

/// Called before each piece of work with the bytes that it will read (a name counts as a few). It
/// may block to hold a rate; false ends the scan.
using Pace = std::function<bool(std::size_t bytes)>;

/// Looks at installed versions. Never follows a link, never opens what is not a regular file or a
/// directory, stays in the file system of the version's directory, and leaves no pages behind that
/// only it has asked for. Blocks for the disk; one thread at a time.
class TreeScanner {
public:
    /// Deeper than this nobody looks; what is there counts as unreadable.
    static constexpr int kMaxDepth = 64;
    /// Of names that the manifest does not list so many are told; the rest is left out.
    static constexpr std::size_t kMaxUnlisted = 1'000;

    TreeScanner(const base::Clock& clock, Pace pace);

    /// What is below `root`, as findDrift() wants it: content is read where the manifest lists a
    /// file of that size. An absent root is an empty tree. `stamps` is asked for Depth::Changed and
    /// kept up to date by both. CANCELLED when the pace said so; the system's error when it was
    /// this process that could not go on (too many open files), which says nothing of the files.
    absl::StatusOr<ObservedTree> scan(const std::string& root, const domain::Manifest& manifest,
                                      Depth depth, VerifiedStamps& stamps);

    /// Of all scans so far.
    std::uint64_t bytesRead() const { return m_bytesRead; }

private:
    const base::Clock& m_clock;
    const Pace m_pace;
    std::uint64_t m_bytesRead = 0;
};

}  // namespace ifrit::agent::integrity
