// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "master/services/clone_watch.h"
#include "master/services/presence_news.h"
#include "shared/base/status.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using services::CloneWatch;

namespace {

constexpr std::chrono::seconds kSilent{120};
constexpr char kMachine[] = "m1";

/// Some masters over one database, each with a clock that is wrong in its own way.
class Masters {
public:
    using Skews = std::vector<std::chrono::seconds>;
    explicit Masters(const Skews& skews) : m_skews(skews) {
        for (std::size_t i = 0; i < skews.size(); ++i)
            m_watches.push_back(newWatch());
    }

    void wait(std::chrono::milliseconds by) { m_now += by; }
    void restart(std::size_t master) { m_watches[master] = newWatch(); }
    CloneWatch::Verdict say(std::size_t master, std::uint64_t instance, bool moved = false,
                            bool isPoll = true) {
        return m_watches[master]->admit(
            kMachine, {instance, moved, "10.0.0.1:" + std::to_string(instance), isPoll},
            clock(master));
    }
    /// What this master tells is stored, and read by the others.
    std::size_t write(std::size_t master) {
        const auto news = m_watches[master]->takeNews();
        if (news.empty()) return 0;
        std::vector<storage::PresenceRecord> told;
        const absl::Status stored =
            m_database.transact([&](storage::Transaction& in) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(told, services::storeNews(in, news));
                return absl::OkStatus();
            });
        if (!stored.ok()) {
            m_watches[master]->giveBack(news);
            return 0;
        }
        m_watches[master]->told(told);
        for (std::size_t other = 0; other < m_watches.size(); ++other) {
            if (other == master || m_watches[other]->heardHere({kMachine}).empty()) continue;
            m_watches[other]->hearElsewhere(rows(), clock(other));
        }
        return news.size();
    }
    std::vector<storage::PresenceRecord> rows() {
        std::vector<storage::PresenceRecord> out;
        (void)m_database.read([&out](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, in.presences().findAll({kMachine}));
            return absl::OkStatus();
        });
        return out;
    }
    void setDown(const absl::Status& down) { m_database.down = down; }
    std::size_t count() const { return m_watches.size(); }
    CloneWatch& watch(std::size_t master) { return *m_watches[master]; }
    base::WallTime clock(std::size_t master) const { return m_now + m_skews[master]; }

private:
    static std::unique_ptr<CloneWatch> newWatch() {
        return std::make_unique<CloneWatch>(kSilent, CloneWatch::Masters::Several);
    }

    const Skews m_skews;
    storage::MemoryDatabase m_database;
    std::vector<std::unique_ptr<CloneWatch>> m_watches;
    base::WallTime m_now = base::fromUnixMillis(1'764'000'000'000);
};

/// Plays "1A 2b +30 /1 / !2": run A polls master 1; b, which says that it moved, polls master 2; 30
/// s go by; master 1 writes; all of them do; master 2 is restarted. One letter a poll: '.' taken,
/// 'X' refused and audited, 'x' refused again.
QString play(const QString& script, const Masters::Skews& skews) {
    Masters masters(skews);
    QString out;
    for (const QString& word : script.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const char16_t first = word.at(0).unicode();
        const QString rest = word.mid(1);
        if (first == u'+') {
            masters.wait(std::chrono::seconds(rest.toInt()));
        } else if (first == u'!') {
            masters.restart(std::size_t(rest.toInt() - 1));
        } else if (first == u'/') {
            for (std::size_t i = 0; i < masters.count(); ++i) {
                if (rest.isEmpty() || std::size_t(rest.toInt() - 1) == i) masters.write(i);
            }
        } else {
            const auto verdict =
                masters.say(std::size_t(first - u'1'), rest.at(0).unicode(), rest.at(0).isLower());
            out += QLatin1Char(verdict.status.ok() ? '.' : verdict.isNew ? 'X' : 'x');
        }
    }
    return out;
}

/// Clocks that agree, and ones that are hours apart, either way.
const std::array<Masters::Skews, 3> kClocks = {
    {{std::chrono::seconds(0), std::chrono::seconds(0), std::chrono::seconds(0)},
     {std::chrono::seconds(0), std::chrono::seconds(-7'200), std::chrono::seconds(3'600)},
     {std::chrono::seconds(0), std::chrono::seconds(7'200), std::chrono::seconds(-3'600)}}};

}  // namespace

class CloneMastersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sequences_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("verdicts");
        const auto row = [](const char* name, const char* script, const char* verdicts) {
            QTest::newRow(name) << QString::fromLatin1(script) << QString::fromLatin1(verdicts);
        };
        row("another master, and back, and again",
            "1A / +30 2A / +30 1A / +30 2A 1A / +30 1A 2A / +30 2A", "........");
        row("a restart that comes up at the other master",
            "1A / +30 1A / +10 2B / +30 2B / +30 2B / +30 2B", "......");
        row("a restart before anybody was told", "1A +1 2B / +30 2B / +30 2B / +30 2B", ".....");
        row("restarts at either, back and forth",
            "1A / 2A / 1B / 2B / 1B / 2C / 1C / 1D / 2D / 1D / +30 2D / +30 1D", "............");
        row("a late word of the former run", "1A / +30 2B / 1A / +30 2B / +30 2B / +30 2B",
            "......");
        row("a master is told late", "1A +30 1A +10 2B /2 +30 2B /1 /2 +30 2B / +30 2B", "......");
        row("two that live: the later one is refused",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B",
            "........X.x.x");
        row("the other master writes first",
            "1A /2 /1 +30 2B 1A /2 /1 +30 2B 1A /2 /1 +30 2B 1A /2 /1 +30 2B 1A /2 /1 +30 2B 1A",
            ".......X.x.");
        row("the copy moved by its own word, and was there first",
            "1a / +30 1a 2B / +30 1a 2B / +30 1a 2B", "...X.x.");
        row("the copy moved by its own word, and came later",
            "1A / +30 1A 2b / +30 1A 2b / +30 1A 2b / +30 1A 2b", "......X.x");
        row("the refused one tries the other master",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / 1B +30 1A 1B 2B",
            "........Xx.xx");
        row("the kept one goes to the other master, and back",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 2A 2B / +30 2A 2B / 1A 2B",
            "........X.x.x.x");
        row("the kept one ends",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 2B / +60 2B / +31 2B / +30 "
            "2B",
            "........Xxx..");
        row("the kept one restarts beside the refused one",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1C 2B / +30 1C 2B / +30 1C "
            "2B "
            "/ +30 1C 2B / +30 1C 2B / +30 1C 2B",
            "........X.x.x.x.x.x.x");
        row("a refused one that pauses for long",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / +60 1A / +60 1A / +60 1A / +60 "
            "1A "
            "/ +60 1A / +60 1A / 2B",
            "........X......x");
        row("the kept one's master restarts",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / !1 +30 1A 2B / +30 1A 2B / +30 "
            "1A "
            "2B / +30 1A 2B",
            "........X.x.x.x.x");
        row("the copy's master restarts",
            "1A / +30 1A 2B / +30 1A 2B / +30 1A 2B / +30 1A 2B / !2 +30 1A 2B / +30 1A 2B / +30 "
            "1A "
            "2B / +30 1A 2B",
            "........X...x.x.x");
        row("three at three masters",
            "1A / +30 1A 2B 3C / +30 1A 2B 3C / +30 1A 2B 3C / +30 1A 2B 3C / +30 1A 2B 3C",
            "...........XX.xx");
    }
    void sequences() {
        QFETCH(QString, script);
        for (const Masters::Skews& skews : kClocks)
            QTEST(play(script, skews), "verdicts");
    }

    /// One machine that restarts and changes masters as it likes, with masters that write when they
    /// like and are restarted; a last word of a run may come late.
    void whatDoesNotLiveTwiceIsNeverRefused() {
        for (unsigned seed = 0; seed < 60; ++seed) {
            std::mt19937 random(seed);
            const auto oneOf = [&random](unsigned n) { return random() % n; };
            Masters masters(kClocks[seed % kClocks.size()]);
            std::uint64_t instance = 1;
            std::uint64_t late = 0;  // of the former run, still on its way
            std::size_t at = 0;
            for (int step = 0; step < 400; ++step) {
                masters.wait(std::chrono::seconds(oneOf(40)));
                if (oneOf(6) == 0) at = oneOf(3);
                if (oneOf(8) == 0) late = instance++;
                if (oneOf(60) == 0) masters.restart(oneOf(3));
                if (late != 0 && oneOf(3) == 0) (void)masters.say(oneOf(3), std::exchange(late, 0));
                // A permit is asked of the leader.
                if (oneOf(4) == 0)
                    QVERIFY2(masters.say(0, instance, false, false).status.ok(), "permit");
                QVERIFY2(masters.say(at, instance).status.ok(),
                         qPrintable(QStringLiteral("seed %1 step %2").arg(seed).arg(step)));
                for (std::size_t i = 0; i < masters.count(); ++i) {
                    if (oneOf(2) == 0) masters.write(i);
                }
            }
        }
    }

    /// Two that live, wherever they poll: in the end one is refused at every master, and the other
    /// one was at none.
    void ofTwoThatLiveExactlyOneIsRefused() {
        for (unsigned seed = 0; seed < 60; ++seed) {
            std::mt19937 random(seed);
            const auto oneOf = [&random](unsigned n) { return random() % n; };
            Masters masters(kClocks[seed % kClocks.size()]);
            const std::array<std::uint64_t, 2> instances = {random() | 1U, random() | 1U};
            // The copy is made of a machine that is known, or both begin at the same time.
            const bool isKnown = oneOf(2) == 0;
            std::array<std::size_t, 2> at = {oneOf(3), oneOf(3)};
            if (isKnown) {
                (void)masters.say(at[0], instances[0]);
                masters.write(at[0]);
            }
            QString trace = QStringLiteral("seed %1: ").arg(seed);
            std::array<int, 2> refusedLately = {0, 0};
            for (int round = 0; round < 60; ++round) {
                masters.wait(std::chrono::seconds(15));
                const std::size_t first = oneOf(2);
                for (const std::size_t who : {first, 1 - first}) {
                    // It polls every second round, and at first leaves its master now and then:
                    // where it comes anew it is taken until that master was told.
                    if (round < 30 && oneOf(15) == 0) at[who] = oneOf(3);
                    if (round % 2 != int(who)) continue;
                    const bool taken = masters.say(at[who], instances[who]).status.ok();
                    if (round >= 44 && !taken) ++refusedLately[who];
                    trace += QStringLiteral("%1@%2=%3 ").arg(who).arg(at[who]).arg(int(taken));
                    if (isKnown && who == 0) QVERIFY2(taken, qPrintable(trace));
                }
                for (std::size_t i = 0; i < masters.count(); ++i) {
                    if (oneOf(5) != 0 && masters.write(i) != 0)
                        trace += QStringLiteral("/%1 ").arg(i);
                }
            }
            const QString what = QStringLiteral("seed %1: %2 and %3 of 8")
                                     .arg(seed)
                                     .arg(refusedLately[0])
                                     .arg(refusedLately[1]);
            QVERIFY2(std::min(refusedLately[0], refusedLately[1]) == 0, qPrintable(what));
            QVERIFY2(std::max(refusedLately[0], refusedLately[1]) == 8, qPrintable(what));
        }
    }

    void nothingIsWrittenWhileNothingChanges() {
        Masters masters(kClocks[0]);
        std::size_t written = 0;
        for (int poll = 0; poll < 100; ++poll) {
            QVERIFY(masters.say(0, 'A').status.ok());
            masters.wait(std::chrono::seconds(30));
            written += masters.write(0) + masters.write(1);
        }
        QCOMPARE(written, std::size_t{1});
        for (int poll = 0; poll < 100; ++poll) {
            QVERIFY(masters.say(1, 'A').status.ok());
            masters.wait(std::chrono::seconds(30));
            written += masters.write(0) + masters.write(1);
        }
        QCOMPARE(written, std::size_t{2});
        QCOMPARE(masters.rows().size(), std::size_t{1});
    }

    void whatCouldNotBeStoredIsToldLater() {
        Masters masters(kClocks[0]);
        (void)masters.say(0, 'A');
        masters.setDown(absl::UnavailableError("away"));
        QCOMPARE(masters.write(0), std::size_t{0});
        masters.setDown(absl::OkStatus());
        QCOMPARE(masters.write(0), std::size_t{1});
        QCOMPARE(masters.write(0), std::size_t{0});
        masters.watch(0).tellAgain();
        QCOMPARE(masters.write(0), std::size_t{0});
        (void)masters.say(0, 'A');
        QCOMPARE(masters.write(0), std::size_t{1});
    }

    /// However often it is restarted, and however many copies there are.
    void memoryAndRowsAreBounded() {
        Masters masters(kClocks[0]);
        for (std::uint64_t run = 1; run <= 1'000; ++run) {
            (void)masters.say(run % 2, run);
            masters.wait(std::chrono::seconds(1));
            if (run % 15 != 0) continue;
            QVERIFY(masters.write(0) <= services::kMaxRuns);
            QVERIFY(masters.write(1) <= services::kMaxRuns);
            QVERIFY(masters.rows().size() <= 2 * services::kMaxRuns);
        }
        QCOMPARE(masters.watch(0).size(), std::size_t{1});
        masters.wait(std::chrono::hours(2));
        masters.watch(0).forget(masters.clock(0));
        QCOMPARE(masters.watch(0).size(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(CloneMastersTest)
#include "tst_clone_masters.moc"
