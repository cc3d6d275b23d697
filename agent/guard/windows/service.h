// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace ifrit::agent::guard {

/// What a service does, given how to hear that it should end.
struct ServiceBody {
    std::function<int()> run;       ///< until stop() was called; its result is the exit code
    std::function<void()> stop;     ///< from another thread, any number of times
    std::function<void()> restart;  ///< likewise: the service manager's "parameters have changed"
};

/// Runs as the service "ifrit-guard" when the service manager started this program, and as a plain
/// console program, ended by Ctrl-C, when a person did. Returns the exit code. Once per process.
int runAsService(const ServiceBody& body);

}  // namespace ifrit::agent::guard
