// SPDX-License-Identifier: Apache-2.0
// By which a call that failed, or that nobody answered in time, is found in the master's log.
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <QTest>

#include <memory>
#include <mutex>
#include <sstream>
#include <string>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/agent/support/wait_until.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

constexpr char kId[] = "0f6c1b52-read";

/// What is logged while it lives, at the level that a master begins with.
class SaidLines {
public:
    SaidLines() : m_before(spdlog::default_logger()) {
        auto logger = std::make_shared<spdlog::logger>("test", m_sink);
        logger->set_pattern("%l %v");
        spdlog::set_default_logger(std::move(logger));
    }
    ~SaidLines() { spdlog::set_default_logger(m_before); }
    SaidLines(const SaidLines&) = delete;
    SaidLines& operator=(const SaidLines&) = delete;
    std::string all() { return m_sink->text(); }
    std::string about(const std::string& word) {
        std::istringstream all(m_sink->text());
        std::string line;
        while (std::getline(all, line)) {
            if (line.find(word) != std::string::npos) return line;
        }
        return {};
    }

private:
    class Sink final : public spdlog::sinks::base_sink<std::mutex> {
    public:
        std::string text() {
            const std::lock_guard<std::mutex> lock(mutex_);
            return m_text;
        }

    protected:
        void sink_it_(const spdlog::details::log_msg& message) override {
            spdlog::memory_buf_t line;
            formatter_->format(message, line);
            m_text.append(line.data(), line.size());
        }
        void flush_() override {}

    private:
        std::string m_text;
    };
    std::shared_ptr<Sink> m_sink = std::make_shared<Sink>();
    std::shared_ptr<spdlog::logger> m_before;
};

}  // namespace

class TestRequestIds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anErrorCarriesTheCallersId_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("taken");
        QTest::newRow("sound") << QString::fromLatin1(kId) << true;
        QTest::newRow("none") << QString() << false;
        QTest::newRow("too short") << QStringLiteral("a-1") << false;
        QTest::newRow("too long") << QString(65, QLatin1Char('a')) << false;
        QTest::newRow("no id") << QStringLiteral("error done (request 1)") << false;
    }
    void anErrorCarriesTheCallersId() {
        QFETCH(const QString, id);
        QFETCH(const bool, taken);
        ServerFixture fixture;
        grpc::ClientContext context;
        if (!id.isEmpty()) ifrit::rpc::setRequestId(context, id.toStdString());
        v1::GetReleaseRequest request;
        request.set_release_id("nope");
        v1::Release out;
        const absl::Status status = ifrit::rpc::fromGrpc(
            v1::Releases::NewStub(fixture.root())->GetRelease(&context, request, &out));
        QVERIFY(absl::IsNotFound(status));
        const std::string told = base::callDetails(status).requestId;
        QVERIFY(!told.empty());
        QCOMPARE(told == id.toStdString(), taken);
    }

    /// Its caller knows the id and nothing else.
    void aReadThatNobodyWaitsForAnyMoreIsInTheLog() {
        SaidLines said;
        ServerFixture fixture;
        const auto packages = v1::Packages::NewStub(fixture.root());
        const auto ask = [&packages](std::chrono::milliseconds deadline, const std::string& id) {
            grpc::ClientContext context;
            ifrit::rpc::setDeadline(context, deadline);
            ifrit::rpc::setRequestId(context, id);
            v1::ListPackagesResponse response;
            return packages->ListPackages(&context, {}, &response).error_code();
        };
        // The time that a connection takes is none of the master's.
        QCOMPARE(int(ask(std::chrono::seconds(20), "0-before")), int(grpc::StatusCode::OK));
        {
            const absl::MutexLock hangs(&fixture.database->mutex);
            QCOMPARE(int(ask(std::chrono::milliseconds(1'500), kId)),
                     int(grpc::StatusCode::DEADLINE_EXCEEDED));
            // By the end of this one the master has noticed, too.
            QCOMPARE(int(ask(std::chrono::milliseconds(300), "0-after")),
                     int(grpc::StatusCode::DEADLINE_EXCEEDED));
        }
        QVERIFY2(tests::waitUntil([&] { return !said.about(kId).empty(); }), said.all().c_str());
        const std::string line = said.about(kId);
        QVERIFY2(line.find("info ifrit.v1.Packages/ListPackages by root from ") == 0, line.c_str());
        QVERIFY2(line.find("its caller had gone before it was done") != std::string::npos,
                 line.c_str());
    }

    /// Nobody fills the log by deadlines that cannot be kept, nor by asking for what is not there.
    void whatIsTheCallersOwnDoingIsNot() {
        SaidLines said;
        ServerFixture fixture;
        grpc::ClientContext hasty;
        ifrit::rpc::setDeadline(hasty, std::chrono::milliseconds(100));
        ifrit::rpc::setRequestId(hasty, kId);
        const auto packages = v1::Packages::NewStub(fixture.root());
        {
            const absl::MutexLock hangs(&fixture.database->mutex);
            v1::ListPackagesResponse response;
            QVERIFY(!packages->ListPackages(&hasty, {}, &response).ok());
        }
        grpc::ClientContext wrong;
        ifrit::rpc::setRequestId(wrong, kId);
        v1::GetReleaseRequest request;
        request.set_release_id("nope");
        v1::Release out;
        QVERIFY(!v1::Releases::NewStub(fixture.root())->GetRelease(&wrong, request, &out).ok());
        fixture.stop();
        QCOMPARE(said.about(kId), std::string());
    }
};

QTEST_GUILESS_MAIN(TestRequestIds)
#include "tst_request_ids.moc"
