// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/widgets/palette.h"

using namespace ifrit::gui::widgets;

class TestPalette : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textIsReadableOnEverySurface_data();
    void textIsReadableOnEverySurface();
    void contrastOfBlackAndWhite();
    void fillsDifferInLightness();
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

void TestPalette::fillsDifferInLightness() {
    // Red and green must be told apart without their hue.
    for (const Mode mode : {Mode::Light, Mode::Dark}) {
        const double ok = colorOf(Token::OkFill, mode).lightnessF();
        const double none = colorOf(Token::NoneFill, mode).lightnessF();
        QVERIFY(qAbs(ok - none) > 0.1);
    }
}

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
