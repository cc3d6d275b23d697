// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/threaded_account_finder.h"

#include <system_error>
#include <utility>

#include "shared/base/exhaustion.h"

namespace ifrit::agent::supervise {

ThreadedAccountFinder::~ThreadedAccountFinder() {
    std::list<std::thread> threads;
    {
        const absl::MutexLock lock(&m_mutex);
        threads.splice(threads.end(), m_ended);
        for (auto& [user, search] : m_searches)
            threads.push_back(std::move(search.thread));
    }
    for (std::thread& thread : threads)
        thread.join();
}

void ThreadedAccountFinder::find(const std::string& user, Callback done) {
    absl::Status refused;
    {
        const absl::MutexLock lock(&m_mutex);
        refused = begin(user);
        if (refused.ok()) m_searches[user].waiting.push_back(std::move(done));
    }
    if (!refused.ok()) done(refused);
}

absl::Status ThreadedAccountFinder::begin(const std::string& user) {
    for (std::thread& ended : m_ended)
        ended.join();  // it needs the lock no more
    m_ended.clear();
    if (m_searches.count(user) > 0) return absl::OkStatus();
    try {
        m_searches[user].thread = std::thread([this, user] { look(user); });
    } catch (const std::system_error& error) {
        m_searches.erase(user);
        return base::errnoStatus(error.code().value(), "looking for user " + user);
    }
    return absl::OkStatus();
}

void ThreadedAccountFinder::look(const std::string& user) {
    const Found found = m_users.find(user);
    std::vector<Callback> waiting;
    {
        const absl::MutexLock lock(&m_mutex);
        const auto own = m_searches.find(user);
        waiting = std::move(own->second.waiting);
        // Else the destructor has it, and waits for us.
        if (own->second.thread.joinable()) m_ended.push_back(std::move(own->second.thread));
        m_searches.erase(own);
    }
    for (const Callback& done : waiting)
        done(found);
}

}  // namespace ifrit::agent::supervise
