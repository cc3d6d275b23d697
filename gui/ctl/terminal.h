// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <istream>
#include <ostream>
#include <string>

namespace ifrit::gui::ctl {

enum class Echo { On, Off };

/// The standard streams and what is behind them, so that tests can be any terminal.
struct Terminal {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool isInteractive = false;  ///< input and error output both are a terminal
    /// Writes the prompt to `err` and reads a line. Asked only when isInteractive.
    std::function<absl::StatusOr<std::string>(const std::string& prompt, Echo echo)> ask;
};

/// The process's own streams.
Terminal systemTerminal();

}  // namespace ifrit::gui::ctl
