// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/go_to.h"

#include <algorithm>

namespace ifrit::gui::models {
namespace {

/// 0: the text begins with it; 1: a word of it does; 2: somewhere inside; -1: nowhere.
int placeOf(const QString& word, const QString& text) {
    int best = -1;
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        if (at == 0) return 0;
        const bool begins = !text[at - 1].isLetterOrNumber();
        if (begins) return 1;
        best = 2;
    }
    return best;
}

}  // namespace

QString GoToWords::nameOf(GoToEntry::Kind kind) {
    switch (kind) {
        case GoToEntry::Kind::Page:
            return tr("view");
        case GoToEntry::Kind::Verb:
            return tr("do");
        case GoToEntry::Kind::Machine:
            return tr("machine");
        case GoToEntry::Kind::Agent:
            return tr("agent");
        case GoToEntry::Kind::Release:
            return tr("release");
        case GoToEntry::Kind::Package:
            return tr("package");
        case GoToEntry::Kind::Campaign:
            return tr("campaign");
        case GoToEntry::Kind::Connection:
            return tr("connection");
    }
    return {};
}

int goToRank(const QString& query, const GoToEntry& entry) {
    int rank = 0;
    for (const QString& word : query.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const int title = placeOf(word, entry.title);
        const int detail = placeOf(word, entry.detail);
        const int id = placeOf(word, entry.id);
        if (title < 0 && detail < 0 && id < 0) return -1;
        // What only the others have comes behind everything that the title has.
        const int beside = detail < 0 ? id : id < 0 ? detail : std::min(detail, id);
        rank += title >= 0 ? title : 3 + beside;
    }
    return rank;
}

std::vector<GoToEntry> goToMatches(const QString& query, const std::vector<GoToEntry>& entries) {
    std::vector<std::pair<int, const GoToEntry*>> ranked;
    for (const GoToEntry& entry : entries) {
        if (const int rank = goToRank(query, entry); rank >= 0) ranked.emplace_back(rank, &entry);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<GoToEntry> out;
    for (const auto& [rank, entry] : ranked)
        out.push_back(*entry);
    return out;
}

}  // namespace ifrit::gui::models
