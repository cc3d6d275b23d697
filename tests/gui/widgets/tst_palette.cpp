// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QPainter>
#include <QTest>

#include <vector>

#include "gui/widgets/palette.h"
#include "gui/widgets/status_look.h"

using namespace ifrit::gui::widgets;

namespace {

constexpr StatusKind kKinds[] = {StatusKind::Ok,   StatusKind::Run,    StatusKind::Wait,
                                 StatusKind::Fail, StatusKind::Silent, StatusKind::None};

}  // namespace

class TestPalette : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textIsReadableOnEverySurface_data();
    void textIsReadableOnEverySurface();
    void contrastOfBlackAndWhite();
    void whatIsWrittenOnAFillIsReadable_data();
    void whatIsWrittenOnAFillIsReadable();
    void everyFillStandsOutFromNotYet();
    void shapesTellTheStatesApart();
};

void TestPalette::textIsReadableOnEverySurface_data() {
    QTest::addColumn<int>("text");
    QTest::addColumn<int>("surface");
    QTest::addColumn<int>("mode");
    const struct {
        Token token;
        const char* name;
    } texts[] = {{Token::Text, "text"},     {Token::Muted, "muted"},
                 {Token::Accent, "accent"}, {Token::OkText, "ok"},
                 {Token::RunText, "run"},   {Token::WaitText, "wait"},
                 {Token::FailText, "fail"}, {Token::SilentText, "silent"},
                 {Token::NoneText, "none"}, {Token::Production, "production"}};
    const struct {
        Token token;
        const char* name;
    } surfaces[] = {{Token::Bg, "bg"},
                    {Token::Surface, "surface"},
                    {Token::Raised, "raised"},
                    {Token::AccentBg, "accent-bg"}};
    for (const auto& text : texts) {
        for (const auto& surface : surfaces) {
            for (const Mode mode : {Mode::Light, Mode::Dark}) {
                const QString name =
                    QStringLiteral("%1 on %2, %3")
                        .arg(QLatin1String(text.name), QLatin1String(surface.name),
                             QLatin1String(mode == Mode::Light ? "light" : "dark"));
                QTest::newRow(qPrintable(name))
                    << static_cast<int>(text.token) << static_cast<int>(surface.token)
                    << static_cast<int>(mode);
            }
        }
    }
    // A primary button: the surface's colour on the accent.
    QTest::newRow("primary, light")
        << static_cast<int>(Token::Surface) << static_cast<int>(Token::Accent) << 0;
    QTest::newRow("primary, dark")
        << static_cast<int>(Token::Surface) << static_cast<int>(Token::Accent) << 1;
}

void TestPalette::textIsReadableOnEverySurface() {
    QFETCH(int, text);
    QFETCH(int, surface);
    QFETCH(int, mode);
    const double ratio = contrast(colorOf(static_cast<Token>(text), static_cast<Mode>(mode)),
                                  colorOf(static_cast<Token>(surface), static_cast<Mode>(mode)));
    QVERIFY2(ratio >= 4.5, qPrintable(QString::number(ratio)));
}

void TestPalette::contrastOfBlackAndWhite() {
    QVERIFY(qAbs(contrast(Qt::black, Qt::white) - 21.0) < 0.01);
    QVERIFY(qAbs(contrast(Qt::white, Qt::white) - 1.0) < 0.01);
}

void TestPalette::whatIsWrittenOnAFillIsReadable_data() {
    QTest::addColumn<int>("fill");
    QTest::addColumn<int>("mode");
    for (const StatusKind kind : kKinds) {
        for (const Mode mode : {Mode::Light, Mode::Dark})
            QTest::addRow("%d, %s", static_cast<int>(kind), mode == Mode::Light ? "light" : "dark")
                << static_cast<int>(fillToken(kind)) << static_cast<int>(mode);
    }
}

// Counts stood in white on the bars of the lanes, at 3:1.
void TestPalette::whatIsWrittenOnAFillIsReadable() {
    QFETCH(int, fill);
    QFETCH(int, mode);
    const QColor ground = colorOf(static_cast<Token>(fill), static_cast<Mode>(mode));
    const double ratio = contrast(ground, inkOn(ground));
    QVERIFY2(ratio >= 4.5, qPrintable(QString::number(ratio)));
}

void TestPalette::everyFillStandsOutFromNotYet() {
    for (const Mode mode : {Mode::Light, Mode::Dark}) {
        for (const StatusKind kind : kKinds) {
            if (kind == StatusKind::None) continue;
            const double ratio =
                contrast(colorOf(fillToken(kind), mode), colorOf(Token::NoneFill, mode));
            QVERIFY2(ratio >= 1.3, qPrintable(QString::number(ratio)));
        }
    }
}

// Red and green are nearly as light as each other: without their hue it is the shape that tells
// them apart, and the word.
void TestPalette::shapesTellTheStatesApart() {
    std::vector<QImage> shapes;
    for (const StatusKind kind : kKinds) {
        QImage image(9, 9, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintShape(painter, kind, QRectF(0, 0, 9, 9), Qt::black);
        painter.end();
        for (const QImage& other : shapes) {
            int differ = 0;
            for (int i = 0; i < 81; ++i)
                differ +=
                    qAbs(qGray(image.pixel(i % 9, i / 9)) - qGray(other.pixel(i % 9, i / 9))) > 96;
            QVERIFY2(differ >= 5, qPrintable(QString::number(differ)));
        }
        shapes.push_back(image);
    }
}

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
