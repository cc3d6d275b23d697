// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "agent/supervise/run_spec.h"
#include "shared/base/status.h"

namespace ifrit::agent::supervise {

/// Before a start: makes the directory, renames a file over the cap to "<path>.1", and makes sure
/// that the file is there and can be appended to.
absl::Status prepareOutput(const OutputFile& output);
enum class Capped { Fits, Cut };
/// While the agent writes: copies a file over the cap to "<path>.1" and empties it, also when it
/// could not be copied, which is an error. Of one that grew to more than two caps the last two are
/// kept. One that may not be written to is left as it is.
absl::StatusOr<Capped> capOutput(const OutputFile& output);
/// The last line that is not blank, at most 200 bytes of it and as base::oneLine(), of what lies
/// behind the first `begin` bytes; empty when there is none.
std::string lastOutputLine(const std::string& path, std::uint64_t begin);

/// Where in its file the output of a run begins: behind that of the runs before it, which may be
/// of other versions.
class OutputBegin {
public:
    /// A run begins now.
    void begin(const std::string& path);
    /// A run goes on that began `age` ago. What was written since may be anywhere in the file.
    void adopt(const std::string& path, std::chrono::nanoseconds age);
    /// The file may have been emptied.
    void look(const std::string& path);
    std::uint64_t bytes() const { return m_bytes; }

private:
    std::uint64_t m_bytes = 0;
};

}  // namespace ifrit::agent::supervise
