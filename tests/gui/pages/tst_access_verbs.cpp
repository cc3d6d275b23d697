// SPDX-License-Identifier: GPL-3.0-or-later
// Every control of Permissions and Campaigns that changes something: pressed, it makes exactly its
// call; a "no" to its question makes none.
#include <QClipboard>
#include <QLabel>
#include <QTabWidget>

#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/sheet_answer.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::widgets::DataTable;
using tests::Answer;
using tests::button;
using tests::callsMade;
using tests::FakeMaster;
using tests::SheetAnswer;
using tests::WindowFixture;

namespace {

constexpr int kGrants = 0;
constexpr int kTokens = 1;
constexpr int kCertificates = 2;

/// What is pressed, of whom, and which call it makes.
struct Verb {
    const char* user;
    const char* text;
    int tab;
    std::size_t (*made)(FakeMaster& fakes);
};

const Verb kVerbs[] = {
    {"chen.yu", "New password…", kGrants, [](auto& f) { return f.access.passwordCalls.made(); }},
    {"chen.yu", "Make super admin…", kGrants, [](auto& f) { return f.access.roleCalls.made(); }},
    {"li.na", "Make reader…", kGrants, [](auto& f) { return f.access.roleCalls.made(); }},
    {"chen.yu", "Disable…", kGrants, [](auto& f) { return f.access.disableCalls.made(); }},
    {"intern", "Enable…", kGrants, [](auto& f) { return f.access.enableCalls.made(); }},
    {"chen.yu", "Remove…", kGrants, [](auto& f) { return f.access.removeCalls.made(); }},
    {"chen.yu", "Grant…", kGrants, [](auto& f) { return f.access.giveCalls.made(); }},
    {"chen.yu", "Take away…", kGrants, [](auto& f) { return f.access.takeCalls.made(); }},
    {"chen.yu", "End…", kTokens, [](auto& f) { return f.access.revokeTokenCalls.made(); }},
    {"chen.yu", "End all…", kTokens, [](auto& f) { return f.access.revokeTokenCalls.made(); }},
    {"admin", "New token…", kTokens, [](auto& f) { return f.access.createTokenCalls.made(); }},
    {"chen.yu", "Revoke…", kCertificates,
     [](auto& f) { return f.access.revokeCertificateCalls.made(); }},
    {"chen.yu", "Revoke all…", kCertificates,
     [](auto& f) { return f.access.revokeCertificateCalls.made(); }}};

const char* const kAnswers[] = {"yes", "no", "escape"};

}  // namespace

class TestAccessVerbs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void permissions_data();
    void permissions();
    void aTokenIsAskedForThePassword_data();
    void aTokenIsAskedForThePassword();
    void aNewTokenIsShownOnce();
    void theFieldsOfAQuestionHaveNames();
    void aRefusalIsOfItsUserAndItsVerb();
    void whereNobodyIsChosenItIsSaidWhatToDo();
    void eachListIsACommand();
    void startsACampaign_data() { tests::addAnswers(); }
    void startsACampaign();
    void abortsACampaign_data() { tests::addAnswers(); }
    void abortsACampaign();
    void rollsACampaignBack_data() { tests::addAnswers(); }
    void rollsACampaignBack();
};

void TestAccessVerbs::permissions_data() {
    QTest::addColumn<int>("verb");
    QTest::addColumn<int>("answer");
    for (int verb = 0; verb < static_cast<int>(std::size(kVerbs)); ++verb) {
        for (const Answer answer : {Answer::Yes, Answer::No, Answer::Escape}) {
            QTest::addRow("%s %s", kVerbs[verb].text, kAnswers[static_cast<int>(answer)])
                << verb << static_cast<int>(answer);
        }
    }
}

