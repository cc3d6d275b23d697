// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>

namespace ifrit::gui::widgets {
namespace {

QString firstInstalled(const QStringList& families, const QString& fallback) {
    const QStringList installed = QFontDatabase::families();
    for (const QString& family : families) {
        if (installed.contains(family)) return family;
    }
    return fallback;
}

/// Which Chinese font draws what the first family lacks: left to the system, it may be one whose
/// characters have their Japanese form.
QStringList withChinese(QStringList families) {
    families << firstInstalled(
        {QStringLiteral("Noto Sans CJK SC"), QStringLiteral("Noto Sans SC"),
         QStringLiteral("Source Han Sans SC"), QStringLiteral("WenQuanYi Micro Hei"),
         QStringLiteral("WenQuanYi Zen Hei"), QStringLiteral("Microsoft YaHei UI"),
         QStringLiteral("Microsoft YaHei"), QStringLiteral("PingFang SC")},
        QString());
    families.removeAll(QString());
    return families;
}

QFont fontOf(const QStringList& families, int pixels, QFont::Weight weight = QFont::Normal) {
    QFont font(families);
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

/// Our own palette hides the platform's, so it is taken away for the look; apply() brings it back.
Mode platformMode() {
    QApplication::setPalette(QPalette());
    const QColor window = QApplication::palette().color(QPalette::Window);
    return window.lightnessF() < 0.5 ? Mode::Dark : Mode::Light;
}

constexpr char kStyleSheet[] = R"(
QToolTip { background: %raised; color: %text; border: 1px solid %border; padding: 4px 6px; }
QMainWindow, QDialog { background: %bg; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMessageBox {
    icon-size: 32px;
    messagebox-question-icon: url(:/icons/ask-%mode.svg);
    messagebox-information-icon: url(:/icons/tell-%mode.svg);
    messagebox-warning-icon: url(:/icons/failed-%mode.svg);
    messagebox-critical-icon: url(:/icons/failed-%mode.svg); }
QPushButton, QToolButton[look="plain"] {
    background: %surface; color: %text; border: 1px solid %border; border-radius: 6px;
    padding: 6px 12px; min-height: 19px; }
QPushButton:hover { background: %raised; }
QPushButton:pressed { background: %accentbg; }
QPushButton:checked { background: %accentbg; color: %accent; border-color: %accent; }
QPushButton:focus { border: 2px solid %accent; padding: 5px 11px; outline: none; }
QPushButton:disabled { color: %disabled; border-color: %border; background: %surface; }
QPushButton[look="primary"] { background: %accent; color: %onaccent; border-color: %accent; }
QPushButton[look="primary"]:disabled {
    background: %nonefill; color: %disabled; border-color: %nonefill; }
QPushButton[look="primary"]:focus { border-color: %text; }
QPushButton[look="danger"] { color: %failtext; border-color: %failtext; }
QPushButton[look="danger"]:disabled { color: %disabled; border-color: %border; }
QPushButton[look="danger"]:focus { border-color: %accent; }
QPushButton[look="chip"] {
    background: %accentbg; color: %accent; border: none; border-radius: 11px; padding: 2px 9px;
    min-height: 19px; }
QPushButton[old="true"], QLabel[old="true"] {
    color: %muted; text-decoration: line-through; }
QPushButton[look="chip"]:checked { background: %accent; color: %onaccent; }
QPushButton[look="chip"]:focus { border: 2px solid %accent; padding: 0 7px; }
QPushButton[look="chip"]:checked:focus { border-color: %text; }
QPushButton[look="link"] {
    background: transparent; border: none; color: %accent; padding: 2px 4px; }
QPushButton[look="link"]:focus { border: 1px solid %accent; padding: 1px 3px; }
/* Their colours are the palette's: with one of the sheet Qt makes the placeholder half of it. */
QLineEdit, QPlainTextEdit, QSpinBox, QComboBox {
    background: %surface; border: 1px solid %border; border-radius: 6px;
    padding: 5px 8px; selection-background-color: %accent; selection-color: %onaccent; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QComboBox:focus {
    border-color: %accent; }
QLineEdit[verdict="good"] { border-color: %okfill; }
QLineEdit[verdict="bad"] { border-color: %failfill; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QComboBox:disabled {
    background: %bg; }
QComboBox { padding-right: 24px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(:/icons/chevron-%mode.svg); width: 12px; height: 12px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableView, QTreeView {
    background: %surface; color: %text; border: none; gridline-color: %border;
    selection-background-color: %accentbg; selection-color: %text; outline: 0; }
QTableView::item { padding: 0 8px; border-bottom: 1px solid %border; }
QTableView::item:selected { background: %accentbg; color: %text; }
QListWidget {
    background: %surface; color: %text; border: 1px solid %border; border-radius: 6px;
    padding: 4px; outline: 0; }
QListWidget::item { padding: 5px 6px; border-radius: 4px; }
QListWidget::item:selected { background: %accentbg; color: %text; }
QListWidget:focus { border-color: %accent; }
QHeaderView { background: %surface; border: none; }
QHeaderView::section {
    background: %surface; color: %muted; border: none; border-bottom: 1px solid %border;
    padding: 4px 8px; font-weight: 600; }
QTableCornerButton::section { background: %surface; border: none; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: %muted; padding: 6px 2px; margin-right: 14px;
    border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: %accent; border-bottom: 2px solid %accent; font-weight: 600; }
QTabBar::tab:focus {
    border: 1px solid %accent; border-bottom: 2px solid %accent; padding: 5px 1px 6px 1px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: %nonefill; border-radius: 3px; min-height: 24px;
    min-width: 24px; }
QScrollBar::handle:hover { background: %muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: none; }
QProgressBar {
    background: %nonefill; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: %accent; border-radius: 3px; }
QLabel { color: %text; background: transparent; }
QLabel[look="muted"] { color: %muted; }
QLabel[look="title"] { font-size: 17px; font-weight: 600; }
QLabel[look="heading"] { font-weight: 600; }
QLabel[look="production"] { color: %production; font-weight: 600; }
QLabel[look="fail"] { color: %failtext; }
QLabel[look="ok"] { color: %oktext; }
QLabel[look="wait"] { color: %waittext; }
QCheckBox { color: %text; spacing: 6px; }
QCheckBox:disabled { color: %disabled; }
QCheckBox::indicator, QListWidget::indicator {
    width: 14px; height: 14px; border: 1px solid %muted; border-radius: 3px;
    background: %surface; }
QCheckBox::indicator:checked, QListWidget::indicator:checked {
    background: %accent; border-color: %accent; image: url(:/icons/check-%mode.svg); }
QCheckBox::indicator:focus { border: 2px solid %accent; width: 12px; height: 12px; }
QCheckBox::indicator:checked:focus { border-color: %text; }
QRadioButton { color: %text; spacing: 6px; }
QRadioButton:disabled { color: %disabled; }
QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid %muted; border-radius: 8px;
    background: %surface; }
QRadioButton::indicator:checked {
    border: 5px solid %accent; width: 6px; height: 6px; }
QRadioButton::indicator:focus { border: 2px solid %accent; width: 12px; height: 12px; }
QRadioButton::indicator:checked:focus {
    border: 4px solid %accent; width: 8px; height: 8px; background: %text; }
QMenu { background: %raised; color: %text; border: 1px solid %border; padding: 4px; }
QMenu::item { padding: 5px 18px; border-radius: 4px; }
QMenu::item:selected { background: %accentbg; }
QMenu::item:disabled { color: %disabled; }
QMainWindow::separator { background: %border; width: 1px; height: 1px; margin: 2px; }
QMainWindow::separator:hover { background: %accent; }
QDockWidget {
    color: %text; font-weight: 600; titlebar-close-icon: url(:/icons/close-%mode.svg);
    titlebar-normal-icon: url(:/icons/float-%mode.svg); }
QDockWidget::close-button, QDockWidget::float-button {
    background: transparent; border: 1px solid transparent; border-radius: 6px;
    icon-size: 16px; subcontrol-origin: margin; subcontrol-position: center right;
    position: absolute; width: 24px; height: 24px; }
QDockWidget::close-button { right: 8px; }
QDockWidget::float-button { right: 38px; }
QMainWindow > QTabBar::tab { padding: 6px 2px; margin-left: 15px; margin-right: 0; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover {
    background: %surface; border-color: %border; }
QDockWidget::close-button:pressed, QDockWidget::float-button:pressed { background: %accentbg; }
QDockWidget::title {
    background: %raised; border-top: 1px solid %border; border-bottom: 1px solid %border;
    padding: 7px 12px; }
)";

}  // namespace

Theme::Theme(QApplication& application, SystemMode systemMode)
    : m_application(application),
      m_readSystem(systemMode ? std::move(systemMode) : platformMode),
      m_families(withChinese(
          {firstInstalled({QStringLiteral("Inter"), QStringLiteral("Inter Display")},
                          QFontDatabase::systemFont(QFontDatabase::GeneralFont).family())})),
      m_monospaceFamilies(withChinese(
          {firstInstalled({QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono")},
                          QFontDatabase::systemFont(QFontDatabase::FixedFont).family())})) {
    // Before our own style and palette are there.
    m_systemMode = m_readSystem();
    application.installEventFilter(this);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    choose(ThemeChoice::System);
}

bool Theme::eventFilter(QObject* watched, QEvent* event) {
    // Each window is told; one look at the system is enough.
    if (event->type() == QEvent::ThemeChange && !m_following) {
        m_following = true;
        QMetaObject::invokeMethod(this, &Theme::followSystem, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

void Theme::followSystem() {
    m_systemMode = m_readSystem();
    m_following = false;
    // Also where the mode is the same: what asked the platform took our palette away.
    choose(m_choice);
}

void Theme::choose(ThemeChoice choice) {
    m_choice = choice;
    m_mode = choice == ThemeChoice::System  ? m_systemMode
             : choice == ThemeChoice::Light ? Mode::Light
                                            : Mode::Dark;
    apply();
    Q_EMIT changed();
}

void Theme::apply() {
    QPalette palette;
    palette.setColor(QPalette::Window, color(Token::Bg));
    palette.setColor(QPalette::WindowText, color(Token::Text));
    palette.setColor(QPalette::Base, color(Token::Surface));
    palette.setColor(QPalette::AlternateBase, color(Token::Raised));
    palette.setColor(QPalette::Text, color(Token::Text));
    palette.setColor(QPalette::PlaceholderText, color(Token::Muted));
    palette.setColor(QPalette::Button, color(Token::Surface));
    palette.setColor(QPalette::ButtonText, color(Token::Text));
    palette.setColor(QPalette::Highlight, color(Token::Accent));
    palette.setColor(QPalette::HighlightedText, color(Token::Surface));
    palette.setColor(QPalette::Link, color(Token::Accent));
    palette.setColor(QPalette::Mid, color(Token::Border));
    palette.setColor(QPalette::ToolTipBase, color(Token::Raised));
    palette.setColor(QPalette::ToolTipText, color(Token::Text));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, color(Token::Muted));
    }
    // Each of the three makes every widget anew: only what is another one now.
    if (QApplication::palette() != palette) QApplication::setPalette(palette);
    if (QApplication::font() != textFont()) QApplication::setFont(textFont());
    const QString sheet = styleSheet();
    if (m_application.styleSheet() != sheet) m_application.setStyleSheet(sheet);
}

QString Theme::styleSheet() const {
    struct Name {
        const char* name;
        Token token;
    };
    // Longer names first, where one begins like another.
    static constexpr Name kNames[] = {{"%accentbg", Token::AccentBg},
                                      {"%accent", Token::Accent},
                                      {"%onaccent", Token::Surface},
                                      {"%surface", Token::Surface},
                                      {"%raised", Token::Raised},
                                      {"%border", Token::Border},
                                      {"%muted", Token::Muted},
                                      {"%text", Token::Text},
                                      {"%okfill", Token::OkFill},
                                      {"%oktext", Token::OkText},
                                      {"%production", Token::Production},
                                      {"%failfill", Token::FailFill},
                                      {"%failtext", Token::FailText},
                                      {"%waittext", Token::WaitText},
                                      {"%nonefill", Token::NoneFill},
                                      {"%disabled", Token::Muted},
                                      {"%bg", Token::Bg}};
    QString sheet = QString::fromLatin1(kStyleSheet);
    sheet.replace(QLatin1String("%mode"), QLatin1String(m_mode == Mode::Dark ? "dark" : "light"));
    for (const Name& name : kNames) {
        sheet.replace(QLatin1String(name.name), color(name.token).name());
    }
    return sheet;
}

QFont Theme::textFont() const {
    return fontOf(m_families, 13);
}
QFont Theme::smallFont() const {
    return fontOf(m_families, 12);
}
QFont Theme::monospaceFont() const {
    return fontOf(m_monospaceFamilies, 12);
}
QFont Theme::titleFont() const {
    return fontOf(m_families, 17, QFont::DemiBold);
}
QFont Theme::figureFont() const {
    return fontOf(m_families, 20, QFont::DemiBold);
}

}  // namespace ifrit::gui::widgets
