// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/own_words.h"

#include "gui/models/own_words_parts.h"
#include "gui/models/sentence_patterns.h"

namespace ifrit::gui::models {
namespace {

/// As their makers write them.
constexpr const char* kSentences[] = {
    // gui/presenters/call_tracker.h, operation_log.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "you cancelled it; the master may have done it all the same"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "nobody waits for the answer; the master may have done it"),
    // gui/rpc/rpc_core.cpp, masters.cpp, watch_stream.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "none of the masters could be reached within %1 s, and nothing was asked of "
                      "them: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the connection to %1 is read-only; allow changes in its settings first"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the master at %1 did not answer within %2 s"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the master at %1 could not be reached within %2 s, and nothing was asked of "
                      "it"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the CA of the bundle of %1 is no certificate; import the bundle again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "certificate and key of the bundle of %1 do not fit together; import the "
                      "bundle again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the master at %1 did not show a certificate that the bundle's CA signed for "
                      "this address, or it has expired"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "no TLS connection to %1: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the master at %1 cannot be reached: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the connection has no master's address; import a bundle"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the master at %1 was silent for too long"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the master at %1 ended the stream"),
    // shared/crypto/statement.cpp, gui/heads/head_store.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "not signed by a master: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the signature of master %1 does not match: what it signed was changed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the kept heads in %1 cannot be used: %2; put the file back from a backup of "
                      "your own, or move it away and begin anew"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "cannot write '%1': %2"),
    // gui/rpc/machine_columns_decoder.cpp, package_file_source.cpp, package_upload.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the master's machine stream is malformed: column %1 has %2 values for %3 "
                      "rows"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "'%1' became shorter while it was read"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the package file became shorter while it was read"),
    // shared/package/package_file.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 is not an ifrit package: %2 is cut off"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 is not an ifrit package: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1: the archive has %2 bytes, the manifest says %3"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1: the archive's SHA-256 is not the signed one"),
    // gui/rpc/connection_test.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the bundle's certificate is not known here or has expired; sign in again or "
                      "import a new bundle"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "a super admin of the cluster can grant it"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "this is not an ifrit master, or one of another version"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "look at the master's log"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "ask a super admin of the cluster; to sign in again does not help"),
    // master/app/database_identities.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 is disabled; a super admin can enable the account again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the master answers but does not serve yet"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "this master serves the cluster '%1', the bundle is of '%2'"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "check the address in the bundle"),
    // gui/rpc/line_probe.cpp
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the name '%1' has no address: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "check the spelling, the resolver and the VPN"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "no TCP connection to %1: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "check that the master runs, that the port is right, and the firewall"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "import the bundle again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the bundle's ca_pem holds no certificate"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the bundle's client certificate and key do not fit together: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "TLS handshake with %1 failed: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "TLS handshake with %1: no answer"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "is this the master's port? Other servers speak TLS too"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the certificate of %1 is not trusted: %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "renew the master's certificate; check this machine's clock too"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "use an address that the certificate names, or reissue it with this one"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the bundle is of another cluster, or somebody is in between"),
    // shared/bundle
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "bundle file '%1': %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "'%1' is over 1 MiB: this is not an admin bundle"),
    // shared/filter
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "The filter is longer than 4096 bytes."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "There is no key \"%1\". Keys are %2."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "\"%1\" needs a value behind it."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "'<' and '>' go with version, batch and seen; use ':' here."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "A value is missing beside the comma."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "A regular expression is written /like this/."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "Not a regular expression: %1."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "Look-ahead and look-behind are not taken: write a second term, with '-' for "
                      "what must not be."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "A pattern cannot refer back to its own groups."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "The filter's regular expressions are too large: repeat less often, or write "
                      "them shorter."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "Write label:key=value or label:key."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "Write a number, or a range such as 3..4."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "The range %1 is of no batch: write %2..%3."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "There is no state \"%1\". States are %2."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "Write seen>5m or seen<30s, with s, m, h or d.")};

