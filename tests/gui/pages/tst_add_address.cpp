// SPDX-License-Identifier: GPL-3.0-or-later
// A master of which only the address is known is added with its CA's fingerprint, never with an OK.
#include <QTest>

#include "gui/pages/connections/add_address_dialog.h"
#include "gui/pages/page.h"
#include "gui/widgets/toast.h"
#include "tests/gui/pages/left_in_english.h"
#include "tests/gui/pages/painted_text.h"
#include "tests/gui/pages/widget_faults.h"
#include "tests/gui/pages/window_fixture.h"
#include "tests/gui/support/cluster_pki.h"
#include "tests/support/built_programs.h"

using namespace ifrit;
using gui::pages::AddAddressDialog;
using tests::WindowFixture;

namespace {

QPushButton* button(QWidget& in, const QString& text) {
    for (auto* found : in.findChildren<QPushButton*>()) {
        if (found->isVisible() && found->text() == text) return found;
    }
    return nullptr;
}

QLineEdit* field(QWidget& in, const QString& name) {
    for (auto* found : in.findChildren<QLineEdit*>()) {
        if (found->accessibleName() == name) return found;
    }
    return nullptr;
}

std::vector<std::string> chainOf(const tests::ClusterPki& pki) {
    return {pki.issue(crypto::Role::Server, "m1", std::chrono::hours(24 * 200), {"m1.example"})
                .certificatePem,
            pki.caPem()};
}

}  // namespace

class TestAddAddress : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFingerprintOpensTheWay();
    void aClosedDialogForgets();
    void nothingIsClipped_data();
    void nothingIsClipped();
};

void TestAddAddress::theFingerprintOpensTheWay() {
    WindowFixture fixture;
    const tests::ClusterPki pki("shop", fixture.clock.now());
    fixture.window->showPage(QStringLiteral("connections"));
    WindowFixture::settle();
    QVERIFY(button(*fixture.window->page(), QStringLiteral("Add by address…")));
    // The dialog runs its own event loop: what a person does in it comes from there.
    QTimer::singleShot(0, fixture.window.get(), [&] {
        auto* dialog = fixture.window->findChild<AddAddressDialog*>();
        QVERIFY(dialog);
        auto* typed = field(*dialog, QStringLiteral("Fingerprint"));
        QVERIFY(!typed->isVisible());
        QVERIFY(!button(*dialog, QStringLiteral("Ask the server"))->isEnabled());
        field(*dialog, QStringLiteral("Address"))->setText(QStringLiteral("m1.example:7443"));
        button(*dialog, QStringLiteral("Ask the server"))->click();
        fixture.chains.calls.deliver(chainOf(pki));
        QPushButton* add = button(*dialog, QStringLiteral("Add and connect"));
        QVERIFY(add && !add->isEnabled());
        QVERIFY(typed->isVisible());
        // Enter is no plain OK either.
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        typed->setText(fixture.desktop->adder.fingerprint());
        QVERIFY(add->isEnabled());
        QTest::mouseClick(add, Qt::LeftButton);
    });
    button(*fixture.window->page(), QStringLiteral("Add by address…"))->click();
    QCOMPARE(fixture.desktop->connections.masters().size(), std::size_t{1});
    QCOMPARE(fixture.desktop->connections.current(), 0);
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->hub.profile().bundle.caPem, pki.caPem());
    QVERIFY(fixture.window->findChild<gui::widgets::Toast*>()->text().contains(
        QStringLiteral("shop was added")));
}

void TestAddAddress::aClosedDialogForgets() {
    WindowFixture fixture;
    const tests::ClusterPki pki("shop", fixture.clock.now());
    {
        AddAddressDialog dialog(fixture.theme, fixture.desktop->adder, fixture.window.get());
        dialog.show();
        field(dialog, QStringLiteral("Address"))->setText(QStringLiteral("m1.example:7443"));
        button(dialog, QStringLiteral("Ask the server"))->click();
    }
    fixture.chains.calls.deliver(chainOf(pki));
    QVERIFY(!fixture.desktop->adder.found());
    QVERIFY(fixture.desktop->connections.masters().empty());
}

void TestAddAddress::nothingIsClipped_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<bool>("dark");
    QTest::newRow("en light") << QStringLiteral("en") << false;
    QTest::newRow("en dark") << QStringLiteral("en") << true;
    QTest::newRow("zh_CN light") << QStringLiteral("zh_CN") << false;
    QTest::newRow("zh_CN dark") << QStringLiteral("zh_CN") << true;
}

void TestAddAddress::nothingIsClipped() {
    QFETCH(QString, language);
    QFETCH(bool, dark);
    WindowFixture fixture;
    WindowFixture::speak(language);
    using gui::widgets::ThemeChoice;
    fixture.wear(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    const tests::ClusterPki pki("shop", fixture.clock.now());
    AddAddressDialog dialog(fixture.theme, fixture.desktop->adder, fixture.window.get());
    dialog.show();
    const QString directory = QString::fromStdString(tests::built("screenshots"));
    const auto check = [&](const char* state) {
        WindowFixture::settle();
        dialog.grab().save(QStringLiteral("%1/dialog-add-address-%2-%3-%4.png")
                               .arg(directory, QLatin1String(state),
                                    dark ? QStringLiteral("dark") : QStringLiteral("light"),
                                    language));
        const auto texts = tests::paintedTexts(dialog);
        // A line that is too low loses its letters' feet.
        for (const auto* label : dialog.findChildren<QLabel*>()) {
            if (label->isVisible() && !label->text().isEmpty())
                QVERIFY2(label->height() >= label->fontMetrics().height(),
                         qPrintable(label->text()));
        }
        QStringList faults = tests::widgetFaults(dialog) + tests::paintedFaults(dialog, texts);
        if (language == QLatin1String("zh_CN")) faults += tests::leftInEnglish(dialog, texts);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
    };
    check("first");
    fixture.desktop->adder.setForm(
        {QStringLiteral("m1.example:7443"), QStringLiteral("production"), {}});
    fixture.desktop->adder.ask();
    fixture.chains.calls.deliver(chainOf(pki));
    QVERIFY(fixture.desktop->adder.found());
    check("found");
    fixture.desktop->adder.ask();
    fixture.chains.calls.deliver(std::vector<std::string>{chainOf(pki).front()});
    check("refused");
}

QTEST_MAIN(TestAddAddress)
#include "tst_add_address.moc"
