// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/supervise/probe_queue.h"

using namespace ifrit;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;
using Open = ProbeQueue::Open;

/// Each row is a story: a word for each thing that happens, and who ran in which order.
///   +a      a probe of agent "a" comes
///   *       a thread is free for everybody; takes what may run
///   !       the last thread is free
///   -a      the probe of "a" ends
///   10ms    so much time passes
class ProbeQueueTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stories_data();
    void stories();
    void waitsSinceItCame();
    void tooManyAreHandedBack();
    void aLaterProbeTakesThePlaceOfTheEarlier();
    void clearHandsAllBack();

private:
    static ProbeJob job(const std::string& agent, const std::string& mark = "") {
        ProbeJob made;
        made.request.agent = agent;
        made.request.workingDirectory = mark;
        return made;
    }
    const base::SteadyTime m_start{1000h};
};

void ProbeQueueTest::stories_data() {
    QTest::addColumn<QString>("story");
    QTest::addColumn<QString>("ran");
    QTest::newRow("oldest first") << "+a +b +c * * *"
                                  << "abc";
    QTest::newRow("nothing waits") << "* !"
                                   << "";
    QTest::newRow("one at a time of one agent") << "+a * +a *"
                                                << "a";
    QTest::newRow("then the next") << "+a * +a -a *"
                                   << "aa";
    QTest::newRow("others pass the one whose agent is busy") << "+a * +a +b *"
                                                             << "ab";
    QTest::newRow("unknown ones may have the last thread") << "+a !"
                                                           << "a";
    QTest::newRow("prompt ones may have the last thread") << "+a * 100ms -a +a !"
                                                          << "aa";
    QTest::newRow("one that hung may not") << "+a * 101ms -a +a !"
                                           << "a";
    QTest::newRow("but any other") << "+a * 101ms -a +a *"
                                   << "aa";
    QTest::newRow("prompt ones pass it") << "+a * 101ms -a +a +b !"
                                         << "ab";
    QTest::newRow("prompt again") << "+a * 101ms -a +a * 5ms -a +a !"
                                  << "aaa";
    QTest::newRow("an unknown end") << "-a +a *"
                                    << "a";
}

void ProbeQueueTest::stories() {
    QFETCH(QString, story);
    QFETCH(QString, ran);
    ProbeQueue queue;
    base::SteadyTime now = m_start;
    QString order;
    for (const QString& word : story.split(QLatin1Char(' '))) {
        const std::string agent = word.mid(1).toStdString();
        if (word.startsWith(QLatin1Char('+'))) {
            QVERIFY(!queue.add(job(agent), now));
        } else if (word.startsWith(QLatin1Char('-'))) {
            queue.ended(agent, now);
        } else if (word.endsWith(QStringLiteral("ms"))) {
            now += std::chrono::milliseconds(word.chopped(2).toInt());
        } else {
            const Open open = word == QStringLiteral("*") ? Open::Everybody : Open::Prompt;
            const bool some = queue.waitingSince(open).has_value();
            const auto taken = queue.take(open, now);
            QCOMPARE(taken.has_value(), some);
            if (taken) order += QString::fromStdString(taken->request.agent);
        }
    }
    QCOMPARE(order, ran);
}

void ProbeQueueTest::waitsSinceItCame() {
    ProbeQueue queue;
    QVERIFY(!queue.waitingSince(Open::Everybody));
    queue.add(job("a"), m_start);
    queue.add(job("b"), m_start + 1s);
    QVERIFY(queue.waitingSince(Open::Everybody) == m_start);
    queue.take(Open::Everybody, m_start + 2s);
    queue.add(job("a"), m_start + 2s);
    QVERIFY(queue.waitingSince(Open::Everybody) == m_start + 1s);  // "a" may not run
}

void ProbeQueueTest::tooManyAreHandedBack() {
    ProbeQueue queue;
    for (std::size_t i = 0; i < ProbeQueue::kMostWaiting; ++i)
        QVERIFY(!queue.add(job("agent-" + std::to_string(i)), m_start));
    const auto refused = queue.add(job("one too many"), m_start);
    QVERIFY(refused.has_value());
    QCOMPARE(refused->request.agent, std::string("one too many"));
}

void ProbeQueueTest::aLaterProbeTakesThePlaceOfTheEarlier() {
    ProbeQueue queue;
    queue.add(job("a", "earlier"), m_start);
    queue.add(job("b"), m_start);
    const auto dropped = queue.add(job("a", "later"), m_start + 1s);
    QVERIFY(dropped.has_value());
    QCOMPARE(dropped->request.workingDirectory, std::string("earlier"));
    QCOMPARE(queue.take(Open::Everybody, m_start)->request.workingDirectory, std::string("later"));
    QCOMPARE(queue.take(Open::Everybody, m_start)->request.agent, std::string("b"));
}

void ProbeQueueTest::clearHandsAllBack() {
    ProbeQueue queue;
    queue.add(job("a"), m_start);
    queue.take(Open::Everybody, m_start);
    queue.add(job("b"), m_start);
    queue.add(job("c"), m_start);
    QCOMPARE(queue.clear().size(), std::size_t{2});
    QVERIFY(!queue.take(Open::Everybody, m_start));
}

QTEST_GUILESS_MAIN(ProbeQueueTest)
#include "tst_probe_queue.moc"
