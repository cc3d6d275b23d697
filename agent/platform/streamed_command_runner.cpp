// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/streamed_command_runner.h"

#include <utility>

namespace ifrit::agent::platform {

absl::StatusOr<CommandResult> StreamedCommandRunner::run(const LaunchSpec& spec,
                                                         std::chrono::milliseconds timeout,
                                                         std::stop_token stop) {
    std::string output;
    const auto gather = [&output](std::string_view bytes) {
        output.append(bytes);
        if (output.size() > kMaxOutputBytes) output.erase(0, output.size() - kMaxOutputBytes);
        return true;
    };
    IFRIT_ASSIGN_OR_RETURN(CommandResult result, begin(spec, timeout, gather, stop));
    result.output = std::move(output);
    return result;
}

absl::StatusOr<CommandResult> StreamedCommandRunner::stream(const LaunchSpec& spec,
                                                            std::chrono::milliseconds timeout,
                                                            const Sink& sink) {
    return begin(spec, timeout, sink, std::stop_token());
}

absl::StatusOr<CommandResult> StreamedCommandRunner::begin(const LaunchSpec& spec,
                                                           std::chrono::milliseconds timeout,
                                                           const Sink& sink,
                                                           const std::stop_token& stop) {
    if (stop.stop_requested()) return absl::CancelledError("told to stop before it began");
    LaunchSpec own = spec;
    own.session = LaunchSpec::Session::Own;
    own.outputFile.clear();
    return streamUntil(std::move(own), std::chrono::steady_clock::now() + timeout, sink, stop);
}

}  // namespace ifrit::agent::platform
