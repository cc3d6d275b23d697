// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/key_table.h"

#include <QApplication>
#include <QDialog>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/widgets/fact_list.h"
#include "gui/widgets/open_dialogs.h"

namespace ifrit::gui::app {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::app::KeyTable)
};

template <typename Choose>
void addChoice(QMenu* menu, const QString& text, bool chosen, Choose choose) {
    QAction* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(chosen);
    QObject::connect(action, &QAction::triggered, menu, choose);
}

/// QMenu's own sections lose their words to a style sheet.
void addTitle(QMenu* menu, const QString& text) {
    if (!menu->isEmpty()) menu->addSeparator();
    menu->addAction(text)->setEnabled(false);
}

}  // namespace

void showKeyTable(const widgets::Theme& theme, const KeyMap& map, QWidget* parent) {
    QList<QPair<QString, QString>> keys;
    for (const KeyMap::Entry& entry : map.entries()) {
        if (!entry.shown.isEmpty()) keys.append({entry.shown, entry.words});
    }
    QDialog dialog(parent);
    dialog.setWindowTitle(Words::tr("Keys"));
    auto* column = new QVBoxLayout(&dialog);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    auto* title = new QLabel(Words::tr("Keys"), &dialog);
    title->setFont(theme.titleFont());
    column->addWidget(title);
    auto* row = new QHBoxLayout;
    row->setSpacing(32);
    const qsizetype half = (keys.size() + 1) / 2;
    for (const auto& part : {keys.first(half), keys.sliced(half)}) {
        auto* list = new widgets::FactList(theme, &dialog);
        list->keepLines();
        list->setFacts(part);
        row->addWidget(list, 0, Qt::AlignTop);
    }
    column->addLayout(row);
    auto* close = new QPushButton(Words::tr("Close"), &dialog);
    QObject::connect(close, &QPushButton::clicked, &dialog, &QDialog::reject);
    column->addWidget(close, 0, Qt::AlignRight);
    widgets::OpenDialogs::keep(dialog);
    dialog.exec();
}

void showSettingsMenu(const SettingsMenuParts& parts, const QPoint& at, QWidget* parent) {
    using widgets::ThemeChoice;
    using Zone = models::TimeText::Zone;
    QMenu menu(parent);
    const auto theme = [&](const QString& text, ThemeChoice choice) {
        addChoice(&menu, text, parts.theme.choice() == choice,
                  [&parts, choice] { parts.preferences.choose(parts.theme, choice); });
    };
    addTitle(&menu, Words::tr("Theme"));
    theme(Words::tr("As the system"), ThemeChoice::System);
    theme(Words::tr("Light"), ThemeChoice::Light);
    theme(Words::tr("Dark"), ThemeChoice::Dark);
    addTitle(&menu, Words::tr("Times"));
    const auto zone = [&](const QString& text, Zone choice) {
        addChoice(&menu, text, parts.times.zone() == choice,
                  [&parts, choice] { parts.preferences.choose(parts.times, choice); });
    };
    zone(Words::tr("Local time"), Zone::Local);
    zone(QStringLiteral("UTC"), Zone::Utc);
    addTitle(&menu, Words::tr("Language"));
    const QString now = parts.preferences.language();
    const QList<QPair<QString, QString>> languages = {
        {QStringLiteral("system"), Words::tr("As the system")},
        {QStringLiteral("en"), QStringLiteral("English")},
        {QStringLiteral("zh_CN"), QStringLiteral("简体中文")}};
    for (const auto& [code, name] : languages) {
        addChoice(&menu, name, now == code,
                  [&parts, language = code] { parts.preferences.chooseLanguage(language); });
    }
    menu.addSeparator();
    QObject::connect(menu.addAction(Words::tr("Reset the layout")), &QAction::triggered, &menu,
                     parts.resetLayout);
    menu.exec(at - QPoint(menu.sizeHint().width(), menu.sizeHint().height()));
}

}  // namespace ifrit::gui::app
