// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/presenters/release_form.h"

class QCheckBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;
class QWidget;

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// The rows of the wizard's form that say what halts a release; they begin with the domain's
/// defaults. Its widgets belong to `parent`.
class NewReleaseGates : public QObject {
    Q_OBJECT
public:
    NewReleaseGates(const widgets::Theme& theme, QFormLayout* form, QWidget* parent);
    void fill(presenters::ReleaseForm& form) const;

Q_SIGNALS:
    void edited();

private:
    void addLimits(QFormLayout* form);
    void addCostLimits(const widgets::Theme& theme, QFormLayout* form);
    QSpinBox* m_percent;
    QSpinBox* m_count;
    QSpinBox* m_sample;
    QLineEdit* m_further;
    QCheckBox* m_cost;
    QLineEdit* m_costLimits;
};

}  // namespace ifrit::gui::pages
