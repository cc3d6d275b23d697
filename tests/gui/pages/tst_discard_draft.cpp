// SPDX-License-Identifier: GPL-3.0-or-later
// A draft on the page of releases is discarded, or not, by its button.
#include <QAbstractButton>
#include <QTest>

#include <vector>

#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/sheet_answer.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::widgets::DataTable;
using tests::Answer;
using tests::SheetAnswer;
using tests::WindowFixture;

class TestDiscardDraft : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksAndDoesExactlyThat_data();
    void asksAndDoesExactlyThat();
};

void TestDiscardDraft::asksAndDoesExactlyThat_data() {
    tests::addAnswers();
}

void TestDiscardDraft::asksAndDoesExactlyThat() {
    QFETCH(const int, answer);
    const bool done = answer == static_cast<int>(Answer::Yes);
    WindowFixture fixture;
    auto draft = fixture.master.releases.front();
    draft.release.id = "a-draft";
    draft.release.state = domain::ReleaseState::Draft;
    draft.stages.clear();
    fixture.master.releases.insert(fixture.master.releases.begin(), draft);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("releases"));
    WindowFixture::settle();
    auto* page = fixture.window->page();
    auto* table = page->findChild<DataTable*>(QStringLiteral("releases"));
    QAbstractButton* discard = tests::button(page, QStringLiteral("Discard draft…"));
    QVERIFY(table != nullptr && discard != nullptr);
    QVERIFY(!discard->isEnabled() && !discard->toolTip().isEmpty());
    const auto choose = [&](const std::string& id) {
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const QModelIndex index = table->model()->index(row, 0);
            if (index.data(gui::models::KeyRole) == QString::fromStdString(id))
                table->setCurrentIndex(index);
        }
    };
    choose(fixture.master.releases[1].release.id);
    QVERIFY2(!discard->isEnabled(), "a release that was started is no draft");
    choose("a-draft");
    QVERIFY2(discard->isEnabled(), qPrintable(discard->toolTip()));
    auto& calls = fixture.master.fakes().releases.actCalls;
    const std::size_t before = calls.made();
    std::vector<gui::services::ReleaseAct> sent;
    calls.automatic = [&sent, draft](const gui::services::ReleaseAct& act) {
        sent.push_back(act);
        return draft;
    };
    const SheetAnswer person(static_cast<Answer>(answer), 0);
    discard->click();
    WindowFixture::settle();
    QVERIFY(person.asked());
    QCOMPARE(calls.made() - before, std::size_t(done ? 1 : 0));
    if (!done) return;
    QCOMPARE(sent.size(), std::size_t{1});
    QVERIFY(sent[0].verb == domain::ReleaseVerb::Abort);
    QCOMPARE(sent[0].releaseId, std::string("a-draft"));
    QCOMPARE(sent[0].mutation.reason, std::string("OPS-2219"));
}

QTEST_MAIN(TestDiscardDraft)
#include "tst_discard_draft.moc"
