// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "shared/base/atomic_file.h"

using namespace ifrit;

class AtomicFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesAndReadsEveryByte();
    void replacesContentAndMode();
    void failureKeepsTheOldContent();
    void readsNoMoreThanAllowed();
    void absentAndSpecialFilesAreErrors();

private:
    std::string path(const char* name) const {
        return m_dir.filePath(QString::fromLatin1(name)).toStdString();
    }
    QTemporaryDir m_dir;
};

void AtomicFileTest::writesAndReadsEveryByte() {
    std::string bytes(300'000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31);
    QVERIFY(base::writeFileAtomically(path("all"), bytes, 0644).ok());
    const auto read = base::readFile(path("all"), bytes.size());
    QVERIFY(read.ok());
    QVERIFY(*read == bytes);
}

void AtomicFileTest::replacesContentAndMode() {
    QVERIFY(base::writeFileAtomically(path("mode"), "longer", 0666).ok());
    QVERIFY(base::writeFileAtomically(path("mode"), "new", 0600).ok());
    QCOMPARE(*base::readFile(path("mode"), 10), std::string("new"));
    struct stat found {};
    QCOMPARE(::stat(path("mode").c_str(), &found), 0);
    QCOMPARE(found.st_mode & 07777, mode_t{0600});
    QVERIFY(!base::readFile(path("mode.tmp"), 10).ok());
}

void AtomicFileTest::failureKeepsTheOldContent() {
    QVERIFY(base::writeFileAtomically(path("kept"), "old", 0600).ok());
    QVERIFY(QDir().mkdir(QString::fromStdString(path("kept.tmp"))));
    const absl::Status failed = base::writeFileAtomically(path("kept"), "new", 0600);
    QVERIFY(base::messageOf(failed).find("kept") != std::string::npos);
    QCOMPARE(*base::readFile(path("kept"), 10), std::string("old"));
    QVERIFY(absl::IsNotFound(base::writeFileAtomically(path("no/such/dir"), "x", 0600)));
}

void AtomicFileTest::readsNoMoreThanAllowed() {
    QVERIFY(base::writeFileAtomically(path("big"), std::string(101, 'x'), 0600).ok());
    QVERIFY(base::readFile(path("big"), 101).ok());
    const auto refused = base::readFile(path("big"), 100);
    QCOMPARE(base::errorInfo(refused.status()).reason, std::string("FILE_TOO_BIG"));
}

void AtomicFileTest::absentAndSpecialFilesAreErrors() {
    QVERIFY(absl::IsNotFound(base::readFile(path("absent"), 1).status()));
    QCOMPARE(::mkfifo(path("fifo").c_str(), 0600), 0);
    QVERIFY(absl::IsInvalidArgument(base::readFile(path("fifo"), 1).status()));
    QVERIFY(absl::IsInvalidArgument(base::readFile(path("."), 1).status()));
}

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "tst_atomic_file.moc"
