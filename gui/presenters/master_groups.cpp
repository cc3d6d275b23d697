// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/master_groups.h"

#include <algorithm>

namespace ifrit::gui::presenters {

QString groupName(const QString& typed) {
    constexpr qsizetype kMost = 64;
    return typed.simplified().left(kMost).trimmed();
}

QStringList groupsOf(const std::vector<KnownMaster>& masters) {
    QStringList out;
    for (const KnownMaster& master : masters) {
        if (!master.group.isEmpty() && !out.contains(master.group)) out << master.group;
    }
    return out;
}

void sortByGroup(std::vector<KnownMaster>& masters) {
    std::stable_sort(masters.begin(), masters.end(), [](const auto& a, const auto& b) {
        if (a.group.isEmpty() || b.group.isEmpty()) return !a.group.isEmpty() && b.group.isEmpty();
        return QString::localeAwareCompare(a.group, b.group) < 0;
    });
}

bool matchesFilter(const KnownMaster& master, const QString& filter) {
    const QStringList words = filter.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&master](const QString& word) {
        const QString* fields[] = {&master.cluster, &master.address, &master.group};
        return std::any_of(std::begin(fields), std::end(fields), [&word](const QString* field) {
            return field->contains(word, Qt::CaseInsensitive);
        });
    });
}

}  // namespace ifrit::gui::presenters
