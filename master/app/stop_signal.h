// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace ifrit::master::app {

/// Blocks SIGTERM, SIGINT and SIGHUP in this thread and all that it starts later, so that they are
/// taken by waitForSignal() alone. Call before any thread.
void blockSignals();

enum class Signal { None, Stop, Reload };
/// Blocks until one of them comes; None: not within `patience` (nullopt: for ever).
Signal waitForSignal(std::optional<std::chrono::milliseconds> patience);

}  // namespace ifrit::master::app
