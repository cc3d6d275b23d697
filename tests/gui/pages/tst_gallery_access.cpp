// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QScrollBar>
#include <QTabWidget>
#include <QTest>

#include "gui/pages/access/new_token_dialog.h"
#include "gui/pages/access/secret_dialog.h"
#include "gui/pages/access/tokens_tab.h"
#include "gui/pages/access/user_list_tab.h"
#include "gui/pages/page.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"
#include "shared/base/status.h"
#include "tests/gui/pages/gallery_pictures.h"

using namespace ifrit;
namespace services = gui::services;
using gui::pages::UserListTab;
using tests::inEachLook;
using tests::keep;
using tests::Language;
using tests::WindowFixture;

/// The lists of tokens and certificates in every state they can be in, and what is asked about
/// them, in every look.
class TestGalleryAccess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(!tests::openGallery().isEmpty()); }
    void lists_data();
    void lists();
    void dialogs_data();
    void dialogs();

private:
    /// How the master answers both lists from now on.
    static void answer(WindowFixture& fixture, const absl::Status& status);
    /// What comes before the window is connected.
    static void prepare(WindowFixture& fixture, const QString& state);
    /// What happens to it after.
    static void bring(WindowFixture& fixture, const QString& state, UserListTab& tab);
    static void check(const QString& state, UserListTab& tab);
    /// Nothing is cut that would say something else, in the language of now.
    static void checkTimes(const gui::widgets::DataTable& table);
};

void TestGalleryAccess::answer(WindowFixture& fixture, const absl::Status& status) {
    auto& access = fixture.master.fakes().access;
    access.tokenCalls.automatic = [status](const auto&) { return status; };
    access.certificateCalls.automatic = [status](const auto&) { return status; };
}

void TestGalleryAccess::prepare(WindowFixture& fixture, const QString& state) {
    auto& access = fixture.master.fakes().access;
    if (state == QLatin1String("loading")) {
        access.tokenCalls.automatic = nullptr;
        access.certificateCalls.automatic = nullptr;
    }
    if (state == QLatin1String("denied"))
        answer(fixture, base::permissionDenied("NOT_ALLOWED", "admin", "admin may not read this"));
    if (state == QLatin1String("error"))
        answer(fixture, base::failedPrecondition("STORAGE", "sqlite", "the database is locked"));
    if (state == QLatin1String("skew")) answer(fixture, absl::UnimplementedError("no such method"));
    if (state != QLatin1String("hidden")) return;
    access.tokenCalls.automatic = [](const auto&) { return std::vector<services::TokenInfo>(); };
    access.certificateCalls.automatic = [](const auto&) {
        return std::vector<services::CertificateInfo>();
    };
    fixture.master.fakes().connection.whoAmICalls.automatic = [](const auto&) {
        services::Identity who;
        who.user = "intern";
        who.role = "reader";
        who.method = "certificate";
        return who;
    };
}

void TestGalleryAccess::bring(WindowFixture& fixture, const QString& state, UserListTab& tab) {
    const bool none = state == QLatin1String("empty");
    auto& model = fixture.desktop->access.users();
    auto* users =
        fixture.window->page()->findChild<gui::widgets::DataTable*>(QStringLiteral("users"));
    users->selectRow(model.rowOfKey(none ? QStringLiteral("intern") : QStringLiteral("chen.yu")));
    if (state == QLatin1String("filtered"))
        tab.filter().findChild<QLineEdit*>()->setText(QStringLiteral("nothing-is-called-so"));
    if (state == QLatin1String("full")) tab.table().selectRow(0);
    if (state == QLatin1String("offline")) fixture.master.breakLine();
    if (state == QLatin1String("stale")) {
        services::LinkStatus link;
        link.state = services::LinkState::Stale;
        link.staleSince = fixture.clock.now() - std::chrono::seconds(31);
        fixture.master.fakes().connection.tell(link);
    }
    if (state == QLatin1String("partial")) {
        answer(fixture, base::failedPrecondition("STORAGE", "sqlite", "the database is locked"));
        fixture.desktop->access.refresh();
    }
    WindowFixture::settle();
}

void TestGalleryAccess::check(const QString& state, UserListTab& tab) {
    const bool rows = tab.table().model()->rowCount() > 0;
    const bool kept = state == QLatin1String("full") || state == QLatin1String("offline") ||
                      state == QLatin1String("stale") || state == QLatin1String("partial");
    QCOMPARE(rows, kept);
    QCOMPARE(tab.table().isOld(),
             state == QLatin1String("offline") || state == QLatin1String("stale"));
    QString said = tab.table().accessibleDescription();
    for (const auto* label : tab.findChildren<QLabel*>())
        if (label->isVisible()) said += label->text();
    const bool tellsOfThePage =
        state == QLatin1String("offline") || state == QLatin1String("stale");
    if (state != QLatin1String("full") && !tellsOfThePage) QVERIFY(!said.isEmpty());
    // No list that could not be read is called empty.
    const bool empty = state == QLatin1String("empty") || state == QLatin1String("filtered");
    QCOMPARE(!tab.table().accessibleDescription().isEmpty(), empty);
    for (const QPushButton* verb : tab.verbs())
        QVERIFY2(verb->isEnabled() || !verb->toolTip().isEmpty(), qPrintable(verb->text()));
    if (state == QLatin1String("full"))
        QVERIFY(tab.verbs().last()->isEnabled());
    else if (tellsOfThePage)
        QVERIFY(!tab.verbs().last()->isEnabled());
}

