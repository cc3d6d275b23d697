// SPDX-License-Identifier: GPL-3.0-or-later
// Every dialog by keyboard: Tab reaches each control once, as one reads, Esc changes nothing, and
// Enter does nothing dangerous.
#include <QAbstractSpinBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QTest>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "gui/app/go_to_dialog.h"
#include "gui/pages/access/grant_dialog.h"
#include "gui/pages/access/new_token_dialog.h"
#include "gui/pages/access/new_user_dialog.h"
#include "gui/pages/access/secret_dialog.h"
#include "gui/pages/campaigns/abort_sheet.h"
#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/pages/connections/add_address_dialog.h"
#include "gui/pages/export_dialog.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/widgets/danger_sheet.h"
#include "tests/gui/pages/other_clusters.h"
#include "tests/gui/pages/sheet_answer.h"

using namespace ifrit;
using gui::widgets::DangerSheet;
using tests::WindowFixture;

namespace {

using Make = std::function<std::unique_ptr<QDialog>(WindowFixture&)>;
using Facts = std::function<gui::models::DangerFacts(gui::app::Desktop&)>;

Make sheet(Facts facts) {
    return [facts](WindowFixture& fixture) {
        return std::make_unique<DangerSheet>(fixture.theme, facts(*fixture.desktop),
                                             fixture.window.get());
    };
}

/// A part of another control, which has the keyboard for it.
bool isPart(const QWidget& widget) {
    const QWidget* parent = widget.parentWidget();
    return qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
           qobject_cast<const QComboBox*>(parent) != nullptr;
}

bool takesTab(const QWidget& widget, const QDialog& dialog) {
    return widget.isVisibleTo(&dialog) && widget.isEnabled() && !isPart(widget) &&
           widget.focusProxy() == nullptr && (widget.focusPolicy() & Qt::TabFocus) != 0 &&
           qobject_cast<const QScrollArea*>(&widget) == nullptr;
}

/// Of radio buttons beside each other Tab reaches the one that is chosen; arrows the others.
bool isUnchosen(const QWidget& widget) {
    const auto* radio = qobject_cast<const QRadioButton*>(&widget);
    return radio != nullptr && !radio->isChecked();
}

QRect placeOf(const QWidget& widget, const QDialog& dialog) {
    return {widget.mapTo(&dialog, QPoint(0, 0)), widget.size()};
}

/// Before it as one reads: in a row above, further left in the same row.
bool readsBefore(const QRect& a, const QRect& b) {
    const int overlap = std::min(a.bottom(), b.bottom()) - std::max(a.top(), b.top());
    const bool sameRow = overlap > std::min(a.height(), b.height()) / 2;
    return sameRow ? a.left() < b.left() : a.center().y() < b.center().y();
}

QString nameOf(const QWidget& widget) {
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    const QString name = widget.accessibleName().isEmpty() && button != nullptr
                             ? button->text()
                             : widget.accessibleName();
    return name.isEmpty() ? QString::fromLatin1(widget.metaObject()->className()) : name;
}

QString namesOf(const QList<QWidget*>& widgets) {
    QStringList out;
    for (const QWidget* widget : widgets)
        out << nameOf(*widget);
    return out.join(QStringLiteral(" > "));
}

/// Where Tab goes from the first control on, until it comes back.
QList<QWidget*> walked(QDialog& dialog) {
    constexpr int kMost = 200;
    QList<QWidget*> out;
    for (int i = 0; i < kMost; ++i) {
        QWidget* at = dialog.focusWidget();
        if (at == nullptr || out.contains(at)) break;
        out << at;
        QTest::keyClick(at, Qt::Key_Tab);
    }
    return out;
}

}  // namespace

Q_DECLARE_METATYPE(Make)

class TestDialogKeys : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tabReadsTheDialog_data() { dialogs(); }
    void tabReadsTheDialog();
    void escapeChangesNothing_data() { dialogs(); }
    void escapeChangesNothing();
    void enterConfirmsNothingDangerous_data() { dialogs(); }
    void enterConfirmsNothingDangerous();
    void enterKeepsASecret();

