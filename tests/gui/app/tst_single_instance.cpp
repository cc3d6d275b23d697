// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#endif

#include "gui/app/single_instance.h"

using ifrit::gui::app::SingleInstance;
using ifrit::gui::app::StartRequest;

namespace {

/// As another program would: it blocks, so it has a thread of its own.
bool handOverFrom(const QString& directory, const StartRequest& request) {
    bool taken = false;
    std::atomic<bool> done = false;
    std::thread other([&] {
        SingleInstance later(directory);
        taken = later.handOver(request);
        done = true;
    });
    while (!done)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    other.join();
    return taken;
}

}  // namespace

class TestSingleInstance : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFirstHasNobodyToHandTo();
    void aLaterOneHandsItsLinkOver();
    void anotherDirectoryIsAnotherProgram();
    void whatAKilledProgramLeftIsNoProgram();
    void floodsAreCut();
};

void TestSingleInstance::theFirstHasNobodyToHandTo() {
    QTemporaryDir directory;
    SingleInstance first(directory.path());
    QVERIFY(!first.handOver({{}, QStringLiteral("ifrit://open/demo"), {}}));
    QVERIFY(first.listen());
}

void TestSingleInstance::aLaterOneHandsItsLinkOver() {
    QTemporaryDir directory;
    SingleInstance first(directory.path());
    QVERIFY(first.listen());
    QSignalSpy started(&first, &SingleInstance::started);
    QVERIFY(handOverFrom(directory.path(), {{}, QStringLiteral("ifrit://open/demo"), {}}));
    QTRY_COMPARE(started.size(), 1);
    QCOMPARE(started[0][0].value<StartRequest>().link, QStringLiteral("ifrit://open/demo"));
    // Without a link it only comes to the front.
    QVERIFY(handOverFrom(directory.path(), {}));
    QTRY_COMPARE(started.size(), 2);
    QVERIFY(started[1][0].value<StartRequest>() == StartRequest{});
    // Bundles and a page go as they are, whatever their names hold.
    const StartRequest all{{QStringLiteral("/tmp/two words\n.bundle"), QStringLiteral("/b")},
                           QStringLiteral("ifrit://open/demo"),
                           QStringLiteral("audit")};
    QVERIFY(handOverFrom(directory.path(), all));
    QTRY_COMPARE(started.size(), 3);
    QVERIFY(started[2][0].value<StartRequest>() == all);
}

void TestSingleInstance::anotherDirectoryIsAnotherProgram() {
    QTemporaryDir directory;
    QTemporaryDir other;
    SingleInstance first(directory.path());
    QVERIFY(first.listen());
    QVERIFY(!handOverFrom(other.path(), {{}, QStringLiteral("ifrit://open/demo"), {}}));
}

void TestSingleInstance::whatAKilledProgramLeftIsNoProgram() {
#ifdef Q_OS_UNIX
    QTemporaryDir directory;
    SingleInstance later(directory.path());
    // A socket that nobody listens to any more.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray path = QFile::encodeName(QDir::temp().filePath(later.name()));
    QVERIFY(path.size() < static_cast<qsizetype>(sizeof(address.sun_path)));
    std::copy(path.begin(), path.end(), address.sun_path);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    ::close(socket);
    QVERIFY(QFileInfo::exists(QString::fromLocal8Bit(path)));
    QVERIFY(!later.handOver({}));
    QVERIFY(later.listen());
    QVERIFY(handOverFrom(directory.path(), {}));
#else
    QSKIP("pipes of Windows go with their program");
#endif
}

void TestSingleInstance::floodsAreCut() {
    QTemporaryDir directory;
    SingleInstance first(directory.path());
    QVERIFY(first.listen());
    QSignalSpy started(&first, &SingleInstance::started);
    // Longer than any link of ours: nothing is sent, and the first program is not disturbed.
    QVERIFY(handOverFrom(directory.path(), {{}, QString(40'000, QLatin1Char('a')), {}}));
    QCoreApplication::processEvents();
    QCOMPARE(started.size(), 0);
    QVERIFY(handOverFrom(directory.path(), {{}, QStringLiteral("x"), {}}));
    QTRY_COMPARE(started.size(), 1);
}

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_single_instance.moc"
