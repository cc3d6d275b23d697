// SPDX-License-Identifier: Apache-2.0
#include "master/auth/grant_book.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::auth {
namespace {

constexpr std::chrono::hours kRemembered{1};

}  // namespace

void GrantBook::configure(std::vector<domain::Grant> grants) {
    absl::MutexLock lock(&m_mutex);
    m_configured = std::move(grants);
}

std::vector<domain::Grant> GrantBook::configured() const {
    absl::ReaderMutexLock lock(&m_mutex);
    return m_configured;
}

absl::StatusOr<std::vector<domain::Grant>> GrantBook::of(const std::string& operatorName) {
    std::vector<domain::Grant> out;
    const absl::Status read = m_database.read([&](storage::Transaction& view) -> absl::Status {
        out.clear();
        IFRIT_ASSIGN_OR_RETURN(auto given, view.grants().listOf(operatorName));
        for (storage::GrantRecord& record : given)
            out.push_back(std::move(record.grant));
        return absl::OkStatus();
    });
    absl::MutexLock lock(&m_mutex);
    if (!read.ok()) {
        // Whoever may freeze the cluster has to be able to while the database is away. Nothing
        // else can be changed then, grants neither.
        const bool isKnown = m_clock.steadyNow() < m_rememberedUntil;
        if (!absl::IsUnavailable(read) || !isKnown) return read;
        const auto known = m_remembered.find(operatorName);
        out = known == m_remembered.end() ? std::vector<domain::Grant>() : known->second;
    }
    addConfigured(operatorName, out);
    return out;
}

std::vector<domain::Grant> GrantBook::known(const std::string& operatorName) const {
    std::vector<domain::Grant> out;
    const absl::ReaderMutexLock lock(&m_mutex);
    const auto given = m_remembered.find(operatorName);
    if (given != m_remembered.end() && m_clock.steadyNow() < m_rememberedUntil) out = given->second;
    addConfigured(operatorName, out);
    return out;
}

void GrantBook::addConfigured(const std::string& operatorName,
                              std::vector<domain::Grant>& out) const {
    std::copy_if(m_configured.begin(), m_configured.end(), std::back_inserter(out),
                 [&](const domain::Grant& grant) { return grant.to == operatorName; });
}

absl::Status GrantBook::refresh() {
    std::map<std::string, std::vector<domain::Grant>> all;
    IFRIT_RETURN_IF_ERROR(m_database.read([&](storage::Transaction& view) -> absl::Status {
        all.clear();
        IFRIT_ASSIGN_OR_RETURN(auto given, view.grants().list());
        for (storage::GrantRecord& record : given) {
            const std::string to = record.grant.to;
            all[to].push_back(std::move(record.grant));
        }
        return absl::OkStatus();
    }));
    absl::MutexLock lock(&m_mutex);
    m_remembered = std::move(all);
    m_rememberedUntil = m_clock.steadyNow() + kRemembered;
    return absl::OkStatus();
}

}  // namespace ifrit::master::auth
