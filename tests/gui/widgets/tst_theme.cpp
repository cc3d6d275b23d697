// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProxyStyle>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTest>
#include <QVBoxLayout>
#include <QWidget>

#include "gui/widgets/theme.h"

using namespace ifrit::gui::widgets;

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void followsTheSystemWhileItRuns();
    void whatWasChosenStays();
    void theKeyboardIsSeen_data();
    void theKeyboardIsSeen();
    void whatCanBeChosenIsSeen_data();
    void whatCanBeChosenIsSeen();
    void whatAFieldAsksForCanBeRead_data();
    void whatAFieldAsksForCanBeRead();
    void aFieldThatTakesNothingIsSeen_data();
    void aFieldThatTakesNothingIsSeen();
    void aMessageHasAnIconOfOurs_data();
    void aMessageHasAnIconOfOurs();
};

namespace {

/// A window with the control and another one that can have the keyboard.
struct WithNeighbour {
    explicit WithNeighbour(QWidget* one) : control(one) {
        auto* column = new QVBoxLayout(&window);
        column->addWidget(control);
        column->addWidget(neighbour);
        neighbour->setFocusPolicy(Qt::StrongFocus);
        window.show();
        window.activateWindow();
    }
    QImage pictureWith(QWidget* focus) {
        focus->setFocus();
        const bool there = QTest::qWaitFor([focus] { return focus->hasFocus(); });
        return there ? control->grab().toImage() : QImage();
    }
    QWidget window;
    QWidget* control;
    QWidget* neighbour = new QWidget(&window);
};

/// Of their pixels, those that can be told apart.
int differences(const QImage& one, const QImage& other) {
    constexpr int kSeen = 40;
    int out = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x) {
            const QColor a = one.pixelColor(x, y);
            const QColor b = other.pixelColor(x, y);
            const int apart = std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) +
                              std::abs(a.blue() - b.blue());
            if (apart > kSeen) ++out;
        }
    }
    return out;
}

/// Of a desktop that has icons on the buttons of its dialogs.
class IconsOnButtons : public QProxyStyle {
public:
    IconsOnButtons() : QProxyStyle(QStringLiteral("Fusion")) {}
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override {
        return hint == SH_DialogButtonBox_ButtonsHaveIcons
                   ? 1
                   : QProxyStyle::styleHint(hint, option, widget, data);
    }
};

QWidget* controlOf(const QString& kind) {
    if (kind == QLatin1String("tabs")) {
        auto* tabs = new QTabBar;
        tabs->setDrawBase(false);
        tabs->addTab(QStringLiteral("Summary"));
        tabs->addTab(QStringLiteral("Explain"));
        return tabs;
    }
    if (kind.startsWith(QLatin1String("check"))) {
        auto* box = new QCheckBox;
        box->setChecked(kind == QLatin1String("checked"));
        return box;
    }
    auto* button = new QPushButton(QStringLiteral("Promote…"));
    button->setProperty("look", kind.section(QLatin1Char(' '), 0, 0));
    button->setCheckable(true);
    button->setChecked(kind.contains(QLatin1String("checked")));
    return button;
}

}  // namespace

void TestTheme::followsTheSystemWhileItRuns() {
    Mode system = Mode::Light;
    Theme theme(*qApp, [&system] { return system; });
    QCOMPARE(theme.mode(), Mode::Light);
    QWidget first;
    QWidget second;
    system = Mode::Dark;
    QSignalSpy changed(&theme, &Theme::changed);
    // As the platform tells it: each window, once.
    for (QWidget* window : {&first, &second}) {
        QEvent event(QEvent::ThemeChange);
        QApplication::sendEvent(window, &event);
    }
    QTRY_COMPARE(theme.mode(), Mode::Dark);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(QApplication::palette().color(QPalette::Window), theme.color(Token::Bg));
}

void TestTheme::whatWasChosenStays() {
    Mode system = Mode::Light;
    Theme theme(*qApp, [&system] { return system; });
    theme.choose(ThemeChoice::Light);
    system = Mode::Dark;
    QWidget window;
    QSignalSpy changed(&theme, &Theme::changed);
    QEvent event(QEvent::ThemeChange);
    QApplication::sendEvent(&window, &event);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(theme.mode(), Mode::Light);
    // The system as it is by now, not as it was at start.
    theme.choose(ThemeChoice::System);
    QCOMPARE(theme.mode(), Mode::Dark);
}

void TestTheme::theKeyboardIsSeen_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QString>("kind");
    for (const bool dark : {false, true}) {
        for (const char* kind : {"plain", "primary", "danger", "chip", "chip checked", "link",
                                 "tabs", "check", "checked"}) {
            QTest::addRow("%s, %s", kind, dark ? "dark" : "light")
                << dark << QString::fromLatin1(kind);
        }
    }
}

void TestTheme::theKeyboardIsSeen() {
    QFETCH(bool, dark);
    QFETCH(QString, kind);
    Theme theme(*qApp);
    theme.choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    WithNeighbour shown(controlOf(kind));
    const QImage without = shown.pictureWith(shown.neighbour);
    const QImage with = shown.pictureWith(shown.control);
    QVERIFY(!without.isNull() && !with.isNull());
    // The mark moves nothing.
    QCOMPARE(with.size(), without.size());
    constexpr int kLine = 20;  // pixels; what is inside of the control is no mark of it
    QVERIFY2(differences(with, without) > kLine, qPrintable(kind));
}

