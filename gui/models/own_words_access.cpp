// SPDX-License-Identifier: GPL-3.0-or-later
// OwnWords: what a master answers about permissions and about the audit's chain.
#include "gui/models/own_words.h"
#include "gui/models/sentence_patterns.h"

namespace ifrit::gui::models {
namespace {

/// master/rpc/access_answer.cpp
constexpr const char* kAnswers[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "there is no operator '%1' in this cluster"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 is disabled"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 is a super admin"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 is super admins' alone, and %2 is a reader"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "no grant gives %1 %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 is granted %2 by %3")};

/// master/rpc/gatekeeper.cpp
constexpr const char* kDenials[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 lacks the permission %2 in cluster %3; %4"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 may not %2: %3")};

/// What stands in for a place of both: who may grant it, what is touched, and what grants it. Lists
/// come before what they are of.
constexpr const char* kAccessParts[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "do %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "call %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "it is for operators"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "it is for super admins alone"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the permission %1 is missing; %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "ask a super admin to grant it"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "super admins can grant it: %1 and others"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "super admins can grant it: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 of the whole cluster"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 of %2 on %3"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1, %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "every agent"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "agent %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "every machine type"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "grant %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the master's configuration")};

/// shared/audit/chain.cpp
constexpr const char* kBreaks[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "row %1 is missing: after %2 comes %3"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "row %1 does not follow row %2: one of them was replaced"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "row %1 was changed after it was written"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "row %1 is missing at the end"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "rows %1 to %2 are missing at the end"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the newest row is %1, but the audit wrote %2 last with another hash")};

const SentencePatterns& accessPatterns() {
    static const SentencePatterns patterns(kAccessParts);
    return patterns;
}

}  // namespace

QString OwnWords::ofAccess(const QString& answer) {
    static const SentencePatterns patterns(kAnswers);
    return patterns.said(answer, &accessPatterns());
}

QString OwnWords::ofDenial(const QString& error) {
    static const SentencePatterns patterns(kDenials);
    return patterns.said(error, &accessPatterns());
}

QString OwnWords::ofBreak(const QString& message) {
    static const SentencePatterns patterns(kBreaks);
    return patterns.said(message);
}

}  // namespace ifrit::gui::models
