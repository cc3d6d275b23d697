// SPDX-License-Identifier: Apache-2.0
#include "master/app/upkeep.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

constexpr std::chrono::hours kTidyInterval{1};

}  // namespace

Upkeep::Upkeep(Parts parts)
    : m_parts(std::move(parts)), m_revocations(m_parts.interval), m_housekeeping(m_parts.interval) {
    m_revocations.setWork([this] {
        const absl::Status status = m_parts.refresh();
        if (!status.ok()) spdlog::warn("revocations are old: {}", base::messageOf(status));
    });
    m_housekeeping.setWork([this] { tidyInTime(); });
    m_revocations.start();
    m_housekeeping.start();
}

Upkeep::~Upkeep() {
    m_stopping = true;
}

void Upkeep::tidyInTime() {
    if (m_parts.clock.steadyNow() < m_nextTidy) return;
    const std::optional<Lead> lead = m_parts.leading();
    if (!lead) return;
    m_nextTidy = m_parts.clock.steadyNow() + kTidyInterval;
    const absl::Status tidied = m_parts.tidy(*lead, m_stopping);
    if (!tidied.ok()) spdlog::warn("old rows stay for now: {}", base::messageOf(tidied));
}

}  // namespace ifrit::master::app