void TestAccessVerbs::permissions() {
    QFETCH(const int, verb);
    QFETCH(const int, answer);
    const Verb& wanted = kVerbs[verb];
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Access);
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    auto& access = fixture.desktop->access;
    auto* users = page->findChild<DataTable*>(QStringLiteral("users"));
    users->selectRow(access.users().rowOfKey(QString::fromUtf8(wanted.user)));
    page->findChild<QTabWidget*>()->setCurrentIndex(wanted.tab);
    WindowFixture::settle();
    for (const char* table : {"grants", "tokens", "certificates"})
        page->findChild<DataTable*>(QString::fromUtf8(table))->selectRow(0);
    QAbstractButton* pressed = button(page, QString::fromUtf8(wanted.text));
    QVERIFY(pressed != nullptr);
    QVERIFY2(pressed->isEnabled(), qPrintable(pressed->toolTip()));
    FakeMaster& fakes = fixture.master.fakes();
    // Held: what they answer is another test's.
    fakes.access.passwordCalls.automatic = nullptr;
    const std::size_t all = callsMade(fakes);
    const std::size_t before = wanted.made(fakes);
    const SheetAnswer person(static_cast<Answer>(answer), 1);
    QTest::mouseClick(pressed, Qt::LeftButton);
    QVERIFY(person.asked());
    const std::size_t one = static_cast<Answer>(answer) == Answer::Yes ? 1 : 0;
    QCOMPARE(wanted.made(fakes), before + one);
    QCOMPARE(callsMade(fakes), all + one);
}

void TestAccessVerbs::aTokenIsAskedForThePassword_data() {
    using Said = std::string (*)(FakeMaster&);
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("text");
    QTest::addColumn<Said>("said");
    QTest::addColumn<int>("tab");
    const auto row = [](const char* user, const char* text, Said said, int tab = kGrants) {
        QTest::newRow(text) << QString::fromUtf8(user) << QString::fromUtf8(text) << said << tab;
    };
    row("chen.yu", "New password…",
        [](auto& f) { return f.access.passwordCalls.last().mutation.password; });
    row("chen.yu", "Make super admin…",
        [](auto& f) { return f.access.roleCalls.last().second.password; });
    row("li.na", "Make reader…", [](auto& f) { return f.access.roleCalls.last().second.password; });
    row("intern", "Enable…", [](auto& f) { return f.access.enableCalls.last().second.password; });
    row("chen.yu", "Grant…", [](auto& f) { return f.access.giveCalls.last().second.password; });
    row(
        "admin", "New token…", [](auto& f) { return f.access.createTokenCalls.last().password; },
        kTokens);
    // What takes something away is quick.
    row("chen.yu", "End…", nullptr, kTokens);
    row("chen.yu", "Revoke…", nullptr, kCertificates);
    row("chen.yu", "Disable…", nullptr);
    row("chen.yu", "Remove…", nullptr);
    row("chen.yu", "Take away…", nullptr);
}

void TestAccessVerbs::aTokenIsAskedForThePassword() {
    using Said = std::string (*)(FakeMaster&);
    QFETCH(const QString, user);
    QFETCH(const QString, text);
    QFETCH(const Said, said);
    QFETCH(const int, tab);
    WindowFixture fixture;
    fixture.master.signedInBy = "token";
    fixture.connect();
    fixture.window->showView(MainWindow::Access);
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    auto* users = page->findChild<DataTable*>(QStringLiteral("users"));
    users->selectRow(fixture.desktop->access.users().rowOfKey(user));
    page->findChild<QTabWidget*>()->setCurrentIndex(tab);
    WindowFixture::settle();
    for (const char* table : {"grants", "tokens", "certificates"})
        page->findChild<DataTable*>(QString::fromUtf8(table))->selectRow(0);
    QAbstractButton* pressed = button(page, text);
    QVERIFY(pressed != nullptr);
    FakeMaster& fakes = fixture.master.fakes();
    fakes.access.passwordCalls.automatic = nullptr;
    const std::size_t before = callsMade(fakes);
    const SheetAnswer person(Answer::Yes, 1);
    QTest::mouseClick(pressed, Qt::LeftButton);
    QCOMPARE(callsMade(fakes), before + 1);
    QCOMPARE(person.askedPassword(), said != nullptr);
    if (said != nullptr) QCOMPARE(said(fakes), std::string("my password"));
}

