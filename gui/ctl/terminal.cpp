// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/terminal.h"

#include <iostream>
#include <utility>

#include "gui/ctl/exit_code.h"
#include "shared/base/status.h"

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#else
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#endif

namespace ifrit::gui::ctl {
namespace {

#ifdef _WIN32
bool isTerminal(int descriptor) {
    return _isatty(descriptor) != 0;
}

/// Of a pipe; Windows does not tell it from another failed write.
bool outputHasNoReader() {
    return false;
}

/// Hides what is typed for as long as it lives.
class EchoOff {
public:
    EchoOff() : m_handle(GetStdHandle(STD_INPUT_HANDLE)) {
        GetConsoleMode(m_handle, &m_before);
        SetConsoleMode(m_handle, m_before & ~ENABLE_ECHO_INPUT);
    }
    ~EchoOff() { SetConsoleMode(m_handle, m_before); }

private:
    HANDLE m_handle;
    DWORD m_before = 0;
};
void awaitLine(const std::function<bool()>& /*interrupted*/) {}
#else
bool isTerminal(int descriptor) {
    return isatty(descriptor) != 0;
}

/// Of a pipe or a socket whose other end is closed.
bool outputHasNoReader() {
    pollfd output{STDOUT_FILENO, 0, 0};
    return ::poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

/// Until a line can be read, or Ctrl-C was pressed: also just before, or to another thread, which
/// would interrupt no read.
void awaitLine(const std::function<bool()>& interrupted) {
    constexpr int kLookEveryMs = 50;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (!interrupted() && std::cin.rdbuf()->in_avail() <= 0) {
        if (::poll(&input, 1, kLookEveryMs) > 0) return;
    }
}

/// Hides what is typed for as long as it lives.
class EchoOff {
public:
    EchoOff() {
        m_changed = tcgetattr(STDIN_FILENO, &m_before) == 0;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (m_changed) tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~EchoOff() {
        if (m_changed) tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }

private:
    termios m_before{};
    bool m_changed = false;
};
#endif

absl::Status interruptedStatus() {
    return base::makeError(absl::StatusCode::kCancelled, kInterrupted, "", "interrupted");
}

absl::StatusOr<std::string> answer(const std::function<bool()>& interrupted) {
    awaitLine(interrupted);
    if (interrupted()) return interruptedStatus();
    std::string line;
    const bool isThere = static_cast<bool>(std::getline(std::cin, line));
    // Also a line that came: it may be half of one.
    if (interrupted()) return interruptedStatus();
    if (isThere) return line;
    return base::makeError(absl::StatusCode::kCancelled, kNotConfirmed, "", "no answer");
}

absl::StatusOr<std::string> askSystem(const std::string& prompt, Echo echo,
                                      const std::function<bool()>& interrupted) {
    std::cerr << prompt << std::flush;
    absl::StatusOr<std::string> line = std::string();
    if (echo == Echo::On) {
        line = answer(interrupted);
    } else {
        const EchoOff off;
        line = answer(interrupted);
    }
    // What comes next is not to stand beside the prompt.
    if (echo == Echo::Off || !line.ok()) std::cerr << '\n';
    return line;
}

}  // namespace

Terminal systemTerminal(std::function<bool()> interrupted) {
    return {std::cin,
            std::cout,
            std::cerr,
            isTerminal(0) && isTerminal(2),
            [interrupted = std::move(interrupted)](const std::string& prompt, Echo echo) {
                return askSystem(prompt, echo, interrupted);
            },
            outputHasNoReader};
}

absl::StatusOr<std::string> nextLine(std::istream& in, const std::function<bool()>& interrupted) {
    std::string line;
    std::getline(in, line);
    if (!in && interrupted()) return interruptedStatus();
    return line;
}

}  // namespace ifrit::gui::ctl
