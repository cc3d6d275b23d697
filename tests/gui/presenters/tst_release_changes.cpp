// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/release_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using domain::ReleaseVerb;
using gui::presenters::ReleasePresenter;

namespace {

services::ReleaseInfo release(const char* id, domain::ReleaseState state) {
    services::ReleaseInfo info;
    info.release.id = id;
    info.release.number = 12;
    info.release.state = state;
    info.allowedVerbs = {ReleaseVerb::Abort};
    return info;
}

}  // namespace

class TestReleaseChanges : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anotherReleaseDoesNotTakeAChangeBack();
};

// To look at another release cancelled the call, and the master may not have begun it.
void TestReleaseChanges::anotherReleaseDoesNotTakeAChangeBack() {
    tests::HubFixture fixture;
    fixture.connect({"release.abort"});
    ReleasePresenter presenter(fixture.hub);
    auto& releases = fixture.master.releases;
    presenter.open(QStringLiteral("a"));
    releases.releaseWatch.tell(release("a", domain::ReleaseState::Running));
    presenter.act(presenter.request(ReleaseVerb::Abort), QStringLiteral("x"));
    presenter.open(QStringLiteral("b"));
    releases.releaseWatch.tell(release("b", domain::ReleaseState::Running));
    QVERIFY(presenter.action(ReleaseVerb::Abort).enabled());
    presenter.open(QStringLiteral("a"));
    releases.releaseWatch.tell(release("a", domain::ReleaseState::Running));
    QVERIFY(!presenter.action(ReleaseVerb::Abort).enabled());
    presenter.open(QStringLiteral("b"));
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    releases.actCalls.deliver(
        base::makeError(absl::StatusCode::kAborted, "RELEASE_MOVED", "a", "it moved on"));
    QCOMPARE(acted.size(), 1);
    QVERIFY(acted[0][0].toString().startsWith(QStringLiteral("Release 12: ")));
}

QTEST_GUILESS_MAIN(TestReleaseChanges)
#include "tst_release_changes.moc"
