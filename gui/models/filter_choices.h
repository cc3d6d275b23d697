// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <string_view>

#include "gui/models/fleet_vocabulary.h"

namespace ifrit::gui::models {

/// What can be put where a filter's cursor is, in place of characters [begin, end).
struct FilterChoices {
    int begin = 0;
    int end = 0;
    QStringList texts;    ///< at most kMostFilterChoices, those that begin as typed first
    qint64 more = 0;      ///< that match too
    bool others = false;  ///< there may be more of them than are known here
    bool isEmpty() const { return texts.isEmpty(); }
};
/// Is this, as a value in a filter, what it is? The grammar has no quotes: what would be two words,
/// another sign or nothing cannot be written. O(length).
bool canBeWritten(std::string_view word);

/// The text with spaces in place of the word that ends at the cursor, where that may become the
/// name of a field: "sta" of "state:", which as a word of its own would match next to nothing.
/// O(length).
QString withoutHalfName(const QString& text, int cursor);

inline constexpr qsizetype kMostFilterChoices = 30;

/// Of the grammar, and of the fleet's own words. Nothing where the text is what it can be already.
/// O(words of the kind), at most FleetVocabulary::kMost.
FilterChoices filterChoices(const QString& text, int cursor, const FleetVocabulary& fleet);

}  // namespace ifrit::gui::models
