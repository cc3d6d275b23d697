// SPDX-License-Identifier: Apache-2.0
#include "agent/link/settings_adopter.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace ifrit::agent::link {
namespace {

const base::Backoff::Policy kTries{std::chrono::milliseconds(2'000),
                                   std::chrono::milliseconds(300'000),
                                   std::chrono::milliseconds(500)};

}  // namespace

SettingsAdopter::SettingsAdopter(Parts parts, LinkSettingsStore store, SettingsChoice choice)
    : m_parts(std::move(parts)),
      m_store(std::move(store)),
      m_offered(std::move(choice.candidate)),
      m_used(std::move(choice.used)),
      m_isNew(m_offered.has_value()),
      m_backoff(kTries, m_parts.random) {}

void SettingsAdopter::offer(LinkSettings settings) {
    const absl::MutexLock lock(&m_mutex);
    m_offered.reset();
    m_parts.board.settingsRefused("");
    if (settings == m_used) return;
    m_offered = std::move(settings);
    m_isNew = true;
}

std::optional<LinkSettings> SettingsAdopter::due() {
    const absl::MutexLock lock(&m_mutex);
    if (!m_offered) return std::nullopt;
    if (std::exchange(m_isNew, false)) {
        m_backoff.reset();
        m_nextTry = {};
    }
    if (m_parts.clock.steadyNow() < m_nextTry) return std::nullopt;
    return m_offered;
}

void SettingsAdopter::step() {
    if (const std::optional<LinkSettings> tried = due()) settle(*tried, tryOut(*tried));
}

bool SettingsAdopter::enrol() {
    const std::optional<LinkSettings> tried = due();
    if (!tried) return false;
    absl::Status last;
    for (const std::string& master : m_parts.connection.ordered(tried->masters)) {
        last = m_parts.enrolment.enrolWith(m_parts.connection, {master, tried->serverName},
                                           tried->caPem);
        if (last.ok()) break;
        last = base::annotate(last, master);
    }
    settle(*tried, last);
    return last.ok();
}

void SettingsAdopter::settle(const LinkSettings& tried, const absl::Status& status) {
    if (status.ok()) adopt(tried);
    const absl::MutexLock lock(&m_mutex);
    if (status.ok()) {
        m_used = tried;
        if (m_offered == tried) m_offered.reset();
        m_isSaved = true;
        m_parts.board.settingsRefused("");
        spdlog::info("the new settings of agent.toml are used from now on");
        return;
    }
    const std::chrono::milliseconds wait = m_backoff.next();
    m_nextTry = m_parts.clock.steadyNow() + wait;
    m_parts.board.settingsRefused(base::messageOf(status));
    spdlog::warn(
        "the new settings of agent.toml are not used, the old ones stay (next try in {} "
        "ms): {}",
        wait.count(), base::messageOf(status));
}

absl::Status SettingsAdopter::tryOut(const LinkSettings& settings) {
    absl::StatusOr<MachineIdentity> identity = m_parts.connection.identity();
    // Not enrolled: there is nothing to call with, and nothing that works to lose.
    if (!identity.ok()) return absl::OkStatus();
    bool newCa = false;
    {
        const absl::MutexLock lock(&m_mutex);
        newCa = settings.caPem != m_used.caPem && !settings.caPem.empty();
    }
    if (newCa) identity->caPem = settings.caPem;
    absl::Status last;
    for (const std::string& master : m_parts.connection.ordered(settings.masters)) {
        const auto client = m_parts.connector.connect({master, settings.serverName}, *identity);
        // Of a machine that holds nothing and says nothing: it changes nothing on either side.
        last = client->sync({}).status();
        if (last.ok())
            return newCa ? m_parts.enrolment.trust(m_parts.connection, settings.caPem) : last;
        last = base::annotate(last, master);
    }
    return last;
}

void SettingsAdopter::adopt(const LinkSettings& settings) {
    m_parts.connection.use({settings.masters, settings.serverName});
    // Not written down they are tried again after a restart, and that is all.
    if (const absl::Status saved = m_store.save(settings); !saved.ok())
        spdlog::warn("{}", base::messageOf(saved));
}

void SettingsAdopter::proven() {
    if (m_isSaved) return;
    const absl::MutexLock lock(&m_mutex);
    const absl::Status saved = m_store.save(m_used);
    m_isSaved = saved.ok();
    if (!saved.ok()) spdlog::warn("{}", base::messageOf(saved));
}

}  // namespace ifrit::agent::link