void TestGalleryAccess::checkTimes(const gui::widgets::DataTable& table) {
    const QAbstractItemModel& model = *table.model();
    for (int column = 0; column < model.columnCount(); ++column) {
        const QVariant widest = model.headerData(column, Qt::Horizontal, gui::models::WidestRole);
        if (!widest.isValid() || table.isColumnHidden(column)) continue;
        for (int row = 0; row < model.rowCount(); ++row) {
            const QModelIndex cell = model.index(row, column);
            QVERIFY2(table.columnWidth(column) >= table.itemDelegate()->sizeHint({}, cell).width(),
                     qPrintable(cell.data().toString()));
        }
    }
}

void TestGalleryAccess::lists_data() {
    QTest::addColumn<int>("tab");
    QTest::addColumn<QString>("state");
    QTest::newRow("grants-empty") << 0 << QStringLiteral("empty");
    const char* const tabs[] = {"tokens", "certificates"};
    for (int tab = 0; tab < 2; ++tab) {
        for (const char* state : {"full", "loading", "empty", "filtered", "hidden", "denied",
                                  "stale", "offline", "skew", "error", "partial"}) {
            QTest::addRow("%s-%s", tabs[tab], state) << tab + 1 << QString::fromLatin1(state);
        }
    }
}

void TestGalleryAccess::lists() {
    QFETCH(const int, tab);
    QFETCH(const QString, state);
    const QString name = QStringLiteral("access-") + QString::fromLatin1(QTest::currentDataTag());
    tests::GalleryWindow fixture;
    prepare(fixture, state);
    fixture.connect();
    QVERIFY(fixture.window->showPage(QStringLiteral("access")));
    WindowFixture::settle();
    auto* tabs = fixture.window->page()->findChild<QTabWidget*>();
    tabs->setCurrentIndex(tab);
    auto* list = qobject_cast<UserListTab*>(tabs->currentWidget());
    QVERIFY(list != nullptr);
    bring(fixture, state, *list);
    inEachLook(fixture, [&](const QString& suffix, Language language) {
        check(state, *list);
        // Columns can be left out where there is too little room.
        QVERIFY(!list->table().horizontalScrollBar()->isVisible());
        checkTimes(list->table());
        keep(fixture.window.get(), name + suffix, language);
    });
}

void TestGalleryAccess::dialogs_data() {
    using Make = std::function<std::unique_ptr<QDialog>(WindowFixture&)>;
    QTest::addColumn<Make>("make");
    const auto row = [](const char* name, Make make) { QTest::newRow(name) << std::move(make); };
    row("new-token", [](WindowFixture& f) {
        return std::make_unique<gui::pages::NewTokenDialog>(f.theme, f.desktop->access.tokens(),
                                                            f.window.get());
    });
    row("token", [](WindowFixture& f) {
        return std::make_unique<gui::pages::SecretDialog>(
            f.theme,
            gui::pages::TokensTab::wordsOf(QStringLiteral("nightly report"),
                                           QStringLiteral("ifrit_kd72mhzqx9bu4tnr8fgwp3aj5v")),
            f.window.get());
    });
    const auto sheet = [](gui::models::DangerFacts (*facts)(gui::app::Desktop&)) {
        return [facts](WindowFixture& f) -> std::unique_ptr<QDialog> {
            return std::make_unique<gui::widgets::DangerSheet>(f.theme, facts(*f.desktop),
                                                               f.window.get());
        };
    };
    row("make-token", sheet([](gui::app::Desktop& desktop) {
            return desktop.access.tokens().createFacts({QStringLiteral("nightly report"), 30});
        }));
    row("end-tokens",
        sheet([](gui::app::Desktop& desktop) { return desktop.access.tokens().endAllFacts(); }));
    row("revoke-certificate", sheet([](gui::app::Desktop& desktop) {
            return desktop.access.certificates().revokeFacts(0);
        }));
    row("revoke-machine", sheet([](gui::app::Desktop& desktop) {
            return desktop.machines.revocation().facts(desktop.machines.model().uuidAt(0));
        }));
}

void TestGalleryAccess::dialogs() {
    using Make = std::function<std::unique_ptr<QDialog>(WindowFixture&)>;
    QFETCH(const Make, make);
    const QString name = QStringLiteral("dialog-") + QString::fromLatin1(QTest::currentDataTag());
    WindowFixture fixture;
    // As whoever came with a password: what a form can ask for, it asks.
    const auto who = fixture.master.fakes().connection.whoAmICalls.automatic;
    fixture.master.fakes().connection.whoAmICalls.automatic = [who](const auto& asked) {
        auto identity = who(asked);
        identity->method = "token";
        return identity;
    };
    fixture.connect();
    for (const char* page : {"machines", "access"}) {
        fixture.window->showPage(QString::fromLatin1(page));
        WindowFixture::settle();
    }
    fixture.desktop->access.choose(QStringLiteral("chen.yu"));
    inEachLook(fixture, [&](const QString& suffix, Language language) {
        const std::unique_ptr<QDialog> dialog = make(fixture);
        dialog->show();
        WindowFixture::settle();
        keep(dialog.get(), name + suffix, language);
    });
}

QTEST_MAIN(TestGalleryAccess)
#include "tst_gallery_access.moc"