void TestTheme::whatCanBeChosenIsSeen_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

// In the dark, the circle of a choice that was not made was as dark as the ground.
void TestTheme::whatCanBeChosenIsSeen() {
    QFETCH(bool, dark);
    Theme theme(*qApp);
    theme.choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    const QColor ground = theme.color(Token::Bg);
    for (QAbstractButton* button :
         std::initializer_list<QAbstractButton*>{new QRadioButton, new QCheckBox}) {
        const WithNeighbour pair(button);
        const QImage image = button->grab().toImage();
        double most = 1;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < std::min(16, image.width()); ++x)
                most = std::max(most, contrast(image.pixelColor(x, y), ground));
        }
        QVERIFY2(most >= 3, qPrintable(QString::number(most)));
    }
}

void TestTheme::whatAFieldAsksForCanBeRead_data() {
    QTest::addColumn<ThemeChoice>("mode");
    QTest::newRow("light") << ThemeChoice::Light;
    QTest::newRow("dark") << ThemeChoice::Dark;
}

void TestTheme::whatAFieldAsksForCanBeRead() {
    QFETCH(ThemeChoice, mode);
    Theme theme(*qApp);
    theme.choose(mode);
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    const QList<QWidget*> fields = {new QLineEdit(&window), new QPlainTextEdit(&window)};
    for (QWidget* field : fields)
        column->addWidget(field);
    window.show();
    for (const QWidget* field : fields) {
        QCOMPARE(field->palette().color(QPalette::PlaceholderText).name(QColor::HexArgb),
                 theme.color(Token::Muted).name(QColor::HexArgb));
        QCOMPARE(field->palette().color(QPalette::Text), theme.color(Token::Text));
    }
}

void TestTheme::aFieldThatTakesNothingIsSeen_data() {
    whatAFieldAsksForCanBeRead_data();
}

void TestTheme::aFieldThatTakesNothingIsSeen() {
    QFETCH(ThemeChoice, mode);
    Theme theme(*qApp);
    theme.choose(mode);
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    auto* list = new QComboBox(&window);
    list->addItem(QStringLiteral("one"));
    const QList<QWidget*> fields = {new QLineEdit(QStringLiteral("one"), &window),
                                    new QSpinBox(&window), list};
    for (QWidget* field : fields) {
        column->addWidget(field);
        field->setFocusPolicy(Qt::NoFocus);
    }
    window.show();
    for (QWidget* field : fields) {
        const QImage takes = field->grab().toImage();
        field->setEnabled(false);
        const QImage takesNot = field->grab().toImage();
        const QByteArray kind = field->metaObject()->className();
        const QPoint ground(field->width() / 2, 4);
        QVERIFY2(takes.pixelColor(ground) == theme.color(Token::Surface), kind);
        QVERIFY2(takesNot.pixelColor(ground) == theme.color(Token::Bg), kind);
        QVERIFY2(field->palette().color(QPalette::Text) == theme.color(Token::Muted), kind);
    }
}

void TestTheme::aMessageHasAnIconOfOurs_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QMessageBox::Icon>("icon");
    QTest::addColumn<bool>("isFailure");
    for (const bool dark : {false, true}) {
        const char* mode = dark ? "dark" : "light";
        QTest::addRow("question, %s", mode) << dark << QMessageBox::Question << false;
        QTest::addRow("information, %s", mode) << dark << QMessageBox::Information << false;
        QTest::addRow("warning, %s", mode) << dark << QMessageBox::Warning << true;
        QTest::addRow("critical, %s", mode) << dark << QMessageBox::Critical << true;
    }
}

// Qt's own are pictures of pixels, in colours that mean a state here.
void TestTheme::aMessageHasAnIconOfOurs() {
    QFETCH(bool, dark);
    QFETCH(QMessageBox::Icon, icon);
    QFETCH(bool, isFailure);
    Theme theme(*qApp);
    QApplication::setStyle(new IconsOnButtons);
    // It changes while the message is open.
    theme.choose(dark ? ThemeChoice::Light : ThemeChoice::Dark);
    QMessageBox box(icon, QStringLiteral("Export"), QStringLiteral("Nothing was written."),
                    QMessageBox::Ok);
    box.show();
    theme.choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    const auto* label = box.findChild<QLabel*>(QStringLiteral("qt_msgboxex_icon_label"));
    QVERIFY(label != nullptr);
    const QImage drawn = label->pixmap().toImage().convertToFormat(QImage::Format_ARGB32);
    QCOMPARE(drawn.size(), QSize(32, 32) * drawn.devicePixelRatio());
    int whole = 0;
    for (int y = 0; y < drawn.height(); ++y) {
        for (int x = 0; x < drawn.width(); ++x) {
            const QColor color = drawn.pixelColor(x, y);
            if (color.alpha() < 255) continue;
            ++whole;
            QCOMPARE(color.name(), theme.color(isFailure ? Token::FailText : Token::Muted).name());
        }
    }
    QVERIFY(whole > 0);
    QVERIFY(box.button(QMessageBox::Ok)->icon().isNull());
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
