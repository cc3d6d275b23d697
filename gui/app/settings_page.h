// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QKeySequenceEdit>
#include <QLabel>

#include "gui/app/key_map.h"
#include "gui/app/preferences.h"
#include "gui/models/record_table_model.h"
#include "gui/pages/page.h"

namespace ifrit::gui::widgets {
class DataTable;
class Panel;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

/// What the program as a whole does: look, language, times, start, notices, keys, layout.
/// Everything holds at once.
class SettingsPage : public pages::Page {
    Q_OBJECT
public:
    struct Parts {
        widgets::Theme& theme;
        Preferences& preferences;
        models::TimeText& times;
        KeyMap& keys;
    };
    SettingsPage(const Parts& parts, QWidget* parent);
    static QString viewName() { return tr("Settings"); }

Q_SIGNALS:
    void resetLayoutWanted();
    void diagnosticsWanted();

protected:
    void retranslate() override;

private:
    void buildLook();
    void buildStart();
    void buildKeys();
    void update();
    void updateKeys();
    void wordKeyEdit();
    void bind(const QKeySequence& keys);
    void addChoice(QComboBox* box, const QString& text, const QVariant& value);

    Parts m_parts;
    widgets::Panel* m_look;
    QLabel* m_themeLabel;
    QComboBox* m_theme;
    QLabel* m_themeHint;  ///< that what is shown is not what is remembered
    QLabel* m_languageLabel;
    QComboBox* m_language;
    QLabel* m_timesLabel;
    QComboBox* m_times;
    QPushButton* m_resetLayout;
    widgets::Panel* m_start;
    QCheckBox* m_restore;
    QCheckBox* m_readOnly;
    QCheckBox* m_notify;
    QPushButton* m_diagnostics;
    QLabel* m_diagnosticsHint;
    widgets::Panel* m_keyPanel;
    models::RecordTableModel<KeyMap::Entry>* m_keyModel;
    widgets::DataTable* m_keyTable;
    QLabel* m_keyLabel;
    QKeySequenceEdit* m_keyEdit;
    QPushButton* m_setKey;
    QPushButton* m_noKey;
    QPushButton* m_resetKeys;
    QLabel* m_keyAnswer;
};

}  // namespace ifrit::gui::app
