// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/guard/slots.h"
#include "agent/platform/linux/posix_directories.h"

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
        return spent() ? dead() : m_real.switchLink(target, link);
    }
    absl::StatusOr<std::string> readLink(const std::string& link) const override {
        return m_real.readLink(link);
    }
    absl::StatusOr<std::vector<std::string>> list(const std::string& path) const override {
        return m_real.list(path);
    }
    absl::Status syncTree(const std::string& path) override { return m_real.syncTree(path); }

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
    void failedTrialIsPutBackWithItsReason();
    void putBackToNoSlot();
    void killInAnyStepOfBeginAndPutBackIsHarmless();
    void badTrialsAreRefused();
    void damagedTrialFileIsDropped();

private:
    std::string root() const { return m_dir->path().toStdString(); }
    std::unique_ptr<QTemporaryDir> m_dir;
    DyingDirectories m_directories;
    std::unique_ptr<Slots> m_slots;
    const Trial m_trial{"b", "a", "digest-of-b", std::chrono::seconds(60)};
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
    QVERIFY(m_slots->confirm().ok());
    QVERIFY(!m_slots->takePutBack());
}

void SlotsTest::confirmedTrialStays() {
    QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    QCOMPARE(m_slots->current(), std::string("b"));
    QCOMPARE(m_slots->program(""), root() + "/ifrit/current/bin/ifrit-agent");
    QVERIFY(m_slots->trial() == m_trial);
    QVERIFY(!m_slots->confirmed(m_trial));
    QVERIFY(m_slots->confirm().ok());
    QVERIFY(m_slots->confirmed(m_trial));
    QVERIFY(m_slots->finish(m_trial).ok());
    QVERIFY(!m_slots->trial());
    QCOMPARE(m_slots->current(), std::string("b"));
    // A confirmation of this version is none of the next.
    const Trial next{"a", "b", "digest-of-a2", std::chrono::seconds(60)};
    QVERIFY(m_slots->beginTrial(next).ok());
    QVERIFY(!m_slots->confirmed(next));
}

void SlotsTest::failedTrialIsPutBackWithItsReason() {
    QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    const base::WallTime at = base::fromUnixMillis(1'764'000'000'123);
    QVERIFY(m_slots->putBack(m_trial, "it hung", at).ok());
    QCOMPARE(m_slots->current(), std::string("a"));
    QVERIFY(!m_slots->trial());
    const auto put = m_slots->takePutBack();
    QVERIFY(put == (guard::PutBack{"digest-of-b", "it hung", at}));
    QVERIFY(!m_slots->takePutBack());
}

void SlotsTest::putBackToNoSlot() {
    Trial first = m_trial;
    first.previous.clear();
    QVERIFY(m_slots->beginTrial(first).ok());
    QVERIFY(m_slots->putBack(first, "x", {}).ok());
    QCOMPARE(m_slots->program("/fallback"), std::string("/fallback"));
}

void SlotsTest::killInAnyStepOfBeginAndPutBackIsHarmless() {
    for (int allowed = 0; allowed < 4; ++allowed) {
        init();
        QVERIFY(m_directories.switchLink("slots/a", root() + "/ifrit/current").ok());
        m_directories.allowed = allowed;
        const bool began = m_slots->beginTrial(m_trial).ok();
        m_directories.allowed = 1000;
        Slots after(root(), m_directories);
        QCOMPARE(after.trial().has_value(), began);  // also cleans a trial that has not begun
        QCOMPARE(after.current(), std::string(began ? "b" : "a"));

        QVERIFY(after.beginTrial(m_trial).ok());
        m_directories.allowed = allowed;
        const bool done = after.putBack(m_trial, "x", {}).ok();
        m_directories.allowed = 1000;
        Slots later(root(), m_directories);
        if (const auto on = later.trial()) {
            QVERIFY(!done);
            QCOMPARE(later.current(), std::string("b"));  // guard judges it again
            QVERIFY(later.putBack(*on, "x", {}).ok());
        }
        QCOMPARE(later.current(), std::string("a"));
        QVERIFY(later.takePutBack().has_value());
    }
}

void SlotsTest::badTrialsAreRefused() {
    for (const Trial& bad : {Trial{"c", "a", "x", std::chrono::seconds(1)},
                             Trial{"a", "a", "x", std::chrono::seconds(1)},
                             Trial{"a", "../b", "x", std::chrono::seconds(1)},
                             Trial{"a", "b", "x", std::chrono::seconds(0)}}) {
        QVERIFY(absl::IsInvalidArgument(m_slots->beginTrial(bad)));
    }
    QCOMPARE(m_slots->current(), std::string());
}

void SlotsTest::damagedTrialFileIsDropped() {
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    QFile file(m_dir->filePath(QStringLiteral("ifrit/trial")));
    QVERIFY(file.resize(file.size() - 1));
    QVERIFY(!m_slots->trial());
    QVERIFY(!file.exists());
}

QTEST_GUILESS_MAIN(SlotsTest)
#include "tst_slots.moc"
