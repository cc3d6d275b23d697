// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace ifrit::gui::models {

/// The order in which an agent's versions stand: newest first; of two that are equally new the
/// order is the same everywhere.
bool standsBefore(std::string_view version, std::string_view other);

/// Which of the series' colours a version of an agent has: its place among the agent's versions,
/// newest first, those that run somewhere before those that only did: colours repeat after
/// sixteen. One for all that is shown beside each other, so that one version has one colour
/// however many machines run it.
class VersionColors {
public:
    VersionColors() = default;
    explicit VersionColors(const std::set<std::string>& running,
                           const std::set<std::string>& past = {});
    /// One that is not among them comes behind them all.
    int of(std::string_view version) const;
    bool knows(std::string_view version) const { return m_places.contains(version); }
    int size() const { return static_cast<int>(m_places.size()); }
    bool operator==(const VersionColors&) const = default;

private:
    void add(const std::set<std::string>& versions);
    std::map<std::string, int, std::less<>> m_places;
};

}  // namespace ifrit::gui::models
