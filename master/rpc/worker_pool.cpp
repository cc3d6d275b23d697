// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/worker_pool.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ifrit::master::rpc {
namespace {

/// A quarter of the threads, and one at least, is kept for the other lane.
std::size_t mostOfOne(std::size_t threads) {
    return threads > 1 ? threads - std::max<std::size_t>(1, threads / 4) : threads;
}

constexpr std::array kShared = {Lane::Operators, Lane::Machines};

/// Whoever freezes waits for the disk and for other masters, up to a few seconds.
constexpr std::size_t kSwitches = 2;
constexpr std::size_t kStreamThreads = 2;

}  // namespace

WorkerPool::WorkerPool(std::size_t threads, std::size_t queueLimit)
    : m_limit(queueLimit), m_mostOfOne(mostOfOne(threads)) {
    for (std::size_t i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { run(std::nullopt); });
    for (std::size_t i = 0; i < kSwitches; ++i)
        m_threads.emplace_back([this] { run(Lane::KillSwitch); });
    m_threads.emplace_back([this] { run(Lane::KillSwitchNotice); });
    for (std::size_t i = 0; i < kStreamThreads; ++i)
        m_threads.emplace_back([this] { run(Lane::Streams); });
}

WorkerPool::~WorkerPool() {
    stop();
}

bool WorkerPool::submit(Lane lane, std::function<void()> work) {
    absl::MutexLock lock(&m_mutex);
    if (m_stopping || line(lane).queue.size() >= m_limit) return false;
    line(lane).queue.push_back(std::move(work));
    return true;
}

bool WorkerPool::submitAdmitted(Lane lane, std::function<void()> work) {
    absl::MutexLock lock(&m_mutex);
    if (m_stopping) return false;
    line(lane).queue.push_back(std::move(work));
    return true;
}

void WorkerPool::stop() {
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
    }
    for (auto& thread : m_threads) {
        if (thread.joinable()) thread.join();
    }
}

std::size_t WorkerPool::waiting() const {
    const absl::MutexLock lock(&m_mutex);
    return std::accumulate(
        m_lines.begin(), m_lines.end(), std::size_t{0},
        [](std::size_t sum, const Line& line) { return sum + line.queue.size(); });
}

WorkerPool::Line* WorkerPool::next(std::optional<Lane> own) {
    if (own) return line(*own).queue.empty() ? nullptr : &line(*own);
    // A person waits for the one, machines ask again for the other.
    for (const Lane lane : kShared) {
        Line& one = line(lane);
        if (!one.queue.empty() && one.running < m_mostOfOne) return &one;
    }
    return nullptr;
}

bool WorkerPool::isEmpty(std::optional<Lane> own) {
    if (own) return line(*own).queue.empty();
    return std::all_of(kShared.begin(), kShared.end(),
                       [this](Lane lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
                           return line(lane).queue.empty();
                       });
}

void WorkerPool::run(std::optional<Lane> own) {
    while (true) {
        std::function<void()> work;
        Line* taken = nullptr;
        {
            absl::MutexLock lock(&m_mutex);
            const auto wanted = [this, own]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
                return next(own) != nullptr || (m_stopping && isEmpty(own));
            };
            m_mutex.Await(absl::Condition(&wanted));
            taken = next(own);
            if (taken == nullptr) return;
            work = std::move(taken->queue.front());
            taken->queue.pop_front();
            ++taken->running;
        }
        work();
        work = nullptr;
        absl::MutexLock lock(&m_mutex);
        --taken->running;
    }
}

}  // namespace ifrit::master::rpc
