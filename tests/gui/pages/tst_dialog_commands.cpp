// SPDX-License-Identifier: GPL-3.0-or-later
// Every dialog that changes something copies itself as an ifritctl command.
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include <algorithm>
#include <functional>

#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/widgets/danger_sheet.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using gui::models::DangerFacts;
using gui::presenters::FreezePresenter;
using gui::widgets::DangerSheet;
using tests::WindowFixture;

namespace {

using Make = std::function<std::unique_ptr<QDialog>(WindowFixture&)>;
using Facts = std::function<DangerFacts(gui::app::Desktop&)>;

/// Of what a page asks before it changes something.
Make sheet(Facts facts) {
    return [facts](WindowFixture& fixture) {
        return std::make_unique<DangerSheet>(fixture.theme, facts(*fixture.desktop),
                                             fixture.window.get());
    };
}

QPushButton* copyButton(const QDialog& dialog) {
    for (auto* button : dialog.findChildren<QPushButton*>()) {
        if (button->text() == QLatin1String("Copy as ifritctl command")) return button;
    }
    return nullptr;
}

}  // namespace

Q_DECLARE_METATYPE(Make)

class TestDialogCommands : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyDialogThatChangesHasTheButton_data();
    void everyDialogThatChangesHasTheButton();
    void aNewCampaignIsCopiedAsItIsTyped();
};

void TestDialogCommands::everyDialogThatChangesHasTheButton_data() {
    using gui::app::Desktop;
    using gui::models::UserVerb;
    QTest::addColumn<Make>("make");
    const auto row = [](const char* name, Make make) { QTest::newRow(name) << std::move(make); };
    row("new release", [](WindowFixture& fixture) {
        return std::make_unique<gui::pages::NewReleaseDialog>(
            fixture.theme, fixture.desktop->newRelease, fixture.window.get());
    });
    row("new campaign", [](WindowFixture& fixture) {
        return std::make_unique<gui::pages::NewCampaignDialog>(
            fixture.theme, fixture.desktop->newCampaign, fixture.window.get());
    });
    row("roll back", sheet([](Desktop& desktop) {
            return desktop.release.facts(domain::ReleaseVerb::Rollback);
        }));
    row("freeze", sheet([](Desktop& desktop) {
            return desktop.freeze.facts(FreezePresenter::Turn::Freeze);
        }));
    row("unfreeze", sheet([](Desktop& desktop) {
            return desktop.freeze.facts(FreezePresenter::Turn::Unfreeze);
        }));
    row("remove machines", sheet([](Desktop& desktop) {
            return desktop.machines.removal().facts({QStringLiteral("i-1")});
        }));
    row("delete a package", sheet([](Desktop& desktop) { return desktop.packages.removeFacts(); }));
    using gui::services::CampaignReleases;
    for (const auto releases : {CampaignReleases::Left, CampaignReleases::RolledBack}) {
        row(releases == CampaignReleases::Left ? "abort a campaign" : "roll a campaign back",
            sheet([releases](Desktop& desktop) { return desktop.campaigns.abortFacts(releases); }));
    }
    // Their forms only ask who and what: these sheets are what changes something.
    row("new user", sheet([](Desktop& desktop) {
            gui::presenters::AccessPresenter::NewUser user;
            user.name = QStringLiteral("zhou");
            return desktop.access.createFacts(user);
        }));
    row("grant", sheet([](Desktop& desktop) {
            gui::presenters::AccessPresenter::NewGrant grant;
            return desktop.access.giveFacts(grant);
        }));
    row("take a grant", sheet([](Desktop& desktop) { return desktop.access.takeFacts(0); }));
    row("end a token", sheet([](Desktop& desktop) { return desktop.access.tokens().endFacts(0); }));
    row("end every token",
        sheet([](Desktop& desktop) { return desktop.access.tokens().endAllFacts(); }));
    row("new token", sheet([](Desktop& desktop) {
            return desktop.access.tokens().createFacts({QStringLiteral("nightly"), 30});
        }));
    row("revoke a certificate",
        sheet([](Desktop& desktop) { return desktop.access.certificates().revokeFacts(0); }));
    row("revoke every certificate",
        sheet([](Desktop& desktop) { return desktop.access.certificates().revokeAllFacts(); }));
    row("try bad versions again",
        sheet([](Desktop& desktop) { return desktop.machines.detail().clearBadFacts(); }));
    row("discard a draft", sheet([](Desktop& desktop) {
            return desktop.releases.discard().facts(desktop.releases.model().all().front());
        }));
    row("revoke a machine", sheet([](Desktop& desktop) {
            return desktop.machines.revocation().facts(QStringLiteral("i-0c77b2"));
        }));
    for (const UserVerb verb : {UserVerb::Password, UserVerb::Promote, UserVerb::Demote,
                                UserVerb::Disable, UserVerb::Enable, UserVerb::Remove}) {
        const QByteArray name = "user, verb " + QByteArray::number(static_cast<int>(verb));
        row(name.constData(),
            sheet([verb](Desktop& desktop) { return desktop.access.facts(verb); }));
    }
}

