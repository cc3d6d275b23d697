// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/own_words.h"
#include "gui/models/own_words_parts.h"
#include "gui/models/sentence_patterns.h"

namespace ifrit::gui::models {
namespace {

/// master/release/plan.cpp, plan_duration.cpp, approval.cpp, neighbours.cpp,
/// master/services/planner.cpp, shared/domain/preflight_rules.cpp. The widest come last.
constexpr const char* kAgainstPlan[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "release %1 of %2 for the same machine types is rolling back; one at a time: "
                      "let that end"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "release %1 of %2 for the same machine types is %3; one at a time: let it "
                      "end, abort or roll it back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "machine %1 of the gray list is gone"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "nothing may change %1, and a release that may change nothing for %2 days is "
                      "aborted: start it later, or give it other windows"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "release %1 needs the approval of a second person: any super admin but %2, "
                      "who made it, or whom release.approve was granted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 approved plan %2 of release %3, which no longer holds; look at the plan "
                      "that holds now and have it approved again, by any super admin but %4, or "
                      "whom release.approve was granted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "it runs this version already"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "this version failed there before; clear it to try again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "it is not reachable now"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "it has %1 agents, and %2 would be one more, of which no master hears; "
                      "uninstall another one there first"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "its own order of batches names %1, and the ring has %2 since: make a new "
                      "draft with an order of those, or without one"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "needs kernel %1 or newer, this machine has %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "needs glibc %1 or newer, this machine has %2"),
    QT_TRANSLATE_NOOP(
        "ifrit::gui::models::OwnWords",
        "cannot be installed beside %1, whose package names it a conflict; uninstall that first"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "cannot be installed beside %1; uninstall that first"),
    QT_TRANSLATE_NOOP(
        "ifrit::gui::models::OwnWords",
        "%1 %2 has index %3; a later package, which ran here, withdraws all below %4. Release a "
        "newer one; if the publisher wants this back, it must be signed again with a higher index"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 %2 is for %3, this machine is %4")};

/// master/release/plan_duration.cpp
constexpr const char* kNotes[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "each machine downloads at most %1: up to %2, and its deadline is %3: "
                      "machines will time out"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "each machine downloads at most %1: up to %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "a machine has to stay well for %1 after a download of up to %2, and its "
                      "deadline is %3: machines will time out"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "a machine has to stay well for %1, and its deadline is %2: machines will "
                      "time out"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the gray stage has no machine: none of the release's types has such a uuid, "
                      "pin or labels, and nothing is tried before the next stage"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "machines that go back to an older version: %1. What a machine ran right "
                      "before is still on its disk, anything older is downloaded again; the plan's "
                      "bytes are the most that it can be"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 may change in %2 in this cluster, and %3 did: %4 more take at least %5"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 may change in %2 in this cluster, and %3 did: %4 more takes at least %5"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "nothing changes before %1, when the windows open"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the windows close %1, before it can be done; it goes on when they open"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the windows do not open long enough for it within 400 days")};

/// master/release/verbs.cpp, neighbours.cpp
constexpr const char* kAgainstVerb[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "release %1 of %2 for the same machine types is rolling back; one at a time: "
                      "let that end"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "release %1 of %2 for the same machine types is %3; one at a time: let it "
                      "end, abort or roll it back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "release %1 moved these machines since; roll that one back first, or release "
                      "the wanted version"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "release %1 moved these machines since, and does not go back either; release "
                      "the wanted version"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "what each machine of release %1 did is not kept any more; its counts, plan, "
                      "timeline and audit are. To go back, release the version that is wanted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the release is rolling back; that ends by itself"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the release is a draft; there is nothing to roll back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the release is rolling back already"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the release was rolled back already"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the draft was never started; there is nothing to roll back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the release is rolling back; %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the release is rolled back; %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the release is a draft; %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the release is %1; %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "full is the last stage; there is nothing to verify"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "batches are not verified; they go on by themselves or by promote"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "no machine of the %1 stage came out well; promote goes on regardless"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "full is the last stage; there is no next one"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "no machine failed, reverted or went silent")};

/// What stands in for a place of these.
constexpr const char* kParts[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "before %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "for a year"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "only a draft can be started"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "only a running release can be verified"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "only a running release can be promoted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "machines are tried again only while a release runs"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "it has ended"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "only a running release can be paused"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "only a paused or halted release can be resumed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "only a draft is approved"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "draft"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "running"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "paused"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "halted"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "done"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "aborted"),
    // Of an older master.
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "rolling_back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "rolled_back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "gray"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "pilot"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "none")};

const SentencePatterns& parts() {
    static const SentencePatterns patterns(kParts);
    return patterns;
}

/// A line of progress may stand in for either: what a release waits for, a freeze, a window.
QString orProgress(const QString& said, const QString& text) {
    return said == text ? OwnWords::ofProgress(text) : said;
}

}  // namespace

QString OwnWords::ofObjection(const QString& text) {
    static const SentencePatterns patterns(kAgainstPlan);
    return orProgress(patterns.said(text, &parts()), text);
}

QString OwnWords::ofNote(const QString& text) {
    static const SentencePatterns patterns(kNotes);
    return patterns.said(text, &partPatterns());
}

QString OwnWords::ofVerbRefusal(const QString& text) {
    static const SentencePatterns patterns(kAgainstVerb);
    return orProgress(patterns.said(text, &parts()), text);
}

}  // namespace ifrit::gui::models
