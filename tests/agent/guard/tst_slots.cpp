// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <functional>

#include "agent/guard/key_value_file.h"
#include "agent/guard/slots.h"
#include "agent/platform/posix/posix_directories.h"

using namespace ifrit;
using namespace ifrit::agent;
using guard::Slots;
using guard::Trial;

namespace {

// Fails every change after the first `allowed` ones, as a kill at that point would: nothing that
// comes later happens.
class DyingDirectories final : public platform::Directories {
public:
    int allowed = 1000;
    std::function<void()> beforeSwitch = [] {};

    absl::Status create(const std::string& path, std::uint32_t mode) override {
        return spent() ? dead() : m_real.create(path, mode);
    }
    absl::Status removeTree(const std::string& path) override {
        return spent() ? dead() : m_real.removeTree(path);
    }
    absl::Status rename(const std::string& from, const std::string& to) override {
        return spent() ? dead() : m_real.rename(from, to);
    }
    absl::Status switchLink(const std::string& target, const std::string& link) override {
        beforeSwitch();
        return spent() ? dead() : m_real.switchLink(target, link);
    }
    absl::StatusOr<std::string> readLink(const std::string& link) const override {
        return m_real.readLink(link);
    }
    absl::StatusOr<std::vector<std::string>> list(const std::string& path) const override {
        return m_real.list(path);
    }
    absl::StatusOr<platform::Owner> owner(const std::string& directory) const override {
        return m_real.owner(directory);
    }
    absl::Status setOwner(const std::string& directory, const platform::Owner& owner) override {
        return spent() ? dead() : m_real.setOwner(directory, owner);
    }
    platform::Owner ourselves() const override { return m_real.ourselves(); }

private:
    bool spent() { return allowed-- <= 0; }
    static absl::Status dead() { return absl::InternalError("killed here"); }
    platform::PosixDirectories m_real;
};

}  // namespace

class SlotsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void withoutASlotTheFallbackRuns();
    void confirmedTrialStays();
    void theSlotInUseIsNotFilled();
    void failedTrialIsPutBackWithItsReason();
    void keysOfALaterFormatAreIgnored();
    void aGuardThatBeginsBeforeTheSwitchDoesNotLoseTheTrial();
    void aReasonIsNoneBeforeTheSwitch();
    void putBackToNoSlot();
    void putBackThoughItsReasonCannotBeWritten();
    void killInAnyStepOfBeginAndPutBackIsHarmless();
    void badTrialsAreRefused();
    void damagedTrialFileIsDropped();

private:
    std::string root() const { return m_dir->path().toStdString(); }
    std::unique_ptr<QTemporaryDir> m_dir;
    DyingDirectories m_directories;
    std::unique_ptr<Slots> m_slots;
    const Trial m_trial{"b", "a", "digest-of-b", "2", std::chrono::seconds(60), 50, 1 << 20};
    const guard::PutBack m_why{"digest-of-b", "2", "HUNG", "it hung",
                               base::fromUnixMillis(1'764'000'000'123)};
};

void SlotsTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_directories.allowed = 1000;
    m_slots = std::make_unique<Slots>(root(), m_directories);
    QVERIFY(m_directories.create(root() + "/ifrit", 0755).ok());
}

void SlotsTest::withoutASlotTheFallbackRuns() {
    QCOMPARE(m_slots->program("/usr/bin/ifrit-agent"), std::string("/usr/bin/ifrit-agent"));
    QVERIFY(!m_slots->trial());
    QVERIFY(!m_slots->lastPutBack());
    QVERIFY(m_slots->forgetPutBack().ok());
}