private:
    static void dialogs();
    /// Over a window whose pages have something chosen.
    struct Opened {
        explicit Opened(const Make& make);
        WindowFixture fixture;
        tests::OtherClusters others;
        std::unique_ptr<QDialog> dialog;
    };
};

void TestDialogKeys::dialogs() {
    using gui::app::Desktop;
    using gui::models::UserVerb;
    QTest::addColumn<Make>("make");
    const auto row = [](const char* name, Make make) { QTest::newRow(name) << std::move(make); };
    row("new release", [](WindowFixture& f) {
        return std::make_unique<gui::pages::NewReleaseDialog>(
            f.theme, f.desktop->newRelease, f.window.get(), &f.desktop->newCampaign);
    });
    row("new campaign", [](WindowFixture& f) {
        return std::make_unique<gui::pages::NewCampaignDialog>(f.theme, f.desktop->newCampaign,
                                                               f.window.get());
    });
    row("new user", [](WindowFixture& f) {
        return std::make_unique<gui::pages::NewUserDialog>(f.theme, f.desktop->access,
                                                           f.window.get());
    });
    row("grant", [](WindowFixture& f) {
        return std::make_unique<gui::pages::GrantDialog>(f.theme, f.desktop->access,
                                                         f.window.get());
    });
    row("new token", [](WindowFixture& f) {
        return std::make_unique<gui::pages::NewTokenDialog>(f.theme, f.desktop->access.tokens(),
                                                            f.window.get());
    });
    row("secret", [](WindowFixture& f) {
        return std::make_unique<gui::pages::SecretDialog>(f.theme, QStringLiteral("li"),
                                                          QStringLiteral("abc"), f.window.get());
    });
    row("add by address", [](WindowFixture& f) {
        return std::make_unique<gui::pages::AddAddressDialog>(f.theme, f.desktop->adder,
                                                              f.window.get());
    });
    row("export", [](WindowFixture& f) {
        return std::make_unique<gui::pages::ExportDialog>(
            QStringLiteral("machines"), gui::pages::ExportDialog::Rows{2, 40, true, true},
            f.window.get());
    });
    row("abort a campaign", [](WindowFixture& f) {
        return std::make_unique<gui::pages::AbortSheet>(f.theme, f.desktop->campaigns,
                                                        f.window.get());
    });
    row("roll back", sheet([](Desktop& desktop) {
            return desktop.release.facts(domain::ReleaseVerb::Rollback);
        }));
    row("freeze", sheet([](Desktop& desktop) {
            return desktop.freeze.facts(gui::presenters::FreezePresenter::Turn::Freeze);
        }));
    row("delete a package", sheet([](Desktop& desktop) { return desktop.packages.removeFacts(); }));
    row("disable a user",
        sheet([](Desktop& desktop) { return desktop.access.facts(UserVerb::Disable); }));
    row("revoke a machine", sheet([](Desktop& desktop) {
            return desktop.machines.revocation().facts(QStringLiteral("i-0c77b2"));
        }));
}

TestDialogKeys::Opened::Opened(const Make& make) : others(fixture, true) {
    auto& held = fixture.master.campaigns[1];
    held.release->allowedVerbs = {domain::ReleaseVerb::Rollback};
    fixture.connect();
    for (const char* page : {"release", "campaigns", "packages", "access"}) {
        fixture.window->showPage(QString::fromLatin1(page));
        WindowFixture::settle();
    }
    fixture.desktop->access.choose(QStringLiteral("chen.yu"));
    fixture.desktop->packages.choose(
        QString::fromStdString(fixture.master.packages.front().manifestDigest));
    fixture.desktop->campaigns.choose(QString::fromStdString(held.campaign.id));
    WindowFixture::settle();
    dialog = make(fixture);
    dialog->show();
    WindowFixture::settle();
}