// Their names were placeholders: of a filled one nobody could tell what it was.
void TestAccessVerbs::theFieldsOfAQuestionHaveNames() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Access);
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    page->findChild<QTabWidget*>()->setCurrentIndex(3);
    WindowFixture::settle();
    auto* agent = page->findChild<QLineEdit*>(QStringLiteral("asked-agent"));
    QVERIFY(agent != nullptr);
    agent->setText(QStringLiteral("node-exporter"));
    QStringList names;
    for (const QLabel* label : page->findChildren<QLabel*>()) {
        if (label->isVisible() && label->buddy() != nullptr) {
            names << label->text();
            QCOMPARE(label->buddy()->accessibleName(), label->text());
        }
    }
    QCOMPARE(names, (QStringList{QStringLiteral("Permission"), QStringLiteral("Agent"),
                                 QStringLiteral("Machine types")}));
}

// It stood in red over whoever was chosen next, and under the next sheet.
void TestAccessVerbs::aRefusalIsOfItsUserAndItsVerb() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Access);
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    auto* users = page->findChild<DataTable*>(QStringLiteral("users"));
    const auto choose = [&](const char* user) {
        users->selectRow(fixture.desktop->access.users().rowOfKey(QString::fromUtf8(user)));
        WindowFixture::settle();
    };
    auto* answer = page->findChild<QLabel*>(QStringLiteral("answer"));
    FakeMaster& fakes = fixture.master.fakes();
    const auto refuse = [&] {
        choose("chen.yu");
        const SheetAnswer person(Answer::Yes, 1);
        QTest::mouseClick(button(page, QStringLiteral("Take away…")), Qt::LeftButton);
        fakes.access.takeCalls.deliver(absl::FailedPreconditionError("not in this window"));
        WindowFixture::settle();
        return answer->isVisible() &&
               answer->text().startsWith(QStringLiteral("Nothing was changed: "));
    };
    choose("chen.yu");
    page->findChild<DataTable*>(QStringLiteral("grants"))->selectRow(0);
    fakes.access.takeCalls.automatic = nullptr;
    QVERIFY2(refuse(), qPrintable(answer->text()));
    // The list is read anew, with the same user in another row.
    fixture.master.users.insert(fixture.master.users.begin(), fixture.master.users.back());
    fixture.master.users.front().name = "aaron";
    fixture.desktop->access.refresh();
    WindowFixture::settle();
    QVERIFY(answer->isVisible());
    choose("li.na");
    QVERIFY(!answer->isVisible());
    choose("chen.yu");
    QVERIFY(!answer->isVisible());
    page->findChild<DataTable*>(QStringLiteral("grants"))->selectRow(0);
    QVERIFY(refuse());
    const SheetAnswer nobody(Answer::No, 1);
    QTest::mouseClick(button(page, QStringLiteral("Disable…")), Qt::LeftButton);
    QVERIFY(!answer->isVisible());
    QVERIFY(refuse());
    // Nor beside a sheet of what is listed below.
    auto* tabs = page->findChild<QTabWidget*>();
    tabs->setCurrentIndex(kTokens);
    page->findChild<DataTable*>(QStringLiteral("tokens"))->selectRow(0);
    WindowFixture::settle();
    const SheetAnswer nobodyEither(Answer::No, 1);
    QTest::mouseClick(button(page, QStringLiteral("End…")), Qt::LeftButton);
    QVERIFY(nobodyEither.asked());
    QVERIFY(!answer->isVisible());
    tabs->setCurrentIndex(0);
    WindowFixture::settle();
    page->findChild<DataTable*>(QStringLiteral("grants"))->selectRow(0);
    QVERIFY(refuse());
    fixture.master.breakLine();
    fixture.master.connect();
    WindowFixture::settle();
    QVERIFY(!answer->isVisible());
}

