// SPDX-License-Identifier: Apache-2.0
// faults.md D3 and E1: a version of ifrit-agent that fills the disk in its trial.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <functional>
#include <memory>

#include "agent/guard/reserved_file.h"
#include "agent/guard/slots.h"
#include "agent/platform/posix/posix_directories.h"
#include "tests/agent/support/passing_directories.h"
#include "tests/support/fault_row.h"
#include "tests/support/sized_disk.h"

using namespace ifrit;
using namespace ifrit::agent;
using guard::ReservedFile;
using guard::Slots;
using guard::Trial;

namespace {

// Somebody is there who takes what every removal frees, before anybody else can.
class ContestedDirectories final : public tests::PassingDirectories {
public:
    using PassingDirectories::PassingDirectories;
    std::function<void()> afterRemoval = [] {};

    absl::Status removeTree(const std::string& path) override {
        const absl::Status removed = PassingDirectories::removeTree(path);
        afterRemoval();
        return removed;
    }
};

}  // namespace

class PutBackRoomTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();
    void aFullDiskKeepsTheReason();
    void noTrialBeginsWithoutRoom();
    void theRoomGoesWithTheTrial();
    void aLongReasonFits();
    void whatAKillLeftIsWrittenOver();
    void withoutRoomNothingIsWritten();

private:
    std::string root() const { return m_dir->path().toStdString(); }
    bool roomExists() const { return std::filesystem::exists(root() + "/ifrit/put-back.room"); }
    Trial trial() const { return {"b", "a", "digest-of-b", "2", std::chrono::seconds(60)}; }
    guard::PutBack why() const {
        return {"digest-of-b", "2", "HUNG", "it hung", base::fromUnixMillis(1'764'000'000'123)};
    }
    void fillDisk() {
        tests::Filler filler(root());
        filler.takeTheRest();
    }

    tests::FaultTally m_cases;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<tests::SizedDisk> m_disk;
    platform::PosixDirectories m_real;
    ContestedDirectories m_directories{m_real};
    std::unique_ptr<Slots> m_slots;
};

void PutBackRoomTest::initTestCase() {
    if (!tests::haveOwnMounts()) QSKIP("the system lets us have no mounts of our own");
}

void PutBackRoomTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_disk = std::make_unique<tests::SizedDisk>(root(), "256k");
    m_directories.afterRemoval = [] {};
    m_slots = std::make_unique<Slots>(root(), m_directories);
    QVERIFY(m_directories.create(root() + "/ifrit", 0755).ok());
    QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
}

void PutBackRoomTest::cleanup() {
    m_cases.count(!QTest::currentTestFailed(), QTest::currentTestFunction());
    m_disk.reset();
    m_dir.reset();
}

void PutBackRoomTest::cleanupTestCase() {
    if (m_cases.total() == 0) return;
    m_cases.print("D3", "a full disk when ifrit-agent is put back",
                  "cases in which its reason has room, or nothing is begun");
}

void PutBackRoomTest::aFullDiskKeepsTheReason() {
    QVERIFY(m_slots->beginTrial(trial()).ok());
    QVERIFY(m_slots->prove({trial().id, 42, {}, false}).ok());
    fillDisk();
    m_directories.afterRemoval = [this] { fillDisk(); };
    QVERIFY(m_slots->putBack(trial(), why()).ok());
    QCOMPARE(m_slots->current(), std::string("a"));
    QVERIFY(!m_slots->trial());
    QVERIFY(m_slots->lastPutBack() == why());
    QVERIFY(!roomExists());
    QVERIFY(m_slots->forgetPutBack().ok());
    QVERIFY(!m_slots->lastPutBack());
}

void PutBackRoomTest::noTrialBeginsWithoutRoom() {
    fillDisk();
    const absl::Status begun = m_slots->beginTrial(trial());
    QVERIFY2(absl::IsResourceExhausted(begun), base::messageOf(begun).c_str());
    QCOMPARE(m_slots->current(), std::string("a"));
    QVERIFY(!m_slots->judgedTrial());
    tests::Filler(root()).remove();
    QVERIFY(m_slots->beginTrial(trial()).ok());
}

void PutBackRoomTest::theRoomGoesWithTheTrial() {
    QVERIFY(m_slots->beginTrial(trial()).ok());
    QVERIFY(roomExists());
    QVERIFY(m_slots->confirm(trial()).ok());
    QVERIFY(!roomExists());
}

void PutBackRoomTest::aLongReasonFits() {
    guard::PutBack wordy = why();
    wordy.message = "it ended, last:";
    while (wordy.message.size() < 10'000)
        wordy.message += " \u4e0d\u884c";  // of three bytes each
    QVERIFY(m_slots->beginTrial(trial()).ok());
    fillDisk();
    QVERIFY(m_slots->putBack(trial(), wordy).ok());
    const auto said = m_slots->lastPutBack();
    QVERIFY(said.has_value());
    QVERIFY(said->message.size() > 2000 && said->message.size() <= 2048);
    QCOMPARE(wordy.message.compare(0, said->message.size(), said->message), 0);
    const QString shown = QString::fromStdString(said->message);
    QVERIFY(!shown.contains(QChar::ReplacementCharacter));
}

void PutBackRoomTest::whatAKillLeftIsWrittenOver() {
    ReservedFile file(root() + "/word");
    QVERIFY(file.reserve().ok());
    // Half of it, and shorter than the room.
    std::filesystem::resize_file(file.room(), 10);
    fillDisk();
    QVERIFY(file.write("short").ok());
    std::ifstream in(root() + "/word");
    QCOMPARE(std::string(std::istreambuf_iterator<char>(in), {}), std::string("short"));
}

void PutBackRoomTest::withoutRoomNothingIsWritten() {
    ReservedFile file(root() + "/word");
    QVERIFY(absl::IsNotFound(file.write("x")));
    QVERIFY(file.reserve().ok());
    QVERIFY(absl::IsInvalidArgument(file.write(std::string(ReservedFile::kBytes + 1, 'x'))));
    QVERIFY(file.write(std::string(ReservedFile::kBytes, 'x')).ok());
    QVERIFY(!std::filesystem::exists(file.room()));
}

QTEST_GUILESS_MAIN(PutBackRoomTest)
#include "tst_put_back_room.moc"
