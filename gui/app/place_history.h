// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace ifrit::gui::app {

/// Where the operator is: a page of the window, and of the release page which release.
struct Place {
    int index = 0;
    QString releaseId;
    bool operator==(const Place&) const = default;
};

/// The places that were visited, for back and forward, all of one cluster: a release's number means
/// another one elsewhere. The oldest are forgotten.
class PlaceHistory {
public:
    static constexpr qsizetype kMost = 100;

    /// What lay ahead is gone. The place of now again is no visit.
    void visit(const Place& place);
    std::optional<Place> back();
    std::optional<Place> forward();
    void clear();

private:
    QList<Place> m_places;
    qsizetype m_at = -1;
};

}  // namespace ifrit::gui::app
