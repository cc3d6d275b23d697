// SPDX-License-Identifier: GPL-3.0-or-later
// OwnWords: what happened to a release and on a machine.
#include "gui/models/own_words.h"
#include "gui/models/own_words_parts.h"
#include "gui/models/sentence_patterns.h"

namespace ifrit::gui::models {
namespace {

/// master/release: what a timeline says, and what it adds by itself.
constexpr const char* kTimeline[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "created"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "started"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "paused"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "resumed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "verified"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "promoted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "retried"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "aborted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "halted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "rolling back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "rolled back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "done"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "history removed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "approved"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "approval ended"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "held"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "goes on"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "clock set"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the clock of the master that leads went ahead by %1, and no deadline "
                      "counts that"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the clock of the master that leads went back by %1, and no deadline "
                      "counts that"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "stood still"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "no master turned this release for %1, and no deadline or soak counts that"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 opened"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 machines: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 machines"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 machine: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 machine"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "a stage was open for 90 days"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "nothing was allowed to change for 30 days"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "nobody let it go on within 7 days"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "nobody decided within 7 days"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the draft was not started within 30 days"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "every reachable machine runs what it ran before"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 machines had not gone back by the deadline"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 machine had not gone back by the deadline"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "soak over, gate passed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "soak over; a person let what had halted it pass"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "machines may change again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the plan that %1 approved no longer holds"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "every reachable machine has its outcome")};

/// agent/install: what an event adds.
constexpr const char* kEventTexts[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "from %1; %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "from %1")};

/// agent: what happened on a machine.
constexpr const char* kEvents[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "adopted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "agents-left-out"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "crash-loop"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "crashed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "data-owner"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "downgraded"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "events-left-out"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "failed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "generation-backwards"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "healthy"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "hook-failed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "identity-changed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "identity-moved"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "installed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "integrity-notices-lost"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "integrity-recurring"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "integrity-watch-limited"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "journal-damaged"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "killed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "limits-watched"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "not-probed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "not-reported"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "probation-ended"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "probe-refused"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "record-failed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "repair-failed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "repaired"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "restarted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "reverted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "start-failed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "start-waits"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "started"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "stopped"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "stray-killed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "stray-stopped"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "tasks-refused"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "throttled"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "unhealthy"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "uninstalled"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "upgraded")};

}  // namespace

QString OwnWords::ofTimeline(const QString& text) {
    static const SentencePatterns patterns(kTimeline);
    return patterns.said(text, &partPatterns());
}

QString OwnWords::ofEvent(const QString& kind) {
    static const SentencePatterns patterns(kEvents);
    return patterns.said(kind);
}

QString OwnWords::ofEventText(const QString& text) {
    static const SentencePatterns patterns(kEventTexts);
    return withOutput(text, patterns);
}

}  // namespace ifrit::gui::models