/// gui/rpc/connection_test.cpp, line_probe.cpp. The widest comes last.
constexpr const char* kDetails[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "connected to %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1, certificate valid until %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "serving"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "answers the master"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "cluster %1 (%2), master %3, %4 machines"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "cluster %1 (%2), master %3, %4 machine"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "may read; a super admin can grant more"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "may %1 and %2 more"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "may %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 (%2) by %3")};

/// master/release: waits_for.cpp, change_time.cpp, gate.cpp, cost_gate.cpp
constexpr const char* kProgress[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 failed, %2 reverted, %3 silent of %4 in the %5 stage; the gate lets at "
                      "most %6 through"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1: half or more of the stage"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 %2 of %3 in the %4 stage; the gate lets at most %5 through"),
    QT_TRANSLATE_NOOP(
        "ifrit::gui::models::OwnWords",
        "cost: %1 of %2 machines of %3 rose from %4 to %5 %6 in the median (p = %7, Mann-Whitney)"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "approved by %1; waits to be started"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "waits for a new approval: the plan that %1 approved no longer holds"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "waits for the approval of a second person, other than %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 froze the cluster: %2; nothing changes until it is unfrozen"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "outside of the windows for changes, which open %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "outside of the windows for changes, and none opens within 400 days"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waits to be started"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "paused; waits for resume, abort or rollback"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "halted; waits for retry-failed, resume, abort or rollback"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "waits for machines to run what they ran before"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waits for an operator to verify"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 is over; waits for an operator to promote"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the %1 stage has no machine; waits for an operator to promote"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "the stage after %1 opens in %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waits for %1 of %2 of the %3 stage"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waits for %1 of %2"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "soaks for another %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "no machine of the %1 stage is reachable")};

/// agent: what a machine is about to do.
constexpr const char* kSteps[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "watching %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "uninstalling"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "putting the previous version back"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "switching to %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "taking over"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "starting"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "starting, after this failed: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "crash loop"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "crash loop: %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waiting for its first probe"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "%1 failed here and is not tried again until it is cleared"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 failed, waiting to try again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "waiting to try again"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "fetching the manifest"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "preflight"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "downloading"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "downloading %1 %"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "verifying and unpacking"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "asking for a permit"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "not installed"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "waiting until ifrit-agent has proved itself"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "repairing files")};

/// What stands in for a place of a detail: role, way to sign in, kind of a cluster.
constexpr const char* kNames[] = {QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "super admin"),
                                  QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "reader"),
                                  QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "certificate"),
                                  QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "token"),
                                  QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "development"),
                                  QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "test"),
                                  QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "production")};

/// tools/demo, tools/demo_cluster: how far the demo is, that the desktop starts.
constexpr const char* kDemo[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "downloading %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 machines enrolled in %2 s"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "cluster in %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "published %1"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "%1 everywhere in %2 s"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "the release waits in its second batch for promote"),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "failed: %1")};

/// gui/presenters: why the desktop itself does something, as audits and timelines have it.
constexpr const char* kReasons[] = {
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords",
                      "A draft of the release wizard that was not started."),
    QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "Undo of: %1")};

/// What is undone.
constexpr const char* kUndone[] = {QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "pause"),
                                   QT_TRANSLATE_NOOP("ifrit::gui::models::OwnWords", "resume")};

const SentencePatterns& sentences() {
    static const SentencePatterns patterns(kSentences);
    return patterns;
}

}  // namespace

QString OwnWords::of(const QString& sentence) {
    return sentences().said(sentence);
}

bool OwnWords::beginsWithName(const QString& sentence) {
    return sentences().beginsWithPlace(sentence);
}

QString OwnWords::ofDetail(const QString& detail) {
    static const SentencePatterns patterns(kDetails);
    static const SentencePatterns names(kNames);
    return patterns.said(detail, &names);
}

QString OwnWords::ofProgress(const QString& line) {
    static const SentencePatterns patterns(kProgress);
    return patterns.said(line, &partPatterns());
}

QString OwnWords::ofHalt(const QString& reason) {
    return tr("when it halted: %1").arg(ofProgress(reason));
}

QString OwnWords::ofReason(const QString& reason) {
    static const SentencePatterns patterns(kReasons);
    static const SentencePatterns undone(kUndone);
    return patterns.said(reason, &undone);
}

QString OwnWords::ofDemo(const QString& line) {
    static const SentencePatterns patterns(kDemo);
    return patterns.said(line);
}

QString OwnWords::ofStep(const QString& step) {
    static const SentencePatterns patterns(kSteps);
    return withOutput(step, patterns);
}

}  // namespace ifrit::gui::models
