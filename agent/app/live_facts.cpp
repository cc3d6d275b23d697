// SPDX-License-Identifier: Apache-2.0
#include "agent/app/live_facts.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace ifrit::agent::app {

LiveFacts::LiveFacts(domain::MachineFacts first, const platform::Host& host,
                     const base::Clock& clock, LastAddress last)
    : m_host(host),
      m_clock(clock),
      m_last(std::move(last)),
      m_facts(std::move(first)),
      m_isRead(!m_facts.address.empty()),
      m_settled(m_facts.address) {
    if (!m_isRead) {
        const LastAddress::Kept kept = m_last.load();
        m_facts.address = kept.address;
        m_isAssumed = !kept.address.empty() && !kept.isOfThisBoot;
        if (m_isAssumed) {
            spdlog::warn(
                "no network is up: this machine's address is taken for {}, which it had "
                "before it was started",
                kept.address);
        }
        return;
    }
    // Another than before ifrit-agent was started again has to be seen twice as well.
    const LastAddress::Kept kept = m_last.load();
    if (kept.isOfThisBoot && !kept.address.empty()) m_settled = kept.address;
    m_last.keep(m_facts.address);
    m_next = m_clock.steadyNow() + kSpacing;
}

domain::MachineFacts LiveFacts::facts() const {
    const absl::MutexLock lock(&m_mutex);
    return m_facts;
}

install::MachineAddress LiveFacts::address() const {
    const absl::MutexLock lock(&m_mutex);
    return {m_facts.address, m_isAssumed};
}

std::string LiveFacts::settledAddress() const {
    const absl::MutexLock lock(&m_mutex);
    return m_settled;
}

void LiveFacts::refresh() {
    {
        const absl::MutexLock lock(&m_mutex);
        const base::SteadyTime now = m_clock.steadyNow();
        if (m_next && now < *m_next) return;
        m_next = now + kSpacing;
    }
    const platform::HostFacts host = m_host.facts();
    const absl::MutexLock lock(&m_mutex);
    // Where none was known, the first one; else, also after a start of the machine, one that is
    // seen twice: what comes up first need not be what is there to stay.
    if (!host.address.empty() && (m_facts.address.empty() || host.address == m_facts.address))
        m_settled = host.address;
    if (!host.address.empty() && host.address != m_facts.address) {
        spdlog::info("this machine's address is {}{}", host.address,
                     m_facts.address.empty() ? "" : ", and was " + m_facts.address);
        m_facts.address = host.address;
    }
    if (!host.hostname.empty()) m_facts.hostname = host.hostname;
    if (!host.address.empty()) {
        m_isRead = true;
        m_isAssumed = false;
        m_last.keep(host.address);
    }
    if (!m_isRead) m_next.reset();
}

}  // namespace ifrit::agent::app
