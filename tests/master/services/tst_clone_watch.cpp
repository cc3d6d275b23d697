// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <QTextStream>

#include "master/services/clone_watch.h"
#include "shared/base/status.h"

using namespace ifrit;
using master::services::CloneWatch;

namespace {

constexpr std::chrono::seconds kSilent{90};

/// Plays "A B a+30 ...": a letter is a call of that run of ifrit-agent, a small letter that of one
/// on another host than the one that enrolled, +N lets N seconds go by. Returns one letter a call:
/// '.' taken, 'X' refused and audited, 'x' refused again.
QString play(const QString& script) {
    CloneWatch watch(kSilent);
    base::WallTime now = base::fromUnixMillis(1'764'000'000'000);
    QString out;
    for (const QString& word : script.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (word.startsWith(QLatin1Char('+'))) {
            now += std::chrono::seconds(word.mid(1).toInt());
            continue;
        }
        const char16_t letter = word.at(0).unicode();
        const auto verdict = watch.admit(
            "m1", {letter, word.at(0).isLower(), std::string("10.0.0.") + char(letter)}, now);
        out += QLatin1Char(verdict.status.ok() ? '.' : verdict.isNew ? 'X' : 'x');
    }
    return out;
}

}  // namespace

class CloneWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Where machines are told to come less often, a copy waits for as long.
    void aCopyWaitsForAsLongAsMachinesMayStayAway() {
        CloneWatch watch(kSilent);
        base::WallTime now = base::fromUnixMillis(1'764'000'000'000);
        const auto takes = [&](std::uint64_t run) {
            return watch.admit("m1", {run, false, "10.0.0.1"}, now).status.ok();
        };
        for (int i = 0; i < 3; ++i) {
            (void)takes(1);
            (void)takes(2);
        }
        QVERIFY(takes(1) && !takes(2));
        watch.setSilentAfter(std::chrono::seconds(300));
        now += std::chrono::seconds(300);
        QVERIFY(!takes(2));
        now += std::chrono::seconds(1);
        QVERIFY(takes(2));
    }

    void sequences_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("verdicts");
        const auto row = [](const char* name, const char* script, const char* verdicts) {
            QTest::newRow(name) << QString::fromLatin1(script) << QString::fromLatin1(verdicts);
        };
        row("one machine", "A +30 A +30 A", "...");
        row("a restart", "A +30 B +30 B +30 B +30 B +30 B", "......");
        row("a restart, then another", "A +10 B +10 B +10 C +10 C +90 C", "......");
        row("a crash loop", "A +1 B +1 C +1 D +1 E +1 F", "......");
        row("a late word of the former run", "A B A +1 B +30 B +91 B +30 B", ".......");
        row("two that live: the later one is refused", "A B A B A B +30 A +30 B", ".....X.x");
        row("the copy is heard first, and is found out", "a B a B a +30 B +30 a", "..X.x.x");
        row("who says itself that it moved waits for the former", "A b b +30 A b +91 b +30 b",
            ".Xx.x..");
        row("a disk that was moved goes on", "A +91 b +30 b +30 b", "....");
        row("a moved machine restarts", "a +30 b +30 b +30 b", "....");
        row("a refused copy is remembered over its longest pause",
            "A B A B A B +80 A +80 A +80 A B", ".....X...x");
        row("a copy that was not refused yet ends, and the machine restarts",
            "A B A B +30 A +30 C +30 C +90 C", "........");
        row("the machine restarts beside a refused copy, and stays the one",
            "A B A B A B +30 A B +30 C B +30 C B +30 C B +30 C B", ".....X.x.x.x.x.x");
        row("the machine ends, and its copy is all that is left", "A B A B A B +80 B +80 B +30 B",
            ".....Xx..");
        row("two copies", "A B C A B C A B C +30 A B C", ".......XX.xx");
    }
    void sequences() {
        QFETCH(QString, script);
        QTEST(play(script), "verdicts");
    }

    void whoDoesNotSayIsNotWatched() {
        QCOMPARE(play(QStringLiteral("A B A")), QStringLiteral("..."));
        CloneWatch watch(kSilent);
        for (int i = 0; i < 4; ++i)
            QVERIFY(watch.admit("m1", {0, true, ""}, base::fromUnixMillis(i)).status.ok());
    }

    void machinesAreKeptApart() {
        CloneWatch watch(kSilent);
        const base::WallTime now = base::fromUnixMillis(1);
        for (int i = 0; i < 4; ++i) {
            QVERIFY(watch.admit("m1", {1, false, "a"}, now).status.ok());
            QVERIFY(watch.admit("m2", {2, false, "b"}, now).status.ok());
        }
    }

    void theRefusalSaysWhatToDo() {
        CloneWatch watch(kSilent);
        const base::WallTime now = base::fromUnixMillis(1);
        absl::Status status;
        for (int i = 0; i < 3; ++i) {
            watch.admit("m1", {1, false, "10.0.0.1"}, now).status.IgnoreError();
            status = watch.admit("m1", {2, false, "10.0.0.2"}, now).status;
        }
        QCOMPARE(base::errorInfo(status).reason, std::string("CLONED_IDENTITY"));
        for (const char* word : {"m1", "10.0.0.1", "10.0.0.2", "join token", "identity.pem"})
            QVERIFY2(base::messageOf(status).find(word) != std::string::npos, word);
    }
};

QTEST_GUILESS_MAIN(CloneWatchTest)
#include "tst_clone_watch.moc"
