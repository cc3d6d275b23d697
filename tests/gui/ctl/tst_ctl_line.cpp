// SPDX-License-Identifier: GPL-3.0-or-later
// ifritctl over real lines to several masters.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>

#include "gui/ctl/shell.h"
#include "gui/rpc/grpc_session.h"
#include "tests/gui/rpc/session_fixture.h"
#include "tests/support/chaos_proxy.h"

using namespace ifrit;
using namespace ifrit::gui;

namespace {

struct Outcome {
    int code = -1;
    std::string out;
    std::string err;
};

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// ifritctl over real lines to two masters, of which the first one hangs.
struct HangingCluster {
    HangingCluster() {
        if (!fixture.master.start()) qFatal("no master starts");
        proxy = std::make_unique<tests::ChaosProxy>(fixture.master.port());
        proxy->hang();
        services::ConnectionProfile profile = fixture.profile();
        profile.bundle.kind = "test";
        profile.bundle.addresses = {first(), fixture.master.address()};
        QFile file(dir.filePath(QStringLiteral("admin.bundle")));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
        file.write(QByteArray::fromStdString(bundle::formatBundle(profile.bundle)));
        bundle = file.fileName().toStdString();
        file.close();
    }
    void write(const bundle::Bundle& other) {
        QFile file(QString::fromStdString(bundle));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
        file.write(QByteArray::fromStdString(ifrit::bundle::formatBundle(other)));
    }
    ifrit::bundle::Bundle read() const { return *ifrit::bundle::readBundleFile(bundle); }
    std::string first() const { return "127.0.0.1:" + std::to_string(proxy->port()); }
    Outcome run(std::vector<std::string> arguments) {
        gui::rpc::GrpcSessionFactory sessions({}, fixture.clock, fixture.options);
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        ctl::Terminal terminal{in, out, err, false, nullptr};
        ctl::Shell shell({sessions, terminal,
                          ctl::ContextStore(dir.filePath(QStringLiteral("config")).toStdString()),
                          [this](const std::string& name) {
                              return name == "IFRIT_BUNDLE" ? bundle : std::string();
                          },
                          [] { return false; }});
        Outcome outcome;
        outcome.code = shell.run(std::move(arguments));
        outcome.out = out.str();
        outcome.err = err.str();
        return outcome;
    }

    QTemporaryDir dir;
    tests::SessionFixture fixture;
    std::unique_ptr<tests::ChaosProxy> proxy;
    std::string bundle;
};

}  // namespace

class TestCtlLine : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theKillSwitchWorksWhileTheFirstMasterHangs();
    void showWorksWhileTheFirstMasterHangs();
    void doctorLooksAtEveryAddress();
    void whereNoLineStoodNothingWasAsked();
    void aBundleWithoutACertificateIsNamed_data();
    void aBundleWithoutACertificateIsNamed();
};

void TestCtlLine::theKillSwitchWorksWhileTheFirstMasterHangs() {
    HangingCluster cluster;
    std::string why;
    cluster.fixture.master.script.freezeCluster = [&](const auto& in, v1::Cluster* out) {
        why = in.mutation().reason();
        out->mutable_freeze()->set_reason(why);
        out->mutable_freeze()->set_by("admin");
        return grpc::Status::OK;
    };
    const Outcome outcome = cluster.run({"cluster", "freeze", "--reason", "wrong version"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QCOMPARE(why, std::string("wrong version"));
    QCOMPARE(cluster.fixture.master.calls("FreezeCluster"), 1);
}

void TestCtlLine::showWorksWhileTheFirstMasterHangs() {
    HangingCluster cluster;
    std::chrono::system_clock::time_point until;
    cluster.fixture.master.script.whoAmI = [&](grpc::ServerContext& context, auto* out) {
        until = context.deadline();
        out->set_user("anna");
        return grpc::Status::OK;
    };
    const auto begun = std::chrono::system_clock::now();
    const Outcome outcome = cluster.run({"cluster", "show", "--timeout", "5m"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(holds(outcome.err, "you are anna"));
    // What was said reaches the master, and no more than that.
    QVERIFY(until > begun + std::chrono::minutes(4));
    QVERIFY(until < begun + std::chrono::minutes(6));
}

void TestCtlLine::doctorLooksAtEveryAddress() {
    HangingCluster cluster;
    cluster.fixture.master.script.getCluster = [](v1::Cluster* out) {
        out->set_name("demo");
        return grpc::Status::OK;
    };
    const Outcome outcome = cluster.run({"doctor"});
    // One that is not reached is no good line, whoever else answers.
    QCOMPARE(outcome.code, 8);
    QVERIFY2(holds(outcome.out, "TLS handshake with " + cluster.first() + ": no answer"),
             outcome.out.c_str());
    QVERIFY(holds(outcome.out, "master " + cluster.fixture.master.address()));
    QVERIFY(holds(outcome.out, "reached: TLSv1.3"));
    QVERIFY(holds(outcome.out, "\npermissions "));
    QVERIFY(holds(outcome.err, cluster.first()));
}

// Of a change one was told that it may have been made all the same.
void TestCtlLine::whereNoLineStoodNothingWasAsked() {
    HangingCluster cluster;
    auto bundle = cluster.read();
    bundle.addresses = {cluster.first()};
    cluster.write(bundle);
    const Outcome outcome =
        cluster.run({"cluster", "freeze", "--reason", "wrong", "--timeout", "300ms"});
    QCOMPARE(outcome.code, 8);
    QVERIFY2(holds(outcome.err, "UNAVAILABLE UNREACHABLE"), outcome.err.c_str());
    QVERIFY2(holds(outcome.err, "nothing was asked of it"), outcome.err.c_str());
    QVERIFY2(!holds(outcome.err, "may have been made"), outcome.err.c_str());
    QCOMPARE(cluster.fixture.master.calls("FreezeCluster"), 0);
}

void TestCtlLine::aBundleWithoutACertificateIsNamed_data() {
    QTest::addColumn<bool>("several");
    QTest::addColumn<bool>("authority");
    QTest::newRow("CA, one master") << false << true;
    QTest::newRow("CA, two masters") << true << true;
    QTest::newRow("key, one master") << false << false;
}

// gRPC says that such a channel has an empty list of addresses.
void TestCtlLine::aBundleWithoutACertificateIsNamed() {
    QFETCH(bool, several);
    QFETCH(bool, authority);
    HangingCluster cluster;
    auto bundle = cluster.read();
    if (!several) bundle.addresses.erase(bundle.addresses.begin());
    std::string& pem = authority ? bundle.caPem : bundle.privateKeyPem;
    pem.replace(pem.find("-----BEGIN ") + 11, 4, "XXXX");
    cluster.write(bundle);
    const Outcome outcome = cluster.run({"machine", "list"});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(holds(outcome.err, "INVALID_ARGUMENT BUNDLE_INVALID"), outcome.err.c_str());
    QVERIFY2(holds(outcome.err, authority ? "the CA of the bundle of demo is no certificate"
                                          : "certificate and key of the bundle of demo"),
             outcome.err.c_str());
}

QTEST_GUILESS_MAIN(TestCtlLine)
#include "tst_ctl_line.moc"
