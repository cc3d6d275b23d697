// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/settings_page.h"

#include <QGridLayout>
#include <QLineEdit>

#include "gui/models/selection_keeper.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::app {
namespace {

using models::CellStyle;
using models::TimeText;
using widgets::ThemeChoice;
using KeyModel = models::RecordTableModel<KeyMap::Entry>;

constexpr int kLabelWidth = 96;
constexpr int kLeftWidth = 430;

std::vector<KeyModel::Column> keyColumns() {
    return {{{"key", [] { return SettingsPage::tr("Key"); }},
             [](const KeyMap::Entry& entry) { return entry.shown; },
             CellStyle::Monospace,
             {},
             {}},
            {{"what_it_does", [] { return SettingsPage::tr("What it does"); }},
             [](const KeyMap::Entry& entry) { return entry.words; },
             CellStyle::Plain,
             {},
             {}},
            {{"set_by", [] { return SettingsPage::tr("Set by"); }},
             [](const KeyMap::Entry& entry) {
                 if (entry.fixed) return SettingsPage::tr("always so");
                 return entry.own ? SettingsPage::tr("you") : SettingsPage::tr("default");
             },
             CellStyle::Muted,
             {},
             {}}};
}

QString keyOf(const KeyMap::Entry& entry) {
    return entry.id.isEmpty() ? entry.shown : entry.id;
}

}  // namespace

SettingsPage::SettingsPage(const Parts& parts, QWidget* parent)
    : Page(parts.theme, parent),
      m_parts(parts),
      m_look(new widgets::Panel(parts.theme, this)),
      m_themeLabel(widgets::mutedLabel({}, this)),
      m_theme(new QComboBox(this)),
      m_themeHint(widgets::mutedLabel({}, this)),
      m_languageLabel(widgets::mutedLabel({}, this)),
      m_language(new QComboBox(this)),
      m_timesLabel(widgets::mutedLabel({}, this)),
      m_times(new QComboBox(this)),
      m_resetLayout(new QPushButton(this)),
      m_start(new widgets::Panel(parts.theme, this)),
      m_restore(new QCheckBox(this)),
      m_readOnly(new QCheckBox(this)),
      m_notify(new QCheckBox(this)),
      m_diagnostics(new QPushButton(this)),
      m_diagnosticsHint(widgets::mutedLabel({}, this)),
      m_keyPanel(new widgets::Panel(parts.theme, this)),
      m_keyModel(new KeyModel(keyColumns(), keyOf, this)),
      m_keyTable(new widgets::DataTable(parts.theme, this)),
      m_keyLabel(widgets::mutedLabel({}, this)),
      m_keyEdit(new QKeySequenceEdit(this)),
      m_setKey(new QPushButton(this)),
      m_noKey(new QPushButton(this)),
      m_resetKeys(new QPushButton(this)),
      m_keyAnswer(new QLabel(this)) {
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    auto* left = new QVBoxLayout;
    left->setSpacing(12);
    left->addWidget(m_look);
    left->addWidget(m_start);
    left->addStretch(1);
    m_look->setFixedWidth(kLeftWidth);
    m_start->setFixedWidth(kLeftWidth);
    row->addLayout(left);
    row->addWidget(m_keyPanel, 1);
    body()->addLayout(row, 1);
    buildLook();
    buildStart();
    buildKeys();
    connect(&parts.preferences, &Preferences::changed, this, &SettingsPage::update);
    connect(&parts.theme, &widgets::Theme::changed, this, &SettingsPage::update);
    connect(&parts.keys, &KeyMap::changed, this, &SettingsPage::updateKeys);
    retranslate();
}

