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
    /// Whoever read `out` is gone, as "| head" is. Empty: nobody can tell.
    std::function<bool()> readerLeft = {};
};

/// The process's own streams. `interrupted`: Ctrl-C was pressed; a prompt then answers CANCELLED
/// (INTERRUPTED), with the terminal as it was.
Terminal systemTerminal(std::function<bool()> interrupted);

/// The next line of `in`, for what is typed or piped; empty: there is none. CANCELLED (INTERRUPTED)
/// where a signal ended the read.
absl::StatusOr<std::string> nextLine(std::istream& in, const std::function<bool()>& interrupted);

}  // namespace ifrit::gui::ctl
