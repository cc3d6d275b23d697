// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/own_words_parts.h"

#include "gui/models/own_words.h"

namespace ifrit::gui::models {
namespace {

/// How long as base::sayDuration() has it, the longer forms first.
constexpr const char* kMeasures[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 d %2 h"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 h %2 min"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 min %2 s"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 d"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 h"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 min"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 s"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 machines"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 machine"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "gray"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "pilot"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "batch %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "full"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the %1 stage"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 failed, %2 reverted, %3 silent of %4 in the %5 stage"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the open stages"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "timed-out"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "crash-looping"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "integrity"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "memory"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "% of a core")};

}  // namespace

const SentencePatterns& partPatterns() {
    static const SentencePatterns patterns(kMeasures);
    return patterns;
}

}  // namespace ifrit::gui::models