void SettingsPage::buildLook() {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, kLabelWidth);
    grid->setColumnStretch(1, 1);
    int at = 0;
    for (const auto& [label, box] : {std::pair<QLabel*, QComboBox*>{m_themeLabel, m_theme},
                                     {m_languageLabel, m_language},
                                     {m_timesLabel, m_times}}) {
        grid->addWidget(label, at, 0);
        grid->addWidget(box, at++, 1);
        if (box == m_theme) grid->addWidget(m_themeHint, at++, 1);
    }
    m_themeHint->setObjectName(QStringLiteral("theme-hint"));
    m_themeHint->setWordWrap(true);
    m_look->body()->addLayout(grid);
    m_look->body()->addWidget(m_resetLayout, 0, Qt::AlignLeft);
    connect(m_theme, &QComboBox::activated, this, [this] {
        m_parts.preferences.choose(m_parts.theme,
                                   static_cast<ThemeChoice>(m_theme->currentData().toInt()));
    });
    connect(m_language, &QComboBox::activated, this,
            [this] { m_parts.preferences.chooseLanguage(m_language->currentData().toString()); });
    connect(m_times, &QComboBox::activated, this, [this] {
        m_parts.preferences.choose(m_parts.times,
                                   static_cast<TimeText::Zone>(m_times->currentData().toInt()));
    });
    connect(m_resetLayout, &QPushButton::clicked, this, &SettingsPage::resetLayoutWanted);
}

void SettingsPage::buildStart() {
    m_start->body()->addWidget(m_restore);
    m_start->body()->addWidget(m_readOnly);
    m_start->body()->addWidget(m_notify);
    m_diagnosticsHint->setWordWrap(true);
    m_start->body()->addWidget(m_diagnosticsHint);
    m_start->body()->addWidget(m_diagnostics, 0, Qt::AlignLeft);
    Preferences& preferences = m_parts.preferences;
    connect(m_restore, &QCheckBox::clicked, &preferences, &Preferences::setRestoresSession);
    connect(m_readOnly, &QCheckBox::clicked, &preferences, &Preferences::setReadOnlyFirst);
    connect(m_notify, &QCheckBox::clicked, &preferences, &Preferences::setNotifies);
    connect(m_diagnostics, &QPushButton::clicked, this, &SettingsPage::diagnosticsWanted);
}

void SettingsPage::buildKeys() {
    m_keyTable->setModel(m_keyModel);
    m_keyTable->setObjectName(QStringLiteral("keys"));
    m_keyTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_keyTable->fitColumns();
    m_keyPanel->body()->addWidget(m_keyTable, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_keyLabel);
    row->addWidget(m_keyEdit, 1);
    row->addWidget(m_setKey);
    row->addWidget(m_noKey);
    row->addWidget(m_resetKeys);
    m_keyPanel->body()->addLayout(row);
    m_keyAnswer->setProperty("look", QLatin1String("fail"));
    m_keyAnswer->setWordWrap(true);
    m_keyPanel->body()->addWidget(m_keyAnswer);
    new models::SelectionKeeper(m_keyTable->selectionModel(),
                                [this](const QString& key) { return m_keyModel->rowOfKey(key); });
    connect(m_keyTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        m_keyAnswer->clear();
        updateKeys();
    });
    connect(m_setKey, &QPushButton::clicked, this, [this] { bind(m_keyEdit->keySequence()); });
    connect(m_noKey, &QPushButton::clicked, this, [this] { bind({}); });
    connect(m_resetKeys, &QPushButton::clicked, &m_parts.keys, &KeyMap::reset);
    connect(m_keyEdit, &QKeySequenceEdit::editingFinished, this, &SettingsPage::wordKeyEdit);
    connect(m_keyEdit, &QKeySequenceEdit::keySequenceChanged, this, [this] {
        // One stroke is a key; a second one begins anew.
        const QKeySequence keys = m_keyEdit->keySequence();
        if (keys.count() > 1) m_keyEdit->setKeySequence(QKeySequence(keys[0]));
    });
}

// Qt's own word is English in every language, and comes back with each end of a typing.
void SettingsPage::wordKeyEdit() {
    for (auto* field : m_keyEdit->findChildren<QLineEdit*>())
        field->setPlaceholderText(tr("Press the keys"));
}

void SettingsPage::bind(const QKeySequence& keys) {
    const KeyMap::Entry* entry = m_keyModel->at(m_keyTable->currentIndex().row());
    if (entry == nullptr || entry->fixed) return;
    m_keyAnswer->setText(m_parts.keys.bind(entry->id, keys));
    m_keyAnswer->setVisible(!m_keyAnswer->text().isEmpty());
}

