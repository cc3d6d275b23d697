// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "master/rpc/push_stream.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::master::rpc {

/// One thread that wakes streams, or does periodic work, at an interval.
class Ticker {
public:
    explicit Ticker(std::chrono::milliseconds interval);
    ~Ticker();
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

    /// Forgotten once it is gone.
    void add(std::weak_ptr<Ticked> stream);
    /// Called each time, before the streams; set before start().
    void setWork(std::function<void()> work) { m_work = std::move(work); }
    void start();
    void stop();

private:
    void run();

    const std::chrono::milliseconds m_interval;
    std::function<void()> m_work;
    absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::vector<std::weak_ptr<Ticked>> m_streams ABSL_GUARDED_BY(m_mutex);
    std::thread m_thread;
};

}  // namespace ifrit::master::rpc
