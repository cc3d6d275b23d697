// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

#include "gui/presenters/connection_store.h"

namespace ifrit::gui::presenters {

/// What a typed name of a group is kept as: one line of at most 64 characters; empty: no group.
QString groupName(const QString& typed);
/// Each group once, in the order of the list.
QStringList groupsOf(const std::vector<KnownMaster>& masters);
/// By group; those without one stay at the end, in the order in which they came.
void sortByGroup(std::vector<KnownMaster>& masters);

/// True where each word of the filter is in its name, its address or its group, large or small.
bool matchesFilter(const KnownMaster& master, const QString& filter);

}  // namespace ifrit::gui::presenters