void SlotsTest::confirmedTrialStays() {
    QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    QCOMPARE(m_slots->current(), std::string("b"));
    QCOMPARE(m_slots->program(""), root() + "/ifrit/current/bin/ifrit-agent");
    QVERIFY(m_slots->trial() == m_trial);
    QVERIFY(!m_slots->proof(m_trial));
    const guard::Proof proof{m_trial.id, 42, std::chrono::milliseconds(4711), true};
    QVERIFY(m_slots->prove(proof).ok());
    QVERIFY(m_slots->proof(m_trial) == proof);
    // A verdict that could not be carried out was not the last one; and what a kill left goes.
    const std::string word = root() + "/ifrit/put-back";
    QVERIFY(guard::writeKeyValues(word, {{"id", m_trial.id}, {"reason", "HUNG"}}).ok());
    QVERIFY(guard::writeKeyValues(word + ".room.tmp", {}).ok());
    QVERIFY(m_slots->confirm(m_trial).ok());
    QVERIFY(!m_slots->trial());
    QVERIFY(!m_slots->lastPutBack());
    for (const char* left : {"", ".room", ".room.tmp"})
        QVERIFY2(!std::filesystem::exists(word + left), left);
    QCOMPARE(m_slots->current(), std::string("b"));
    QCOMPARE(m_slots->idle(), std::string("a"));
    // What this version has proved is nothing for the next.
    QVERIFY(m_slots->prove(proof).ok());
    const Trial next{"a", "b", "digest-of-b", "3", std::chrono::seconds(60)};
    QVERIFY(m_slots->beginTrial(next).ok());
    QVERIFY(!m_slots->proof(next));
}

void SlotsTest::theSlotInUseIsNotFilled() {
    QVERIFY(m_slots->fill("a", "agents/ifrit-agent/versions/1-x").ok());
    QCOMPARE(*m_directories.readLink(root() + "/ifrit/slots/a"),
             std::string("../../agents/ifrit-agent/versions/1-x"));
    QVERIFY(m_slots->beginTrial({"a", "", "x", "1", std::chrono::seconds(1)}).ok());
    QVERIFY(absl::IsInvalidArgument(m_slots->fill("a", "elsewhere")));
    QVERIFY(absl::IsInvalidArgument(m_slots->fill("../a", "elsewhere")));
    QVERIFY(m_slots->fill("b", "agents/ifrit-agent/versions/2-y").ok());
}

void SlotsTest::failedTrialIsPutBackWithItsReason() {
    QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    QVERIFY(m_slots->putBack(m_trial, m_why).ok());
    QCOMPARE(m_slots->current(), std::string("a"));
    QVERIFY(!m_slots->trial());
    // It stays until the journal has it: reading it does not take it away.
    QVERIFY(m_slots->lastPutBack() == m_why);
    QVERIFY(m_slots->lastPutBack() == m_why);
    QVERIFY(m_slots->forgetPutBack().ok());
    QVERIFY(!m_slots->lastPutBack());
}

void SlotsTest::keysOfALaterFormatAreIgnored() {
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    const std::string file = root() + "/ifrit/trial";
    auto values = guard::readKeyValues(file);
    QVERIFY(values.ok());
    (*values)["of_a_later_version"] = "x";
    QVERIFY(guard::writeKeyValues(file, *values).ok());
    QVERIFY(m_slots->trial() == m_trial);
}

void SlotsTest::aReasonIsNoneBeforeTheSwitch() {
    QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    m_directories.allowed = 0;  // a disk that refuses the switch
    QVERIFY(!m_slots->putBack(m_trial, m_why).ok());
    m_directories.allowed = 1000;
    // The version on trial may start once more now. It takes no notice, so nothing is forgotten.
    QVERIFY(!m_slots->lastPutBack());
    QVERIFY(m_slots->putBack(m_trial, m_why).ok());
    QVERIFY(m_slots->lastPutBack() == m_why);
}

void SlotsTest::putBackToNoSlot() {
    Trial first = m_trial;
    first.previous.clear();
    QVERIFY(m_slots->beginTrial(first).ok());
    QVERIFY(m_slots->putBack(first, m_why).ok());
    QCOMPARE(m_slots->program("/fallback"), std::string("/fallback"));
}

