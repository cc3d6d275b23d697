// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/audit_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::StatusKind;
using gui::models::ViewState;
using gui::presenters::AuditPresenter;

namespace {

services::AuditRow row(std::uint64_t id, const char* result = "allowed") {
    services::AuditRow out;
    out.id = id;
    out.actor = "wang";
    out.via = "ctl";
    out.address = "10.4.0.77";
    out.verb = "release.start";
    out.object = "release 12";
    out.result = result;
    return out;
}

services::Page<services::AuditRow> page(std::vector<services::AuditRow> rows,
                                        const std::string& next = {}) {
    return {std::move(rows), next};
}

QString fact(const AuditPresenter& presenter, int index, const QString& name) {
    for (const auto& [label, value] : presenter.factsOf(index)) {
        if (label == name) return value;
    }
    return {};
}

}  // namespace

class TestAuditPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksTheMasterToFilter();
    void emptyByFilterIsNotEmpty();
    void readsFurtherPages();
    void tellsWhatARowHolds();
    void verifyTellsEachEnd();
    void onlyAuditEventsReload();
    void nothingStaysOfAClusterThatWasLeft();
};

void TestAuditPresenter::asksTheMasterToFilter() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({row(2), row(1)}));
    presenter.setFilter({QStringLiteral("wang"), QStringLiteral("release.start"),
                         QStringLiteral("release 12"), QStringLiteral("denied")});
    QCOMPARE(calls.last().actor, std::string("wang"));
    QCOMPARE(calls.last().verb, std::string("release.start"));
    QCOMPARE(calls.last().object, std::string("release 12"));
    QCOMPARE(calls.last().result, std::string("denied"));
    const std::size_t made = calls.made();
    presenter.setFilter(presenter.filter());
    QCOMPARE(calls.made(), made);
}

void TestAuditPresenter::emptyByFilterIsNotEmpty() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({}));
    QCOMPARE(presenter.notice().state, ViewState::Empty);
    presenter.setFilter({QStringLiteral("nobody"), {}, {}, {}});
    calls.deliver(page({}));
    QCOMPARE(presenter.notice().state, ViewState::EmptyByFilter);
}

void TestAuditPresenter::readsFurtherPages() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({row(2)}, "older"));
    QVERIFY(presenter.countLine().contains(QStringLiteral("more to load")));
    presenter.more();
    QCOMPARE(calls.last().page.token, std::string("older"));
    calls.deliver(page({row(1)}));
    QCOMPARE(presenter.model().rowCount(), 2);
    QVERIFY(!presenter.hasMore());
}

void TestAuditPresenter::tellsWhatARowHolds() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    services::AuditRow denied = row(7, "denied");
    denied.error = "li may not call release.start";
    fixture.master.audit.listCalls.deliver(page({denied}));
    QCOMPARE(fact(presenter, 0, QStringLiteral("Actor")),
             QStringLiteral("wang by ctl from 10.4.0.77"));
    QCOMPARE(fact(presenter, 0, QStringLiteral("Error")),
             QStringLiteral("li may not call release.start"));
    // What a row has not is not shown as an empty line.
    QVERIFY(fact(presenter, 0, QStringLiteral("Before")).isEmpty());
    for (const auto& [label, value] : presenter.factsOf(0))
        QVERIFY2(!value.isEmpty(), qPrintable(label));
    QVERIFY(presenter.factsOf(1).isEmpty());
    QVERIFY(presenter.factsOf(-1).isEmpty());
}

void TestAuditPresenter::verifyTellsEachEnd() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed);
    presenter.verify();
    QCOMPARE(fixture.master.audit.verifyCalls.made(), std::size_t{0});
    fixture.connect({});
    auto& calls = fixture.master.audit.verifyCalls;
    presenter.verify();
    QVERIFY(!presenter.verifyAction().enabled());
    presenter.verify();
    QCOMPARE(calls.made(), std::size_t{1});
    calls.deliver(services::AuditVerification{24, "9f3c1e77a0d24b55", true, 0, {}});
    QCOMPARE(presenter.verifyKind(), StatusKind::Ok);
    QVERIFY(presenter.verifyText().contains(QStringLiteral("24")));
    presenter.verify();
    calls.deliver(services::AuditVerification{24, "", false, 17, "the hash of row 16 differs"});
    QCOMPARE(presenter.verifyKind(), StatusKind::Fail);
    QVERIFY(presenter.verifyText().contains(QStringLiteral("17")));
    QVERIFY(presenter.verifyText().contains(QStringLiteral("row 16 differs")));
    presenter.verify();
    // Not known to be broken: it could not be walked.
    calls.deliver(base::permissionDenied("NOT_ALLOWED", "li", "li may not verify the chain"));
    QCOMPARE(presenter.verifyKind(), StatusKind::Wait);
    QVERIFY(presenter.verifyAction().enabled());
}

void TestAuditPresenter::onlyAuditEventsReload() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({row(1)}));
    const std::size_t before = calls.made();
    fixture.master.events.tell(services::ClusterEvent::Kind::PackageChanged);
    fixture.master.events.tell(services::ClusterEvent::Kind::AuditAppended);
    QTRY_COMPARE(calls.made(), before + 1);
    calls.deliver(page({row(2), row(1)}));
    QCOMPARE(presenter.model().rowCount(), 2);
}

void TestAuditPresenter::nothingStaysOfAClusterThatWasLeft() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    fixture.master.audit.listCalls.deliver(page({row(1)}));
    presenter.verify();
    fixture.hub.close();
    QCOMPARE(presenter.model().rowCount(), 0);
    QVERIFY(presenter.verifyText().isEmpty());
    QCOMPARE(presenter.notice().state, ViewState::Empty);
}

QTEST_GUILESS_MAIN(TestAuditPresenter)
#include "tst_audit_presenter.moc"
