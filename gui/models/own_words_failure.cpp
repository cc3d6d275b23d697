// SPDX-License-Identifier: GPL-3.0-or-later
// OwnWords: why an agent of a machine failed, as ifrit-agent says it.
#include "gui/models/own_words.h"
#include "gui/models/own_words_parts.h"
#include "gui/models/sentence_patterns.h"

namespace ifrit::gui::models {
namespace {

/// agent/reconcile/probation.cpp, agent/supervise/agent_run.cpp, agent_run_end.cpp,
/// agent_group.cpp, resource_guard.cpp, agent/platform/exit_status.cpp. The widest come last.
constexpr const char* kFailures[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "in probation held at its CPU limit in %1 of %2 looks"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "in probation refused more processes and threads than its limit"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "is not healthy in probation"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "did not become healthy in its probation"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "in probation %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "could not be started: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "could not be judged: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "nothing is known of it"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "waits for the end of what is left of an earlier run"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waits for the end of what is left of it"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waits for the account of its user, %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waits until this machine can start it: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "runs, but crashed repeatedly: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "crashed %1 times in a short time, last: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "it came over its memory limit of %1: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "it uses %1 of memory, its limit is %2: %3"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "it has %1 processes and threads, its limit is %2: %3"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "it uses %1 % of a core, its limit is %2 %: %3"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "exited with code %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "killed by signal %1 (%2)"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "killed by signal %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "ended (it was started by an earlier ifrit-agent, so its exit code is not "
                      "known)"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "ended"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 in probation")};

const QString kLastOutput = QStringLiteral("; its last output: ");

}  // namespace

const SentencePatterns& failurePatterns() {
    static const SentencePatterns patterns(kFailures);
    return patterns;
}

QString OwnWords::withOutput(const QString& text, const SentencePatterns& patterns) {
    const qsizetype at = text.indexOf(kLastOutput);
    const QString head = text.left(at);
    QString said = patterns.said(head, &failurePatterns());
    if (said == head) said = failurePatterns().said(head, &failurePatterns());
    if (at < 0) return said;
    return tr("%1; its last output: %2", "why a program ended, and what it wrote last")
        .arg(said, text.mid(at + kLastOutput.size()));
}

QString OwnWords::ofFailure(const QString& error) {
    return withOutput(error, failurePatterns());
}

}  // namespace ifrit::gui::models
