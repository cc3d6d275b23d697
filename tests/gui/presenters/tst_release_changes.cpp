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
    void offersWhatItsStateCanEverAllow_data();
    void offersWhatItsStateCanEverAllow();
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

void TestReleaseChanges::offersWhatItsStateCanEverAllow_data() {
    using domain::ReleaseState;
    QTest::addColumn<int>("state");
    QTest::addColumn<QList<int>>("offered");
    const auto row = [](const char* name, ReleaseState state,
                        std::initializer_list<ReleaseVerb> verbs) {
        QList<int> offered;
        for (const ReleaseVerb verb : verbs)
            offered << static_cast<int>(verb);
        QTest::newRow(name) << static_cast<int>(state) << offered;
    };
    using enum ReleaseVerb;
    row("draft", ReleaseState::Draft, {Start, Abort});
    row("running", ReleaseState::Running, {Promote, RetryFailed, Pause, Rollback, Abort});
    row("halted", ReleaseState::Halted, {Promote, RetryFailed, Resume, Rollback, Abort});
    row("done", ReleaseState::Done, {});
}

// One batch is open, full is not: promote-all would do the same as promote.
void TestReleaseChanges::offersWhatItsStateCanEverAllow() {
    QFETCH(const int, state);
    QFETCH(const QList<int>, offered);
    tests::HubFixture fixture;
    fixture.connect({});
    ReleasePresenter presenter(fixture.hub);
    QVERIFY(!presenter.isOffered(ReleaseVerb::Pause));
    presenter.open(QStringLiteral("a"));
    auto info = release("a", static_cast<domain::ReleaseState>(state));
    info.release.stage = domain::StageKind::Batch;
    info.stages.resize(2);
    info.stages[0].counts.opened = fixture.clock.now();
    fixture.master.releases.releaseWatch.tell(info);
    QList<int> found;
    for (const ReleaseVerb verb : ReleasePresenter::verbs()) {
        if (presenter.isOffered(verb)) found << static_cast<int>(verb);
    }
    QCOMPARE(found, offered);
}

QTEST_GUILESS_MAIN(TestReleaseChanges)
#include "tst_release_changes.moc"
