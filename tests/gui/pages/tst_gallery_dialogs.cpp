// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include "gui/pages/access/grant_dialog.h"
#include "gui/pages/access/new_user_dialog.h"
#include "gui/pages/access/secret_dialog.h"
#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/widgets/danger_sheet.h"
#include "tests/gui/pages/gallery_pictures.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using tests::inEachLook;
using tests::keep;
using tests::Language;
using tests::WindowFixture;

/// Draws what opens over the window, and keeps the pictures.
class TestGalleryDialogs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(!tests::openGallery().isEmpty()); }
    void dialogs_data();
    void dialogs();
    void campaignDialogs_data();
    void campaignDialogs();
    void closeTheForm();
};

void TestGalleryDialogs::campaignDialogs_data() {
    dialogs_data();
}

void TestGalleryDialogs::campaignDialogs() {
    QFETCH(QString, language);
    const QString suffix =
        language == QLatin1String("en") ? QString() : QLatin1Char('-') + language;
    WindowFixture fixture;
    gui::app::chooseLanguage(language);
    fixture.window->resize(1440, 900);
    fixture.theme.choose(gui::widgets::ThemeChoice::Light);
    const tests::OtherClusters others(fixture, true);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("campaigns"));
    WindowFixture::settle();
    gui::pages::NewCampaignDialog dialog(fixture.theme, fixture.desktop->newCampaign,
                                         fixture.window.get());
    dialog.show();
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->newCampaign.problem(), QString());
    keep(&dialog, QStringLiteral("dialog-new-campaign") + suffix);
    dialog.close();
    gui::pages::NewReleaseDialog release(fixture.theme, fixture.desktop->newRelease,
                                         fixture.window.get(), &fixture.desktop->newCampaign);
    release.show();
    auto* campaign = release.findChild<QCheckBox*>(QStringLiteral("campaign"));
    QVERIFY(campaign != nullptr);
    campaign->click();
    WindowFixture::settle();
    keep(&release, QStringLiteral("dialog-new-release-clusters") + suffix);
    fixture.theme.choose(gui::widgets::ThemeChoice::Dark);
    WindowFixture::settle();
    keep(&release, QStringLiteral("dialog-new-release-clusters-dark") + suffix);
    fixture.theme.choose(gui::widgets::ThemeChoice::Light);
    // Closed, it would ask about the clusters.
    release.reject();
}

void TestGalleryDialogs::dialogs_data() {
    QTest::addColumn<QString>("language");
    QTest::newRow("en") << QStringLiteral("en");
    QTest::newRow("zh_CN") << QStringLiteral("zh_CN");
}

void TestGalleryDialogs::dialogs() {
    QFETCH(QString, language);
    const QString suffix =
        language == QLatin1String("en") ? QString() : QLatin1Char('-') + language;
    WindowFixture fixture;
    gui::app::chooseLanguage(language);
    fixture.window->resize(1440, 900);
    fixture.theme.choose(gui::widgets::ThemeChoice::Light);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
    gui::widgets::DangerSheet sheet(fixture.theme,
                                    fixture.desktop->release.facts(domain::ReleaseVerb::Rollback),
                                    fixture.window.get());
    sheet.show();
    WindowFixture::settle();
    keep(&sheet, QStringLiteral("dialog-rollback") + suffix);
    fixture.desktop->access.choose(QStringLiteral("chen.yu"));
    gui::widgets::DangerSheet remove(fixture.theme,
                                     fixture.desktop->access.facts(gui::models::UserVerb::Remove),
                                     fixture.window.get());
    remove.show();
    WindowFixture::settle();
    keep(&remove, QStringLiteral("dialog-remove-user") + suffix);
    gui::pages::NewUserDialog user(fixture.theme, fixture.desktop->access, fixture.window.get());
    user.show();
    WindowFixture::settle();
    keep(&user, QStringLiteral("dialog-new-user") + suffix);
    gui::pages::GrantDialog grant(fixture.theme, fixture.desktop->access, fixture.window.get());
    grant.show();
    WindowFixture::settle();
    keep(&grant, QStringLiteral("dialog-grant") + suffix);
    gui::pages::SecretDialog secret(fixture.theme, QStringLiteral("chen.yu"),
                                    QStringLiteral("kd72mhzqx9bu4tnr8fgw"), fixture.window.get());
    secret.show();
    WindowFixture::settle();
    keep(&secret, QStringLiteral("dialog-secret") + suffix);
    gui::pages::NewReleaseDialog dialog(fixture.theme, fixture.desktop->newRelease,
                                        fixture.window.get(), &fixture.desktop->newCampaign);
    dialog.show();
    WindowFixture::settle();
    keep(&dialog, QStringLiteral("dialog-new-release") + suffix);
    auto form = fixture.desktop->newRelease.form();
    form.uuids = QString::fromStdString(fixture.master.machines[1].uuid);
    form.reason = QStringLiteral("OPS-2219");
    fixture.desktop->newRelease.setForm(form);
    QCOMPARE(fixture.desktop->newRelease.problem(), QString());
    fixture.desktop->newRelease.plan();
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->newRelease.step(),
             gui::presenters::NewReleasePresenter::Step::Review);
    keep(&dialog, QStringLiteral("dialog-new-release-plan") + suffix);
    gui::widgets::DangerSheet start(fixture.theme, fixture.desktop->newRelease.startFacts(),
                                    &dialog);
    start.show();
    WindowFixture::settle();
    keep(&start, QStringLiteral("dialog-start") + suffix);
}

// What a form that is filled in asks before it goes.
void TestGalleryDialogs::closeTheForm() {
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    fixture.connect();
    inEachLook(fixture, [&fixture](const QString& suffix, Language language) {
        gui::pages::NewReleaseDialog form(fixture.theme, fixture.desktop->newRelease,
                                          fixture.window.get(), nullptr);
        form.show();
        auto* gray = form.findChild<QCheckBox*>();
        QVERIFY(gray != nullptr);
        gray->click();
        WindowFixture::settle();
        bool asked = false;
        QTimer hand;
        hand.setInterval(5);
        QObject::connect(&hand, &QTimer::timeout, &hand, [&] {
            auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (question == nullptr || asked) return;
            asked = true;
            hand.stop();
            WindowFixture::layOut();
            keep(question, QStringLiteral("dialog-close-form") + suffix, language);
            // Nothing is thrown away by Esc.
            QTest::keyClick(question, Qt::Key_Escape);
        });
        hand.start();
        QTest::keyClick(&form, Qt::Key_Escape);
        QVERIFY(asked);
        QVERIFY(form.isVisible());
    });
}

QTEST_MAIN(TestGalleryDialogs)
#include "tst_gallery_dialogs.moc"