// With a button that copies it; then it is in no widget of the window any more.
void TestAccessVerbs::aNewTokenIsShownOnce() {
    const QString secret = QStringLiteral("ifrit_kd72mhzqx9bu4tnr8fgw");
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Access);
    WindowFixture::settle();
    auto& tokens = fixture.desktop->access.tokens();
    QWidget* page = fixture.window->page();
    page->findChild<DataTable*>(QStringLiteral("users"))
        ->selectRow(fixture.desktop->access.users().rowOfKey(QStringLiteral("admin")));
    page->findChild<QTabWidget*>()->setCurrentIndex(kTokens);
    tokens.create({QStringLiteral("nightly"), 30}, {QStringLiteral("OPS-2219")});
    QString shown;
    QTimer poll;
    poll.setInterval(5);
    connect(&poll, &QTimer::timeout, &poll, [&] {
        auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        poll.stop();
        shown = dialog->findChild<QLineEdit*>()->text();
        QTest::mouseClick(button(dialog, QStringLiteral("Copy")), Qt::LeftButton);
        dialog->accept();
    });
    poll.start();
    gui::services::TokenInfo made = fixture.master.tokens.front();
    made.id = "90ab";
    made.user = "admin";
    fixture.master.tokens.push_back(made);
    fixture.master.fakes().access.createTokenCalls.deliver(
        gui::services::MadeToken{secret.toStdString(), made});
    WindowFixture::settle();
    QCOMPARE(shown, secret);
    QCOMPARE(QGuiApplication::clipboard()->text(), secret);
    // The keyboard is at what was made, not in the list of users.
    auto* list = page->findChild<DataTable*>(QStringLiteral("tokens"));
    QCOMPARE(fixture.window->focusWidget(), list);
    QCOMPARE(list->currentIndex().data(gui::models::KeyRole).toString(), QStringLiteral("90ab"));
    for (const auto* line : fixture.window->findChildren<QLineEdit*>())
        QVERIFY(!line->text().contains(secret));
    for (const auto* label : fixture.window->findChildren<QLabel*>())
        QVERIFY(!label->text().contains(secret));
}

// Buttons that were off, and the frame of a list of nobody's.
void TestAccessVerbs::whereNobodyIsChosenItIsSaidWhatToDo() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Access);
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    const auto says = [page] {
        const auto labels = page->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text().startsWith(QStringLiteral("Choose a user"));
        });
    };
    auto* tabs = page->findChild<QTabWidget*>();
    QVERIFY(tabs->isVisible() && !says());
    QTest::keyClick(fixture.window.get(), Qt::Key_Escape);
    WindowFixture::settle();
    QVERIFY(fixture.desktop->access.chosen() == nullptr);
    QVERIFY(!tabs->isVisible() && says());
    auto* users = page->findChild<DataTable*>(QStringLiteral("users"));
    QCOMPARE(fixture.window->focusWidget(), users);
    users->selectRow(1);
    WindowFixture::settle();
    QVERIFY(tabs->isVisible() && !says());
}

void TestAccessVerbs::eachListIsACommand() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Access);
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    page->findChild<DataTable*>(QStringLiteral("users"))
        ->selectRow(fixture.desktop->access.users().rowOfKey(QStringLiteral("chen.yu")));
    const auto copied = [&](int tab) {
        page->findChild<QTabWidget*>()->setCurrentIndex(tab);
        QTest::keyClick(fixture.window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        return QGuiApplication::clipboard()->text();
    };
    QVERIFY(copied(kTokens).startsWith(QStringLiteral("ifritctl token list --user chen.yu")));
    QVERIFY(copied(kCertificates).startsWith(QStringLiteral("ifritctl user certificates chen.yu")));
    QVERIFY(copied(kGrants).startsWith(QStringLiteral("ifritctl user list")));
}

