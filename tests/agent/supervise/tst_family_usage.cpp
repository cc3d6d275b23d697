// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "agent/supervise/family_usage.h"

using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using platform::ProcessUse;
using namespace std::chrono_literals;

class FamilyUsageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cpuTime_data();
    void cpuTime();
    void memoryAndTasksAreOfWhoLives();
    void clearBeginsAnew();
    void aReadingThatWasCutTellsNothingOfWhoHasGone();
    void neverFallsAndNeverCountsTwice_data();
    void neverFallsAndNeverCountsTwice();
};

namespace {

// "2<1:5+3": process 2, child of 1, has used 5 itself, and 3 its children. "2'": another with
// pid 2.
ProcessUse parseUse(const QString& text) {
    const QStringList sides = text.split(QLatin1Char(':'));
    const QStringList used = sides.at(1).split(QLatin1Char('+'));
    const QStringList who = sides.at(0).split(QLatin1Char('<'));
    QString pid = who.at(0);
    ProcessUse use;
    use.id.startTime = pid.endsWith(QLatin1Char('\'')) ? 2 : 1;
    use.id.pid = pid.remove(QLatin1Char('\'')).toInt();
    use.parentPid = who.value(1, QStringLiteral("99")).toInt();
    use.cpuTime = std::chrono::nanoseconds(used.at(0).toInt());
    use.childrenCpuTime = std::chrono::nanoseconds(used.value(1).toInt());
    return use;
}

// Processes as the kernel keeps them; 0 is init, which is not of the family.
class Kernel {
public:
    explicit Kernel(unsigned seed) : m_random(seed) { m_processes[1] = {}; }

    long truth() const { return m_truth; }

    // Something happens: one burns, forks, or ends and is waited for, or not.
    void happen() {
        auto& [pid, process] = *std::next(m_processes.begin(), below(m_processes.size()));
        const std::size_t what = below(4);
        if (what < 2) {
            const long burnt = static_cast<long>(1 + below(9));
            process.own += burnt;
            m_truth += burnt;
        } else if (what == 2 && m_processes.size() < 12) {
            const std::int32_t child = freePid();
            m_processes[child] = {pid, ++m_starts, 0, 0, below(4) == 0};
        } else if (what == 3 && pid != 1) {
            end(pid);
        }
    }

    // As the walk through /proc does it: parents first, each at another moment.
    std::vector<ProcessUse> read() {
        std::vector<ProcessUse> family;
        std::set<std::int32_t> seen;
        descend(1, seen, family);
        std::set<std::int32_t> left;
        for (const auto& [pid, process] : m_processes)
            left.insert(pid);
        for (const std::int32_t stray : left) {
            std::int32_t top = stray;
            while (m_processes.count(top) != 0 && left.count(m_processes[top].parent) != 0 &&
                   seen.count(m_processes[top].parent) == 0)
                top = m_processes[top].parent;
            descend(top, seen, family);
            descend(stray, seen, family);
        }
        return family;
    }

private:
    struct Process {
        std::int32_t parent = 0;
        std::uint64_t start = 0;
        long own = 0;
        long waited = 0;
        bool ignoresEnds = false;
    };

    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(m_random);
    }
    std::int32_t freePid() const {  // reuses at once
        std::int32_t pid = 2;
        while (m_processes.count(pid) != 0)
            ++pid;
        return pid;
    }
    void end(std::int32_t pid) {
        const Process ended = m_processes[pid];
        m_processes.erase(pid);
        for (auto& [other, process] : m_processes) {
            if (process.parent == pid) process.parent = 0;
        }
        const auto parent = m_processes.find(ended.parent);
        if (parent != m_processes.end() && !parent->second.ignoresEnds)
            parent->second.waited += ended.own + ended.waited;
    }
    void descend(std::int32_t top, std::set<std::int32_t>& seen, std::vector<ProcessUse>& family) {
        std::vector<std::int32_t> pids{top};
        for (std::size_t i = 0; i < pids.size(); ++i) {
            if (m_processes.count(pids[i]) == 0 || !seen.insert(pids[i]).second) continue;
            const Process& process = m_processes[pids[i]];
            family.push_back({{pids[i], process.start, ""},
                              process.parent,
                              std::chrono::nanoseconds(process.own),
                              std::chrono::nanoseconds(process.waited),
                              0,
                              1});
            if (below(3) == 0) happen();
            for (const auto& [pid, child] : m_processes) {
                if (child.parent == pids[i]) pids.push_back(pid);
            }
            if (below(3) == 0) happen();
        }
    }

    std::mt19937 m_random;
    std::map<std::int32_t, Process> m_processes;
    std::uint64_t m_starts = 0;
    long m_truth = 0;
};

}  // namespace

