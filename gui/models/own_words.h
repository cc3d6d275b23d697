// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

namespace ifrit::gui::models {

class SentencePatterns;

/// The layers that the desktop shares with ifritctl know no Qt and speak English: why a master was
/// not reached, what a filter lacks, what the test of a connection saw. Here their sentences, and
/// the fixed ones of a master's progress, plans and verbs, are found again and said in the reader's
/// language. What is not found, such as another refusal of a master, stays as it came.
class OwnWords {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::OwnWords)
public:
    static QString of(const QString& sentence);
    /// One of the sentences that of() finds again which begin with a name, in whatever language.
    static bool beginsWithName(const QString& sentence);
    /// What a step of the connection test saw.
    static QString ofDetail(const QString& detail);
    /// What a release waits for, or why its gate halted it.
    static QString ofProgress(const QString& line);
    /// Why its gate halted it, which counts what there was then: more may have come since.
    static QString ofHalt(const QString& reason);
    /// What a release's timeline says happened, or adds to it.
    static QString ofTimeline(const QString& text);
    /// Why the desktop did something by itself: in every audit in the same words, whatever the
    /// window speaks.
    static QString ofReason(const QString& reason);
    /// How far the demo cluster is.
    static QString ofDemo(const QString& line);
    /// What stands against a plan: a conflict, or why a machine is left out.
    static QString ofObjection(const QString& text);
    /// What makes a plan slower, or will hold it.
    static QString ofNote(const QString& text);
    /// Why a release's state does not let a verb be said.
    static QString ofVerbRefusal(const QString& text);
    /// What an agent of a machine is about to do.
    static QString ofStep(const QString& step);
    /// The kind of a machine's event.
    static QString ofEvent(const QString& kind);
    /// Why an agent of a machine failed; what its program wrote stays as it came.
    static QString ofFailure(const QString& error);
    /// What an event adds by itself; what a program said stays as it came.
    static QString ofEventText(const QString& text);
    /// Why somebody may do something, or may not.
    static QString ofAccess(const QString& answer);
    /// Why a call was denied, as the audit keeps it; another refusal stays as it came.
    static QString ofDenial(const QString& error);
    /// Where and how the audit's chain is broken.
    static QString ofBreak(const QString& message);

private:
    /// By these, or else as a failure; up to a program's last output, which is behind it.
    static QString withOutput(const QString& text, const SentencePatterns& patterns);
};

}  // namespace ifrit::gui::models
