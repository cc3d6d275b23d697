// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/terminal.h"

#include <iostream>

#include "gui/ctl/exit_code.h"
#include "shared/base/status.h"

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#else
#include <termios.h>
#include <unistd.h>
#endif

namespace ifrit::gui::ctl {
namespace {

#ifdef _WIN32
bool isTerminal(int descriptor) {
    return _isatty(descriptor) != 0;
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
#else
bool isTerminal(int descriptor) {
    return isatty(descriptor) != 0;
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

absl::StatusOr<std::string> readLine() {
    std::string line;
    if (!std::getline(std::cin, line)) {
        return base::makeError(absl::StatusCode::kCancelled, kNotConfirmed, "", "no answer");
    }
    return line;
}

absl::StatusOr<std::string> askSystem(const std::string& prompt, Echo echo) {
    std::cerr << prompt << std::flush;
    if (echo == Echo::On) return readLine();
    absl::StatusOr<std::string> line = std::string();
    {
        const EchoOff off;
        line = readLine();
    }
    std::cerr << '\n';
    return line;
}

}  // namespace

Terminal systemTerminal() {
    return {std::cin, std::cout, std::cerr, isTerminal(0) && isTerminal(2), askSystem};
}

}  // namespace ifrit::gui::ctl