void FamilyUsageTest::cpuTime_data() {
    QTest::addColumn<QString>("readings");
    QTest::addColumn<QString>("sums");
    const auto row = [](const char* name, const char* readings, const char* sums) {
        QTest::newRow(name) << readings << sums;
    };
    row("one process", "1:10 | 1:15", "10 15");
    row("a child that lives", "1:10 2<1:5 | 1:10 2<1:6", "15 16");
    row("a child that was waited for", "1:10 2<1:5 | 1:10+7", "15 17");
    row("read just before it was waited for", "1:10 2<1:5 | 1:10 | 1:10+7 | 1:10+7", "15 15 17 17");
    row("never waited for", "1:10 2<1:5 | 1:10 | 1:10 | 1:10+4", "15 15 15 19");
    row("never seen, waited for", "1:10 | 1:10+30", "10 40");
    row("left to init", "1:10 3:5 | 1:10 | 1:10+9", "15 15 24");
    row("a branch, each waited for", "1:10 2<1:5 3<2:4 | 1:10+9", "19 19");
    row("its top first", "1:10 2<1:5 3<2:4 | 1:10+5 3:4 | 1:10+5 | 1:12+5", "19 19 19 21");
    row("its top waited for, the rest not", "1:10 2<1:5 3<2:4 | 1:10+5 | 1:10+5 | 1:10+7",
        "19 19 19 21");
    row("who owes goes", "1:10 2<1:5 3<2:4 | 1:10 2<1:5 | 1:10+9", "19 19 19");
    row("the pid is another's", "1:10 2<1:5 | 1:10 2'<1:1 | 1:10+5 2'<1:1", "15 16 16");
    row("two at once", "1:0 2<1:5 3<1:6 | 1:0+6 3<1:6 | 1:0+13", "11 12 13");
    row("the root's pid is another's", "1:10 2<1:5 | 1':1 | 1':1+9", "15 16 25");
    row("with what it had waited for", "1:10 2<1:5+20 | 1:10+25 | 1:10+26", "35 35 36");
}

void FamilyUsageTest::cpuTime() {
    QFETCH(QString, readings);
    QFETCH(QString, sums);
    FamilyUsage usage;
    QStringList found;
    for (const QString& reading : readings.split(QStringLiteral(" | "))) {
        std::vector<ProcessUse> family;
        for (const QString& use : reading.split(QLatin1Char(' ')))
            family.push_back(parseUse(use));
        found << QString::number(usage.add(family).cpuTime.count());
        QCOMPARE(usage.known().size(), family.size());
    }
    QCOMPARE(found.join(QLatin1Char(' ')), sums);
}

void FamilyUsageTest::memoryAndTasksAreOfWhoLives() {
    FamilyUsage usage;
    ProcessUse parent = parseUse(QStringLiteral("1:1"));
    parent.rssBytes = 100;
    parent.threads = 3;
    ProcessUse child = parseUse(QStringLiteral("2<1:1"));
    child.rssBytes = 50;
    const auto both = usage.add({parent, child});
    QCOMPARE(both.rssBytes, std::uint64_t{150});
    QCOMPARE(both.tasks, 4U);
    const auto one = usage.add({parent});
    QCOMPARE(one.rssBytes, std::uint64_t{100});
    QCOMPARE(one.tasks, 3U);
}

void FamilyUsageTest::clearBeginsAnew() {
    FamilyUsage usage;
    usage.add({parseUse(QStringLiteral("1:10")), parseUse(QStringLiteral("2:5"))});
    usage.add({parseUse(QStringLiteral("1:10"))});
    usage.clear();
    QVERIFY(usage.known().empty());
    QVERIFY(usage.add({parseUse(QStringLiteral("1':1"))}).cpuTime == 1ns);
}

void FamilyUsageTest::aReadingThatWasCutTellsNothingOfWhoHasGone() {
    FamilyUsage usage;
    const std::vector<ProcessUse> family{parseUse(QStringLiteral("1:10")),
                                         parseUse(QStringLiteral("2<1:5"))};
    usage.add(family);
    std::vector<ProcessUse> cut;  // without process 2, which lives
    for (std::size_t i = 0; i < platform::ProcessTable::kMostOfFamily; ++i) {
        cut.push_back(parseUse(QStringLiteral("1:10")));
        cut.back().id.pid = 1000 + static_cast<std::int32_t>(i);
    }
    const auto many = usage.add(cut);
    QVERIFY(many.cpuTime == 15ns);
    QCOMPARE(many.tasks, static_cast<std::uint32_t>(platform::ProcessTable::kMostOfFamily));
    QVERIFY(usage.add(family).cpuTime == 15ns);
}

void FamilyUsageTest::neverFallsAndNeverCountsTwice_data() {
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 50; ++seed)
        QTest::addRow("%u", seed) << seed;
}

void FamilyUsageTest::neverFallsAndNeverCountsTwice() {
    QFETCH(unsigned, seed);
    Kernel kernel(seed);
    FamilyUsage usage;
    long before = 0;
    for (int reading = 0; reading < 400; ++reading) {
        for (int i = 0; i < 6; ++i)
            kernel.happen();
        const auto family = kernel.read();
        const long sum = static_cast<long>(usage.add(family).cpuTime.count());
        QVERIFY2(sum >= before, qPrintable(QString::number(reading)));
        QVERIFY2(sum <= kernel.truth(), qPrintable(QString::number(reading)));
        before = sum;
    }
    QVERIFY(before > kernel.truth() / 2);
}

QTEST_GUILESS_MAIN(FamilyUsageTest)
#include "tst_family_usage.moc"
