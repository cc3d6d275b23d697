// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/filter_choices.h"

#include <algorithm>
#include <vector>

#include "gui/models/text_format.h"
#include "shared/filter/filter_completion.h"
#include "shared/filter/machine_filter.h"
#include "shared/filter/version_order.h"

namespace ifrit::gui::models {
namespace {

using filter::Completion;
using filter::Wanted;
using Column = FleetVocabulary::Column;

/// Views of `own` where the words are the grammar's.
FleetVocabulary::Texts wordsOf(const Completion& at, const FleetVocabulary& fleet,
                               std::vector<std::string>& own) {
    const auto ours = [&own](std::vector<std::string> words) {
        own = std::move(words);
        return FleetVocabulary::Texts{{own.begin(), own.end()}, false};
    };
    switch (at.wanted) {
        case Wanted::Key:
            return ours(filter::keyChoices());
        case Wanted::State:
            return ours(filter::stateChoices());
        case Wanted::Age:
            return ours(filter::ageChoices());
        case Wanted::Type:
            return fleet.of(Column::Type);
        case Wanted::Pin:
            return fleet.of(Column::Pin);
        case Wanted::Agent:
            return fleet.of(Column::Agent);
        case Wanted::Version:
            return fleet.of(Column::Version);
        case Wanted::IfritVersion:
            return fleet.of(Column::IfritVersion);
        case Wanted::LabelKey: {
            const FleetVocabulary::Texts keys = fleet.labelKeys();
            FleetVocabulary::Texts out = ours({keys.texts.begin(), keys.texts.end()});
            for (std::size_t i = 0; i < own.size(); ++i)
                out.texts[i] = own[i] += '=';
            out.isFull = keys.isFull;
            return out;
        }
        case Wanted::LabelValue:
            return fleet.labelValues(at.labelKey);
        case Wanted::Nothing:
            break;
    }
    return {};
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// ASCII letters alike; the place of `typed` in `word`, npos: it is not in there.
std::size_t placeOf(std::string_view typed, std::string_view word) {
    const auto found = std::search(word.begin(), word.end(), typed.begin(), typed.end(),
                                   [](char a, char b) { return lower(a) == lower(b); });
    return typed.empty()         ? 0
           : found == word.end() ? std::string_view::npos
                                 : static_cast<std::size_t>(found - word.begin());
}

}  // namespace

bool canBeWritten(std::string_view word) {
    return !word.empty() && word.find_first_of(" \t\r\n,") == std::string_view::npos &&
           word.front() != '/';
}

QString withoutHalfName(const QString& text, int cursor) {
    const std::string bytes = text.toStdString();
    const auto place = static_cast<std::size_t>(text.left(cursor).toUtf8().size());
    const Completion at = filter::completionAt(bytes, place);
    // With its sign behind it, it is a name, and no half one.
    if (at.wanted != Wanted::Key || at.typed.empty() || at.end != place) return text;
    const auto& keys = filter::filterKeys();
    if (std::none_of(keys.begin(), keys.end(), [&at](std::string_view key) {
            return key.substr(0, at.typed.size()) == at.typed;
        }))
        return text;
    std::string out = bytes;
    const bool isTurned = at.begin > 0 && bytes[at.begin - 1] == '-';
    const std::size_t begin = at.begin - (isTurned ? 1 : 0);
    // Of the same length: an error behind it stays where it is.
    out.replace(begin, at.end - begin, at.end - begin, ' ');
    return toText(out);
}

FilterChoices filterChoices(const QString& text, int cursor, const FleetVocabulary& fleet) {
    const std::string bytes = text.toStdString();
    const auto charactersBefore = [&bytes](std::size_t byte) {
        return static_cast<int>(toText(std::string_view(bytes).substr(0, byte)).size());
    };
    const auto at =
        filter::completionAt(bytes, static_cast<std::size_t>(text.left(cursor).toUtf8().size()));
    FilterChoices out;
    if (at.wanted == Wanted::Nothing) return out;
    std::vector<std::string> own;
    const FleetVocabulary::Texts words = wordsOf(at, fleet, own);
    struct Found {
        bool inside;
        std::string_view word;
    };
    std::vector<Found> found;
    for (const std::string_view word : words.texts) {
        if (!canBeWritten(word)) continue;
        const std::size_t place = placeOf(at.typed, word);
        if (place != std::string_view::npos) found.push_back({place != 0, word});
    }
    const bool versions = at.wanted == Wanted::Version || at.wanted == Wanted::IfritVersion;
    // Keys and ages in the order of the grammar.
    const bool sorts = at.wanted != Wanted::Key && at.wanted != Wanted::Age;
    std::stable_sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
        if (a.inside != b.inside) return !a.inside;
        if (!sorts) return false;
        return versions ? filter::compareVersions(a.word, b.word) > 0 : a.word < b.word;
    });
    // It stands there as it is: there is nothing to choose.
    if (found.size() == 1 &&
        std::string_view(bytes).substr(at.begin, at.end - at.begin) == found.front().word)
        return out;
    out.begin = charactersBefore(at.begin);
    out.end = charactersBefore(at.end);
    out.others = words.isFull;
    for (const Found& one : found) {
        if (out.texts.size() == kMostFilterChoices) break;
        out.texts << toText(one.word);
    }
    out.more = static_cast<qint64>(found.size()) - out.texts.size();
    return out;
}

}  // namespace ifrit::gui::models
