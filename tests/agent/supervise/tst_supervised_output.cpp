// SPDX-License-Identifier: Apache-2.0
// What is told of a log that cannot be kept in bounds.
#include <QTest>
#include <filesystem>
#include <fstream>

#include "tests/agent/supervise/supervised_machine.h"

namespace ifrit::tests {

using namespace agent::supervise;
using Kinds = std::vector<std::string>;

class SupervisedOutputTest : public QObject, private SupervisedMachine {
    Q_OBJECT

    RunSpec small() const {
        RunSpec made = spec();
        made.output.maxBytes = 100;
        return made;
    }
    std::string path() const { return spec().output.path; }
    void write(std::size_t bytes) const {
        std::ofstream(path(), std::ios::app) << std::string(bytes, 'x');
    }
    Kinds kindsAfterLooks(int looks, std::size_t bytesEach) {
        for (int i = 0; i < looks; ++i) {
            write(bytesEach);
            advance(kSampleInterval);
        }
        return kinds();
    }

private Q_SLOTS:
    void init() {
        makeMachine();
        QVERIFY(m_supervisor->start(small()).ok());
        advance(kSampleInterval);
        kinds();
    }

    /// On a full disk what is over the cap is lost each time that there is as much of it again.
    void whatIsLostIsToldOnce() {
        QVERIFY(std::filesystem::create_directory(path() + ".1"));
        QCOMPARE(kindsAfterLooks(7, 60), Kinds{"record-failed"});
        QVERIFY(std::filesystem::file_size(path()) <= 120);
        std::filesystem::remove(path() + ".1");
        QCOMPARE(kindsAfterLooks(3, 60), Kinds());
        QVERIFY(std::filesystem::is_regular_file(path() + ".1"));
        // And when it comes again.
        std::filesystem::remove(path() + ".1");
        QVERIFY(std::filesystem::create_directory(path() + ".1"));
        QCOMPARE(kindsAfterLooks(7, 60), Kinds{"record-failed"});
    }

    /// On a disk that takes no change it is over the cap at each look.
    void whatCannotBeEmptiedIsToldOnce() {
        std::filesystem::remove(path());
        std::filesystem::create_symlink("/sys/kernel/uevent_seqnum", path());
        if (!std::filesystem::exists(path())) QSKIP("there is no such file here");
        QCOMPARE(kindsAfterLooks(7, 0), Kinds{"record-failed"});
        std::filesystem::remove(path());
        QCOMPARE(kindsAfterLooks(3, 60), Kinds());
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SupervisedOutputTest;
QTEST_GUILESS_MAIN(SupervisedOutputTest)
#include "tst_supervised_output.moc"
