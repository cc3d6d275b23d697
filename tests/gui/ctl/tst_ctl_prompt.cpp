// SPDX-License-Identifier: GPL-3.0-or-later
// The real ifritctl on a terminal of its own.
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <cstdlib>

namespace {

constexpr int kDeadlineMs = 20'000;

/// Runs a program as a shell would, with a new terminal as its three streams.
class OnATerminal {
public:
    explicit OnATerminal(const QStringList& arguments, const QByteArray& home) {
        m_master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (m_master < 0 || ::grantpt(m_master) != 0 || ::unlockpt(m_master) != 0)
            qFatal("no terminal");
        // Held here too, so that its settings can be read after the program.
        m_slave = ::open(::ptsname(m_master), O_RDWR | O_NOCTTY | O_CLOEXEC);
        QList<QByteArray> words{QByteArrayLiteral(IFRIT_CTL)};
        for (const QString& argument : arguments)
            words.append(argument.toUtf8());
        std::vector<char*> argv;
        for (QByteArray& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        QByteArray config = "XDG_CONFIG_HOME=" + home;
        char* environment[] = {config.data(), nullptr};
        m_child = ::fork();
        if (m_child != 0) return;
        ::setsid();
        ::ioctl(m_slave, TIOCSCTTY, 0);
        for (int stream = 0; stream < 3; ++stream)
            ::dup2(m_slave, stream);
        ::execve(IFRIT_CTL, argv.data(), environment);
        ::_exit(127);
    }
    ~OnATerminal() {
        if (m_child > 0) {
            ::kill(m_child, SIGKILL);
            ::waitpid(m_child, nullptr, 0);
        }
        ::close(m_slave);
        ::close(m_master);
    }
    OnATerminal(const OnATerminal&) = delete;
    OnATerminal& operator=(const OnATerminal&) = delete;

    void type(char key) const { QCOMPARE(::write(m_master, &key, 1), 1); }
    /// Until it has written `text`.
    bool shows(const QByteArray& text) {
        return until([&] { return m_shown.contains(text); });
    }
    /// Its exit code; -1 where it does not end, or by a signal.
    int ended() {
        int status = 0;
        if (!until([&] { return ::waitpid(m_child, &status, WNOHANG) == m_child; })) return -1;
        m_child = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    bool echoes() const {
        termios settings{};
        return ::tcgetattr(m_slave, &settings) == 0 && (settings.c_lflag & ECHO) != 0;
    }
    QByteArray shown() const { return m_shown; }

private:
    bool until(const std::function<bool()>& met) {
        QElapsedTimer timer;
        timer.start();
        while (!met()) {
            if (timer.elapsed() > kDeadlineMs) return false;
            pollfd waited{m_master, POLLIN, 0};
            if (::poll(&waited, 1, 20) <= 0) continue;
            char bytes[4'096];
            const ssize_t got = ::read(m_master, bytes, sizeof bytes);
            if (got > 0) m_shown.append(bytes, got);
        }
        return true;
    }

    int m_master = -1;
    int m_slave = -1;
    pid_t m_child = -1;
    QByteArray m_shown;
};

}  // namespace

class TestCtlPrompt : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void controlCEndsAPromptAtOnce_data();
    void controlCEndsAPromptAtOnce();
};

void TestCtlPrompt::controlCEndsAPromptAtOnce_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("prompt");
    QTest::addColumn<bool>("echoes");
    const auto row = [](const char* name, const char* line, const char* prompt, bool echoes) {
        QTest::newRow(name) << QString::fromUtf8(line).split(QLatin1Char(' ')) << QByteArray(prompt)
                            << echoes;
    };
    row("reason", "user passwd anna", "audit log: ", true);
    row("number", "user passwd anna --reason lost", "number to go on: ", true);
    row("passphrase", "key generate publisher --encrypt", "new key: ", false);
}

void TestCtlPrompt::controlCEndsAPromptAtOnce() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, prompt);
    QFETCH(bool, echoes);
    const QTemporaryDir dir;
    OnATerminal program(arguments, dir.path().toUtf8());
    QVERIFY2(program.shows(prompt), program.shown().constData());
    QTRY_COMPARE(program.echoes(), echoes);
    program.type('\x03');
    QCOMPARE(program.ended(), 130);
    QVERIFY(program.echoes());
    QVERIFY2(program.shows("ifritctl: interrupted (CANCELLED INTERRUPTED)"),
             program.shown().constData());
}

QTEST_GUILESS_MAIN(TestCtlPrompt)
#include "tst_ctl_prompt.moc"
