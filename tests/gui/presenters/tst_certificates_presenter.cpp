// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/certificates_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::CertificateModel;
using gui::models::StatusKind;
using gui::presenters::CertificatesPresenter;
using std::chrono::hours;

namespace {

QString name(const char* text) {
    return QString::fromUtf8(text);
}

/// Of li one in force, one that was revoked and one that has expired; one of wang, who we are.
struct CertificatesFixture : tests::HubFixture {
    explicit CertificatesFixture(const std::vector<std::string>& permissions = {
                                     "certificate.revoke"}) {
        connect(permissions);
        presenter.list().read();
        std::vector<services::CertificateInfo> all = {
            certificate("a1", "li", hours(8'000)), certificate("b2", "li", hours(8'000)),
            certificate("c3", "li", hours(-1)), certificate("d4", "wang", hours(500))};
        all[1].revoked = clock.now() - hours(5);
        all[1].revokeReason = "laptop lost";
        master.access.certificateCalls.deliver(all);
        presenter.list().showOf("li");
    }
    services::CertificateInfo certificate(const char* serial, const char* who, hours left) const {
        return {serial, who, clock.now() - hours(100), clock.now() + left, std::nullopt, {}};
    }
    CertificatesPresenter presenter{hub};
};

}  // namespace

class TestCertificatesPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatHolds();
    void onlyWhatHoldsIsRevoked();
    void oneIsRevoked();
    void allOfAUserAreRevoked();
    void whoMayNotSaysWhy();
    void anAnswerOfAnotherClusterIsDropped();
};

void TestCertificatesPresenter::tellsWhatHolds() {
    CertificatesFixture fixture;
    auto& model = fixture.presenter.model();
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 3);
    const base::WallTime now = fixture.clock.now();
    const auto kind = [&](int row) { return CertificateModel::lookOf(*model.at(row), now).kind; };
    QCOMPARE(kind(0), StatusKind::Ok);
    QCOMPARE(kind(1), StatusKind::None);
    QCOMPARE(kind(2), StatusKind::None);
    QVERIFY(CertificateModel::lookOf(*model.at(1), now).word !=
            CertificateModel::lookOf(*model.at(2), now).word);
    fixture.presenter.list().filter(name("laptop"));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.at(0)->serial, std::string("b2"));
    QCOMPARE(fixture.presenter.list().rows()->model().rowCount(), 3);
    fixture.presenter.list().filter({});
    fixture.presenter.list().showOf("wang");
    QCOMPARE(kind(0), StatusKind::Wait);
    fixture.presenter.list().showOf("zhou");
    QCOMPARE(fixture.presenter.emptyText(), name("No certificate was issued."));
}

void TestCertificatesPresenter::onlyWhatHoldsIsRevoked() {
    CertificatesFixture fixture;
    QVERIFY(fixture.presenter.revokeAction(0).enabled());
    QVERIFY(fixture.presenter.revokeAction(1).whyNot.contains(name("already")));
    QVERIFY(fixture.presenter.revokeAction(2).whyNot.contains(name("expired")));
    QVERIFY(!fixture.presenter.revokeAction(-1).enabled());
    // By itself, while it is looked at.
    fixture.clock.advance(hours(8'001));
    QVERIFY(!fixture.presenter.revokeAction(0).enabled());
    QVERIFY(!fixture.presenter.revokeAllAction().enabled());
}

void TestCertificatesPresenter::oneIsRevoked() {
    CertificatesFixture fixture;
    const auto facts = fixture.presenter.revokeFacts(0);
    QCOMPARE(facts.danger, domain::DangerClass::Wide);
    QCOMPARE(facts.machines, 1LL);
    QCOMPARE(facts.commands.size(), 1);
    QVERIFY(facts.facts.contains(qMakePair(name("Serial"), name("a1"))));
    fixture.presenter.revoke("a1", name("laptop lost"));
    const auto& call = fixture.master.access.revokeCertificateCalls.last();
    QCOMPARE(call.id, std::string("a1"));
    QCOMPARE(call.user, std::string());
    QCOMPARE(call.mutation.reason, std::string("laptop lost"));
    QSignalSpy acted(&fixture.presenter, &CertificatesPresenter::acted);
    QVERIFY(!fixture.presenter.revokeAction(0).enabled());
    fixture.presenter.revoke("a1", name("again"));
    QCOMPARE(fixture.master.access.revokeCertificateCalls.made(), std::size_t{1});
    QVERIFY(acted[0][0].toString().contains(name("answered yet")));
    fixture.master.access.revokeCertificateCalls.deliver(
        base::notFound("CERTIFICATE_UNKNOWN", "a1", "there is no certificate a1"));
    QVERIFY(acted[1][0].toString().contains(name("no certificate a1")));
    QVERIFY(acted[1][0].toString().contains(name("CERTIFICATE_UNKNOWN")));
    QVERIFY(fixture.presenter.revokeAction(0).enabled());
}

void TestCertificatesPresenter::allOfAUserAreRevoked() {
    CertificatesFixture fixture;
    const auto facts = fixture.presenter.revokeAllFacts();
    QVERIFY(facts.title.contains(name("li")));
    QVERIFY(facts.facts.contains(qMakePair(name("Certificates"), name("1 in force"))));
    // Whoever was chosen while the sheet was open is not meant; of oneself it says what follows.
    fixture.presenter.list().showOf("wang");
    QVERIFY(fixture.presenter.revokeAllFacts().sentence.contains(name("this window")));
    fixture.presenter.revokeAll("li", name("left"));
    const auto& call = fixture.master.access.revokeCertificateCalls.last();
    QCOMPARE(call.id, std::string());
    QCOMPARE(call.user, std::string("li"));
    QCOMPARE(call.mutation.reason, std::string("left"));
}

void TestCertificatesPresenter::whoMayNotSaysWhy() {
    CertificatesFixture fixture({"release.start"});
    fixture.presenter.list().read();
    QCOMPARE(fixture.master.access.certificateCalls.last(), std::string());
    QVERIFY(fixture.presenter.note().contains(name("super admins")));
    fixture.presenter.list().showOf("wang");
    QCOMPARE(fixture.presenter.note(), QString());
    // Not even one's own: only super admins revoke.
    QVERIFY(fixture.presenter.revokeAction(0).whyNot.contains(name("certificate.revoke")));
    fixture.presenter.revokeAll("wang", name("why"));
    QCOMPARE(fixture.master.access.revokeCertificateCalls.made(), std::size_t{0});
}

void TestCertificatesPresenter::anAnswerOfAnotherClusterIsDropped() {
    CertificatesFixture fixture;
    fixture.presenter.revoke("a1", name("why"));
    QSignalSpy acted(&fixture.presenter, &CertificatesPresenter::acted);
    fixture.hub.close();
    fixture.presenter.list().clear();
    fixture.master.access.revokeCertificateCalls.deliver(std::uint32_t{1});
    QCOMPARE(acted.size(), 0);
    QCOMPARE(fixture.presenter.model().rowCount(), 0);
}

QTEST_GUILESS_MAIN(TestCertificatesPresenter)
#include "tst_certificates_presenter.moc"
