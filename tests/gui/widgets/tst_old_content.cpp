// SPDX-License-Identifier: GPL-3.0-or-later
// What is of before the contact was lost: it can be read, and looks like nothing that is so now.
#include <QApplication>
#include <QImage>
#include <QStandardItemModel>
#include <QTest>

#include <algorithm>

#include "gui/widgets/batch_lanes.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/hash_ring_view.h"
#include "gui/widgets/status_badge.h"
#include "gui/widgets/status_look.h"
#include "tests/gui/support/shown_view.h"

using namespace ifrit;
using namespace ifrit::gui::widgets;
using gui::models::StatusKind;
using gui::models::StatusKindRole;

namespace {

constexpr StatusKind kKinds[] = {StatusKind::Ok, StatusKind::Run, StatusKind::Wait,
                                 StatusKind::Fail, StatusKind::Silent};

int countOf(const QImage& image, const QColor& color) {
    int out = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            out += image.pixelColor(x, y) == color ? 1 : 0;
    }
    return out;
}

/// Of pixels of one colour beside each other.
int longestRun(const QImage& image, const QColor& color) {
    int out = 0;
    for (int y = 0; y < image.height(); ++y) {
        int run = 0;
        for (int x = 0; x < image.width(); ++x) {
            run = image.pixelColor(x, y) == color ? run + 1 : 0;
            out = std::max(out, run);
        }
    }
    return out;
}

bool hasStateColor(const QImage& image, const Theme& theme) {
    return std::any_of(std::begin(kKinds), std::end(kKinds), [&](StatusKind kind) {
        return countOf(image, theme.color(textToken(kind))) > 0;
    });
}

}  // namespace

class TestOldContent : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBadgeKeepsNeitherColourNorShape();
    void aStateInATableIsStruckThrough();
    void whatHappenedStaysAsItWas();
    void factsAreMuted();
    void theLegendOfTheStagesIsMuted();
    void theLegendOfTheRingCanBeRead();

private:
    static QImage rowOf(DataTable& table);
    static constexpr int kWord = 40;  ///< pixels that "healthy" has at least
};

// It said "healthy" in grey, with its check.
void TestOldContent::aBadgeKeepsNeitherColourNorShape() {
    tests::ShownView<StatusBadge> ok;
    ok.view.setLook({StatusKind::Ok, QStringLiteral("healthy")});
    ok.show(ok.view.sizeHint());
    const QColor muted = ok.theme.color(Token::Muted);
    QVERIFY(hasStateColor(ok.view.grab().toImage(), ok.theme));
    ok.view.setOld(true);
    const QImage old = ok.view.grab().toImage();
    QVERIFY(!hasStateColor(old, ok.theme));
    // Between the frame's lines above and below.
    const QRect inside = old.rect().adjusted(0, 4, 0, -4);
    QVERIFY(longestRun(old.copy(inside), muted) >= kWord);
    ok.view.setLook({StatusKind::Fail, QStringLiteral("healthy")});
    QCOMPARE(ok.view.grab().toImage(), old);
}

QImage TestOldContent::rowOf(DataTable& table) {
    const QRect cell = table.visualRect(table.model()->index(0, 0));
    // Without the line below it.
    return table.viewport()->grab(cell.adjusted(0, 2, 0, -3)).toImage();
}

void TestOldContent::aStateInATableIsStruckThrough() {
    Theme theme(*qApp);
    theme.choose(ThemeChoice::Light);
    QStandardItemModel model(1, 2);
    model.setItem(0, 0, new QStandardItem(QStringLiteral("healthy")));
    model.item(0, 0)->setData(int(StatusKind::Ok), StatusKindRole);
    DataTable table(theme, nullptr);
    table.setModel(&model);
    table.resize(400, 200);
    table.show();
    QVERIFY(hasStateColor(rowOf(table), theme));
    QVERIFY(longestRun(rowOf(table), theme.color(textToken(StatusKind::Ok))) < kWord);
    table.setOld(true);
    const QImage old = rowOf(table);
    QVERIFY(!hasStateColor(old, theme));
    QVERIFY(longestRun(old, theme.color(Token::Muted)) >= kWord);
    model.item(0, 0)->setData(int(StatusKind::Fail), StatusKindRole);
    QCOMPARE(rowOf(table), old);
}

