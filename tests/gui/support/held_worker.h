// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "gui/models/worker.h"

namespace ifrit::tests {

/// Does the work when the test says so, in the order that it wants.
class HeldWorker final : public gui::models::Worker {
public:
    void run(QObject*, std::function<void()> work, std::function<void()> done) override {
        m_jobs.emplace_back(std::move(work), std::move(done));
    }
    std::size_t pending() const { return m_jobs.size(); }
    /// Does the part that is another thread's, and not yet what follows on the GUI thread.
    void work(std::size_t index = 0) {
        std::exchange(m_jobs.at(index).first, [] {})();
    }
    void finish(std::size_t index = 0) {
        auto job = std::move(m_jobs.at(index));
        m_jobs.erase(m_jobs.begin() + static_cast<std::ptrdiff_t>(index));
        job.first();
        job.second();
    }

private:
    std::vector<std::pair<std::function<void()>, std::function<void()>>> m_jobs;
};

}  // namespace ifrit::tests
