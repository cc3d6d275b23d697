// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/journal/journal.h"
#include "agent/journal/journal_codec.h"
#include "tests/agent/support/full_journal_state.h"

using namespace ifrit;
using namespace ifrit::agent::journal;

class JournalTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void absentFileIsAnEmptyState();
    void updatesAreThereAfterReopening();
    void updateWithoutAChangeDoesNotWrite();
    void failedUpdateChangesNothing();
    void emptiedAgentIsRemoved();
    void truncatedFileIsKeptAsideAndSaid();
    void leftoverOfAKilledWriteIsIgnored();
    void tooNewFileIsLeftUntouched();
    void unreadableFileIsAnError();

private:
    QString path(const QString& name = QStringLiteral("journal")) const {
        return m_dir->filePath(name);
    }
    Journal::Opened open() const {
        auto opened = Journal::open(path().toStdString());
        if (!opened.ok()) qFatal("%s", base::messageOf(opened.status()).c_str());
        return *std::move(opened);
    }
    void write(const std::string& bytes, const QString& name = QStringLiteral("journal")) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(bytes));
    }
    QByteArray read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(absent)");
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void JournalTest::absentFileIsAnEmptyState() {
    const Journal::Opened opened = open();
    QVERIFY(opened.damage.ok());
    QVERIFY(opened.journal->state() == JournalState());
    QVERIFY(opened.journal->agent("log") == AgentRecord());
    QVERIFY(!QFile::exists(path()));
}

void JournalTest::updatesAreThereAfterReopening() {
    const JournalState full = tests::fullJournalState();
    {
        const Journal::Opened opened = open();
        QVERIFY(opened.journal->update([&](JournalState& state) { state = full; }).ok());
        QVERIFY(opened.journal->state() == full);
    }
    const Journal::Opened again = open();
    QVERIFY(again.damage.ok());
    QVERIFY(again.journal->state() == full);
    QCOMPARE(QFile::permissions(path()) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void JournalTest::updateWithoutAChangeDoesNotWrite() {
    const Journal::Opened opened = open();
    QVERIFY(opened.journal->update([](JournalState& state) { state.reportSequence = 1; }).ok());
    QVERIFY(QFile::remove(path()));
    QVERIFY(opened.journal->update([](JournalState& state) { state.reportSequence = 1; }).ok());
    QVERIFY(!QFile::exists(path()));
}

void JournalTest::failedUpdateChangesNothing() {
    const Journal::Opened opened = open();
    QVERIFY(opened.journal->update([](JournalState& state) { state.reportSequence = 1; }).ok());
    const QByteArray before = read(QStringLiteral("journal"));
    // A directory in the way of the temporary file fails the write for root, too.
    QVERIFY(QDir().mkdir(path(QStringLiteral("journal.tmp"))));
    const absl::Status failed =
        opened.journal->update([](JournalState& state) { state.reportSequence = 2; });
    QVERIFY(!failed.ok());
    QCOMPARE(opened.journal->state().reportSequence, std::uint64_t{1});
    QCOMPARE(read(QStringLiteral("journal")), before);
    QVERIFY(QDir().rmdir(path(QStringLiteral("journal.tmp"))));
    QVERIFY(opened.journal->update([](JournalState& state) { state.reportSequence = 2; }).ok());
    QCOMPARE(open().journal->state().reportSequence, std::uint64_t{2});
}

void JournalTest::emptiedAgentIsRemoved() {
    const Journal::Opened opened = open();
    const auto put = [](AgentRecord& record) { record.releaseId = "r"; };
    const auto clear = [](AgentRecord& record) { record = {}; };
    QVERIFY(opened.journal->updateAgent("log", put).ok());
    QCOMPARE(opened.journal->agent("log").releaseId, std::string("r"));
    QVERIFY(opened.journal->updateAgent("log", clear).ok());
    QVERIFY(opened.journal->state().agents.empty());
}

void JournalTest::truncatedFileIsKeptAsideAndSaid() {
    const std::string whole = encode(tests::fullJournalState(), "");
    const std::string half = whole.substr(0, whole.size() / 2);
    write(half);
    const Journal::Opened opened = open();
    QVERIFY(absl::IsDataLoss(opened.damage));
    const std::string aside = path().toStdString() + ".broken";
    QVERIFY(base::messageOf(opened.damage).find(aside) != std::string::npos);
    QVERIFY(opened.journal->state() == JournalState());
    QCOMPARE(read(QStringLiteral("journal.broken")), QByteArray::fromStdString(half));
    QVERIFY(opened.journal->update([](JournalState& state) { state.reportSequence = 1; }).ok());
    QVERIFY(open().damage.ok());
}

void JournalTest::leftoverOfAKilledWriteIsIgnored() {
    const std::string whole = encode(tests::fullJournalState(), "");
    write(whole);
    write(whole.substr(0, 100), QStringLiteral("journal.tmp"));
    const Journal::Opened opened = open();
    QVERIFY(opened.damage.ok());
    QVERIFY(opened.journal->state() == tests::fullJournalState());
    QVERIFY(opened.journal->update([](JournalState& state) { state.reportSequence = 1; }).ok());
    QVERIFY(!QFile::exists(path(QStringLiteral("journal.tmp"))));
}

void JournalTest::tooNewFileIsLeftUntouched() {
    const std::string file = "# ifrit-journal 2.0 whatever comes then\n";
    write(file);
    const auto opened = Journal::open(path().toStdString());
    QVERIFY(absl::IsFailedPrecondition(opened.status()));
    QVERIFY(base::messageOf(opened.status()).find(path().toStdString()) != std::string::npos);
    QCOMPARE(read(QStringLiteral("journal")), QByteArray::fromStdString(file));
}

void JournalTest::unreadableFileIsAnError() {
    QVERIFY(QDir().mkdir(path()));
    QVERIFY(!Journal::open(path().toStdString()).ok());
    QVERIFY(QDir(path()).exists());
}

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
