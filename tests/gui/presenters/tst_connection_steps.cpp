// SPDX-License-Identifier: GPL-3.0-or-later
// "Test connection", and the bundles that it and others read.
#include <QFile>
#include <QTest>

#include "gui/presenters/connections_presenter.h"
#include "shared/crypto/certificates.h"
#include "tests/gui/presenters/list_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::StatusKind;
using gui::presenters::ConnectionsPresenter;

namespace {

QString write(const tests::ListFixture& list, const char* name) {
    bundle::Bundle bundle{name, "production", {"127.0.0.1:7443"}, {}, {}, {}};
    list.pki.fill(bundle, "wang");
    bundle.cluster = name;
    return list.file(name, QByteArray::fromStdString(bundle::formatBundle(bundle)));
}

}  // namespace

class TestConnectionSteps : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void testStepsStopAtTheFirstFailure();
    void aStepSaysAsThePanelDoes();
    void whatWasTestedIsOfItsMaster();
    void aBundleIsReadWhenTheListChanges();
};

void TestConnectionSteps::testStepsStopAtTheFirstFailure() {
    tests::ListFixture list("demo");
    tests::HubFixture& fixture = list.fixture;
    ConnectionsPresenter& presenter = list.connections;
    presenter.import(write(list, "demo"));
    presenter.test(0);
    QCOMPARE(presenter.steps(0)[0].look.kind, StatusKind::Run);
    QVERIFY2(!fixture.hub.hasSession(), "a test is no connection");
    auto& step = fixture.master.connection.testStep;
    services::TestStepResult result;
    result.step = services::TestStep::Master;
    for (const char* address : {"m1:7443", "m2:7443"}) {
        result.address = address;
        step(result);
    }
    // Each of several addresses has a row of its own, before the steps of the one that is reached.
    QCOMPARE(presenter.steps(0).size(), std::size_t{10});
    QVERIFY(presenter.steps(0)[1].name.contains(QStringLiteral("m2:7443")));
    presenter.test(0);
    QCOMPARE(presenter.steps(0).size(), std::size_t{8});
    result.step = services::TestStep::Dns;
    result.took = std::chrono::milliseconds(3);
    step(result);
    QCOMPARE(presenter.steps(0)[0].look.kind, StatusKind::Ok);
    QCOMPARE(presenter.steps(0)[1].look.kind, StatusKind::Run);
    result.step = services::TestStep::Tcp;
    result.status = absl::UnavailableError("connection refused");
    result.hint = "Is the master running?";
    step(result);
    result.step = services::TestStep::Tls;
    result.status = absl::CancelledError();
    step(result);
    QCOMPARE(presenter.steps(0)[1].look.kind, StatusKind::Fail);
    QCOMPARE(presenter.steps(0)[1].hint, QStringLiteral("Is the master running?"));
    QCOMPARE(presenter.steps(0)[2].look.kind, StatusKind::None);
    fixture.master.connection.testCalls.deliver(absl::UnavailableError("connection refused"));
    QVERIFY(presenter.testVerdict(0).contains(QStringLiteral("refused")));
}

// "super_admin" and "2029-03-03" stood beside a panel that says both otherwise.
void TestConnectionSteps::aStepSaysAsThePanelDoes() {
    tests::ListFixture list("demo");
    tests::HubFixture& fixture = list.fixture;
    ConnectionsPresenter& presenter = list.connections;
    presenter.import(write(list, "demo"));
    presenter.test(0);
    bundle::Bundle bundle{"demo", "production", {"127.0.0.1:7443"}, {}, {}, {}};
    list.pki.fill(bundle, "wang");
    services::TestStepResult result;
    result.step = services::TestStep::Tls;
    result.certificatePem = bundle.certificatePem;
    result.detail = "TLSv1.3, certificate valid until 2029-03-03";
    fixture.master.connection.testStep(result);
    const auto certificate = crypto::describeCertificate(result.certificatePem);
    QVERIFY(certificate.ok());
    QCOMPARE(presenter.steps(0)[2].detail, QStringLiteral("TLSv1.3, certificate valid until ") +
                                               fixture.hub.times().at(certificate->notAfter));
}

// "Everything works." stood under whichever master was chosen next.
void TestConnectionSteps::whatWasTestedIsOfItsMaster() {
    tests::ListFixture list("demo");
    tests::HubFixture& fixture = list.fixture;
    ConnectionsPresenter& presenter = list.connections;
    presenter.import(write(list, "demo"));
    presenter.import(write(list, "other"));
    presenter.test(0);
    QCOMPARE(presenter.testLine(0), QStringLiteral("demo is being tested."));
    QCOMPARE(presenter.steps(1).size(), std::size_t{0});
    QCOMPARE(presenter.testLine(1), QStringLiteral("other has not been tested yet."));
    // The second does not end the first.
    presenter.test(1);
    fixture.master.connection.testCalls.deliver(1, absl::UnavailableError("connection refused"));
    fixture.master.connection.testCalls.deliver(0, absl::OkStatus());
    QCOMPARE(presenter.testVerdict(0), QStringLiteral("Everything works."));
    QVERIFY(presenter.testVerdict(1).contains(QStringLiteral("refused")));
    QVERIFY(presenter.testLine(1).startsWith(QStringLiteral("other, tested ")));
    // By connection, and not by place; another bundle is another connection.
    presenter.remove(0);
    QVERIFY(presenter.testVerdict(0).contains(QStringLiteral("refused")));
    presenter.undoRemove();
    QCOMPARE(presenter.steps(0).size(), std::size_t{0});
    presenter.import(write(list, "other"));
    QCOMPARE(presenter.testVerdict(1), QString());
    QCOMPARE(presenter.testLine(-1), QString());
}

// Each round of questions, every five seconds, read every file on the thread of the window.
void TestConnectionSteps::aBundleIsReadWhenTheListChanges() {
    tests::ListFixture list("demo");
    ConnectionsPresenter& presenter = list.connections;
    const QString path = write(list, "demo");
    presenter.import(path);
    const auto profile = [&presenter] { return presenter.profileOf(presenter.masters()[0]); };
    QVERIFY(profile().ok());
    QVERIFY(QFile::remove(path));
    QVERIFY(profile().ok());
    presenter.setReadOnly(0, true);
    QVERIFY(!profile().ok());
    // One that could not be read is not given up.
    write(list, "demo");
    QVERIFY(profile().ok());
    QVERIFY(profile()->readOnly);
    // Whoever connects wants the file of now.
    QVERIFY(QFile::remove(path));
    presenter.connectTo(0);
    QVERIFY(!presenter.error().isEmpty());
}

QTEST_GUILESS_MAIN(TestConnectionSteps)
#include "tst_connection_steps.moc"
