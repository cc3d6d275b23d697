// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QString>

#include <vector>

namespace ifrit::gui::models {

/// English sentences that others make, %1... where those put a name or a number (%1 comes before
/// %2), to be found again and said in the reader's language: as the translations of OwnWords have
/// them. Immutable.
class SentencePatterns {
public:
    template <std::size_t N>
    explicit SentencePatterns(const char* const (&sources)[N]) {
        for (const char* source : sources)
            add(source);
    }

    /// `inner`: how what stands in for %1... is said; null: as it came. What is not found stays as
    /// it is.
    QString said(const QString& text, const SentencePatterns* inner = nullptr) const;
    /// The sentence is found, and what it begins with, as it is said, stands in for a %1...
    bool beginsWithPlace(const QString& text) const;

private:
    struct Pattern {
        const char* source;
        QRegularExpression expression;
    };
    void add(const char* source);

    std::vector<Pattern> m_patterns;
};

}  // namespace ifrit::gui::models
