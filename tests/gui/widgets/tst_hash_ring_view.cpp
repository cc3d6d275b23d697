// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "gui/widgets/hash_ring_view.h"
#include "gui/widgets/picture.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"
#include "tests/gui/pages/painted_text.h"

using namespace ifrit;
using namespace ifrit::gui::widgets;
using gui::models::RingContent;

namespace {

std::shared_ptr<RingContent> contentOf(std::uint32_t batches, std::uint32_t virtualNodes) {
    const domain::HashRing ring({batches, virtualNodes, 4711});
    auto content = std::make_shared<RingContent>();
    content->nodes = std::make_shared<const std::vector<domain::HashRing::Node>>(ring.nodes());
    const auto shares = domain::sharesOf(*content->nodes, batches);
    for (std::uint32_t batch = 1; batch <= batches; ++batch) {
        const StatusLook look = batch == 1   ? StatusLook{StatusKind::Ok, QStringLiteral("done")}
                                : batch == 2 ? StatusLook{StatusKind::Run, QStringLiteral("open")}
                                             : StatusLook{StatusKind::None, QStringLiteral("not")};
        content->batches.push_back({batch, QStringLiteral("Batch %1").arg(batch), look,
                                    shares[batch - 1], virtualNodes, 100 * batch, 0});
    }
    for (const char* uuid : {"i-0001", "i-0002", "i-0003"}) {
        content->dots.push_back({ring.pointOf(uuid),
                                 ring.batchOf(uuid),
                                 {StatusKind::Fail, QStringLiteral("failed")},
                                 uuid});
    }
    std::sort(content->dots.begin(), content->dots.end(),
              [](const auto& a, const auto& b) { return a.point < b.point; });
    content->figure = QStringLiteral("25 %");
    return content;
}

struct ShownRing {
    explicit ShownRing(std::uint32_t batches = 8, std::uint32_t virtualNodes = 256)
        : content(contentOf(batches, virtualNodes)), theme(*qApp), view(theme, nullptr) {
        theme.choose(ThemeChoice::Light);
        view.resize(300, 292);
        view.setContent(content);
        view.show();
    }
    QColor at(double turn, double radius) {
        return view.grab().toImage().pixelColor(
            positionOf(layOutRing(view.size()), turn, radius).toPoint());
    }
    std::shared_ptr<RingContent> content;
    Theme theme;
    HashRingView view;
};

}  // namespace

