// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

#include "gui/rpc/tls_chain_source.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/status_adapter.h"
#include "tests/gui/rpc/session_fixture.h"
#include "tests/support/chaos_proxy.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::SessionFixture;
using tests::spinFor;
using tests::spinUntil;

namespace {

/// A source of `size` bytes that no file stands behind.
gui::rpc::OpenPackage sourceOf(std::size_t size) {
    return [size](const std::string& path) -> absl::StatusOr<gui::rpc::PackageSource> {
        if (path == "bad.ifrit") {
            return base::invalidArgument("PACKAGE_ARCHIVE", path, "'{}' is no package", path);
        }
        gui::rpc::PackageSource source;
        source.manifest = "manifest";
        source.signature = "signature";
        source.keyId = "k1";
        source.archiveDigest = std::string(64, 'a');
        source.archiveBytes = size;
        source.read = [size](std::uint64_t offset, std::size_t wanted) {
            std::string piece;
            for (std::uint64_t at = offset; at < size && piece.size() < wanted; ++at) {
                piece.push_back(static_cast<char>(at * 31 + at / 256));
            }
            return absl::StatusOr<std::string>(piece);
        };
        return source;
    };
}

struct Received {
    std::uint64_t offset = 0;
    std::string bytes;
    std::size_t largestChunk = 0;
    v1::PublishPackageRequest::Begin begin;
};

}  // namespace

class TestConnectionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyStepIsToldOnceAndInOrder_data() {
        QTest::addColumn<int>("failing");
        QTest::addColumn<QString>("says");
        QTest::newRow("all well") << 8 << QString();
        QTest::newRow("dns") << 0 << QStringLiteral("has no address");
        QTest::newRow("tcp") << 1 << QStringLiteral("no TCP connection");
        QTest::newRow("wrong CA") << 2 << QStringLiteral("not trusted");
        QTest::newRow("expired") << 2 << QStringLiteral("expired");
        QTest::newRow("key of another") << 2 << QStringLiteral("do not fit together");
        QTest::newRow("denied") << 4 << QStringLiteral("who are you");
        QTest::newRow("disabled") << 4 << QStringLiteral("anna is disabled");
        QTest::newRow("other cluster") << 5 << QStringLiteral("serves the cluster 'other'");
        QTest::newRow("database away")
            << 7 << QStringLiteral("has not answered since 2023-11-14 22:13:20 UTC");
    }
    void everyStepIsToldOnceAndInOrder() {
        QFETCH(int, failing);
        QFETCH(QString, says);
        const std::string tag = QTest::currentDataTag();
        SessionFixture fixture;
        if (tag == "expired") {
            fixture.master.~GrpcMaster();
            new (&fixture.master) tests::GrpcMaster(SessionFixture::identityOf(
                fixture.pki.caPem(), fixture.pki.issue("master", std::chrono::seconds(-60))));
        }
        fixture.master.script.whoAmI = [&](auto&, v1::WhoAmIResponse* out) {
            out->set_user("anna");
            if (tag == "disabled")
                return ifrit::rpc::toGrpc(base::makeError(absl::StatusCode::kUnauthenticated,
                                                          "OPERATOR_DISABLED", "anna",
                                                          "anna is disabled"));
            return tag == "denied" ? grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "who are you")
                                   : grpc::Status::OK;
        };
        fixture.master.script.getCluster = [&](v1::Cluster* out) {
            out->set_name(tag == "other cluster" ? "other" : "demo");
            if (tag == "database away") out->set_stale_since_ms(1'700'000'000'000);
            return grpc::Status::OK;
        };
        QVERIFY(fixture.master.start());
        services::ConnectionProfile profile = fixture.profile();
        if (tag == "wrong CA") profile.bundle.caPem = tests::TestPki("other").caPem();
        if (tag == "dns") profile.bundle.addresses = {"bad..name:1"};
        if (tag == "key of another") profile.bundle.privateKeyPem = fixture.pki.issue("x").key;
        if (tag == "tcp") fixture.master.stop();
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        std::vector<services::TestStepResult> steps;
        std::optional<absl::Status> done;
        const auto test = session->connection().test(
            [&](const services::TestStepResult& step) {
                QVERIFY(!done.has_value());
                steps.push_back(step);
            },
            [&](const absl::Status& status) { done = status; });
        QVERIFY(spinUntil([&] { return done.has_value(); }));
        QCOMPARE(steps.size(), std::size_t{8});
        for (int i = 0; i < 8; ++i) {
            const services::TestStepResult& step = steps[static_cast<std::size_t>(i)];
            QCOMPARE(static_cast<int>(step.step), i);
            const std::string message = base::messageOf(step.status);
            QVERIFY2(step.status.ok() == (i < failing), message.c_str());
            if (i > failing) QCOMPARE(step.status.code(), absl::StatusCode::kCancelled);
            if (i < failing) QVERIFY(!step.detail.empty());
            if (i != failing) continue;
            QVERIFY2(QString::fromStdString(message).contains(says), message.c_str());
            QVERIFY(!step.hint.empty());
            if (tag == "disabled") QVERIFY(step.hint.find("super admin") != std::string::npos);
            QVERIFY(*done == step.status);
        }
        QCOMPARE(done->ok(), failing == 8);
    }

    void everyAddressIsLookedAt() {
        SessionFixture fixture;
        QVERIFY(fixture.master.start());
        fixture.master.script.getCluster = [](v1::Cluster* out) {
            out->set_name("demo");
            return grpc::Status::OK;
        };
        tests::ChaosProxy hanging(fixture.master.port());
        hanging.hang();
        tests::GrpcMaster gone(
            SessionFixture::identityOf(fixture.pki.caPem(), fixture.pki.issue("gone")));
        QVERIFY(gone.start());
        gone.stop();
        const tests::TestPki otherPki("other");
        tests::GrpcMaster stranger(
            SessionFixture::identityOf(otherPki.caPem(), otherPki.issue("stranger")));
        QVERIFY(stranger.start());
        services::ConnectionProfile profile = fixture.profile();
        const std::vector<std::string> addresses = {"127.0.0.1:" + std::to_string(hanging.port()),
                                                    gone.address(), fixture.master.address(),
                                                    stranger.address()};
        profile.bundle.addresses = addresses;
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        std::vector<services::TestStepResult> steps;
        std::optional<absl::Status> done;
        const auto test = session->connection().test(
            [&](const services::TestStepResult& step) { steps.push_back(step); },
            [&](const absl::Status& status) { done = status; });
        QVERIFY(spinUntil([&] { return done.has_value(); }));
        QCOMPARE(steps.size(), addresses.size() + 8);
        const char* const says[] = {"no answer", "refused", "", "not trusted"};
        for (std::size_t i = 0; i < addresses.size(); ++i) {
            QCOMPARE(steps[i].step, services::TestStep::Master);
            QCOMPARE(steps[i].address, addresses[i]);
            const std::string message = base::messageOf(steps[i].status);
            QVERIFY2(QString::fromStdString(message).contains(QString::fromUtf8(says[i]),
                                                              Qt::CaseInsensitive),
                     message.c_str());
            QCOMPARE(steps[i].status.ok(), i == 2);
        }
        // What comes then is of the one that is reached; and a line that does not hold is a
        // failure.
        for (std::size_t i = addresses.size(); i < steps.size(); ++i) {
            QVERIFY2(steps[i].status.ok(), base::messageOf(steps[i].status).c_str());
            QCOMPARE(steps[i].address, fixture.master.address());
        }
        QVERIFY(*done == steps[0].status);
    }

    // "doctor --timeout 3s" waited 5 s for a master that hangs.
    void noStepIsWaitedForLongerThanACall() {
        SessionFixture fixture;
        QVERIFY(fixture.master.start());
        tests::ChaosProxy hanging(fixture.master.port());
        hanging.hang();
        services::ConnectionProfile profile = fixture.profile();
        profile.bundle.addresses = {"127.0.0.1:" + std::to_string(hanging.port())};
        profile.deadline = std::chrono::milliseconds(300);
        fixture.options.probeTimeout = std::chrono::minutes(5);
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        std::optional<absl::Status> done;
        const auto test = session->connection().test(
            [](const auto&) {}, [&](const absl::Status& status) { done = status; });
        QVERIFY(spinUntil([&] { return done.has_value(); }));
        QVERIFY(!done->ok());
    }

    void theServersCertificateIsTold() {
        SessionFixture fixture;
        const auto session = fixture.connect();
        std::string tested;
        std::optional<absl::Status> done;
        const auto test = session->connection().test(
            [&](const services::TestStepResult& step) { tested += step.certificatePem; },
            [&](const absl::Status& status) { done = status; });
        QVERIFY(spinUntil([&] { return done.has_value(); }));
        const auto shown = crypto::describeCertificate(tested);
        QVERIFY(shown.ok());
        QCOMPARE(shown->subject, std::string("CN=master"));
        services::ConnectionService& line = session->connection();
        QVERIFY(line.status().serverCertificatePem.empty());
        line.connect();
        QVERIFY(spinUntil([&] { return !line.status().serverCertificatePem.empty(); }));
        QCOMPARE(crypto::describeCertificate(line.status().serverCertificatePem)->sha256Fingerprint,
                 shown->sha256Fingerprint);
        // It is told of a line, and not where there is none.
        line.disconnect();
        QVERIFY(line.status().serverCertificatePem.empty());
    }

    // It was tried for ever, as a master that is not reached.
    void aBundleThatCannotBeReadEndsTheLine() {
        SessionFixture fixture;
        QVERIFY(fixture.master.start());
        services::ConnectionProfile profile = fixture.profile();
        std::string& pem = profile.bundle.caPem;
        pem.replace(pem.find("-----BEGIN ") + 11, 4, "XXXX");
        const auto session =
            gui::rpc::GrpcSessionFactory(fixture.open, fixture.clock, fixture.options)
                .open(profile);
        services::ConnectionService& line = session->connection();
        line.connect();
        QVERIFY(spinUntil([&] { return !line.status().lastError.ok(); }));
        QCOMPARE(base::errorInfo(line.status().lastError).reason, std::string("BUNDLE_INVALID"));
        QVERIFY(line.status().state == services::LinkState::Disconnected);
    }

    void anybodySeesTheChain() {
        SessionFixture fixture;
        tests::GrpcMaster& master = fixture.master;
        QVERIFY(master.start());
        gui::rpc::TlsChainSource source;
        std::optional<absl::StatusOr<std::vector<std::string>>> chain;
        const auto call =
            source.fetch(master.address(), [&](auto shown) { chain = std::move(shown); });
        QVERIFY(!chain.has_value());
        QVERIFY(spinUntil([&] { return chain.has_value(); }));
        QVERIFY2(chain->ok(), base::messageOf(chain->status()).c_str());
        QCOMPARE((*chain)->size(), std::size_t{2});
        QCOMPARE(crypto::describeCertificate((*chain)->front())->subject, std::string("CN=master"));
        QCOMPARE(crypto::describeCertificate((*chain)->back())->sha256Fingerprint,
                 crypto::describeCertificate(fixture.pki.caPem())->sha256Fingerprint);
        master.stop();
        chain.reset();
        const auto again =
            source.fetch(master.address(), [&](auto shown) { chain = std::move(shown); });
        QVERIFY(spinUntil([&] { return chain.has_value(); }));
        QCOMPARE(chain->status().code(), absl::StatusCode::kUnavailable);
        // Whoever does not wait is not told.
        chain.reset();
        source.fetch(master.address(), [&](auto shown) { chain = std::move(shown); }).cancel();
        spinFor(50);
        QVERIFY(!chain.has_value());
    }

    void aCancelledTestIsSilent() {
        SessionFixture fixture;
        const auto session = fixture.connect();
        int heard = 0;
        auto test = session->connection().test([&](const auto&) { ++heard; },
                                               [&](const auto&) { ++heard; });
        test.cancel();
        spinFor(100);
        QCOMPARE(heard, 0);
    }

    void publishSendsEveryByteFromWhereTheMasterStands() {
        for (const std::uint64_t committed : {std::uint64_t{0}, std::uint64_t{300'001}}) {
            Received got;
            SessionFixture fixture;
            constexpr std::size_t kSize = 1'000'003;
            fixture.open = sourceOf(kSize);
            fixture.master.script.getUpload = [&](const auto&, v1::GetUploadResponse* out) {
                out->set_committed_bytes(committed);
                return grpc::Status::OK;
            };
            fixture.master.script.publish = [&](auto&, auto* in, auto* out) {
                v1::PublishPackageRequest message;
                while (in->Read(&message)) {
                    if (message.has_begin()) got.begin = message.begin();
                    got.bytes += message.chunk();
                    got.largestChunk = std::max(got.largestChunk, message.chunk().size());
                }
                out->mutable_package()->set_agent("logd");
                return grpc::Status::OK;
            };
            const auto session = fixture.connect();
            std::optional<absl::StatusOr<services::PublishResult>> result;
            std::uint64_t total = 0;
            const auto call = session->packages().publish(
                {{"", "new", {}, 0}, "good.ifrit"},
                [&](const services::PublishProgress& now) { total = now.totalBytes; },
                [&](auto reply) { result = std::move(reply); });
            QVERIFY(spinUntil([&] { return result.has_value(); }));
            QVERIFY2(result->ok(), base::messageOf(result->status()).c_str());
            QCOMPARE((*result)->package.agent, std::string("logd"));
            QCOMPARE(got.begin.offset(), committed);
            QCOMPARE(got.begin.manifest(), std::string("manifest"));
            QCOMPARE(got.begin.key_id(), std::string("k1"));
            QCOMPARE(got.begin.mutation().reason(), std::string("new"));
            QVERIFY(got.largestChunk <= 256 * 1024);
            QCOMPARE(got.bytes, *sourceOf(kSize)("x")->read(committed, kSize));
            QCOMPARE(total, std::uint64_t{kSize});
        }
    }

    void publishRefusals_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("readOnly");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no package")
            << QStringLiteral("bad.ifrit") << false << QStringLiteral("PACKAGE_ARCHIVE");
        QTest::newRow("read-only")
            << QStringLiteral("good.ifrit") << true << QStringLiteral("READ_ONLY");
    }
    void publishRefusals() {
        QFETCH(QString, path);
        QFETCH(bool, readOnly);
        QFETCH(QString, reason);
        SessionFixture fixture;
        QVERIFY(fixture.master.start());
        services::ConnectionProfile profile = fixture.profile();
        profile.readOnly = readOnly;
        const auto session =
            gui::rpc::GrpcSessionFactory(sourceOf(10), fixture.clock, fixture.options)
                .open(profile);
        std::optional<absl::StatusOr<services::PublishResult>> result;
        const auto call = session->packages().publish(
            {{}, path.toStdString()}, {}, [&](auto reply) { result = std::move(reply); });
        QVERIFY(spinUntil([&] { return result.has_value(); }));
        QCOMPARE(base::errorInfo(result->status()).reason, reason.toStdString());
        QCOMPARE(fixture.master.calls("PublishPackage"), 0);
    }

    void aCancelledPublishStopsTheStream() {
        std::atomic<bool> began{false};
        std::atomic<bool> broke{false};
        SessionFixture fixture;
        fixture.open = sourceOf(50'000'000);
        fixture.master.script.publish = [&](grpc::ServerContext& context, auto* in, auto*) {
            v1::PublishPackageRequest message;
            in->Read(&message);
            began = true;
            tests::holdOpen(context);
            broke = true;
            return grpc::Status::CANCELLED;
        };
        const auto session = fixture.connect();
        bool replied = false;
        auto call = session->packages().publish({{}, "good.ifrit"}, {},
                                                [&](const auto&) { replied = true; });
        QVERIFY(spinUntil([&] { return began.load(); }));
        call.cancel();
        QVERIFY(spinUntil([&] { return broke.load(); }));
        QVERIFY(!replied);
    }
};

QTEST_GUILESS_MAIN(TestConnectionTest)
#include "tst_connection_test.moc"
