// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/platform/file_lock.h"
#include "tests/agent/support/few_descriptors.h"

using namespace ifrit;
using agent::platform::FileLock;

class FileLockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void oneOfTwoProcessesWins();
    void endOfTheHolderFreesIt();
    void staleFileDoesNotHold();
    void missingDirectoryIsAnError();
    void theLastDescriptorHoldsIt();

private:
    std::string path() const { return m_dir->filePath(QStringLiteral("lock")).toStdString(); }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void FileLockTest::oneOfTwoProcessesWins() {
    auto held = FileLock::acquire(path());
    QVERIFY(held.ok());
    const pid_t other = ::fork();
    if (other == 0) {
        const auto refused = FileLock::acquire(path());
        const bool right = base::errorInfo(refused.status()).reason == "LOCKED" &&
                           base::messageOf(refused.status()).find(std::to_string(::getppid())) !=
                               std::string::npos;
        ::_exit(right ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(other, &status, 0), other);
    QCOMPARE(status, 0);
    const FileLock moved = *std::move(held);
    QVERIFY(!FileLock::acquire(path()).ok());
}

void FileLockTest::endOfTheHolderFreesIt() {
    { const auto held = FileLock::acquire(path()); }
    QVERIFY(FileLock::acquire(path()).ok());
    const pid_t other = ::fork();
    if (other == 0) {
        const auto held = FileLock::acquire(path());
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(other, nullptr, 0);
    QVERIFY(FileLock::acquire(path()).ok());
}

void FileLockTest::staleFileDoesNotHold() {
    QFile file(QString::fromStdString(path()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("1\n");
    file.close();
    const auto held = FileLock::acquire(path());
    QVERIFY(held.ok());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray::number(::getpid()) + '\n');
}

void FileLockTest::missingDirectoryIsAnError() {
    QVERIFY(absl::IsNotFound(FileLock::acquire(path() + "/deeper").status()));
    QVERIFY(!QFile::exists(QString::fromStdString(path())));
}

/// Two ifrit-agents on one root would be the end of its journal.
void FileLockTest::theLastDescriptorHoldsIt() {
    const std::string file = path();
    auto held = [&file] {
        const tests::FewDescriptors few(1);
        return FileLock::acquire(file);
    }();
    QVERIFY(held.ok());
    QCOMPARE(base::errorInfo(FileLock::acquire(file).status()).reason, std::string("LOCKED"));
    {
        const tests::FewDescriptors none(0);
        QVERIFY(!FileLock::acquire(file + "2").ok());
    }
}

QTEST_GUILESS_MAIN(FileLockTest)
#include "tst_file_lock.moc"
