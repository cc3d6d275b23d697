// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "master/release/cluster_rules.h"
#include "master/services/freeze_switch.h"

namespace ifrit::master::services {

/// What holds for the whole cluster at one moment, with what it points to. `rules` outlives it.
class ClusterConditions {
public:
    ClusterConditions(const release::ClusterRules& rules,
                      std::shared_ptr<const StandingFreeze> freeze)
        : m_rules(rules), m_freeze(std::move(freeze)) {}

    release::Conditions get() const { return {&m_rules, m_freeze ? &m_freeze->mark : nullptr}; }
    bool frozen() const { return m_freeze != nullptr; }

private:
    const release::ClusterRules& m_rules;
    std::shared_ptr<const StandingFreeze> m_freeze;
};

}  // namespace ifrit::master::services
