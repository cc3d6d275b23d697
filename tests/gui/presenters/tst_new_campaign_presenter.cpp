// SPDX-License-Identifier: GPL-3.0-or-later
// What a new campaign proposes before anybody has chosen anything.
#include <QTest>

#include "gui/presenters/new_campaign_presenter.h"
#include "tests/gui/presenters/campaign_desk.h"

using namespace ifrit;
using Desk = tests::CampaignDesk;
using domain::ReleaseState;
using gui::presenters::NewCampaignPresenter;

namespace {

gui::services::ReleaseInfo bringing(std::uint64_t number, const char* agent, const char* version,
                                    ReleaseState state) {
    gui::services::ReleaseInfo out;
    out.release.id = "r-" + std::to_string(number);
    out.release.number = number;
    out.release.spec.agent = agent;
    out.release.spec.version = version;
    out.release.state = state;
    return out;
}

}  // namespace

class TestNewCampaignPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The order of the connections began with the window's own, in production.
    void productionIsNotTheFirst() {
        Desk desk(false, {"campaign.import"}, Desk::Third::Certificate, {"production", "test"});
        desk.answer();
        NewCampaignPresenter maker(desk.hub, desk.presenter.lines());
        maker.begin();
        const QList<QString> order = {QStringLiteral("cn-test-1"), QStringLiteral("cn-north-1"),
                                      QStringLiteral("eu-west-1")};
        QCOMPARE(maker.form().clusters, order);
        QStringList told;
        for (const auto& place : maker.places())
            told << place.text();
        const QStringList kinds = {QStringLiteral("cn-test-1 · test"),
                                   QStringLiteral("cn-north-1 · PRODUCTION"),
                                   QStringLiteral("eu-west-1 · PRODUCTION")};
        QCOMPARE(told, kinds);
    }

    void theNewestVersionThatStandsIsProposed_data() {
        QTest::addColumn<QList<gui::services::ReleaseInfo>>("releases");
        QTest::addColumn<QString>("proposed");
        const auto row = [](const char* name, const QList<gui::services::ReleaseInfo>& releases,
                            const char* proposed) {
            QTest::newRow(name) << releases << QString::fromLatin1(proposed);
        };
        const auto old = bringing(1, "logd", "1.5.0", ReleaseState::Done);
        row("one that runs brings a newer one",
            {bringing(2, "logd", "1.5.1", ReleaseState::Running), old}, "r-2");
        row("what was halted is not repeated",
            {bringing(2, "logd", "1.5.1", ReleaseState::Halted), old}, "r-1");
        row("nor what is only written down",
            {bringing(2, "logd", "1.5.1", ReleaseState::Draft), old}, "r-1");
        row("a later one brings an older one",
            {bringing(2, "logd", "1.4.9", ReleaseState::Done), old}, "r-1");
        row("of one version what is done",
            {bringing(2, "logd", "1.5.0", ReleaseState::Running), old}, "r-1");
        row("1.10 is newer than 1.9",
            {bringing(3, "logd", "1.9", ReleaseState::Done),
             bringing(2, "logd", "1.10", ReleaseState::Done), old},
            "r-2");
        row("versions of two agents are not compared",
            {bringing(2, "probe", "0.1", ReleaseState::Done), old}, "r-2");
        row("all were stopped", {bringing(2, "logd", "1.5.1", ReleaseState::Halted)}, "r-2");
    }
    void theNewestVersionThatStandsIsProposed() {
        QFETCH(const QList<gui::services::ReleaseInfo>, releases);
        QFETCH(const QString, proposed);
        Desk desk;
        desk.answer();
        NewCampaignPresenter maker(desk.hub, desk.presenter.lines());
        maker.begin();
        desk.master.releases.listCalls.deliver(gui::services::Page<gui::services::ReleaseInfo>{
            {releases.begin(), releases.end()}, {}});
        QCOMPARE(maker.form().releaseId, proposed);
    }

    void anOlderVersionIsSaid() {
        Desk desk;
        desk.answer();
        NewCampaignPresenter maker(desk.hub, desk.presenter.lines());
        maker.begin();
        desk.master.releases.listCalls.deliver(gui::services::Page<gui::services::ReleaseInfo>{
            {bringing(2, "logd", "1.5.1", ReleaseState::Running),
             bringing(1, "logd", "1.5.0", ReleaseState::Done)},
            {}});
        QCOMPARE(maker.warning(), QString());
        auto form = maker.form();
        form.releaseId = QStringLiteral("r-1");
        maker.setForm(form);
        for (const char* said : {"#1", "1.5.0", "older than 1.5.1", "#2"})
            QVERIFY2(maker.warning().contains(QLatin1String(said)), qPrintable(maker.warning()));
    }
};

QTEST_GUILESS_MAIN(TestNewCampaignPresenter)
#include "tst_new_campaign_presenter.moc"