void SettingsPage::addChoice(QComboBox* box, const QString& text, const QVariant& value) {
    box->addItem(text, value);
}

void SettingsPage::retranslate() {
    setTitle(viewName());
    setFacts(tr("What is chosen here holds at once, on this machine."));
    m_look->setHeading(tr("Look"));
    m_themeLabel->setText(tr("Theme"));
    m_theme->clear();
    addChoice(m_theme, tr("As the system"), int(ThemeChoice::System));
    addChoice(m_theme, tr("Light"), int(ThemeChoice::Light));
    addChoice(m_theme, tr("Dark"), int(ThemeChoice::Dark));
    m_languageLabel->setText(tr("Language"));
    m_language->clear();
    addChoice(m_language, tr("As the system"), QStringLiteral("system"));
    addChoice(m_language, QStringLiteral("English"), QStringLiteral("en"));
    addChoice(m_language, QStringLiteral("简体中文"), QStringLiteral("zh_CN"));
    m_timesLabel->setText(tr("Times"));
    m_times->clear();
    addChoice(m_times, tr("Local time"), int(TimeText::Zone::Local));
    addChoice(m_times, QStringLiteral("UTC"), int(TimeText::Zone::Utc));
    m_theme->setAccessibleName(tr("Theme"));
    m_language->setAccessibleName(tr("Language"));
    m_times->setAccessibleName(tr("Times"));
    m_resetLayout->setText(tr("Reset the layout"));
    m_start->setHeading(tr("Start and notices"));
    m_restore->setText(tr("Begin where the last session ended"));
    m_readOnly->setText(tr("New connections are read-only"));
    m_notify->setText(tr("Tell when a gate waits or trips, or a release ends"));
    m_diagnosticsHint->setText(
        tr("A diagnostics file holds versions, settings, the last calls and the end of the log, "
           "without secrets. Nothing is sent anywhere."));
    m_diagnostics->setText(tr("Save a diagnostics file…"));
    m_keyPanel->setHeading(tr("Keys"));
    m_keyTable->setAccessibleName(tr("Keys"));
    m_keyEdit->setAccessibleName(tr("New key"));
    // What has the keyboard inside of it.
    for (auto* field : m_keyEdit->findChildren<QLineEdit*>())
        field->setAccessibleName(tr("New key"));
    m_setKey->setText(tr("Set"));
    m_noKey->setText(tr("No key"));
    m_resetKeys->setText(tr("Reset all"));
    update();
    updateKeys();
}

void SettingsPage::update() {
    const auto show = [](QComboBox* box, const QVariant& value) {
        box->setCurrentIndex(std::max(0, box->findData(value)));
    };
    const Preferences& preferences = m_parts.preferences;
    const ThemeChoice worn = m_parts.theme.choice();
    show(m_theme, int(worn));
    m_themeHint->setText(worn == preferences.theme()
                             ? QString()
                             : tr("For this run alone, as the program was started."));
    m_themeHint->setVisible(!m_themeHint->text().isEmpty());
    show(m_language, preferences.language());
    show(m_times, int(preferences.zone()));
    m_restore->setChecked(preferences.restoresSession());
    m_readOnly->setChecked(preferences.readOnlyFirst());
    m_notify->setChecked(preferences.notifies());
}

void SettingsPage::updateKeys() {
    const QList<KeyMap::Entry> entries = m_parts.keys.entries();
    m_keyModel->setRecords({entries.begin(), entries.end()});
    const KeyMap::Entry* entry = m_keyModel->at(m_keyTable->currentIndex().row());
    const QString why = entry == nullptr ? tr("Choose a key in the table first.")
                        : entry->fixed   ? tr("This key is the same for everybody.")
                                         : QString();
    m_keyLabel->setText(entry == nullptr || entry->fixed ? tr("New key") : entry->words);
    pages::apply(m_keyEdit, {why});
    wordKeyEdit();
    pages::apply(m_setKey, {why});
    pages::apply(m_noKey, {why});
    m_keyAnswer->setVisible(!m_keyAnswer->text().isEmpty());
}

}  // namespace ifrit::gui::app
