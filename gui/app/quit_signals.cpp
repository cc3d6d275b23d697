// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/quit_signals.h"

#include <QSocketNotifier>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#endif

namespace ifrit::gui::app {

#ifdef _WIN32

QuitSignals::QuitSignals(QObject* parent) : QObject(parent) {}
QuitSignals::~QuitSignals() = default;

#else

namespace {

constexpr int kSignals[] = {SIGTERM, SIGINT, SIGHUP};

/// All that a handler may touch: the end that it writes to, and the one that the window reads.
volatile int ends[2] = {-1, -1};

void onSignal(int signal) {
    const int before = errno;  // of whatever the signal came into
    std::signal(signal, SIG_DFL);
    const char byte = 0;
    // Nothing can be done about one that cannot be told.
    [[maybe_unused]] const auto written = ::write(ends[0], &byte, sizeof byte);
    errno = before;
}

}  // namespace

QuitSignals::QuitSignals(QObject* parent) : QObject(parent) {
    int made[2];
    // Without them signals end the process, as they would without us.
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, made) != 0) return;
    for (int i = 0; i < 2; ++i) {
        ::fcntl(made[i], F_SETFD, FD_CLOEXEC);
        ends[i] = made[i];
    }
    m_notifier = new QSocketNotifier(ends[1], QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        if (::read(ends[1], &byte, sizeof byte) == sizeof byte) Q_EMIT asked();
    });
    for (const int signal : kSignals) {
        // Who started it may have said that one means nothing, as nohup does.
        if (std::signal(signal, onSignal) == SIG_IGN) std::signal(signal, SIG_IGN);
    }
}

QuitSignals::~QuitSignals() {
    if (m_notifier == nullptr) return;
    for (const int signal : kSignals)
        std::signal(signal, SIG_DFL);
    delete m_notifier;
    for (volatile int& end : ends) {
        ::close(end);
        end = -1;
    }
}

#endif

}  // namespace ifrit::gui::app
