// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <functional>
#include <vector>

namespace ifrit::gui::models {

/// Something that the operator can go to, or do, from the palette.
struct GoToEntry {
    enum class Kind { Page, Verb, Machine, Agent, Release, Package, Campaign, Connection };
    Kind kind = Kind::Page;
    QString title;
    QString detail;  ///< what tells it from others of its name
    QString keys;    ///< that do the same
    std::function<void()> go;
    QString id = {};  ///< compared letter by letter: an address, a digest
};

class GoToWords {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::GoToWords)
public:
    static QString nameOf(GoToEntry::Kind kind);
};

/// How well an entry answers what was typed: 0 is best, -1 not at all. Every word typed must be in
/// title, detail or id; one at the beginning of the title counts most, then at the beginning of a
/// word. Case does not matter.
int goToRank(const QString& query, const GoToEntry& entry);

/// The entries that answer, best first, those of one rank in their order.
std::vector<GoToEntry> goToMatches(const QString& query, const std::vector<GoToEntry>& entries);

}  // namespace ifrit::gui::models