void TestDialogCommands::everyDialogThatChangesHasTheButton() {
    QFETCH(Make, make);
    WindowFixture fixture;
    const tests::OtherClusters others(fixture, true);
    fixture.master.campaigns = tests::scriptedCampaigns(
        fixture.clock.now(), tests::ScriptedMaster::profile().bundle.cluster);
    fixture.connect();
    for (const char* page : {"release", "campaigns", "packages", "access"}) {
        fixture.window->showPage(QString::fromLatin1(page));
        WindowFixture::settle();
    }
    const auto& machines = fixture.master.machines;
    const auto bad = std::find_if(machines.begin(), machines.end(), [](const auto& machine) {
        return std::any_of(machine.agents.begin(), machine.agents.end(),
                           [](const auto& agent) { return !agent.error.empty(); });
    });
    QVERIFY(bad != machines.end());
    fixture.desktop->machines.detail().show(QString::fromStdString(bad->uuid));
    fixture.desktop->access.choose(QStringLiteral("chen.yu"));
    fixture.desktop->packages.choose(
        QString::fromStdString(fixture.master.packages.front().manifestDigest));
    fixture.desktop->campaigns.choose(
        QString::fromStdString(fixture.master.campaigns[1].campaign.id));
    WindowFixture::settle();
    const std::unique_ptr<QDialog> dialog = make(fixture);
    dialog->show();
    WindowFixture::settle();
    const QPushButton* copy = copyButton(*dialog);
    QVERIFY(copy != nullptr && copy->isVisible());
    // Who has two clusters open reads in which it is done, and that it is production.
    if (qobject_cast<DangerSheet*>(dialog.get()) == nullptr) return;
    const auto labels = dialog->findChildren<QLabel*>();
    const auto where = std::find_if(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->text() == QLatin1String("Cluster") ||
               label->text() == QLatin1String("Clusters");
    });
    QVERIFY(where != labels.end());
    const QString cluster =
        QString::fromStdString(tests::ScriptedMaster::profile().bundle.cluster) +
        QStringLiteral(" · PRODUCTION");
    QVERIFY(std::any_of(labels.begin(), labels.end(), [&cluster](const QLabel* label) {
        return label->text().split(QStringLiteral(", ")).contains(cluster);
    }));
}

void TestDialogCommands::aNewCampaignIsCopiedAsItIsTyped() {
    WindowFixture fixture;
    const tests::OtherClusters others(fixture, true);
    fixture.connect();
    gui::pages::NewCampaignDialog dialog(fixture.theme, fixture.desktop->newCampaign,
                                         fixture.window.get());
    dialog.show();
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->newCampaign.problem(), QString());
    auto form = fixture.desktop->newCampaign.form();
    form.name = QStringLiteral("-fix it");
    form.settleMinutes = 90;
    fixture.desktop->newCampaign.setForm(form);
    for (auto* line : dialog.findChildren<QLineEdit*>()) {
        if (line->accessibleName() == QLatin1String("Reason"))
            line->setText(QStringLiteral("OPS-2219"));
    }
    QPushButton* copy = copyButton(dialog);
    QVERIFY(copy != nullptr && copy->isEnabled());
    copy->click();
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.startsWith(QStringLiteral("ifritctl campaign create '--name=-fix it' ")),
             qPrintable(copied));
    const QString rest = QStringLiteral(
                             "--of=cn-north-1 --clusters=%1 --settle=90m "
                             "--expires-in=336h")
                             .arg(form.clusters.join(QLatin1Char(',')));
    QVERIFY2(copied.contains(rest), qPrintable(copied));
    // Else the audit's row of the command says less than the dialog's would.
    QVERIFY2(copied.contains(QStringLiteral("OPS-2219")), qPrintable(copied));
    QVERIFY(form.clusters.size() >= 2);
    // Nothing to copy of a form that is not whole.
    form.clusters.clear();
    fixture.desktop->newCampaign.setForm(form);
    QVERIFY(!copy->isEnabled());
}

QTEST_MAIN(TestDialogCommands)
#include "tst_dialog_commands.moc"