void SlotsTest::putBackThoughItsReasonCannotBeWritten() {
    QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    // Something that no file takes the place of.
    const std::filesystem::path reason = root() + "/ifrit/put-back";
    std::filesystem::create_directories(reason / "in the way");
    QVERIFY(m_slots->putBack(m_trial, m_why).ok());
    QCOMPARE(m_slots->current(), std::string("a"));
    QVERIFY(!m_slots->trial());
    std::filesystem::remove_all(reason);

    // It is written once there is room for it.
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    std::filesystem::create_directories(root() + "/ifrit/put-back.tmp/in the way");
    QVERIFY(m_slots->putBack(m_trial, m_why).ok());
    QVERIFY(m_slots->lastPutBack() == m_why);
}

void SlotsTest::killInAnyStepOfBeginAndPutBackIsHarmless() {
    for (int allowed = 0; allowed < 5; ++allowed) {
        init();
        QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
        m_directories.allowed = allowed;
        const bool began = m_slots->beginTrial(m_trial).ok();
        m_directories.allowed = 1000;
        Slots after(root(), m_directories);
        QCOMPARE(after.judgedTrial().has_value(), began);  // also cleans a trial that has not begun
        QCOMPARE(after.current(), std::string(began ? "b" : "a"));

        QVERIFY(after.beginTrial(m_trial).ok());
        m_directories.allowed = allowed;
        const bool done = after.putBack(m_trial, m_why).ok();
        m_directories.allowed = 1000;
        Slots later(root(), m_directories);
        if (const auto on = later.judgedTrial()) {
            QVERIFY(!done);
            QCOMPARE(later.current(), std::string("b"));  // guard judges it again
            QVERIFY(later.putBack(*on, m_why).ok());
        }
        QCOMPARE(later.current(), std::string("a"));
        QVERIFY(later.lastPutBack().has_value());
    }
}

void SlotsTest::badTrialsAreRefused() {
    for (const Trial& bad : {Trial{"c", "a", "x", "1", std::chrono::seconds(1)},
                             Trial{"a", "a", "x", "1", std::chrono::seconds(1)},
                             Trial{"a", "../b", "x", "1", std::chrono::seconds(1)},
                             Trial{"a", "b", "x", "1", std::chrono::seconds(0)}}) {
        QVERIFY(absl::IsInvalidArgument(m_slots->beginTrial(bad)));
    }
    QCOMPARE(m_slots->current(), std::string());
}

void SlotsTest::damagedTrialFileIsDropped() {
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    QVERIFY(m_slots->prove({m_trial.id, 1, {}, true}).ok());
    const QString cut = m_dir->filePath(QStringLiteral("ifrit/put-back.tmp"));
    QVERIFY(QFile(cut).open(QIODevice::WriteOnly));
    QFile file(m_dir->filePath(QStringLiteral("ifrit/trial")));
    QVERIFY(file.resize(file.size() - 1));
    QVERIFY(!m_slots->trial());
    QVERIFY(!m_slots->judgedTrial());
    QVERIFY(!file.exists());
    // Nor stays what spoke for it.
    QVERIFY(!QFile::exists(m_dir->filePath(QStringLiteral("ifrit/proof"))));
    QVERIFY(!QFile::exists(cut));
    // One that comes when the trial is over does not stay either.
    QVERIFY(m_slots->prove({m_trial.id, 1, {}, true}).ok());
    QVERIFY(!QFile::exists(m_dir->filePath(QStringLiteral("ifrit/proof"))));
}

void SlotsTest::aGuardThatBeginsBeforeTheSwitchDoesNotLoseTheTrial() {
    m_directories.beforeSwitch = [this] { QVERIFY(!m_slots->judgedTrial()); };
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    QVERIFY(m_slots->trial() == m_trial);
    m_directories.beforeSwitch = [] {};
}

QTEST_GUILESS_MAIN(SlotsTest)
#include "tst_slots.moc"