// A row of the audit: allowed it was, and that does not grow old.
void TestOldContent::whatHappenedStaysAsItWas() {
    Theme theme(*qApp);
    theme.choose(ThemeChoice::Light);
    QStandardItemModel model(1, 2);
    model.setItem(0, 0, new QStandardItem(QStringLiteral("allowed")));
    model.item(0, 0)->setData(int(StatusKind::Ok), StatusKindRole);
    DataTable table(theme, nullptr);
    table.setModel(&model);
    table.holdPast();
    table.setOld(true);
    table.resize(400, 200);
    table.show();
    const QImage ok = rowOf(table);
    QVERIFY(!hasStateColor(ok, theme));
    QVERIFY(longestRun(ok, theme.color(Token::Muted)) < kWord);
    model.item(0, 0)->setData(int(StatusKind::Fail), StatusKindRole);
    QVERIFY(rowOf(table) != ok);
}

void TestOldContent::factsAreMuted() {
    tests::ShownView<FactList> facts;
    facts.view.setFacts({{QStringLiteral("State"), QStringLiteral("healthy since 11:21")}});
    facts.show({400, 60});
    const QColor text = facts.theme.color(Token::Text);
    QVERIFY(countOf(facts.view.grab().toImage(), text) > 0);
    facts.view.setOld(true);
    QCOMPARE(countOf(facts.view.grab().toImage(), text), 0);
    QVERIFY(countOf(facts.view.grab().toImage(), facts.theme.color(Token::Muted)) > 0);
    facts.view.setOld(false);
    QVERIFY(countOf(facts.view.grab().toImage(), text) > 0);
}

// It kept its colours, over bars that were pale.
void TestOldContent::theLegendOfTheStagesIsMuted() {
    tests::ShownView<BatchLanes> lanes;
    Lane lane;
    lane.name = QStringLiteral("Gray");
    lane.targeted = 8;
    lane.segments = {{StatusKind::Ok, 8, false, QStringLiteral("ok")}};
    lanes.view.setLanes({lane});
    lanes.show({1'000, 80});
    const auto legend = [&] { return lanes.view.grab({0, 0, 1'000, 20}).toImage(); };
    QVERIFY(hasStateColor(legend(), lanes.theme));
    lanes.view.setOld(true);
    QVERIFY(!hasStateColor(legend(), lanes.theme));
    QVERIFY(countOf(legend(), lanes.theme.color(Token::Muted)) > 50);
}

// It was painted at four tenths, which nobody could read.
void TestOldContent::theLegendOfTheRingCanBeRead() {
    tests::ShownView<HashRingView> ring;
    const domain::HashRing nodes({4, 64, 4711});
    auto content = std::make_shared<gui::models::RingContent>();
    content->nodes = std::make_shared<const std::vector<domain::HashRing::Node>>(nodes.nodes());
    const auto shares = domain::sharesOf(*content->nodes, 4);
    for (std::uint32_t batch = 1; batch <= 4; ++batch)
        content->batches.push_back({batch,
                                    QStringLiteral("Batch %1").arg(batch),
                                    {StatusKind::Ok, QStringLiteral("settled")},
                                    shares[batch - 1],
                                    64,
                                    100,
                                    0});
    content->figure = QStringLiteral("25 %");
    ring.view.setContent(content);
    ring.show({320, 300});
    const auto legend = [&] { return ring.view.grab({0, 0, 320, 20}).toImage(); };
    QVERIFY(hasStateColor(legend(), ring.theme));
    ring.view.setOld(true);
    const QColor muted = ring.theme.color(Token::Muted);
    QVERIFY(!hasStateColor(legend(), ring.theme));
    QVERIFY(countOf(legend(), muted) > 20);
    QVERIFY(contrast(muted, ring.theme.color(Token::Surface)) >= 4.5);
    QVERIFY(contrast(muted, ring.theme.color(Token::Bg)) >= 4.5);
}

QTEST_MAIN(TestOldContent)
#include "tst_old_content.moc"
