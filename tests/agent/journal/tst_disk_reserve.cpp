// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "agent/journal/disk_reserve.h"
#include "agent/journal/journal.h"

using ifrit::agent::journal::DiskReserve;
using ifrit::agent::journal::Journal;
using ifrit::agent::journal::JournalState;

namespace fs = std::filesystem;

class DiskReserveTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;

    std::string path(const char* name) const {
        return m_directory->filePath(QString::fromUtf8(name)).toStdString();
    }
    static qint64 allocated(const std::string& file) {
        struct stat found {};
        return ::stat(file.c_str(), &found) == 0 ? qint64(found.st_blocks) * 512 : 0;
    }

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void isGivenAwayInPiecesAndMadeWholeAgain() {
        DiskReserve reserve(path("room"));
        QVERIFY(!reserve.giveAway());
        QVERIFY(reserve.fill().ok());
        QVERIFY(allocated(path("room")) >= 512 * 1024);
        QVERIFY(reserve.giveAway());
        QVERIFY(allocated(path("room")) < 512 * 1024);
        for (int i = 0; i < 3; ++i)
            QVERIFY(reserve.giveAway());
        QVERIFY(!fs::exists(path("room")));
        QVERIFY(!reserve.giveAway());
        QVERIFY(reserve.fill().ok());
        QVERIFY(allocated(path("room")) >= 512 * 1024);
    }

    /// As a copy of the disk makes it.
    void aHoleIsNoReserve() {
        std::ofstream(path("room")).close();
        fs::resize_file(path("room"), 512 * 1024);
        DiskReserve reserve(path("room"));
        QVERIFY(reserve.make().ok());
        QVERIFY(allocated(path("room")) >= 512 * 1024);
    }

    void onlyTheWayBackUsesIt() {
        const auto opened = Journal::open(path("journal"));
        QVERIFY(opened.ok());
        QVERIFY(!opened->journal->giveReserve());  // who only looks holds none
        QVERIFY(!fs::exists(path("journal.room")));
        QVERIFY(opened->journal->holdReserve().ok());
        QVERIFY(fs::exists(path("journal.room")));
        QVERIFY(opened->journal->giveReserve());
        QVERIFY(fs::file_size(path("journal.room")) < 512 * 1024);
        // There is room: with the next change it is whole again.
        QVERIFY(
            opened->journal->update([](JournalState& state) { state.reportSequence = 1; }).ok());
        QVERIFY(allocated(path("journal.room")) >= 512 * 1024);
    }
};

QTEST_GUILESS_MAIN(DiskReserveTest)
#include "tst_disk_reserve.moc"
