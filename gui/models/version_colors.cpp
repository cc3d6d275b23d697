// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/version_colors.h"

#include <algorithm>
#include <vector>

#include "shared/filter/version_order.h"

namespace ifrit::gui::models {

bool standsBefore(std::string_view version, std::string_view other) {
    const int order = filter::compareVersions(version, other);
    return order != 0 ? order > 0 : version > other;
}

VersionColors::VersionColors(const std::set<std::string>& running,
                             const std::set<std::string>& past) {
    add(running);
    add(past);
}

void VersionColors::add(const std::set<std::string>& versions) {
    std::vector<std::string> sorted(versions.begin(), versions.end());
    std::sort(sorted.begin(), sorted.end(), standsBefore);
    for (const std::string& version : sorted)
        m_places.emplace(version, size());
}

int VersionColors::of(std::string_view version) const {
    const auto found = m_places.find(version);
    return found == m_places.end() ? size() : found->second;
}

}  // namespace ifrit::gui::models
