// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QImage>
#include <QSet>
#include <QTest>

#include "gui/pages/machines/machines_page.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/pages/releases/release_page.h"
#include "gui/widgets/danger_sheet.h"
#include "shared/base/status.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using tests::WindowFixture;

/// Draws every page in every state it can be in, light and dark, and keeps the pictures.
class TestGallery : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pages_data();
    void pages();
    void states_data();
    void states();
    void dialogs();

private:
    void keep(QWidget* widget, const QString& name);
    QString m_directory;
};

void TestGallery::initTestCase() {
    qputenv("TZ", "Asia/Shanghai");
    m_directory = QStringLiteral(IFRIT_BINARY_DIR "/screenshots");
    QVERIFY(QDir().mkpath(m_directory));
}

void TestGallery::keep(QWidget* widget, const QString& name) {
    const QImage image = widget->grab().toImage();
    QVERIFY(image.save(QStringLiteral("%1/%2.png").arg(m_directory, name)));
    // A picture of nothing has a handful of colours.
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3)
            colors << image.pixel(x, y);
    }
    QVERIFY2(colors.size() > 20, qPrintable(name));
}

void TestGallery::pages_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<bool>("dark");
    for (const QString& page : gui::app::MainWindow::pageNames()) {
        QTest::newRow(qPrintable(page + QStringLiteral("-light"))) << page << false;
        QTest::newRow(qPrintable(page + QStringLiteral("-dark"))) << page << true;
    }
}

void TestGallery::pages() {
    QFETCH(QString, page);
    QFETCH(bool, dark);
    WindowFixture fixture(page == QLatin1String("map") ? 12'000 : 240);
    fixture.theme.choose(dark ? gui::widgets::ThemeChoice::Dark : gui::widgets::ThemeChoice::Light);
    // A master on the list, as a bundle file brings it.
    const QString bundle = fixture.directory.filePath(QStringLiteral("admin.bundle"));
    QFile file(bundle);
    QVERIFY(file.open(QIODevice::WriteOnly));
    bundle::Bundle content = tests::ScriptedMaster::profile().bundle;
    content.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
    file.close();
    QCOMPARE(fixture.desktop->connections.import(bundle), 0);
    fixture.desktop->connections.connectTo(0);
    WindowFixture::settle();
    fixture.master.connect();
    WindowFixture::settle();
    QVERIFY(fixture.window->showPage(page));
    if (page == QLatin1String("machines")) {
        auto* machines = qobject_cast<gui::pages::MachinesPage*>(fixture.window->page());
        QVERIFY(machines);
        machines->setFilter(QStringLiteral("type:LINUX,CONTAINER seen<1d"));
        machines->showMachine(QString::fromStdString(fixture.master.machines.front().uuid));
    }
    WindowFixture::settle();
    QCOMPARE(fixture.window->page()->isVisible(), true);
    keep(fixture.window.get(), page + (dark ? QStringLiteral("-dark") : QStringLiteral("-light")));
}

void TestGallery::states_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("state");
    for (const QString& page : gui::app::MainWindow::pageNames()) {
        if (page == QLatin1String("connections") || page == QLatin1String("release")) continue;
        for (const char* state :
             {"disconnected", "loading", "offline", "denied", "error", "empty"}) {
            QTest::newRow(qPrintable(page + QLatin1Char('-') + QLatin1String(state)))
                << page << QString::fromLatin1(state);
        }
    }
}

void TestGallery::states() {
    QFETCH(QString, page);
    QFETCH(QString, state);
    WindowFixture fixture;
    fixture.theme.choose(gui::widgets::ThemeChoice::Light);
    tests::FakeMaster& fakes = fixture.master.fakes();
    absl::Status refusal = absl::OkStatus();
    if (state == QLatin1String("denied")) {
        refusal = base::permissionDenied("NOT_ALLOWED", "li", "li may not read this cluster");
    }
    if (state == QLatin1String("error")) {
        refusal = base::failedPrecondition("STORAGE", "sqlite", "the database is locked");
    }
    if (!refusal.ok()) {
        fakes.packages.listCalls.automatic = [refusal](const auto&) { return refusal; };
        fakes.releases.listCalls.automatic = [refusal](const auto&) { return refusal; };
        fakes.audit.listCalls.automatic = [refusal](const auto&) { return refusal; };
        fakes.fleet.machineWatch.opened = [&fakes, refusal](const auto&) {
            fakes.fleet.machineWatch.end(refusal);
        };
    }
    if (state == QLatin1String("empty")) {
        fixture.master.machines.clear();
        fixture.master.packages.clear();
        fixture.master.releases.clear();
        fixture.master.auditRows.clear();
    }
    if (state == QLatin1String("loading")) {
        fixture.desktop->hub.open(tests::ScriptedMaster::profile());
        fakes.fleet.machineWatch.opened = nullptr;
    } else if (state != QLatin1String("disconnected")) {
        fixture.connect();
    }
    if (state == QLatin1String("offline")) fixture.master.breakLine();
    QVERIFY(fixture.window->showPage(page));
    WindowFixture::settle();
    keep(fixture.window.get(), QStringLiteral("state-") + page + QLatin1Char('-') + state);
}

void TestGallery::dialogs() {
    WindowFixture fixture;
    fixture.theme.choose(gui::widgets::ThemeChoice::Light);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
    gui::widgets::DangerSheet sheet(fixture.theme,
                                    fixture.desktop->release.facts(domain::ReleaseVerb::Rollback),
                                    fixture.window.get());
    sheet.show();
    WindowFixture::settle();
    keep(&sheet, QStringLiteral("dialog-rollback"));
    gui::pages::NewReleaseDialog dialog(fixture.theme, fixture.desktop->newRelease,
                                        fixture.window.get());
    dialog.show();
    WindowFixture::settle();
    keep(&dialog, QStringLiteral("dialog-new-release"));
    auto form = fixture.desktop->newRelease.form();
    form.uuids = QString::fromStdString(fixture.master.machines[1].uuid);
    fixture.desktop->newRelease.setForm(form);
    QCOMPARE(fixture.desktop->newRelease.problem(), QString());
    fixture.desktop->newRelease.plan();
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->newRelease.step(),
             gui::presenters::NewReleasePresenter::Step::Review);
    keep(&dialog, QStringLiteral("dialog-new-release-plan"));
}

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
