// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "agent/supervise/output_rotation.h"
#include "shared/base/atomic_file.h"

using namespace ifrit;
using namespace ifrit::agent::supervise;

class OutputRotationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void prepareMakesTheDirectory();
    void prepareRenamesOverTheCap();
    void capKeepsTheWriterWriting();
    void ofAFloodTheEndIsKept_data();
    void ofAFloodTheEndIsKept();
    void ofAFloodThatCannotBeCutAllIsKept();
    void whatCannotBeEmptiedIsNotCopied();
    void lastLine_data();
    void lastLine();
    void aRunHasItsOwnOutput();
    void anAdoptedRunThatWasSilentSaidNothing();

private:
    OutputFile output() const {
        return {m_dir->filePath(QStringLiteral("log/out")).toStdString(), 100};
    }
    std::string text(const std::string& path) const {
        return base::readFile(path, 100'000).value_or("(absent)");
    }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void OutputRotationTest::prepareMakesTheDirectory() {
    QVERIFY(prepareOutput(output()).ok());
    QVERIFY(QFile::exists(m_dir->filePath(QStringLiteral("log"))));
    QVERIFY(prepareOutput({}).ok());
    QVERIFY(!prepareOutput({"/dev/null/x/out", 1}).ok());
}

void OutputRotationTest::prepareRenamesOverTheCap() {
    QVERIFY(prepareOutput(output()).ok());
    QVERIFY(base::writeFileAtomically(output().path, std::string(100, 'x'), 0600).ok());
    QVERIFY(prepareOutput(output()).ok());
    QCOMPARE(text(output().path).size(), std::size_t{100});
    QVERIFY(base::writeFileAtomically(output().path, std::string(101, 'x'), 0600).ok());
    QVERIFY(prepareOutput(output()).ok());
    QCOMPARE(text(output().path), std::string());
    QCOMPARE(text(output().path + ".1"), std::string(101, 'x'));
}

void OutputRotationTest::capKeepsTheWriterWriting() {
    QVERIFY(prepareOutput(output()).ok());
    const int writer = ::open(output().path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const std::string first(150, 'a');
    QCOMPARE(::write(writer, first.data(), first.size()), ssize_t{150});
    QVERIFY(capOutput(output()).ok());
    QCOMPARE(text(output().path), std::string());
    QCOMPARE(text(output().path + ".1"), first);
    QCOMPARE(::write(writer, "next", 4), ssize_t{4});
    QVERIFY(capOutput(output()).ok());
    QCOMPARE(text(output().path), std::string("next"));
    QCOMPARE(text(output().path + ".1"), first);
    ::close(writer);
}

void OutputRotationTest::ofAFloodTheEndIsKept_data() {
    QTest::addColumn<bool>("runs");
    QTest::newRow("while it runs") << true;
    QTest::newRow("before its next start") << false;
}

/// What a program writes between two looks may fill the disk once; kept beside it, twice.
void OutputRotationTest::ofAFloodTheEndIsKept() {
    QFETCH(const bool, runs);
    QVERIFY(prepareOutput(output()).ok());
    const std::string flood = std::string(100'000, 'a') + std::string(200, 'z');
    QVERIFY(base::writeFileAtomically(output().path, flood, 0600).ok());
    QVERIFY((runs ? capOutput(output()).status() : prepareOutput(output())).ok());
    QCOMPARE(text(output().path), std::string());
    QCOMPARE(text(output().path + ".1"), std::string(200, 'z'));
    const auto others = std::filesystem::perms::others_all;
    QVERIFY((std::filesystem::status(output().path + ".1").permissions() & others) ==
            std::filesystem::perms::none);
}

/// As on a disk that the flood has filled: the copy of its end has no room.
void OutputRotationTest::ofAFloodThatCannotBeCutAllIsKept() {
    QVERIFY(prepareOutput(output()).ok());
    const std::string flood = std::string(1000, 'a') + std::string(200, 'z');
    QVERIFY(base::writeFileAtomically(output().path, flood, 0600).ok());
    QVERIFY(std::filesystem::create_directory(output().path + ".1.end"));
    QVERIFY(prepareOutput(output()).ok());
    QCOMPARE(text(output().path), std::string());
    QCOMPARE(text(output().path + ".1"), flood);
}

/// As on a disk that takes no change: it is not copied at each look for nothing.
void OutputRotationTest::whatCannotBeEmptiedIsNotCopied() {
    // Nobody may write to it, root neither.
    std::filesystem::create_directories(std::filesystem::path(output().path).parent_path());
    std::filesystem::create_symlink("/sys/kernel/uevent_seqnum", output().path);
    if (text(output().path).empty()) QSKIP("there is no such file here");
    const auto capped = capOutput(output());
    QVERIFY(!capped.ok());
    QVERIFY2(base::messageOf(capped.status()).find(output().path) != std::string::npos,
             base::messageOf(capped.status()).c_str());
    QVERIFY(!std::filesystem::exists(output().path + ".1"));
}

void OutputRotationTest::lastLine_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("ended") << QByteArray("one\ntwo\n") << QByteArray("two");
    QTest::newRow("cut") << QByteArray("one\ntwo") << QByteArray("two");
    QTest::newRow("blanks after") << QByteArray("one\n \n\n") << QByteArray("one");
    QTest::newRow("commands to a terminal")
        << QByteArray("one\n\x1b[2Jtwo\t three\r\n") << QByteArray("?[2Jtwo three");
    QTest::newRow("long") << QByteArray(9000, 'x') << QByteArray(200, 'x');
}

void OutputRotationTest::lastLine() {
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, line);
    const std::string path = m_dir->filePath(QStringLiteral("f")).toStdString();
    QVERIFY(base::writeFileAtomically(path, content.toStdString(), 0600).ok());
    QCOMPARE(QByteArray::fromStdString(lastOutputLine(path, 0)), line);
    QCOMPARE(lastOutputLine(path + "absent", 0), std::string());
}

void OutputRotationTest::aRunHasItsOwnOutput() {
    const std::string path = m_dir->filePath(QStringLiteral("f")).toStdString();
    const auto last = [&](OutputBegin& begin) {
        begin.look(path);
        return lastOutputLine(path, begin.bytes());
    };
    OutputBegin begin;
    begin.begin(path);
    QCOMPARE(last(begin), std::string());
    QVERIFY(base::writeFileAtomically(path, "of the run before\n", 0600).ok());
    QCOMPARE(last(begin), std::string("of the run before"));
    begin.begin(path);
    QCOMPARE(last(begin), std::string());
    QVERIFY(base::writeFileAtomically(path, "of the run before\nown\n", 0600).ok());
    QCOMPARE(last(begin), std::string("own"));
    QVERIFY(base::writeFileAtomically(path, "emptied\n", 0600).ok());
    QCOMPARE(last(begin), std::string("emptied"));
}

void OutputRotationTest::anAdoptedRunThatWasSilentSaidNothing() {
    const std::string path = m_dir->filePath(QStringLiteral("f")).toStdString();
    QVERIFY(base::writeFileAtomically(path, "line\n", 0600).ok());
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    OutputBegin begin;
    begin.adopt(path, std::chrono::minutes(30));
    QCOMPARE(lastOutputLine(path, begin.bytes()), std::string());
    begin.adopt(path, std::chrono::minutes(90));
    QCOMPARE(lastOutputLine(path, begin.bytes()), std::string("line"));
}

QTEST_GUILESS_MAIN(OutputRotationTest)
#include "tst_output_rotation.moc"
