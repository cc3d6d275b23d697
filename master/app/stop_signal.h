// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::master::app {

/// Blocks SIGTERM, SIGINT and SIGHUP in this thread and all that it starts later, so that they are
/// taken by waitForSignal() alone. Call before any thread.
void blockSignals();

enum class Signal { Stop, Reload };
/// Blocks until one of them comes.
Signal waitForSignal();

}  // namespace ifrit::master::app
