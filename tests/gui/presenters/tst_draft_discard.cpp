// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/draft_discard.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::DraftDiscard;

namespace {

services::ReleaseInfo draft() {
    services::ReleaseInfo info;
    info.release.id = "a";
    info.release.number = 12;
    info.release.spec.agent = "logd";
    info.release.spec.version = "1.5.1";
    info.release.state = domain::ReleaseState::Draft;
    return info;
}

}  // namespace

class TestDraftDiscard : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyADraftIsOffered() {
        tests::HubFixture fixture;
        DraftDiscard discard(fixture.hub);
        const services::ReleaseInfo info = draft();
        QVERIFY(!discard.action(&info).enabled());
        fixture.connect({"release.abort"});
        QVERIFY(!discard.action(nullptr).enabled());
        QVERIFY(discard.action(&info).enabled());
        services::ReleaseInfo running = info;
        running.release.state = domain::ReleaseState::Running;
        QVERIFY(discard.action(&running).whyNot.contains(QLatin1String("only a draft")));
    }

    void whoMayNotAbortMayNotDiscard() {
        tests::HubFixture fixture;
        DraftDiscard discard(fixture.hub);
        fixture.connect({"release.create"});
        const services::ReleaseInfo info = draft();
        QVERIFY(discard.action(&info).whyNot.contains(QLatin1String("release.abort")));
    }

    // Nobody types a 0; the count is sent all the same, for a draft that somebody starts meanwhile.
    void asksOnceAndSendsTheCount() {
        tests::HubFixture fixture;
        DraftDiscard discard(fixture.hub);
        fixture.connect({"release.abort"});
        const services::ReleaseInfo info = draft();
        const auto facts = discard.facts(info);
        QVERIFY(facts.danger == domain::DangerClass::ChangesMachines);
        QVERIFY(facts.title.contains(QLatin1String("12")));
        QCOMPARE(gui::models::commandText(facts.commands),
                 QStringLiteral("ifritctl release discard 12 --yes"));
        const QSignalSpy told(&discard, &DraftDiscard::told);
        const QSignalSpy refused(&discard, &DraftDiscard::refused);
        auto& calls = fixture.master.releases.actCalls;
        discard.discard(info, QStringLiteral("OPS-1"));
        QVERIFY(calls.last().verb == domain::ReleaseVerb::Abort);
        QCOMPARE(calls.last().mutation.expectedCount, std::optional<std::uint64_t>(0));
        QCOMPARE(calls.last().mutation.reason, std::string("OPS-1"));
        // One click is one call.
        discard.discard(info, {});
        QCOMPARE(calls.made(), std::size_t{1});
        QCOMPARE(refused.size(), 1);
        calls.deliver(base::failedPrecondition("COUNT_MISMATCH", "12", "it was started"));
        QCOMPARE(refused.size(), 2);
        QVERIFY(refused.last().first().toString().contains(QLatin1String("t was started")));
        discard.discard(info, {});
        calls.deliver(info);
        QCOMPARE(told.size(), 1);
        QCOMPARE(told.first().first().toString(), QStringLiteral("Draft 12 was discarded."));
    }
};

QTEST_GUILESS_MAIN(TestDraftDiscard)
#include "tst_draft_discard.moc"