void TestAccessVerbs::startsACampaign() {
    QFETCH(const int, answer);
    WindowFixture fixture;
    // Its draft is here, and the receipt of the cluster before.
    auto& held = fixture.master.campaigns[1];
    held.state = domain::StepState::Drafted;
    held.release->release.state = domain::ReleaseState::Draft;
    fixture.connect();
    fixture.window->showView(MainWindow::Campaigns);
    WindowFixture::settle();
    fixture.desktop->campaigns.choose(QString::fromStdString(held.campaign.id));
    QAbstractButton* pressed =
        button(fixture.window->page(), QStringLiteral("Start the next cluster…"));
    QVERIFY(pressed != nullptr);
    QVERIFY2(pressed->isEnabled(), qPrintable(pressed->toolTip()));
    FakeMaster& fakes = fixture.master.fakes();
    const std::size_t before = callsMade(fakes);
    const SheetAnswer person(static_cast<Answer>(answer), 192);
    QTest::mouseClick(pressed, Qt::LeftButton);
    WindowFixture::settle();
    QVERIFY(person.asked());
    const bool yes = static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fakes), before + (yes ? 1 : 0));
    if (yes) QVERIFY(fakes.campaigns.changes.last().what.starts_with("start "));
}

void TestAccessVerbs::abortsACampaign() {
    QFETCH(const int, answer);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Campaigns);
    WindowFixture::settle();
    fixture.desktop->campaigns.choose(
        QString::fromStdString(fixture.master.campaigns[1].campaign.id));
    QAbstractButton* pressed = button(fixture.window->page(), QStringLiteral("Abort…"));
    QVERIFY(pressed != nullptr);
    QVERIFY2(pressed->isEnabled(), qPrintable(pressed->toolTip()));
    FakeMaster& fakes = fixture.master.fakes();
    const std::size_t before = callsMade(fakes);
    const SheetAnswer person(static_cast<Answer>(answer), 192);
    QTest::mouseClick(pressed, Qt::LeftButton);
    QVERIFY(person.asked());
    const bool yes = static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fakes), before + (yes ? 1 : 0));
    if (yes) QCOMPARE(fakes.campaigns.changes.last().what, std::string("abort"));
}

void TestAccessVerbs::rollsACampaignBack() {
    QFETCH(const int, answer);
    WindowFixture fixture;
    auto& held = fixture.master.campaigns[1];
    held.release->allowedVerbs = {domain::ReleaseVerb::Rollback};
    held.release->reached[domain::ReleaseVerb::Rollback] = 74;
    fixture.connect();
    fixture.window->showView(MainWindow::Campaigns);
    WindowFixture::settle();
    fixture.desktop->campaigns.choose(QString::fromStdString(held.campaign.id));
    QAbstractButton* pressed = button(fixture.window->page(), QStringLiteral("Abort…"));
    QVERIFY2(pressed->isEnabled(), qPrintable(pressed->toolTip()));
    FakeMaster& fakes = fixture.master.fakes();
    const std::size_t before = callsMade(fakes);
    const SheetAnswer person(static_cast<Answer>(answer), 74, tests::Tick::Offer);
    QTest::mouseClick(pressed, Qt::LeftButton);
    QVERIFY(person.asked());
    const bool yes = static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fakes), before + (yes ? 1 : 0));
    if (!yes) return;
    QCOMPARE(fakes.campaigns.changes.last().what, std::string("abort"));
    fakes.campaigns.changes.deliver(held);
    QCOMPARE(callsMade(fakes), before + 2);
    const auto& act = fakes.releases.actCalls.last();
    QCOMPARE(act.verb, domain::ReleaseVerb::Rollback);
    QCOMPARE(act.releaseId, held.release->release.id);
    QCOMPARE(act.mutation.expectedCount, std::optional<std::uint64_t>(74));
    QCOMPARE(act.mutation.reason, std::string("OPS-2219"));
}

QTEST_MAIN(TestAccessVerbs)
#include "tst_access_verbs.moc"
