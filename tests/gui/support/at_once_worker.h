// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/worker.h"

namespace ifrit::tests {

/// Has done it before run() returns: for tests that are about something else.
class AtOnceWorker final : public gui::models::Worker {
public:
    void run(QObject*, std::function<void()> work, std::function<void()> done) override {
        work();
        done();
    }
};

}  // namespace ifrit::tests
