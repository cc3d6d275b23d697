// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/place_history.h"

namespace ifrit::gui::app {

void PlaceHistory::visit(const Place& place) {
    if (m_at >= 0 && m_places[m_at] == place) return;
    m_places.resize(m_at + 1);
    m_places << place;
    if (m_places.size() > kMost) m_places.removeFirst();
    m_at = m_places.size() - 1;
}

std::optional<Place> PlaceHistory::back() {
    if (m_at <= 0) return std::nullopt;
    return m_places[--m_at];
}

std::optional<Place> PlaceHistory::forward() {
    if (m_at + 1 >= m_places.size()) return std::nullopt;
    return m_places[++m_at];
}

void PlaceHistory::clear() {
    m_places.clear();
    m_at = -1;
}

}  // namespace ifrit::gui::app
