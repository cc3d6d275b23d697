// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>
#include <functional>

namespace ifrit::tests {

/// Runs the event loop until `condition` holds; false after `limitMs`.
inline bool spinUntil(const std::function<bool()>& condition, int limitMs = 10'000) {
    QElapsedTimer timer;
    timer.start();
    QTimer wakeUp;
    wakeUp.start(5);
    while (!condition()) {
        if (timer.elapsed() > limitMs) return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

/// Runs the event loop for a while, to show that something does not happen.
inline void spinFor(int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    spinUntil([&] { return timer.elapsed() >= milliseconds; });
}

}  // namespace ifrit::tests
