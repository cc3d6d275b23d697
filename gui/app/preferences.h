// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSettings>
#include <QString>

#include "gui/models/text_format.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::app {

/// What the operator has chosen for the program as a whole; each holds at once and is remembered.
/// GUI thread.
class Preferences : public QObject {
    Q_OBJECT
public:
    /// `settings` must outlive this.
    explicit Preferences(QSettings& settings, QObject* parent = nullptr)
        : QObject(parent), m_settings(settings) {}

    widgets::ThemeChoice theme() const;
    void choose(widgets::Theme& theme, widgets::ThemeChoice choice);
    models::TimeText::Zone zone() const;
    void choose(models::TimeText& times, models::TimeText::Zone zone);
    /// "en", "zh_CN" or "system".
    QString language() const;
    void chooseLanguage(const QString& language);

    /// What is added to the list of masters is read-only until somebody says otherwise.
    bool readOnlyFirst() const { return flag("readOnlyFirst", false); }
    void setReadOnlyFirst(bool on) { setFlag("readOnlyFirst", on); }
    bool restoresSession() const { return flag("restoreSession", true); }
    void setRestoresSession(bool on) { setFlag("restoreSession", on); }
    bool notifies() const { return flag("notify", true); }
    void setNotifies(bool on) { setFlag("notify", on); }

Q_SIGNALS:
    void changed();

private:
    bool flag(const char* name, bool standard) const;
    void setFlag(const char* name, bool on);
    void keep(const QString& name, const QVariant& value);

    QSettings& m_settings;
};

}  // namespace ifrit::gui::app
