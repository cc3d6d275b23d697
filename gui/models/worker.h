// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>

namespace ifrit::gui::models {

/// Where long work of a view is done. GUI thread.
class Worker {
public:
    virtual ~Worker() = default;
    /// Runs `work` on some thread, then `done` on the GUI thread, from its event loop, unless
    /// `context` is gone by then. What the two hold is let go on the GUI thread.
    virtual void run(QObject* context, std::function<void()> work, std::function<void()> done) = 0;
};

/// Qt's own thread pool. Waits in its destructor for work that has begun.
class PoolWorker final : public Worker {
public:
    ~PoolWorker() override;
    void run(QObject* context, std::function<void()> work, std::function<void()> done) override;
};

}  // namespace ifrit::gui::models
