// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <list>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "agent/supervise/account_finder.h"

namespace ifrit::agent::supervise {

/// Looks for each user on a thread of its own ("account"), which lasts as long as that takes: a
/// user of this machine does not wait for one of a directory that is away. Who asks for a user who
/// is being looked for gets the same answer. Thread-safe. Destruction waits for those that run.
class ThreadedAccountFinder final : public AccountFinder {
public:
    /// `users` must outlive it.
    explicit ThreadedAccountFinder(const platform::UserDirectory& users) : m_users(users) {}
    ~ThreadedAccountFinder() override;

    void find(const std::string& user, Callback done) override ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Search {
        std::thread thread;
        std::vector<Callback> waiting;
    };
    absl::Status begin(const std::string& user) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void look(const std::string& user) ABSL_LOCKS_EXCLUDED(m_mutex);

    const platform::UserDirectory& m_users;
    absl::Mutex m_mutex;
    std::map<std::string, Search> m_searches ABSL_GUARDED_BY(m_mutex);  ///< by user
    std::list<std::thread> m_ended ABSL_GUARDED_BY(m_mutex);            ///< or about to end
};

}  // namespace ifrit::agent::supervise