class TestHashRingView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// As on a release's page at 1440 x 900.
    void aSmallOneSaysItsNoteWhole() {
        ShownRing shown(4, 1);
        shown.view.resize(300, 252);
        const double room = 2 * (layOutRing(shown.view.size()).arcInner - 14);
        QString& note = shown.content->note;
        // A letter more than it has room for in letters of their usual size.
        while (QFontMetrics(shown.theme.smallFont()).horizontalAdvance(note) <= room)
            note += QLatin1Char('o');
        QStringList painted;
        for (const auto& text : tests::paintedTexts(shown.view))
            painted << text.text;
        QVERIFY2(painted.contains(shown.content->note), qPrintable(painted.join(QLatin1Char('|'))));
    }
    void arcsHaveTheColourOfTheirBatch() {
        ShownRing shown(4, 1);
        const RingPlaces places = layOutRing(shown.view.size());
        // Arcs follow the order of the batches, the ring that of the nodes.
        const double first = shown.content->batches[0].share;
        QCOMPARE(shown.at(first * 0.2, (places.arcInner + places.arcOuter) / 2),
                 shown.theme.color(Token::OkFill));
        const auto& nodes = *shown.content->nodes;
        const double turn = (turnOf(nodes[0].point) + turnOf(nodes[1].point)) / 2;
        const StatusKind kind = shown.content->batches[nodes[1].batch - 1].look.kind;
        QCOMPARE(shown.at(turn, (places.inner + places.outer) / 2),
                 shown.theme.color(fillToken(kind)));
    }
    void keysZoomAndMove() {
        ShownRing shown;
        QTest::keyClick(&shown.view, Qt::Key_Plus);
        QCOMPARE(shown.view.window().span(), 0.5);
        const double from = shown.view.window().from();
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QCOMPARE(shown.view.window().from(), from + 0.125);
        QTest::keyClick(&shown.view, Qt::Key_0);
        QVERIFY(shown.view.window().isWhole());
    }
    void wheelZoomsWhereThePointerIs() {
        ShownRing shown;
        const RingPlaces places = layOutRing(shown.view.size());
        const QPointF at = positionOf(places, 0.25, places.outer - 4);
        QWheelEvent wheel(at, shown.view.mapToGlobal(at), {}, {0, 240}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&shown.view, &wheel);
        QCOMPARE(shown.view.window().span(), 0.25);
        QVERIFY(shown.view.window().placeOf(0.25));
        QVERIFY(!shown.view.window().placeOf(0.75));
    }
    void keysChooseABatchAndOpenIt() {
        ShownRing shown;
        QSignalSpy opened(&shown.view, &HashRingView::batchOpened);
        QTest::keyClick(&shown.view, Qt::Key_Down);
        QTest::keyClick(&shown.view, Qt::Key_Down);
        QVERIFY(shown.view.accessibleDescription().contains(QStringLiteral("Batch 2: open")));
        QTest::keyClick(&shown.view, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened[0][0].toUInt(), 2U);
        QTest::keyClick(&shown.view, Qt::Key_Escape);
        // Nothing chosen: all of it in words.
        for (const auto& batch : shown.content->batches)
            QVERIFY(shown.view.accessibleDescription().contains(batch.name));
    }
    void keysGoFromOneFailingMachineToTheNext() {
        ShownRing shown;
        QSignalSpy opened(&shown.view, &HashRingView::machineOpened);
        for (std::size_t i = 0; i < 4; ++i) {
            QTest::keyClick(&shown.view, Qt::Key_PageDown);
            QTest::keyClick(&shown.view, Qt::Key_Return);
            QCOMPARE(opened.last()[0].toString().toStdString(), shown.content->dots[i % 3].uuid);
        }
    }
    // The first of a pixel was painted alone, whatever it was.
    void aFailingMachineIsSeenBesideSilentOnes() {
        ShownRing shown;
        auto content = std::make_shared<RingContent>(*shown.content);
        const auto failing = content->dots[1];
        content->dots = {failing, failing, failing};
        // Just before it, and just behind.
        content->dots[0].point -= 1'000;
        content->dots[2].point += 1'000;
        for (const std::size_t i : {0U, 2U})
            content->dots[i].look = {StatusKind::Silent, QStringLiteral("silent")};
        shown.view.setContent(content);
        const RingPlaces places = layOutRing(shown.view.size());
        QCOMPARE(shown.at(turnOf(failing.point), places.outer + 7),
                 shown.theme.color(Token::FailFill));
        const auto at = shown.view.grab().toImage().pixelColor(
            QPointF(places.strip.left() + turnOf(failing.point) * places.strip.width(),
                    places.strip.top() - 7)
                .toPoint());
        QCOMPARE(at, shown.theme.color(Token::FailFill));
    }
    void theChosenMachineStaysChosenWhenOthersFail() {
        ShownRing shown;
        QTest::keyClick(&shown.view, Qt::Key_PageDown);
        auto more = std::make_shared<RingContent>(*shown.content);
        more->dots.insert(more->dots.begin(),
                          {1, 1, {StatusKind::Fail, QStringLiteral("failed")}, "i-new"});
        shown.view.setContent(more);
        QSignalSpy opened(&shown.view, &HashRingView::machineOpened);
        QTest::keyClick(&shown.view, Qt::Key_Return);
        QCOMPARE(opened[0][0].toString().toStdString(), shown.content->dots[0].uuid);
    }
    void aClickOnADotChoosesIt() {
        ShownRing shown;
        const RingPlaces places = layOutRing(shown.view.size());
        const auto& dot = shown.content->dots[1];
        QSignalSpy opened(&shown.view, &HashRingView::machineOpened);
        QTest::mouseDClick(&shown.view, Qt::LeftButton, Qt::NoModifier,
                           positionOf(places, turnOf(dot.point), places.outer + 7).toPoint());
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened[0][0].toString().toStdString(), dot.uuid);
    }
    void theLensGoesToAMark() {
        ShownRing shown(20, 2'048);
        const auto& node = (*shown.content->nodes)[1'234];
        shown.view.setMark(domain::RingPlace{node.point - 5, node.point, node.batch});
        const auto [first, count] = shown.view.window().nodesIn(*shown.content->nodes);
        QVERIFY2(count >= 5 && count <= 80, qPrintable(QString::number(count)));
        QVERIFY(shown.view.window().placeOf(turnOf(node.point)));
    }
    void becomesAPictureAndADrawing() {
        ShownRing shown;
        const QImage picture = pictureOf(shown.view, shown.theme, 2.0);
        QCOMPARE(picture.size(), shown.view.size() * 2);
        QCOMPARE(picture.pixelColor(1, 300), shown.theme.color(Token::Surface));
        const QByteArray svg = svgOf(shown.view, shown.theme);
        QVERIFY(svg.startsWith("<?xml"));
        QVERIFY(svg.contains("<title>Hash ring</title>"));
        QVERIFY(svg.contains(">25 %</text>"));
    }
};

QTEST_MAIN(TestHashRingView)
#include "tst_hash_ring_view.moc"