void TestDialogKeys::tabReadsTheDialog() {
    QFETCH(const Make, make);
    const qsizetype columns = QTest::currentDataTag() == std::string("new release") ? 2 : 1;
    const Opened opened(make);
    QDialog& dialog = *opened.dialog;
    QVERIFY(dialog.focusWidget() != nullptr);
    QList<QWidget*> reached = walked(dialog);
    // Back where it began.
    QVERIFY2(dialog.focusWidget() == reached.front(), qPrintable(namesOf(reached)));
    QList<QWidget*> missed;
    for (auto* widget : dialog.findChildren<QWidget*>()) {
        if (takesTab(*widget, dialog) && !isUnchosen(*widget) && !reached.contains(widget))
            missed << widget;
    }
    QVERIFY2(missed.isEmpty(),
             qPrintable(namesOf(missed) + QStringLiteral(" | reached: ") + namesOf(reached)));
    QStringList back;
    // What only scrolls lies around what it scrolls.
    reached.removeIf([](const QWidget* one) { return qobject_cast<const QScrollArea*>(one); });
    for (qsizetype i = 0; i < reached.size(); ++i) {
        const QWidget& from = *reached[i];
        const QWidget& to = *reached[(i + 1) % reached.size()];
        if (!readsBefore(placeOf(from, dialog), placeOf(to, dialog)))
            back << nameOf(from) + QStringLiteral(" > ") + nameOf(to);
    }
    // From the last to the first, and to the top of the next column.
    QVERIFY2(back.size() <= columns, qPrintable(back.join(QStringLiteral(" | ")) +
                                                QStringLiteral(" || ") + namesOf(reached)));
}

void TestDialogKeys::escapeChangesNothing() {
    QFETCH(const Make, make);
    Opened opened(make);
    const std::size_t before = tests::callsMade(opened.fixture.master.fakes());
    QTest::keyClick(opened.dialog->focusWidget(), Qt::Key_Escape);
    QVERIFY(!opened.dialog->isVisible());
    QCOMPARE(opened.dialog->result(), int(QDialog::Rejected));
    QCOMPARE(tests::callsMade(opened.fixture.master.fakes()), before);
}

// Wherever the keyboard is, but on the button itself, Enter does not confirm a sheet.
void TestDialogKeys::enterConfirmsNothingDangerous() {
    QFETCH(const Make, make);
    Opened opened(make);
    QDialog& dialog = *opened.dialog;
    if (qobject_cast<DangerSheet*>(&dialog) == nullptr) QSKIP("no sheet");
    for (auto* reason : dialog.findChildren<QPlainTextEdit*>())
        reason->setPlainText(QStringLiteral("OPS-2219"));
    for (QWidget* widget : walked(dialog)) {
        if (qobject_cast<QPlainTextEdit*>(widget) != nullptr) continue;
        auto* button = qobject_cast<QPushButton*>(widget);
        if (button != nullptr && button == dialog.findChildren<QPushButton*>().last()) continue;
        dialog.show();
        widget->setFocus();
        QTest::keyClick(widget, Qt::Key_Return);
        QVERIFY2(dialog.result() == QDialog::Rejected, qPrintable(nameOf(*widget)));
    }
}

// It closed the dialog, and what is shown once was gone.
void TestDialogKeys::enterKeepsASecret() {
    const WindowFixture fixture;
    gui::pages::SecretDialog dialog(fixture.theme, QStringLiteral("li"), QStringLiteral("abc"),
                                    fixture.window.get());
    dialog.show();
    WindowFixture::settle();
    QGuiApplication::clipboard()->setText(QStringLiteral("of before"));
    QTest::keyClick(dialog.focusWidget(), Qt::Key_Return);
    QVERIFY(dialog.isVisible());
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("abc"));
}

QTEST_MAIN(TestDialogKeys)
#include "tst_dialog_keys.moc"
