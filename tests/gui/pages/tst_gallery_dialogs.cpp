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
using tests::GalleryOfDialogs;
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
    GalleryOfDialogs::addRows();
}

void TestGalleryDialogs::campaignDialogs() {
    GalleryOfDialogs gallery;
    const tests::OtherClusters others(gallery, true);
    gallery.open(QStringLiteral("campaigns"));
    gui::pages::NewCampaignDialog dialog(gallery.theme, gallery.desktop->newCampaign,
                                         gallery.window.get());
    gallery.showAndKeep(dialog, QStringLiteral("dialog-new-campaign"));
    QCOMPARE(gallery.desktop->newCampaign.problem(), QString());
    dialog.close();
    gui::pages::NewReleaseDialog release(gallery.theme, gallery.desktop->newRelease,
                                         gallery.window.get(), &gallery.desktop->newCampaign);
    release.show();
    auto* campaign = release.findChild<QCheckBox*>(QStringLiteral("campaign"));
    QVERIFY(campaign != nullptr);
    campaign->click();
    WindowFixture::settle();
    gallery.keep(release, QStringLiteral("dialog-new-release-clusters"));
    gallery.theme.choose(gui::widgets::ThemeChoice::Dark);
    WindowFixture::settle();
    gallery.keep(release, QStringLiteral("dialog-new-release-clusters-dark"));
    gallery.theme.choose(gui::widgets::ThemeChoice::Light);
    // Closed, it would ask about the clusters.
    release.reject();
}

void TestGalleryDialogs::dialogs_data() {
    GalleryOfDialogs::addRows();
}

void TestGalleryDialogs::dialogs() {
    GalleryOfDialogs gallery;
    gui::app::Desktop& desktop = *gallery.desktop;
    gallery.open(QStringLiteral("release"));
    gui::widgets::DangerSheet sheet(
        gallery.theme, desktop.release.facts(domain::ReleaseVerb::Rollback), gallery.window.get());
    gallery.showAndKeep(sheet, QStringLiteral("dialog-rollback"));
    desktop.access.choose(QStringLiteral("chen.yu"));
    gui::widgets::DangerSheet remove(
        gallery.theme, desktop.access.facts(gui::models::UserVerb::Remove), gallery.window.get());
    gallery.showAndKeep(remove, QStringLiteral("dialog-remove-user"));
    gui::pages::NewUserDialog user(gallery.theme, desktop.access, gallery.window.get());
    gallery.showAndKeep(user, QStringLiteral("dialog-new-user"));
    gui::pages::GrantDialog grant(gallery.theme, desktop.access, gallery.window.get());
    gallery.showAndKeep(grant, QStringLiteral("dialog-grant"));
    gui::pages::SecretDialog secret(gallery.theme, QStringLiteral("chen.yu"),
                                    QStringLiteral("kd72mhzqx9bu4tnr8fgw"), gallery.window.get());
    gallery.showAndKeep(secret, QStringLiteral("dialog-secret"));
    gui::pages::NewReleaseDialog dialog(gallery.theme, desktop.newRelease, gallery.window.get(),
                                        &desktop.newCampaign);
    gallery.showAndKeep(dialog, QStringLiteral("dialog-new-release"));
    auto form = desktop.newRelease.form();
    form.uuids = QString::fromStdString(gallery.master.machines[1].uuid);
    form.reason = QStringLiteral("OPS-2219");
    desktop.newRelease.setForm(form);
    QCOMPARE(desktop.newRelease.problem(), QString());
    desktop.newRelease.plan();
    WindowFixture::settle();
    QCOMPARE(desktop.newRelease.step(), gui::presenters::NewReleasePresenter::Step::Review);
    gallery.keep(dialog, QStringLiteral("dialog-new-release-plan"));
    gui::widgets::DangerSheet start(gallery.theme, desktop.newRelease.startFacts(), &dialog);
    gallery.showAndKeep(start, QStringLiteral("dialog-start"));
}

// What a form that is filled in asks before it goes.
void TestGalleryDialogs::closeTheForm() {
    tests::GalleryWindow fixture;
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
