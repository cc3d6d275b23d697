// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include "shared/base/status.h"
#include "shared/log/log.h"

namespace ifrit::log {

namespace fs = std::filesystem;

/// What logrotate does to a log, and what becomes of its lines.
class TestLogFile : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;

    std::string file() const {
        return m_directory->filePath(QStringLiteral("program.log")).toStdString();
    }
    static std::string text(const std::string& path) {
        std::ifstream in(path);
        std::ostringstream all;
        all << in.rdbuf();
        return all.str();
    }
    static bool holds(const std::string& path, const char* words) {
        return text(path).find(words) != std::string::npos;
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        QVERIFY(setUp({"t", Format::Json, spdlog::level::info, file()}).ok());
    }

    void reopenFollowsTheName() {
        spdlog::info("first");
        fs::rename(file(), file() + ".1");
        spdlog::info("second");
        QVERIFY(!fs::exists(file()));
        QVERIFY(reopen().ok());
        spdlog::info("third");
        QVERIFY(holds(file() + ".1", "first") && holds(file() + ".1", "second"));
        QVERIFY(!holds(file() + ".1", "third"));
        QVERIFY(holds(file(), "\"third\"") && !holds(file(), "second"));  // and the same format
    }

    void reopenOfAFileThatStayedAppends() {
        spdlog::info("first");
        QVERIFY(reopen().ok());
        spdlog::info("second");
        QVERIFY(holds(file(), "first") && holds(file(), "second"));
    }

    void whatCannotBeOpenedLeavesTheOldOne() {
        spdlog::info("first");
        fs::rename(file(), file() + ".1");
        fs::create_directory(file());
        const absl::Status opened = reopen();
        QCOMPARE(opened.code(), absl::StatusCode::kFailedPrecondition);
        QCOMPARE(base::errorInfo(opened).reason, std::string("LOG_FILE"));
        QVERIFY(base::messageOf(opened).find(file()) != std::string::npos);
        spdlog::info("second");
        QVERIFY(holds(file() + ".1", "second"));
        fs::remove(file());
        QVERIFY(reopen().ok());
        spdlog::info("third");
        QVERIFY(holds(file(), "third"));
    }

    void theErrorStreamIsLeftAlone() {
        QVERIFY(setUp({"t", Format::Text, spdlog::level::off, ""}).ok());
        QVERIFY(reopen().ok());
    }

    void noLineIsLost() {
        constexpr int kThreads = 4;
        constexpr int kLines = 500;
        std::vector<std::thread> writers;
        for (int i = 0; i < kThreads; ++i) {
            writers.emplace_back([] {
                for (int line = 0; line < kLines; ++line)
                    spdlog::info("line");
            });
        }
        constexpr int kRotations = 20;
        for (int i = 0; i < kRotations; ++i) {
            fs::rename(file(), file() + '.' + std::to_string(i));
            QVERIFY(reopen().ok());
        }
        for (std::thread& writer : writers)
            writer.join();
        std::string all = text(file());
        for (int i = 0; i < kRotations; ++i)
            all += text(file() + '.' + std::to_string(i));
        QCOMPARE(std::count(all.begin(), all.end(), '\n'), std::ptrdiff_t{kThreads * kLines});
    }
};

}  // namespace ifrit::log

QTEST_GUILESS_MAIN(ifrit::log::TestLogFile)
#include "tst_log_file.moc"
